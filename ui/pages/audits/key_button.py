"""A button that shows the function key that presses it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QSizePolicy

from ui.plain_texts import plain_tip
from ui.theme import Theme
from ui.widgets.buttons import PushButton
from ui.widgets.labels import KeyCap, Text, retone
from ui.widgets.layout import row
from ui.widgets.page_states import Icon


class KeyButton(PushButton):
    """An icon, words and a key's cap. A ``choice`` is one of some, and carries a tick while it is chosen."""

    def __init__(
        self, theme: Theme, text: str, key: str, clicked: Callable[[], object], *, icon: str = "", choice: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon = Icon(theme, icon or "check", "muted", 16)
        self._given = icon
        self._words = Text(text)
        self._cap = KeyCap(key)
        self._key = key
        self.setProperty("kind", "keyed")
        self.setCheckable(choice)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        for part in (self._icon, self._words, self._cap):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setLayout(row(self._icon, self._words, self._cap, spacing=6, margins=(9, 5, 7, 5)))
        self._primary = False
        self.show_words(text)
        self.clicked.connect(lambda: clicked())
        self.show_chosen(False)

    def show_words(self, text: str) -> None:
        """Other words."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(self._key)

    def show_short(self, short: bool) -> None:
        """Whether the icon and the key stand for the words, which screen readers and the tip still say."""
        self._words.setHidden(short)
        self.setToolTip(plain_tip(self.words() if short else ""))

    def words(self) -> str:
        """The words that it shows."""
        return self._words.text()

    def show_chosen(self, chosen: bool, *, primary: bool = False) -> None:
        """Whether it is chosen; a ``primary`` one is the first thing to do on the page."""
        self.setChecked(chosen)
        self._primary = primary
        ink = "accent_text" if primary else "accent" if chosen else "muted"
        self._icon.set_icon(self._given or "check", ink)
        self._icon.setVisible(bool(self._given) or chosen)
        retone(self, "primary" if primary else "chosen" if chosen else "")
        for part in (self._words, self._cap):
            retone(part, "primary" if primary else "accent" if chosen else "")
        self._words.set_bold(chosen or primary)

    def sizeHint(self) -> QSize:
        """As its contents need."""
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As its contents need."""
        return self.sizeHint()
