"""The side sheet: a panel over the right side of the window, for forms that are used beside a table."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from cmdb.model.messages import tr
from ui.text_size import px
from ui.theme import Theme
from ui.widgets.buttons import IconButton
from ui.widgets.labels import Hairline, Heading
from ui.widgets.layout import STRETCH, column, row, scrolled


class FollowingContent(QWidget):
    """A content that lists what is in the register: it looks again when that was changed, by an undo too."""

    def ask(self) -> None:
        """Looks again."""
        raise NotImplementedError


class SideSheet(QFrame):
    """A panel at the right of its parent with a title, a content that scrolls, and buttons at the bottom."""

    closed = Signal()
    opened = Signal()
    WIDTH = 420

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self.setProperty("role", "sheet")
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(32)
        shadow.setOffset(-4, 0)
        shadow.setColor(theme.color("text", 0.16) if not theme.tokens.dark else theme.color("side", 0.9))
        self.setGraphicsEffect(shadow)
        self._title = Heading("", 1)
        self._title.setWordWrap(True)
        self._title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = IconButton(theme, "close", tr("Close"), self.close_sheet)
        self._body = QVBoxLayout()
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(8)
        header = row(self._title, close, margins=(20, 14, 12, 10))
        self._footer = QWidget()
        self._footer.setLayout(column(Hairline(), row(STRETCH, self._buttons, margins=(20, 12, 20, 12)), spacing=0))
        self.setLayout(column(header, self._body, self._footer, spacing=0))
        self._content: QScrollArea | None = None
        self._before: list[QWidget] = []
        """What had the focus, and what that is in: it may be gone when the sheet is closed."""
        self.hide()

    def open_sheet(self, title: str, content: QWidget, buttons: tuple[QWidget, ...] = ()) -> None:
        """Shows a content; the one before is deleted. The first field gets the focus."""
        focused: QWidget | None = self.window().focusWidget()
        if focused is not None and not self.isAncestorOf(focused):
            self._before = [focused]
            while (around := self._before[-1].parentWidget()) is not None:
                self._before.append(around)
        self._drop()
        self._title.setText(title)
        self.setAccessibleName(title)
        content.setContentsMargins(20, 4, 20, 16)
        self._content = scrolled(content)
        self._body.addWidget(self._content)
        for button in buttons:
            self._buttons.addWidget(button)
        self._footer.setVisible(bool(buttons))
        self.place()
        self.show()
        self.raise_()
        content.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        stops = (w for w in content.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus)
        # One that is not shown would take the focus and keep it: keys would go to what lies behind the sheet.
        first = next((w for w in stops if w.isVisibleTo(content) and w.isEnabledTo(content)), self)
        first.setFocus()
        self.opened.emit()

    def close_sheet(self) -> None:
        """Closes it and deletes its content. The focus returns to where it was, or to what that was in."""
        if self.isVisible():
            before, self._before = self._before, []
            back = next((one for one in before if isValid(one) and one.isVisible() and one.isEnabled()), None)
            if back is not None:
                back.setFocus()
            self.hide()
            self._drop()
            self.closed.emit()

    def ask_again(self) -> None:
        """The register was changed: a content that lists what is in it looks again."""
        content = self._content.widget() if self._content is not None else None
        if isinstance(content, FollowingContent):
            content.ask()

    def place(self) -> None:
        """Along the right side of its parent, under the top bar."""
        parent = self._host
        width = min(max(px(self.WIDTH), self._needed()), parent.width())
        self.setGeometry(parent.width() - width, 0, width, parent.height())

    def _needed(self) -> int:
        """The width that the content, its scroll bar and the buttons need at least."""
        inner = self._content.widget() if self._content is not None else None
        if self._content is None or inner is None:
            return 0
        bar = self._content.verticalScrollBar().sizeHint().width()
        least = max(inner.minimumSizeHint().width(), inner.minimumWidth())
        return max(least + bar, self._footer.minimumSizeHint().width())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, Ctrl+Enter presses the primary button."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_sheet()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            for button in self._footer.findChildren(QPushButton):
                if button.property("kind") == "primary" and button.isVisibleTo(self):
                    button.click()
                    return
        else:
            super().keyPressEvent(event)

    def _drop(self) -> None:
        if self._content is not None:
            self._body.removeWidget(self._content)
            self._content.hide()
            self._content.deleteLater()
            self._content = None
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
