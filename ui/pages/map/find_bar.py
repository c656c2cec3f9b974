"""Finding a box in the drawing: what is typed stays lit, Enter goes from one to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from cmdb.model.messages import tr
from ui.graph.view import GraphView
from ui.theme import Theme
from ui.widgets.buttons import IconButton
from ui.widgets.labels import Text
from ui.widgets.layout import STRETCH, row
from ui.widgets.search import SearchField


class MapFindBar(QWidget):
    """A line below the drawing. ``picked`` fires with the node that is shown, ``closed`` when the bar is closed."""

    picked = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, view: GraphView) -> None:
        super().__init__()
        self._view = view
        self._found: list[int] = []
        self._at = -1
        self.field = SearchField(theme, tr("Find in the drawing"), self._search)
        self._count = Text("", "muted")
        up = IconButton(theme, "arrow-left", tr("Previous one"), lambda: self.step(-1))
        down = IconButton(theme, "arrow-right", tr("Next one (Enter)"), lambda: self.step(1))
        close = IconButton(theme, "close", tr("Close"), self.close_bar)
        self.setLayout(row(self.field, up, down, self._count, STRETCH, close, spacing=6))
        self.field.returnPressed.connect(lambda: self.step(1))
        self.hide()

    def open_bar(self) -> None:
        """Shows the line, ready to type."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def close_bar(self) -> None:
        """Hides the line; nothing is lit any more."""
        self.hide()
        self.field.clear()
        self._search("")
        self.closed.emit()

    def refresh(self) -> None:
        """Another drawing: looks again."""
        if not self.isHidden():
            self._search(self.field.text())

    def step(self, by: int) -> None:
        """Shows the next one (1), or the one before (-1)."""
        if not self.field.told:
            self._search(self.field.text())
        if self._found:
            self._at = (self._at + by) % len(self._found)
            self.picked.emit(self._found[self._at])
            self._view.look_for(self.field.text())
            self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def _search(self, text: str) -> None:
        self._found, self._at = self._view.look_for(text), -1
        self._say()

    def _say(self) -> None:
        if not self.field.text().strip():
            self._count.setText("")
        elif not self._found:
            self._count.setText(tr("not in the drawing"))
        else:
            self._count.setText(tr("{number} of {total}", number=max(self._at, 0) + 1, total=len(self._found)))
