"""The table of a list of records: its keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from ui.records.grouped_table import GroupedTable


class RecordTable(GroupedTable):
    """A table whose rows are not all loaded: ``copied`` fires instead of copying the loaded rows.

    ``left`` fires for Esc, and for Up in the first row, ``pasted`` for Ctrl+V.
    """

    copied = Signal()
    pasted = Signal()
    left = Signal()

    def copy(self) -> None:
        """Asks for the selected rows to be put on the clipboard."""
        self.copied.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc, and Up in the first row, lead back to the filter; Ctrl+V filters by what was copied."""
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        up = event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0
        if plain and (up or event.key() == Qt.Key.Key_Escape):
            self.left.emit()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit()
        else:
            super().keyPressEvent(event)
