"""Areas side by side whose border can be moved."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QSplitterHandle

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

    def createHandle(self) -> QSplitterHandle:
        """A border with a name."""
        made = super().createHandle()
        made.setAccessibleName(tr("Border of the areas"))
        return made
