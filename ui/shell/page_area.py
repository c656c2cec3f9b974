"""The room of the pages: a page that needs more than the window has is scrolled, it is never squeezed."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QScrollArea

from ui.accessible import name_scroll_bars
from ui.shell.page_stack import PageStack


class PageArea(QScrollArea):
    """Shows the pages as large as the window allows, and never smaller than the shown one can be."""

    def __init__(self, stack: PageStack) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        name_scroll_bars(self)
        self.setWidget(stack)

    def minimumSizeHint(self) -> QSize:
        """It asks for no room: what is missing is scrolled."""
        return QSize(0, 0)
