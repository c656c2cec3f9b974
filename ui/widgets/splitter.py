"""Areas side by side whose border can be moved."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from cmdb.model.messages import tr

#: The width of the border between two areas, in pixels.
GAP = 12


class Splitter(QSplitter):
    """Areas side by side, or above each other; ``name`` says which areas they are. No area can be moved away."""

    def __init__(self, name: str, orientation: Qt.Orientation = Qt.Orientation.Horizontal) -> None:
        super().__init__(orientation)
        self.setAccessibleName(name)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)

    def minimumSizeHint(self) -> QSize:
        """What its areas need: as high as their lines are at their width."""
        found = super().minimumSizeHint()
        if self.orientation() == Qt.Orientation.Horizontal:
            found.setHeight(max([found.height(), *(_height(one) for one in self._areas())]))
        return found

    def event(self, event: QEvent) -> bool:
        """An area needs another size."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._keep_heights()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The lines of an area may wrap otherwise."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._keep_heights()
            self.updateGeometry()

    def _keep_heights(self) -> None:
        """Areas above each other get the height that their lines need at their width."""
        if self.orientation() == Qt.Orientation.Vertical:
            for one in self._areas():
                one.setMinimumHeight(_height(one))

    def _areas(self) -> list[QWidget]:
        places = [self.widget(place) for place in range(self.count())]
        return [one for one in places if one is not None and not one.isHidden()]

    def createHandle(self) -> QSplitterHandle:
        """A border with a name."""
        made = super().createHandle()
        made.setAccessibleName(tr("Border of the areas"))
        return made


def _height(area: QWidget) -> int:
    """The height that the lines of an area need at its present width; 0 where none of them wrap."""
    layout = area.layout()
    return layout.totalMinimumHeightForWidth(area.width()) if layout is not None and layout.hasHeightForWidth() else 0
