"""A layout that places its widgets side by side, and in further lines if they do not fit."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget


class FlowLayout(QLayout):
    """Widgets in lines, like words: each as wide as it asks for, none wider than the line. Distances in pixels.

    If all fit into one line, those from position ``right`` on are at its right end. ``giving`` is a widget that gets as
    narrow as it can be before the others go into a further line. ``centred``: each line stands in the middle.
    """

    def __init__(self, parent: QWidget, spacing: int = 2) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.right: int | None = None
        self.giving: QWidget | None = None
        self.centred = False
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Adds an item behind the others."""
        self._items.append(item)

    def count(self) -> int:
        """The number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at a place; None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Removes the item at a place, and returns it; None where there is none."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It does not expand."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Its height depends on its width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The total height of the lines for a width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Places the items in a rectangle."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All items in one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """The largest item."""
        found = QSize()
        for item in self._shown():
            found = found.expandedTo(item.minimumSize())
        return found

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _place(self, rect: QRect, *, move: bool) -> int:
        """Goes through the lines, and returns their height."""
        top = rect.y()
        for line in self._lines(rect.width()):
            height = max(item.sizeHint().height() for item in line)
            if move:
                self._place_line(line, QRect(rect.x(), top, rect.width(), height))
            top += height + self.spacing()
        return max(0, top - self.spacing() - rect.y())

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        """The items by line."""
        lines: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            need = self._least(item).width()
            if lines and used + self.spacing() + need <= width:
                lines[-1].append(item)
                used += self.spacing() + need
            else:
                lines.append([item])
                used = need
        return lines

    def _least(self, item: QLayoutItem) -> QSize:
        """What an item needs in a line."""
        gives = self.giving is not None and item.widget() is self.giving
        return item.minimumSize() if gives else item.sizeHint()

    def _place_line(self, line: list[QLayoutItem], rect: QRect) -> None:
        """Puts the items of one line into their places, in the middle of its height."""
        sizes = [item.sizeHint() for item in line]
        room = rect.width() - sum(size.width() for size in sizes) - self.spacing() * (len(sizes) - 1)
        for item, size in zip(line, sizes, strict=True):
            if room < 0 and (least := self._least(item).width()) < size.width():
                size.setWidth(max(size.width() + room, least))
        behind = self._items[self.right :] if self.right is not None and len(line) == len(self._shown()) else []
        left = rect.x() + (max(room, 0) // 2 if self.centred else 0)
        for item, size in zip(line, sizes, strict=True):
            if item in behind and room > 0:
                left, room = left + room, 0
            at = QPoint(left, rect.y() + (rect.height() - size.height()) // 2)
            item.setGeometry(QRect(at, QSize(min(size.width(), rect.width()), size.height())))
            left += size.width() + self.spacing()


def flow(*parts: QWidget | None, spacing: int = 6, giving: QWidget | None = None, centred: bool = False) -> QWidget:
    """Widgets in as many lines as they need; those after STRETCH (None) are at the right if one line is enough.

    ``giving`` and ``centred`` as for ``FlowLayout``.
    """
    box = QWidget()
    layout = FlowLayout(box, spacing)
    layout.giving, layout.centred = giving, centred
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    box.setSizePolicy(policy)
    for part in parts:
        if part is not None:
            layout.addWidget(part)
        else:
            layout.right = layout.count()
    return box
