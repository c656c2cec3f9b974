"""Icons in a field, at its beginning and its end. They grow with the text.

Those that Qt puts into a field, of its actions, have the size of the style however large the text is.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from ui.text_size import set_sizes
from ui.theme import Theme
from ui.widgets.buttons import IconButton

#: The side of what holds an icon, and what the text keeps free for it, in pixels.
_SIDE, _ROOM = 22, 20


def field_line(field: QLineEdit) -> QHBoxLayout:
    """What stands in a field: at its beginning, a stretch, at its end."""
    line = field.layout()
    if not isinstance(line, QHBoxLayout):
        line = QHBoxLayout(field)
        line.setContentsMargins(4, 0, 4, 0)
        line.setSpacing(0)
        line.addStretch(1)
    return line


def add_icon(field: QLineEdit, theme: Theme, icon: str, name: str, clicked: Callable[[], object]) -> None:
    """Puts an icon at the beginning of a field; ``name`` is what a click on it does."""
    field_line(field).insertWidget(0, _made(theme, icon, name, clicked), alignment=Qt.AlignmentFlag.AlignVCenter)
    set_sizes(field, before_text=_ROOM)


class EndIcon:
    """An icon at the end of a field; ``name`` is what a click on it does. It can be hidden."""

    def __init__(
        self, field: QLineEdit, theme: Theme, icon: str, name: str, clicked: Callable[[], object], *, shown: bool = True
    ) -> None:
        self._field, self.button = field, _made(theme, icon, name, clicked)
        field_line(field).addWidget(self.button, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.set_shown(shown)

    def set_shown(self, shown: bool) -> None:
        """Shows or hides it; the text has its room while it is hidden."""
        self.button.setVisible(shown)
        set_sizes(self._field, behind_text=_ROOM if shown else 0)


def _made(theme: Theme, icon: str, name: str, clicked: Callable[[], object]) -> IconButton:
    button = IconButton(theme, icon, name, clicked, size=_SIDE)
    button.setProperty("kind", "field")
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    return button
