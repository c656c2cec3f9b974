"""Cells of tables in the colour of their tone."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem


class TonedCells(QStyledItemDelegate):
    """Draws cells as Qt does, but in a selected row, too, in the colour that the model gives."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Qt takes another colour for selected cells, of the palette."""
        super().initStyleOption(option, index)
        if option.state & QStyle.StateFlag.State_Selected:
            palette = QPalette(option.palette)
            palette.setBrush(QPalette.ColorRole.HighlightedText, palette.brush(QPalette.ColorRole.Text))
            option.palette = palette
