"""The kinds of problems with their counts, and the values of the chosen kind."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from app.imports.problem_places import AlikeProblems, ProblemPlaces
from app.imports.problems import ProblemGroup
from cmdb.model.formats import number
from cmdb.model.messages import Message, tr
from cmdb.model.observation import Origin
from ui.accessible import name_area
from ui.plain_texts import plain_tip
from ui.proposals.words import short_origin
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.labels import SectionLabel
from ui.widgets.layout import column
from ui.widgets.splitter import Splitter
from ui.widgets.table import RowsModel, TableView, ViewColumn, set_widths

_GROUP = int(Qt.ItemDataRole.UserRole)

_HEADINGS = {
    "error": Message("Rows rejected"), "left-out": Message("Cells left out"), "warning": Message("Warnings"),
}  # fmt: skip


class ProblemList(QWidget):
    """Two lists: kinds, and the values of one kind. ``chosen`` fires with the problems that were chosen there, alike:
    a kind's first ones, or one value's. ``opened`` fires when the person wants to correct them.
    """

    chosen = Signal(object)
    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._places: ProblemPlaces | None = None
        self.shown: list[ProblemGroup] = []
        self.groups = QListWidget()
        name_area(self.groups, tr("Kinds of problems"))
        set_sizes(self.groups, icon=16)
        self.groups.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.groups.currentItemChanged.connect(lambda *_: self._show_values(True))
        self.groups.itemClicked.connect(lambda _: self._choose_value())
        self.groups.itemActivated.connect(lambda _: self._open())
        columns: list[ViewColumn[AlikeProblems]] = [
            ViewColumn(tr("Value"), lambda a: a.value or _where(a), bold=True, hint=_hint),
            ViewColumn(tr("Column"), lambda a: a.column, hint=lambda a: a.column),
            ViewColumn(tr("Cells"), lambda a: number(len(a.problems)), lambda a: len(a.problems), right=True),
        ]
        self._model = RowsModel(theme, columns)
        self.values = TableView(theme, tr("Values with this problem"), compact=True)
        self.values.setModel(self._model)
        set_widths(self.values, (0, 84, 56), 96)
        self.values.selectionModel().currentRowChanged.connect(lambda *_: self._choose_value())
        self.values.clicked.connect(lambda _: self._choose_value())
        self.values.opened.connect(lambda _: self._open())
        split = Splitter(tr("Problems and their rows"), Qt.Orientation.Vertical)
        split.addWidget(self.groups)
        split.addWidget(self.values)
        split.setSizes([260, 240])
        self.setLayout(column(split, spacing=0))

    @property
    def group(self) -> ProblemGroup | None:
        """The kind that is shown."""
        line = self.groups.currentRow()
        found: ProblemGroup | None = self.groups.item(line).data(_GROUP) if line >= 0 else None
        return found

    def show_problems(self, places: ProblemPlaces | None, choose: bool) -> None:
        """Shows other problems; the kind and the value that were chosen stay so, where they are still there. Where they
        are not, the first ones are shown, and chosen only if ``choose``: otherwise the person is at work elsewhere.
        """
        before, line = self.group, max(self.values.currentIndex().row(), 0)
        self._places = places
        self.shown = places.groups if places is not None else []
        self._fill(before.key if before is not None else None)
        stays = before is not None and self.group is not None and self.group.key == before.key
        self._show_values(choose and not stays)
        if self._model.rowCount() and (stays or not choose):
            self._select_quietly(min(line, self._model.rowCount() - 1) if stays else 0)

    def show_kind(self, group: ProblemGroup) -> None:
        """Shows the values of another kind, without going to the first of them."""
        now = self.group
        if now is not None and now.key == group.key:
            return
        items = (self.groups.item(line) for line in range(self.groups.count()))
        wanted = next((one for one in items if (held := one.data(_GROUP)) is not None and held.key == group.key), None)
        if wanted is not None:
            self.groups.blockSignals(True)
            self.groups.setCurrentItem(wanted)
            self.groups.blockSignals(False)
            self._show_values(False)
            self._select_quietly(0)

    def _fill(self, key: tuple[str, str] | None) -> None:
        self.groups.blockSignals(True)
        self.groups.clear()
        severity = ""
        wanted: QListWidgetItem | None = None
        for group in self.shown:
            error = group.severity != "warning"
            if group.severity != severity:
                severity = group.severity
                heading = QListWidgetItem(self.groups)
                heading.setFlags(Qt.ItemFlag.NoItemFlags)
                label = SectionLabel(str(_HEADINGS[severity]))
                label.setContentsMargins(2, 8, 0, 2)
                self.groups.setItemWidget(heading, label)
            icon = self._theme.icon("error" if error else "info", "bad" if error else "warning")
            item = QListWidgetItem(icon, f"{group.title}   {number(len(group.problems))}", self.groups)
            item.setToolTip(plain_tip(item.text()))
            item.setData(_GROUP, group)
            if wanted is None or group.key == key:
                wanted = item
        if wanted is not None:
            self.groups.setCurrentItem(wanted)
        self.groups.blockSignals(False)

    def _show_values(self, choose: bool) -> None:
        group = self.group
        alike = self._places.alike(group) if self._places is not None and group is not None else []
        self.values.selectionModel().blockSignals(True)
        self._model.show_rows(alike)
        self.values.selectionModel().blockSignals(False)
        if alike and choose:
            self.values.selectRow(0)

    def _select_quietly(self, line: int) -> None:
        selection = self.values.selectionModel()
        selection.blockSignals(True)
        self.values.selectRow(line)
        selection.blockSignals(False)
        self.values.viewport().update()

    def _open(self) -> None:
        """Goes to the cell, which may be another one than that of the last choice, to correct it."""
        self._choose_value()
        self.opened.emit()

    def _choose_value(self) -> None:
        line = self.values.currentIndex().row()
        if 0 <= line < self._model.rowCount():
            self.chosen.emit(self._model.row_at(line))


def _where(alike: AlikeProblems) -> str:
    first = alike.problems[0]
    return short_origin(Origin(first.file, first.sheet, first.row))


def _hint(alike: AlikeProblems) -> str:
    first = alike.problems[0]
    return f"{alike.value}\n{first.message}" if alike.value else str(first.message)
