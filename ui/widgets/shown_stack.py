"""Widgets of which one is shown, and which need the room of that one alone."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget


class ShownStack(QStackedWidget):
    """Shows one widget at a time, and is as small as that one can be: Qt's is never smaller than the largest of all, so
    a page would be scrolled because of what it doesn't show.
    """

    def __init__(self) -> None:
        super().__init__()
        self.currentChanged.connect(lambda _: self.updateGeometry())

    def minimumSizeHint(self) -> QSize:
        """What the shown widget needs, with its lines wrapped at the present width."""
        shown = self.currentWidget()
        if shown is None:
            return super().minimumSizeHint()
        found, layout = shown.minimumSizeHint(), shown.layout()
        if layout is not None and layout.hasHeightForWidth():
            width = max(found.width(), self.width())
            found.setHeight(max(found.height(), layout.totalMinimumHeightForWidth(width)))
        return found.expandedTo(shown.minimumSize())

    def hasHeightForWidth(self) -> bool:
        """Layouts would ask for the height of the highest of all; ``minimumSizeHint`` says that of the shown one."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lines that wrap need another height at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()
