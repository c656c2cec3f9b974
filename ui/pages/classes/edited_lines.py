"""Lines that are edited in place: one is added, taken out, or moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableWidget

from cmdb.model.messages import tr
from ui.accessible import name_area
from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import IconButton
from ui.widgets.layout import STRETCH, row
from ui.widgets.table import COMFORTABLE


class EditedLines(QTableWidget):
    """Delete takes the chosen line out; Alt with an arrow key moves it.

    ``read`` answers what stands in a line, ``put`` puts it into a new line.
    """

    def __init__(
        self, name: str, columns: Sequence[str], read: Callable[[int], Any], put: Callable[[int, Any], None]
    ) -> None:
        super().__init__(0, len(columns))
        self._read, self._put = read, put
        name_area(self, name)
        self.setHorizontalHeaderLabels(list(columns))
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        set_sizes(self.verticalHeader(), rows=COMFORTABLE)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete, Alt+Up and Alt+Down."""
        moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() == Qt.Key.Key_Delete and self.currentRow() >= 0:
            self.remove_line()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in moves:
            self.move_line(moves[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def remove_line(self) -> None:
        """Takes the chosen line out."""
        if self.currentRow() >= 0:
            self.removeRow(self.currentRow())

    def move_line(self, step: int) -> None:
        """Moves the chosen line up or down."""
        line = self.currentRow()
        if line < 0 or not 0 <= line + step < self.rowCount():
            return
        content = self._read(line)
        self.removeRow(line)
        self._put(line + step, content)
        self.setCurrentCell(line + step, 0)

    def buttons(self, theme: Theme, add: tuple[str, Callable[[], None]], remove: str) -> QHBoxLayout:
        """The same with the mouse, and what adds a line; the words say what a line is."""
        return row(
            IconButton(theme, "plus", *add),
            IconButton(theme, "minus", remove, self.remove_line),
            IconButton(theme, "chevron-up", tr("Move up (Alt+Up)"), lambda: self.move_line(-1)),
            IconButton(theme, "chevron-down", tr("Move down (Alt+Down)"), lambda: self.move_line(1)),
            STRETCH,
            spacing=4,
        )
