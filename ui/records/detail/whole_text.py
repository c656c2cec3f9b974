"""Values that are shown whole: they wrap where there is no room in one line, also inside of long words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOption

from cmdb.model.characters import marked
from ui.plain_texts import plain_tip
from ui.widgets.labels import Text

LINES = 4
"""The lines of a value; what needs more is cut with "…", and the tooltip has all of it."""


class WholeText(Text):
    """A text that breaks between words, and inside of a word that is longer than a line (addresses, ids, paths)."""

    def __init__(self, text: str = "", role: str = "", tone: str = "") -> None:
        super().__init__(text, role, tone)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def setText(self, text: str) -> None:
        """Another text."""
        super().setText(text)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """Narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of the lines that a width needs."""
        around = self.contentsMargins()
        edges = 2 * self.margin() + around.top() + around.bottom()
        return len(self._lines(width - self._sides())[0]) * self._line() + edges

    def sizeHint(self) -> QSize:
        """The whole text in one line."""
        width = self.fontMetrics().horizontalAdvance(self.text()) + self._sides() + 2
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters, and for one line."""
        return QSize(self.fontMetrics().averageCharWidth() * 6, self._line())

    def _sides(self) -> int:
        around = self.contentsMargins()
        return 2 * self.margin() + around.left() + around.right()

    def _line(self) -> int:
        return max(1, self.fontMetrics().height())

    def _lines(self, width: int) -> tuple[list[str], bool]:
        """The lines of the text, and whether it was cut."""
        text = self.text()
        if width <= 0 or self.fontMetrics().horizontalAdvance(text) <= width:
            return [text], False
        layout = QTextLayout(text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.beginLayout()
        found: list[str] = []
        cut = False
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            start = line.textStart()
            if len(found) == LINES - 1:
                rest = text[start:]
                found.append(self.fontMetrics().elidedText(marked(rest), Qt.TextElideMode.ElideRight, width))
                cut = found[-1] != rest
                break
            found.append(text[start : start + line.textLength()].rstrip())
        layout.endLayout()
        return found or [text], cut

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the lines."""
        painter = QPainter(self)
        ground = QStyleOption()
        ground.initFrom(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, ground, painter, self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        room = self.contentsRect().adjusted(self.margin(), self.margin(), -self.margin(), -self.margin())
        lines, cut = self._lines(room.width())
        top = room.top() + max(0, (room.height() - len(lines) * self._line()) // 2)
        for number, line in enumerate(lines):
            painter.drawText(QPointF(room.left(), top + number * self._line() + self.fontMetrics().ascent()), line)
        painter.end()
        tip = self.text() if cut else ""
        if self.toolTip() != plain_tip(tip):
            self.setToolTip(plain_tip(tip))
