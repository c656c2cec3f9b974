"""A search field: a magnifier, a clear button, and an answer once typing pauses."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from cmdb.model.messages import tr
from ui.theme import Theme
from ui.widgets.field_icons import EndIcon, add_icon

PAUSE = 160


def add_magnifier(field: QLineEdit, theme: Theme) -> None:
    """Puts a magnifier at the beginning of a field; a click on it goes into the field."""
    add_icon(field, theme, "search", tr("Search"), field.setFocus)


class SearchField(QLineEdit):
    """Emits ``searched`` with the text when typing has paused, at once for Enter and Esc (which clears)."""

    searched = Signal(str)

    def __init__(self, theme: Theme, hint: str, searched: Callable[[str], object] | None = None) -> None:
        super().__init__()
        self.setProperty("kind", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        add_magnifier(self, theme)
        self._clear = EndIcon(self, theme, "close", tr("Clear"), self._cleared, shown=False)
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._announce)
        self._told: str | None = ""
        self.textEdited.connect(lambda _: self._edited())
        self.textChanged.connect(lambda text: self._clear.set_shown(bool(text)))
        self.returnPressed.connect(self._announce)
        if searched is not None:
            self.searched.connect(searched)

    def setText(self, text: str | None, /) -> None:
        """Another text, which its caller acts on: whatever is typed afterwards is announced, also what was before."""
        self._timer.stop()
        super().setText(text or "")
        self._told = self.text()

    @property
    def told(self) -> bool:
        """Whether the present text has been announced."""
        return self.text() == self._told

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears; an empty field leaves Esc to others."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self._cleared()
        else:
            super().keyPressEvent(event)

    def _edited(self) -> None:
        self._told = None
        self._timer.start()

    def _cleared(self) -> None:
        self.clear()
        self._told = None
        self._announce()

    def _announce(self) -> None:
        self._timer.stop()
        if self.text() != self._told:
            self._told = self.text()
            self.searched.emit(self.text())
