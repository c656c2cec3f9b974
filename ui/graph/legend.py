"""What the boxes and lines mean: painted the same way on the page and under an exported picture."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cmdb.graph.diagram import Diagram
from cmdb.graph.results import STATES
from ui.graph.state_styles import LINES, LOOKS
from ui.theme import Theme

ROW = 19.0
_SWATCH = 26.0


def rows_of(picture: Diagram) -> list[tuple[str, str, str]]:
    """(kind, name, text) for what occurs in a picture: kind "state" or "line"."""
    states = {node.state for node in picture.nodes.values()}
    lines = {edge.line for edge in picture.edges}
    found: list[tuple[str, str, str]] = []
    if states != {"up"}:
        found = [
            ("state", state, f"{LOOKS[state].word}: {LOOKS[state].meaning}") for state in STATES if state in states
        ]
    found += [("line", line, text) for line, (_, text) in LINES.items() if line in lines]
    if any(edge.lost for edge in picture.edges):
        found.append(("line", "lost", "brought the failure"))
    return found


def paint_rows(painter: QPainter, theme: Theme, rows: list[tuple[str, str, str]], left: float, top: float) -> None:
    """Draws the rows one below the other."""
    font = theme.font(11)
    for at, (kind, name, text) in enumerate(rows):
        y = top + at * ROW + ROW / 2
        if kind == "state":
            look = next(look for state, look in LOOKS.items() if state == name)
            painter.setPen(QPen(theme.color(look.border), look.width, look.pen))
            painter.setBrush(theme.color(look.ground))
            painter.drawRoundedRect(QRectF(left, y - 6, _SWATCH - 6, 12), 3, 3)
            if look.badge:
                token = "surface" if name == "failed" else look.tone
                pixmap = theme.pixmap(look.badge, token, 10, 2.0)
                painter.drawPixmap(QRectF(left + 5, y - 5, 10, 10), pixmap, QRectF(pixmap.rect()))
        else:
            lost = name == "lost"
            style = Qt.PenStyle.SolidLine if lost else next(pen for line, (pen, _) in LINES.items() if line == name)
            painter.setPen(QPen(theme.color("bad" if lost else "faint"), 1.8 if lost else 1.2, style))
            painter.drawLine(QPointF(left, y), QPointF(left + _SWATCH - 6, y))
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        painter.drawText(QPointF(left + _SWATCH, y + 4), text)


def width_of(theme: Theme, rows: list[tuple[str, str, str]]) -> float:
    """How wide the rows are."""
    metrics = QFontMetricsF(theme.font(11))
    return max((metrics.horizontalAdvance(text) for _, _, text in rows), default=0.0) + _SWATCH


class Legend(QWidget):
    """The strip under the map: what boxes and lines mean, when the picture is from, and its limits."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[tuple[str, str, str]] = []
        self._note = ""
        self._places: list[tuple[QRectF, tuple[str, str, str]]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_picture(self, picture: Diagram, note: str) -> None:
        """What the picture needs explained; ``note`` says when it is from and what it leaves out."""
        self._rows, self._note = rows_of(picture), note
        self.setAccessibleName("Legend: " + "; ".join(text for _, _, text in self._rows) + f". {note}")
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the entries out anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        metrics = QFontMetricsF(self._theme.font(11))
        room = self.width() - metrics.horizontalAdvance(self._note) - 24
        self._places = []
        left, top = 1.0, 0.0
        for row in self._rows:
            width = _SWATCH + metrics.horizontalAdvance(_short(row)) + 16
            if left > 1.0 and left + width > (room if top == 0 else self.width()):
                left, top = 1.0, top + ROW
            self._places.append((QRectF(left, top, width, ROW), row))
            left += width
        self.setFixedHeight(round(top + ROW))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The entries from the left, the note at the right."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, row in self._places:
            paint_rows(painter, self._theme, [(row[0], row[1], _short(row))], place.left(), place.top())
        painter.setPen(self._theme.color("faint"))
        painter.setFont(self._theme.font(11))
        painter.drawText(
            QRectF(0, 0, self.width(), ROW), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._note
        )
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The whole meaning as a tooltip."""
        if isinstance(event, QHelpEvent):
            text = next((row[2] for place, row in self._places if place.contains(QPointF(event.pos()))), "")
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)


def _short(row: tuple[str, str, str]) -> str:
    """The word alone; what it means is in the tooltip and in exported pictures."""
    return row[2].split(":")[0].split(";")[0]
