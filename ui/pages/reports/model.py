"""A report's rows for a table: sorted by value, not by text; narrowed by words; of any number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from app.reports import ReportRow
from app.reports.order import narrowed, ordered
from app.reports.report_run import NUMBERS, ReportResult
from ui.plain_texts import plain_tip
from ui.theme import Theme
from ui.widgets.cells import shown
from ui.widgets.pill import TONE_ROLE
from ui.widgets.spoken_cells import SPOKEN, spoken

Index = QModelIndex | QPersistentModelIndex
_DISPLAY = int(Qt.ItemDataRole.DisplayRole)


class ReportModel(QAbstractTableModel):
    """The rows of one result that fit the filter, in the chosen order (at first the report's own).

    ``tones`` maps a column's name to its values' tones: such a column is drawn as pills.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.result: ReportResult | None = None
        self.tones: dict[int, Mapping[str, str]] = {}
        self._places: list[int] = []
        self._words: list[str] = []
        self._order: tuple[int, bool] | None = None

    def show_result(
        self, result: ReportResult, tones: Mapping[str, Mapping[str, str]], order: tuple[int, bool] | None
    ) -> None:
        """Shows another result, sorted by a column (its place, whether descending)."""
        self.beginResetModel()
        self.result, self._order = result, order
        self.tones = {i: tones[c.name] for i, c in enumerate(result.report.columns) if c.name in tones}
        self._arrange()
        self.endResetModel()

    def narrow(self, text: str) -> None:
        """Shows only rows in which all words of a text occur."""
        self.beginResetModel()
        self._words = text.casefold().split()
        self._arrange()
        self.endResetModel()

    def row_at(self, place: int) -> ReportRow:
        """The row at a place."""
        assert self.result is not None
        return self.result.rows[self._places[place]]

    def place_of(self, wanted: ReportRow) -> int:
        """The place of a row, or of the one that is about the same now; -1 where there is none."""
        rows = [self.row_at(place) for place in range(self.rowCount())]
        alike = ((place, row) for place, row in enumerate(rows) if row.uid and row.uid == wanted.uid)
        same = next((place for place, row in enumerate(rows) if row == wanted), -1)
        return same if same >= 0 else next((place for place, row in alike if row.cells[:1] == wanted.cells[:1]), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of rows."""
        return 0 if parent.isValid() else len(self._places)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The number of columns of the report."""
        return 0 if parent.isValid() or self.result is None else len(self.result.report.columns)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        """A cell's text, tone and alignment."""
        if role in SPOKEN:
            return spoken(index, role)
        if self.result is None:
            return None
        place = index.column()
        column = self.result.report.columns[place]
        if role == _DISPLAY:
            return shown(column, self.row_at(index.row()).cells[place])
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(shown(column, self.row_at(index.row()).cells[place]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.type in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        if role == TONE_ROLE and place in self.tones:
            return self.tones[place].get(str(self.row_at(index.row()).cells[place]), "neutral")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        """A column's label."""
        if self.result is None or orientation != Qt.Orientation.Horizontal:
            return None
        column = self.result.report.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return str(column.label)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.type in NUMBERS:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sorts by a column's values, empty ones last; a column below 0 gives the report's own order."""
        self.layoutAboutToBeChanged.emit()
        self._order = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._arrange()
        self.layoutChanged.emit()

    def _arrange(self) -> None:
        if self.result is None:
            return
        self._places = narrowed(self.result, self._words)
        if self._order is not None and self._order[0] < len(self.result.report.columns):
            column, down = self._order
            self._places = ordered(self.result, self._places, column, descending=down)
