"""The room of the pages: a page that needs more than the window has is scrolled, it is never squeezed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.accessible import name_scroll_bars
from ui.shell.page_stack import PageStack


class _Held(QWidget):
    """Holds the pages without a layout: that would ask for the height of all of them, the hidden ones too."""

    def __init__(self, stack: PageStack) -> None:
        super().__init__()
        self._stack = stack
        stack.setParent(self)

    def minimumSizeHint(self) -> QSize:
        """What the shown page needs."""
        return self._stack.minimumSizeHint()

    def event(self, event: QEvent) -> bool:
        """The shown page needs another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The pages fill it."""
        super().resizeEvent(event)
        self._stack.resize(self.size())


class PageArea(QScrollArea):
    """Shows the pages as large as the window allows, and never smaller than the shown one can be."""

    def __init__(self, stack: PageStack) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        name_scroll_bars(self)
        self.setWidget(_Held(stack))

    def minimumSizeHint(self) -> QSize:
        """It asks for no room: what is missing is scrolled."""
        return QSize(0, 0)
