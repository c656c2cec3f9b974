"""Areas side by side whose border can be moved."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget
from shiboken6 import isValid

from cmdb.model.messages import tr
from ui.text_size import px

#: The width of the border between two areas, in pixels.
GAP = 12
#: By how much a key moves a border, and with Ctrl.
_STEP, _FAR = 16, 80


class Splitter(QSplitter):
    """Areas side by side, or above each other; ``name`` says which areas they are. No area can be moved away."""

    def __init__(self, name: str, orientation: Qt.Orientation = Qt.Orientation.Horizontal) -> None:
        super().__init__(orientation)
        self.setAccessibleName(name)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(GAP)
        self._unit = px(100)

    def changeEvent(self, event: QEvent) -> None:
        """Areas that do not share what is left (a tree, details) grow with the text; half of the room stays to those
        that do.
        """
        super().changeEvent(event)
        if event.type() not in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange) or px(100) == self._unit:
            return
        grown, self._unit = px(100) / self._unit, px(100)
        sizes, total = self.sizes(), sum(self.sizes())
        fixed = [one is not None and not self._shares(one) for one in map(self.widget, range(self.count()))]
        before = sum(size for size, stays in zip(sizes, fixed, strict=True) if stays)
        if not 0 < before < total:
            return
        after = max(min(before * grown, total / 2), min(before, before * grown))
        left = (total - after) / (total - before)
        self.setSizes([
            round(size * (after / before if stays else left)) for size, stays in zip(sizes, fixed, strict=True)
        ])  # fmt: skip
        self.splitterMoved.emit(0, 0)  # who keeps the sizes keeps these

    def _shares(self, area: QWidget) -> bool:
        policy, across = area.sizePolicy(), self.orientation() == Qt.Orientation.Horizontal
        return bool(policy.horizontalStretch() if across else policy.verticalStretch())

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
        """A border that keys move, too."""
        return SplitterBorder(self.orientation(), self)


class SplitterBorder(QSplitterHandle):
    """A border of areas. While it has the focus the arrow keys move it, by more with Ctrl; Enter and Esc give the focus
    back. Tab passes it by: it is reached by a key of its own (``focus_next_border``).
    """

    def __init__(self, orientation: Qt.Orientation, splitter: QSplitter) -> None:
        super().__init__(orientation, splitter)
        self.setAccessibleName(tr("Border of the areas"))
        self.setAccessibleDescription(tr("The arrow keys move it, Esc goes back."))
        self._before: QWidget | None = None

    def take_focus(self, before: QWidget | None) -> None:
        """Takes the focus; ``before`` gets it back."""
        self._before = before
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def leave(self) -> QWidget | None:
        """What gets the focus back."""
        before, self._before = self._before, None
        return before if before is not None and isValid(before) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrow keys move the border; Enter and Esc give the focus back."""
        across = self.orientation() == Qt.Orientation.Horizontal
        back, on = (Qt.Key.Key_Left, Qt.Key.Key_Right) if across else (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if event.key() in (back, on):
            step = px(_FAR if event.modifiers() & Qt.KeyboardModifier.ControlModifier else _STEP)
            place = self.x() if across else self.y()
            self.moveSplitter(place + (step if event.key() == on else -step))
        elif event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (before := self.leave()) is not None:
                before.setFocus(Qt.FocusReason.OtherFocusReason)
            else:
                self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """It is seen which border the keys move."""
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The keys move something else."""
        self.update()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A line in the middle while it has the focus."""
        super().paintEvent(event)
        if self.hasFocus():
            middle, half = self.rect().center(), px(1)
            line = self.rect()
            if self.orientation() == Qt.Orientation.Horizontal:
                line.setLeft(middle.x() - half)
                line.setRight(middle.x() + half)
            else:
                line.setTop(middle.y() - half)
                line.setBottom(middle.y() + half)
            QPainter(self).fillRect(line, self.palette().color(QPalette.ColorRole.Accent))


def borders(area: QWidget) -> list[SplitterBorder]:
    """The borders in an area that can be moved now, from left to right."""
    found = [one for one in area.findChildren(SplitterBorder) if one.isVisible()]
    return sorted(found, key=lambda one: one.mapTo(area, QPoint()).toTuple())


def focus_next_border(area: QWidget) -> None:
    """Gives the focus to the next border in an area, after the last one to what had it before."""
    found, focused = borders(area), area.window().focusWidget()
    if isinstance(focused, SplitterBorder) and focused in found:
        before, place = focused.leave(), found.index(focused) + 1
        if place < len(found):
            found[place].take_focus(before)
        elif before is not None:
            before.setFocus(Qt.FocusReason.OtherFocusReason)
    elif found:
        found[0].take_focus(focused)


def _height(area: QWidget) -> int:
    """The height that the lines of an area need at its present width; 0 where none of them wrap."""
    layout = area.layout()
    return layout.totalMinimumHeightForWidth(area.width()) if layout is not None and layout.hasHeightForWidth() else 0
