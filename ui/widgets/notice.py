"""Short messages: in place (InlineMessage), or for a few seconds over the bar at the top (Toast)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QSizePolicy, QWidget

from cmdb.model.messages import tr
from ui.text_size import px
from ui.theme import Theme
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import Text, retone
from ui.widgets.layout import row
from ui.widgets.page_states import Icon

#: The greatest width of a toast, and what of it its icon, buttons and margins take (pixels).
_WRAPPED, _AROUND = 640, 160
_ICONS = {"good": "good", "warning": "warning", "bad": "error", "accent": "info", "neutral": "info"}


class InlineMessage(QFrame):
    """A sentence in the place it is about, with an optional button, or a box of buttons."""

    def __init__(self, theme: Theme, text: str = "", tone: str = "neutral", button: QWidget | None = None) -> None:
        super().__init__()
        self.setProperty("role", "note")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._icon = Icon(theme, _ICONS.get(tone, "info"), tone, 18)
        self._text = Text(text, wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        items: list[QWidget] = [self._icon, self._text]
        if button is not None:
            items.append(button)
        self.setLayout(row(*items, spacing=8, margins=(12, 8, 8, 8)))
        if not text:
            self.hide()

    def say(self, text: str, tone: str = "neutral") -> None:
        """Shows a text; "" hides the message."""
        retone(self, tone)
        self._icon.set_icon(_ICONS.get(tone, "info"), tone)
        self._text.setText(text)
        self.setVisible(bool(text))


class Toast(QFrame):
    """A message over the bar at the top that disappears after some seconds, and covers nothing of the page; ``acted``
    fires when its button was pressed.
    """

    acted = Signal()
    DURATION = 6000

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._bar: QWidget | None = None
        self.setProperty("role", "raised")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shadow.setColor(theme.color("text", 0.18) if not theme.tokens.dark else theme.color("side", 0.9))
        self.setGraphicsEffect(shadow)
        self._icon = Icon(theme, "info", "neutral", 18)
        self._text = Text()
        self._button = Button(tr("Undo"), self._act, kind="link")
        retone(self._button, "accent")
        self._second = Button("", self._act_second, kind="link")
        retone(self._second, "accent")
        self._close = IconButton(theme, "close", tr("Close the message"), self.hide, size=24)
        self.setLayout(row(self._icon, self._text, 8, self._button, self._second, self._close, margins=(12, 2, 6, 2)))
        self._timer = QTimer(self, singleShot=True, interval=self.DURATION)
        self._timer.timeout.connect(self._leave)
        self._then: Callable[[], object] | None = None
        self._then_second: Callable[[], object] = lambda: None
        self.hide()

    def say(
        self,
        text: str,
        tone: str = "neutral",
        button: str = "",
        then: Callable[[], object] | None = None,
        duration: int = DURATION,
        second: tuple[str, Callable[[], object]] | None = None,
    ) -> None:
        """Shows a message for some milliseconds, with a button that calls ``then``, and perhaps a second one. It
        replaces the one before.
        """
        self._icon.set_icon(_ICONS.get(tone, "info"), tone)
        self._text.setText(text)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._second.setVisible(second is not None)
        around = px(_AROUND)
        if second is not None:
            self._second.setText(second[0])
            self._then_second = second[1]
            around += self._second.sizeHint().width()
        bar = self._bar
        room = min(px(_WRAPPED), bar.width() - 24) - around if bar is not None else px(_WRAPPED)
        self._text.setWordWrap(self._text.fontMetrics().horizontalAdvance(text) > room)
        self._then = then
        self.setAccessibleName(text)
        self.show()
        self.place()
        self.raise_()
        self._timer.start(duration)

    def lie_over(self, bar: QWidget, field: QWidget) -> None:
        """Where it is shown: over a bar, whose parent becomes its own. It gives way to who types in the bar's field."""
        self._bar = bar
        self.setParent(bar.parentWidget())
        bar.installEventFilter(self)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follows the size of the bar, and gives way to its field."""
        if event.type() == QEvent.Type.FocusIn:
            self.hide()
        if watched is self._bar and event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Puts it in the middle of the bar; a long text takes two lines rather than the whole width."""
        bar = self._bar
        if bar is None:
            return
        room = bar.width() - 24
        self.setMinimumWidth(min(px(_WRAPPED), room) if self._text.wordWrap() else 0)
        self.setMaximumWidth(min(px(_WRAPPED), room))
        self.adjustSize()
        layout = self.layout()
        if self._text.wordWrap() and layout is not None:
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))
        over = bar.geometry()
        self.move(
            over.x() + (over.width() - self.width()) // 2, max(over.y() + (over.height() - self.height()) // 2, 2)
        )

    def _act(self) -> None:
        self.hide()
        if self._then is not None:
            self._then()
        self.acted.emit()

    def _act_second(self) -> None:
        self.hide()
        self._then_second()
        self.acted.emit()

    def _leave(self) -> None:
        if self.underMouse() or self._button.hasFocus() or self._second.hasFocus():
            self._timer.start()
        else:
            self.hide()
