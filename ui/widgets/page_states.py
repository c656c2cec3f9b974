"""The three states that every page has besides its content: empty, loading, failing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from app.faults import trace_of
from cmdb.model.errors import UserError
from cmdb.model.messages import tr
from ui.text_size import px, set_sizes
from ui.theme import Theme
from ui.widgets.buttons import Button
from ui.widgets.labels import CentredText, Heading, Text
from ui.widgets.layout import STRETCH, Item, box, column, row, scrolled

#: Nothing is shown for waits shorter than this (milliseconds), so that nothing blinks.
PATIENCE = 120


class Icon(QLabel):
    """An icon as a picture; it follows the theme."""

    def __init__(self, theme: Theme, name: str, token: str = "muted", size: int = 20) -> None:
        super().__init__()
        self._theme, self._name, self._token, self._size = theme, name, token, size
        set_sizes(self, width=size, height=size)
        theme.changed.connect(self.update)

    def set_icon(self, name: str, token: str = "") -> None:
        """Another icon."""
        self._name, self._token = name, token or self._token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the icon in the token's present colour."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(0, 0, self._theme.pixmap(self._name, self._token, px(self._size), ratio))
        painter.end()


class EmptyState(QWidget):
    """What belongs here, and the one thing to do next."""

    def __init__(
        self, theme: Theme, icon: str, title: str, text: str = "", button: Button | None = None, *, token: str = "faint"
    ) -> None:
        super().__init__()
        picture = Icon(theme, icon, token, 40)
        heading, words = Heading(title, 2), CentredText(text, "muted")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        heading.setWordWrap(True)
        if not text:  # what has no parent yet would be shown as a window, and take the focus from the page
            words.hide()
        parts: list[Item] = [row(STRETCH, picture, STRETCH), heading, words]
        if button is not None:
            parts += [4, row(STRETCH, button, STRETCH)]
        self.body = column(*parts, spacing=10)
        self.setLayout(_narrow(column(STRETCH, self.body, STRETCH, margins=(0, 24, 0, 24))))
        self.setAccessibleName(tr("{title}. {text}", title=title, text=text) if text else title)


class ErrorState(QWidget):
    """An error: what went wrong, where, and the remedy. A bug is named as such, with its trace to copy."""

    def __init__(self, theme: Theme, error: BaseException, remedy: str = "",
                 mend: Callable[[], object] | None = None, more: Sequence[QWidget] = ()) -> None:  # fmt: skip
        super().__init__()
        known = isinstance(error, UserError)
        title = str(error) if known else tr("Terrier made a mistake here.")
        details = error.details if isinstance(error, UserError) else (type(error).__name__,)
        heading, words = Heading(title, 2), Text("\n".join(map(str, details[:8])), "muted", wrap=True)
        for label in (heading, words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if not details:
            words.hide()
        buttons: list[QWidget | None] = [STRETCH]
        if mend is not None:
            buttons.append(Button(remedy or tr("Try again"), mend, icon="refresh", theme=theme))
        if not known:
            trace = trace_of(error)
            buttons.append(Button(tr("Copy the trace"), lambda: _copy(trace), icon="copy", theme=theme))
        buttons += more
        picture = Icon(theme, "warning" if known else "bug", "warning" if known else "bad", 40)
        parts = (STRETCH, row(STRETCH, picture, STRETCH), heading, words, row(*buttons, STRETCH), STRETCH)
        self.setLayout(_narrow(column(*parts, spacing=10, margins=(0, 24, 0, 24))))
        self.setAccessibleName(title)


def _narrow(inner: QLayout) -> QVBoxLayout:
    """A layout that gives its content at most 440 px, in the middle; it scrolls where that is too little."""
    middle = QWidget()
    set_sizes(middle, most_width=440)
    middle.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    middle.setLayout(inner)
    outer = QHBoxLayout()
    outer.setContentsMargins(16, 0, 16, 0)
    outer.addStretch(1)
    outer.addWidget(middle, 1000)
    outer.addStretch(1)
    area = scrolled(box(outer))
    return column(area, spacing=0)


def _copy(text: str) -> None:
    from PySide6.QtWidgets import QApplication

    QApplication.clipboard().setText(text)


class Skeleton(QWidget):
    """Grey rows in place of the text to come."""

    def __init__(self, theme: Theme, rows: int = 8, height: int = 34) -> None:
        super().__init__()
        self._theme, self._rows, self._height = theme, rows, px(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Loading"))

    def sizeHint(self) -> QSize:
        """The height of its rows."""
        return QSize(240, self._rows * self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars of differing length, the same at every painting."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("neutral_ground"))
        for index in range(min(self._rows, self.height() // self._height)):
            share = (0.62, 0.48, 0.7, 0.55, 0.4, 0.66)[index % 6]
            top = index * self._height + (self._height - 10) // 2
            painter.drawRoundedRect(0, top, round(self.width() * share), 10, 5, 5)
        painter.end()


class PageStates(QWidget):
    """Shows one of: the content, a skeleton, an empty state, an error. Starts with the skeleton.

    The content gets the focus that is given to it, at once or when it is shown.
    """

    def __init__(self, theme: Theme, content: QWidget, *, rows: int = 8) -> None:
        super().__init__()
        self._theme = theme
        self._content = content
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._blank, self._skeleton = QWidget(), Skeleton(theme, rows)
        for widget in (self._blank, self._skeleton, content):
            self._stack.addWidget(widget)
        self._other: QWidget | None = None
        self._late = QTimer(self, singleShot=True, interval=PATIENCE)
        self._late.timeout.connect(lambda: self._stack.setCurrentWidget(self._skeleton))
        self.loading()

    @property
    def name(self) -> str:
        """Which is shown: "content", "loading", "empty" or "failed"."""
        current = self._stack.currentWidget()
        if current is self._content:
            return "content"
        if current is self._other and self._other is not None:
            return str(self._other.property("state"))
        return "loading"

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Passes the focus on to the content, if it is shown."""
        super().focusInEvent(event)
        if self._stack.currentWidget() is self._content:
            self._content.setFocus()

    def loading(self) -> None:
        """Shows the skeleton, unless content is shown already, which stays until the new content is ready."""
        if self._stack.currentWidget() is not self._content:
            self._stack.setCurrentWidget(self._blank)
            self._late.start()

    def restart(self) -> None:
        """Takes the content away, which is of something else, and shows the skeleton until the new one is ready."""
        self._stack.setCurrentWidget(self._blank)
        self._late.start()

    def content(self) -> None:
        """Shows the content."""
        self._show(self._content)

    def empty(self, state: EmptyState) -> None:
        """Shows an empty state."""
        self._replace(state, "empty")

    def failed(self, error: BaseException, mend: Callable[[], object] | None = None, remedy: str = "") -> None:
        """Shows an error, with a button that calls ``mend``."""
        self._replace(ErrorState(self._theme, error, remedy, mend), "failed")

    def _replace(self, widget: QWidget, state: str) -> None:
        old, self._other = self._other, widget
        widget.setProperty("state", state)
        self._stack.addWidget(widget)
        self._show(widget)
        if old is not None:
            self._stack.removeWidget(old)
            old.deleteLater()

    def _show(self, widget: QWidget) -> None:
        self._late.stop()
        self._stack.setCurrentWidget(widget)
        if widget is self._content and self.window().focusWidget() is self:
            widget.setFocus()
        self._stack.activate()  # it has its size at once, for what is laid out in it next
