"""The first rows of a large sheet while the others are read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from cmdb.model.messages import tr
from importers.spreadsheets.files.archive import column_letters
from importers.spreadsheets.sheets.workbook import cell_text
from ui.pages.import_.sheet_grid_model import drawn_text
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.card import Card
from ui.widgets.spoken_cells import SPOKEN, spoken
from ui.widgets.table import TableView

Index = QModelIndex | QPersistentModelIndex


class FirstRowsView(Card):
    """Shown from the moment they are here until the file is open."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(tr("First rows"))
        self._model = _Rows()
        self.table = TableView(theme, tr("First rows"), compact=True)
        self.table.setModel(self._model)
        self.table.verticalHeader().show()
        self.add(self.table, 1)
        set_sizes(self, least_height=260)
        self.hide()

    def show_rows(self, name: str, rows: list[list[Any]]) -> None:
        """Shows a sheet's first rows."""
        self.title.setText(tr("First rows of {sheet}", sheet=name))
        self._model.show_rows(rows)
        self.show()


class _Rows(QAbstractTableModel):
    def __init__(self) -> None:
        super().__init__()
        self._rows: list[list[Any]] = []

    def show_rows(self, rows: list[list[Any]]) -> None:
        """Shows other rows, equally long."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """Rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 -- Qt's signature
        """The cells of a row."""
        return 0 if parent.isValid() or not self._rows else len(self._rows[0])

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        """Texts."""
        if role in SPOKEN:
            return spoken(index, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return drawn_text(cell_text(self._rows[index.row()][index.column()]))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        """Column letters, row numbers."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return column_letters(section) if orientation == Qt.Orientation.Horizontal else str(section + 1)
