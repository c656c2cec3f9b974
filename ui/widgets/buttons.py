"""Buttons: primary (one per page at most), ordinary, plain, link, icon, and one that opens a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolButton,
    QToolTip,
    QWidget,
)

from cmdb.model.characters import marked
from ui.plain_texts import plain_label, plain_tip, read_label
from ui.text_size import px, set_sizes
from ui.theme import Theme

#: With one of these, Enter means something else (Ctrl+Enter submits a sheet).
_HELD = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier

#: Pixels by which the hinting of a font may differ.
_HINTING = 2


class PushButton(QPushButton):
    """A push button that answers Enter as it answers Space, and shows its text as it is ("&" is no key's mark)."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(plain_label(text), parent)

    def setText(self, text: str) -> None:
        """Another text."""
        super().setText(plain_label(text))

    def text(self) -> str:
        """The text that is shown."""
        return read_label(super().text())

    _least = 0

    def give_way(self, least: int) -> None:
        """Lets the button become as narrow as ``least`` pixels; its text is then cut with "…"."""
        if least != self._least:
            self._least = least
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """The whole text, unless the button gives way."""
        whole = super().minimumSizeHint()
        return QSize(min(px(self._least), whole.width()), whole.height()) if self._least else whole

    def _missing(self) -> int:
        """How many pixels the text lacks; at most 0 where it fits."""
        return self.sizeHint().width() - self.width() - _HINTING if self.text() else 0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Where there is too little room, the text is cut with "…"."""
        if (missing := self._missing()) <= 0:
            super().paintEvent(event)
            return
        painter, option = QStylePainter(self), QStyleOptionButton()
        self.initStyleOption(option)
        text, metrics = self.text(), self.fontMetrics()
        room = max(metrics.horizontalAdvance(text) - missing - _HINTING, 0)
        option.text = plain_label(metrics.elidedText(marked(text), Qt.TextElideMode.ElideRight, room))
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The whole text, where it is cut, comes first in the tooltip."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._missing() > 0:
            text, tip = self.text().strip(), self.toolTip()
            both = tip if text in tip else "\n".join(filter(None, (text, tip)))
            QToolTip.showText(event.globalPos(), plain_tip(both))
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter) or event.modifiers() & _HELD:
            super().keyPressEvent(event)
        elif self.menu() is not None:
            self.showMenu()
        else:
            self.click()


class Button(PushButton):
    """An ordinary button. ``kind``: "", "primary", "danger", "plain", "link" or "chip"."""

    def __init__(
        self,
        text: str,
        clicked: Callable[[], object] | None = None,
        *,
        kind: str = "",
        icon: str = "",
        theme: Theme | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(text)
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        if kind in ("link", "chip"):
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        if icon and theme is not None:
            token = {"primary": "accent_text", "danger": "surface"}.get(kind, "muted")
            self.setIcon(theme.icon(icon, token))
            set_sizes(self, icon=16)
            self.setText(text)
        if hint:
            self.setToolTip(plain_tip(hint))
        if clicked is not None:
            self.clicked.connect(lambda: clicked())

    def setText(self, text: str) -> None:
        """Another text. Beside an icon it keeps a little distance, which Qt gives no other way to set."""
        super().setText(text if self.icon().isNull() or not text else f" {text}")
        self.setAccessibleName(text)


class PrimaryButton(Button):
    """The one thing to do on a page."""

    def __init__(
        self, text: str, clicked: Callable[[], object] | None = None, *, icon: str = "", theme: Theme | None = None
    ) -> None:
        super().__init__(text, clicked, kind="primary", icon=icon, theme=theme)


class LinkButton(Button):
    """A word that can be clicked."""

    def __init__(self, text: str, clicked: Callable[[], object] | None = None, *, hint: str = "") -> None:
        super().__init__(text, clicked, kind="link", hint=hint)


class MenuButton(Button):
    """A button that opens a menu, filled by ``fill`` each time it opens."""

    def __init__(
        self, text: str, fill: Callable[[QMenu], object], *, icon: str = "", theme: Theme | None = None, kind: str = ""
    ) -> None:
        super().__init__(text, icon=icon, theme=theme, kind=kind)
        self.setProperty("menu", "true")
        menu = QMenu(self)

        def refill() -> None:
            menu.clear()
            fill(menu)

        menu.aboutToShow.connect(refill)
        self.setMenu(menu)


class IconButton(QToolButton):
    """An icon alone, 28 px square; ``name`` is what it does, for the tooltip and for screen readers."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        name: str,
        clicked: Callable[[], object] | None = None,
        *,
        size: int = 28,
        token: str = "muted",
    ) -> None:
        super().__init__()
        self.setIcon(theme.icon(icon, token))
        set_sizes(self, icon=16 if size <= 28 else 20, width=size, height=size)
        self.setToolTip(plain_tip(name))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        if clicked is not None:
            self.clicked.connect(lambda: clicked())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses, as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _HELD:
            self.click()
        else:
            super().keyPressEvent(event)
