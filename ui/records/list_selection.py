"""Which rows of a list are selected, and which is under the cursor, while its rows are read and read again."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, Signal

from app.assets.rows import HighlightedRows, Ranges
from ui.widgets.table import TableView

if TYPE_CHECKING:
    from collections.abc import Callable

    from cmdb.model.records import CI
    from ui.records.grouped_model import GroupedModel
    from ui.records.record_table import RecordTable

FEW = 2000
"""The maximum number of selected rows of which the records are looked at."""


class ListSelection(QObject):
    """The selection of a table whose rows are not all loaded. ``reading`` says whether other rows are being read.

    ``current`` fires with the record that is under the cursor (None: none), ``changed`` with the number of rows that
    are selected.
    """

    current = Signal(object)
    changed = Signal(int)

    def __init__(self, table: RecordTable, model: GroupedModel, reading: Callable[[], bool]) -> None:
        super().__init__(table)
        self._table, self._model, self._reading = table, model, reading
        self._stand_at, self._quiet = -1, False
        self._standing: tuple[int, int] | None = None
        self._unread = False
        model.dataChanged.connect(lambda first, last, *_: self._read(first.row(), last.row()))
        self._waiting: list[Callable[[], None]] = []
        table.selectionModel().currentRowChanged.connect(lambda *_: self._moved())
        table.selectionModel().selectionChanged.connect(lambda *_: self.tell())

    def ids(self, then: Callable[[array[int]], None]) -> None:
        """Calls ``then`` with the inner ids of the selected CIs: at once, or as soon as every row can be reached.

        While another list is being read, ``then`` gets what is selected in that one.
        """
        if self._model.ready and not self._reading():
            then(self._model.ids(self.ranges()))
        else:
            self._waiting.append(lambda: then(self._model.ids(self.ranges())))

    def records(self) -> list[CI]:
        """The selected records, if all of them are in memory and they are few; else none."""
        found = self._model.in_memory(self.ranges(), FEW)
        return found if len(found) == self.number() else []

    def reached(self) -> array[int]:
        """The inner ids of the selected CIs; none while not every row can be reached."""
        return self._model.ids(self.ranges()) if self._model.ready else array("q")

    def ranges(self) -> Ranges:
        """The selected rows, as ranges from top to bottom."""
        return sorted((part.top(), part.bottom()) for part in self._table.selectionModel().selection().toList())

    def number(self) -> int:
        """The number of selected rows."""
        return self._model.number_in(self.ranges())

    def tell(self) -> None:
        """Other rows are selected, or they are other records."""
        number = self.number()
        row = self.ranges()[0][0] if number == 1 else -1
        if number == 1 and row != self._table.currentIndex().row():
            self.current.emit(self._model.ci(row))  # another row was taken out of the selection
        self.changed.emit(number)

    def forget_waiting(self) -> None:
        """Nobody is told any more what will be selected: the rows that were being read don't come."""
        self._waiting.clear()

    def note_place(self) -> None:
        """The rows are about to be read again: notes where the cursor stands, and where that is seen."""
        self._stand_at, self._standing = self._table.currentIndex().row(), self._table.standing

    def find_again(self, found: HighlightedRows, *, going: bool) -> None:
        """Every row can be reached now: selects the earlier selection again, or goes to the requested row."""
        if going:
            self.select([(found.row, found.row)] if found.row >= 0 else [], move=True)
        elif found.ranges and not self._table.selectionModel().hasSelection():
            self.select(found.ranges)
            self._table.stand(self._standing)
        self._standing = None
        self._keep_standing()
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then()

    def select(self, ranges: Ranges, *, move: bool = False) -> None:
        """Selects these rows only; with ``move`` the first of them comes into sight."""
        if not ranges:
            self.current.emit(None) if move else None
            return
        chosen, last = QItemSelection(), self._model.columnCount() - 1
        for top, bottom in ranges:
            chosen.select(self._model.index(top, 0), self._model.index(bottom, last))
        self._table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        index = self._model.index(ranges[0][0], 0)
        self._table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if move:
            self._table.scrollTo(index, TableView.ScrollHint.PositionAtCenter)

    def _keep_standing(self) -> None:
        """Where the row under the cursor is gone, the cursor stands on the one in its place: keys go on from there.

        That row is not selected, and its details are not shown: nobody chose it.
        """
        row, self._stand_at = min(self._stand_at, self._model.rowCount() - 1), -1
        if row >= 0 and not self._table.currentIndex().isValid():
            self._quiet = True
            index = self._model.index(row, 0)
            self._table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self._quiet = False

    def _moved(self) -> None:
        index = self._table.currentIndex()
        if not self._quiet:
            found = self._model.ci(index.row()) if index.isValid() else None
            self._unread = index.isValid() and found is None
            if self._unread:
                self._model.read_row(index.row())
            self.current.emit(found)

    def _read(self, first: int, last: int) -> None:
        """Rows were read: the one under the cursor may be among them, after a jump to the end, say."""
        if self._unread and first <= self._table.currentIndex().row() <= last:
            self._moved()
