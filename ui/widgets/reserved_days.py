"""A line of days: those that are reserved are filled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from app.reservations import day_label
from ui.plain_texts import plain_tip
from ui.text_size import px

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.reservations import DayMark
    from ui.theme import Theme

_HEIGHT, _GAP, _LEAST = 14, 2, 4


class ReservedDays(QWidget):
    """The days from today on, one cell each; a tip names the day under the pointer."""

    def __init__(self, theme: Theme, marks: Sequence[DayMark]) -> None:
        super().__init__()
        self._theme, self._marks = theme, marks
        self.setFixedHeight(px(_HEIGHT))
        self.setAccessibleName("; ".join(day_label(one) for one in marks if one.number) or day_label(marks[0]))

    def sizeHint(self) -> QSize:
        """Room for the least cells."""
        return QSize(px(_LEAST + _GAP) * len(self._marks), px(_HEIGHT))

    def _cell(self, at: int) -> QRectF:
        wide = self.width() / len(self._marks)
        return QRectF(at * wide, 0, max(1.0, wide - px(_GAP)), self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the cells."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        free, taken = self._theme.color("line"), self._theme.color("accent")
        for at, one in enumerate(self._marks):
            painter.setBrush(taken if one.number else free)
            painter.drawRoundedRect(self._cell(at), px(2), px(2))
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Says which day is under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = min(len(self._marks) - 1, int(event.pos().x() * len(self._marks) / max(1, self.width())))
            QToolTip.showText(event.globalPos(), plain_tip(day_label(self._marks[at])), self)
            return True
        return super().event(event)
