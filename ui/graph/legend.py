"""The legend of boxes and lines: painted the same way on the page and under an exported picture."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cmdb.graph.diagram import Diagram, Line
from cmdb.graph.results import STATES, State
from cmdb.model.characters import marked
from cmdb.model.messages import chain, tr, verbatim
from ui.graph.state_styles import LINES, LOOKS
from ui.plain_texts import plain_tip
from ui.theme import Theme

ROW = 19.0
_SWATCH = 26.0


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One entry: the state or the line that it explains, its word, and the whole explanation.

    Without state and line it is that of a line which passed the failure on.
    """

    word: str
    text: str
    state: State | None = None
    line: Line | None = None


def rows_of(picture: Diagram) -> list[LegendRow]:
    """Entries for the states and lines that occur in a picture."""
    states = {node.state for node in picture.nodes.values()}
    lines = {edge.line for edge in picture.edges}
    found = [
        LegendRow(str(look.word), tr("{state}: {meaning}", state=look.word, meaning=look.meaning), state=state)
        for state, look in ((state, LOOKS[state]) for state in STATES)
        if state in states and states != {"up"}
    ]
    found += [LegendRow(str(look.word), str(look.meaning), line=line) for line, look in LINES.items() if line in lines]
    if any(edge.lost for edge in picture.edges):
        found.append(LegendRow(tr("passed on the failure"), tr("passed on the failure")))
    return found


def paint_rows(
    painter: QPainter, theme: Theme, rows: list[LegendRow], left: float, top: float, *, short: bool = False
) -> None:
    """Draws the entries one below the other; ``short``: with their words only."""
    font = theme.drawing_font(11)
    for at, entry in enumerate(rows):
        y = top + at * ROW + ROW / 2
        if entry.state is not None:
            look = LOOKS[entry.state]
            painter.setPen(QPen(theme.color(look.border), look.width, look.pen))
            painter.setBrush(theme.color(look.ground))
            painter.drawRoundedRect(QRectF(left, y - 6, _SWATCH - 6, 12), 3, 3)
            if look.badge:
                token = "surface" if entry.state == "failed" else look.tone
                pixmap = theme.pixmap(look.badge, token, 10, 2.0)
                painter.drawPixmap(QRectF(left + 5, y - 5, 10, 10), pixmap, QRectF(pixmap.rect()))
        else:
            lost = entry.line is None
            style = LINES[entry.line].pen if entry.line is not None else Qt.PenStyle.SolidLine
            painter.setPen(QPen(theme.color("bad" if lost else "faint"), 1.8 if lost else 1.2, style))
            painter.drawLine(QPointF(left, y), QPointF(left + _SWATCH - 6, y))
        painter.setFont(font)
        painter.setPen(theme.color("muted"))
        painter.drawText(QPointF(left + _SWATCH, y + 4), marked(entry.word if short else entry.text))


def width_of(theme: Theme, rows: list[LegendRow]) -> float:
    """The width of the entries, in pixels."""
    metrics = QFontMetricsF(theme.drawing_font(11))
    return max((metrics.horizontalAdvance(entry.text) for entry in rows), default=0.0) + _SWATCH


class Legend(QWidget):
    """The strip under the map: what boxes and lines mean, when the picture is from, and its limits."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[LegendRow] = []
        self._note = self._shown_note = ""
        self._places: list[tuple[QRectF, LegendRow]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_picture(self, picture: Diagram, note: str) -> None:
        """Shows entries for a picture; ``note`` is the date of the picture and its limits."""
        self._rows, self._note = rows_of(picture), note
        entries = chain(verbatim(entry.text) for entry in self._rows)
        self.setAccessibleName(tr("Legend: {entries}. {note}", entries=entries, note=note))
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lays the entries out again."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        metrics = QFontMetricsF(self._theme.drawing_font(11))
        first = _SWATCH + metrics.horizontalAdvance(self._rows[0].word) + 16 if self._rows else 0.0
        most = max(self.width() - first - 24, 0.0)
        self._shown_note = metrics.elidedText(marked(self._note), Qt.TextElideMode.ElideMiddle, most)
        room = self.width() - metrics.horizontalAdvance(self._shown_note) - 24
        self._places = []
        left, top = 1.0, 0.0
        for row in self._rows:
            width = _SWATCH + metrics.horizontalAdvance(row.word) + 16
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
            paint_rows(painter, self._theme, [row], place.left(), place.top(), short=True)
        painter.setPen(self._theme.color("faint"))
        painter.setFont(self._theme.drawing_font(11))
        painter.drawText(
            QRectF(0, 0, self.width(), ROW),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            self._shown_note,
        )
        painter.end()

    def event(self, event: QEvent) -> bool:
        """The whole meaning as a tooltip."""
        if isinstance(event, QHelpEvent):
            text = next((row.text for place, row in self._places if place.contains(QPointF(event.pos()))), "")
            QToolTip.showText(event.globalPos(), plain_tip(text), self)
            return True
        return super().event(event)
