"""The history of the software of a computer: what was installed, upgraded and removed, and when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame

from app.drift.software_history import (
    DOWNGRADED,
    REPLACED,
    STEPS,
    UPGRADED,
    SoftwareStep,
    last_seen_text,
    software_history,
)
from app.drift.tables import software_table
from app.recognition import called
from cmdb.model.claims import source_text
from cmdb.model.formats import day, listing
from cmdb.model.messages import Message, tr
from ui.records.detail.past_tab import LaterTab
from ui.widgets.buttons import IconButton
from ui.widgets.file_dialog import ask_to_save
from ui.widgets.layout import box, column, row
from ui.widgets.page_states import EmptyState
from ui.widgets.search import SearchField
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths
from ui.widgets.written_file import say_written

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from ui.context import Context

_FROM_TO = frozenset({UPGRADED, DOWNGRADED, REPLACED})
_KINDS = {".xlsx": Message("Excel workbook (*.xlsx)"), ".csv": Message("Comma-separated (*.csv)")}


class SoftwareHistory(LaterTab):
    """Every step of the software of a computer, the newest first; read when it is shown, and written to a file."""

    def __init__(self, context: Context, page: str) -> None:
        self._all: list[SoftwareStep] = []
        self.search = SearchField(context.theme, tr("Filter software"), lambda _: self._filter())
        self.export = IconButton(context.theme, "export", tr("Export the history of the software"), self._ask_where)
        columns: list[ViewColumn[SoftwareStep]] = [
            ViewColumn(tr("Product"), lambda s: s.called, sort=lambda s: s.called.casefold(), hint=_about),
            ViewColumn(tr("What happened"), step_text, hint=_about),
            ViewColumn(tr("Seen"), lambda s: day(s.seen), sort=lambda s: s.seen, hint=_when),
        ]
        self._model = RowsModel(context.theme, columns)
        self.table = TableView(context.theme, tr("History of the software"), compact=True)
        self.table.setModel(self._model)
        self.table.setSortingEnabled(True)
        self.table.horizontalHeader().setSortIndicatorClearable(True)
        self.table.sortByColumn(-1, self.table.horizontalHeader().sortIndicatorOrder())
        self.table.setFrameShape(QFrame.Shape.NoFrame)
        set_widths(self.table, (0, 130, 84))
        head = row(self.search, self.export)
        head.setStretch(0, 1)
        super().__init__(
            context, page, "software_history", box(column(column(head, margins=(16, 4, 16, 0)), self.table, spacing=4))
        )

    def _from_top(self) -> None:
        self.search.clear()
        self.table.scrollToTop()

    def _ask(self, ci: CI) -> None:
        self._question(lambda reader: software_history(reader, ci.uid), self._show)

    def _show(self, found: list[SoftwareStep]) -> None:
        self._all = found
        if not found:
            self._states.empty(EmptyState(self._context.theme, "software", tr("Nothing is known of its software")))
            return
        self._filter()
        self._states.content()

    def _filter(self) -> None:
        words = self.search.text().casefold().split()
        self._model.show_rows([one for one in self._all if all(word in _searched(one) for word in words)])

    def _ask_where(self) -> None:
        if self._ci is None:
            return
        title = tr("Export the history of the software")
        settings = self._context.workspace.settings
        path = ask_to_save(settings, self, "export", title, tr("Software of {name}", name=self._ci.name), _KINDS)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Writes all steps to a file, off the GUI thread."""
        if self._ci is None:
            return
        table = software_table(self._ci.name, self._all)

        def work() -> int:
            from importers.tables import write

            return write(path, [table])

        self._context.tasks.run(work, lambda rows: say_written(self._context.shell, path, rows), owner=self)


def step_text(one: SoftwareStep) -> str:
    """What happened, with the versions: "upgraded 115.0 → 128.0"."""
    if one.what in _FROM_TO:
        return tr("{step} {before} → {after}", step=STEPS[one.what], before=one.before or "—", after=one.version or "—")
    return tr("{step} {version}", step=STEPS[one.what], version=one.version).strip()


def _about(one: SoftwareStep) -> str:
    """Whose product it is, for whom it is installed, and who says so."""
    user = tr("of {user}", user=one.scope) if one.scope else ""
    said = tr("stated by {sources}", sources=listing(str(source_text(s)) for s in one.sources)) if one.sources else ""
    return " · ".join(part for part in (one.product, step_text(one), one.publisher, user, said) if part)


def _when(one: SoftwareStep) -> str:
    words = tr("first seen {first}, last seen {last}", first=day(one.first_seen), last=last_seen_text(one))
    if not one.seen_in_part:
        return words
    return tr("{words}: on {day} the list was seen in part", words=words, day=day(one.seen_in_part))


def _searched(one: SoftwareStep) -> str:
    return (
        f"{called(one.product)} {one.product} {one.publisher} {one.version} {one.before} {STEPS[one.what]}".casefold()
    )
