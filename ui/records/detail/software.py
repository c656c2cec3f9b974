"""The software that is installed on a computer, and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from app.recognition import ReportedName, called
from cmdb.model.claims import source_text
from cmdb.model.formats import day, listing
from cmdb.model.messages import tr, trn
from cmdb.model.relative_times import ago
from ui.context import Context
from ui.records.detail.software_history import SoftwareHistory
from ui.records.recognise_sheet import recognise_as
from ui.widgets.buttons import Button
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, box, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.search import SearchField
from ui.widgets.shown_stack import ShownStack
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths
from ui.widgets.tabs import Segments

if TYPE_CHECKING:
    from cmdb.model.records import CI, Installation, Sighting


class SoftwareTab(QFrame):
    """A filterable list of installations, and when it was last inventoried; beside it what came and went."""

    def __init__(self, context: Context, page: str = "assets") -> None:
        super().__init__()
        self._context = context
        self._all: list[Installation] = []
        self._seen = ""
        self._search = SearchField(context.theme, tr("Filter software"), lambda _: self._filter())
        columns: list[ViewColumn[Installation]] = [
            ViewColumn(
                tr("Product"), lambda i: called(i.product), sort=lambda i: called(i.product).casefold(), hint=_reported
            ),
            ViewColumn(tr("Version"), lambda i: i.version),
            ViewColumn(
                tr("Source"),
                lambda i: i.origin or _sources(i) or "—",
                hint=_origin,
            ),
        ]
        self._model = RowsModel(context.theme, columns)
        self._table = TableView(context.theme, tr("Installed software"), compact=True)
        self._table.setModel(self._model)
        self._table.setSortingEnabled(True)
        self._table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self._table.setFrameShape(QFrame.Shape.NoFrame)
        set_widths(self._table, (0, 84, 70))
        self._table.opened.connect(lambda _: self._recognise())
        self._table.selectionModel().selectionChanged.connect(lambda *_: self._fit())
        self.recognise = Button(tr("Recognise as…"), self._recognise)
        self._note = Text("", "muted", wrap=True)
        note = row(self._note, self.recognise, spacing=8)
        note.setStretch(0, 1)
        self.history = SoftwareHistory(context, page)
        self.views = Segments((("installed", tr("Installed")), ("history", tr("What came and went"))))
        self.views.chosen.connect(lambda _: self._choose())
        now = box(column(column(self._search, note, margins=(16, 4, 16, 0)), self._table, spacing=4))
        self._shown: dict[str, QWidget] = {"installed": now, "history": self.history}
        self._stack = ShownStack()
        for one in self._shown.values():
            self._stack.addWidget(one)
        self.setLayout(column(row(self.views, STRETCH, margins=(16, 8, 16, 0)), self._stack, spacing=4))
        self._fit()

    def show_of(self, ci: CI, *, now: bool) -> None:
        """The history is of a record from now on: read at once where it is seen, or else when it is chosen."""
        self.history.show_of(ci, now=now and self.views.current == "history")

    def wanted(self) -> None:
        """The tab is shown: its history is read, where that is what is chosen."""
        self._choose()

    def _choose(self) -> None:
        self._stack.setCurrentWidget(self._shown[self.views.current])
        if self.views.current == "history":
            self.history.wanted()

    def show_software(self, installed: list[Installation], sightings: list[Sighting]) -> None:
        """Shows a computer's software."""
        self._all = installed
        seen = next((s for s in sightings if s.section == "software"), None)
        self._seen = seen.observed if seen is not None else ""
        if seen is not None:
            note = trn(
                "{count} installation, inventoried {time}",
                "{count} installations, inventoried {time}",
                len(installed),
                time=ago(seen.observed),
            )
        elif installed:
            note = trn(
                "{count} installation; the computer itself was never inventoried",
                "{count} installations; the computer itself was never inventoried",
                len(installed),
            )
        else:
            note = ""
        self._note.setText(note)
        self._filter()

    def _fit(self) -> None:
        self.recognise.setVisible(bool(self._all))
        self.recognise.setEnabled(self._context.editable and len(self._table.selectionModel().selectedRows()) == 1)

    def _recognise(self) -> None:
        """Asks what the chosen name is."""
        chosen = self._table.selectionModel().selectedRows()
        if self._context.editable and len(chosen) == 1:
            one = self._model.row_at(chosen[0].row())
            recognise_as(
                self._context, ReportedName(one.product, one.publisher, one.edition, one.version, one.origin, 1)
            )

    def nothing(self) -> EmptyState | None:
        """What is said where no software is known; None where some is."""
        if self._all:
            return None
        if self._seen:
            title = tr("No software was found on it")
            return EmptyState(self._context.theme, "software", title, tr("Inventoried {time}.", time=ago(self._seen)))
        scan = Button(tr("Scan"), lambda: self._context.shell.go("scan"))
        said = tr("It was never inventoried. Scan it, or import a list of its software.")
        return EmptyState(self._context.theme, "software", tr("Its software is unknown"), said, scan)

    def _filter(self) -> None:
        words = self._search.text().casefold().split()
        self._model.show_rows([i for i in self._all if all(w in _searched(i) for w in words)])
        self._table.setVisible(bool(self._all))
        self._search.setVisible(len(self._all) > 10)
        self._fit()


def _searched(one: Installation) -> str:
    return f"{called(one.product)} {one.product} {one.publisher} {one.version}".casefold()


def _reported(one: Installation) -> str:
    """The publisher; of what people call otherwise than it was reported, also the name that was."""
    named = one.product if called(one.product) != one.product else ""
    return " · ".join(filter(None, (named, one.publisher)))


def _sources(one: Installation) -> str:
    """The sources that state an installation."""
    return listing(str(source_text(source)) for source in one.stated_by)


def _origin(one: Installation) -> str:
    """When it was installed and who says so."""
    said = tr("stated by {sources}", sources=_sources(one)) if one.stated_by else ""
    when = tr("installed {date}", date=day(one.installed_on)) if one.installed_on else ""
    return " · ".join(filter(None, (said, when)))
