"""The pages of a document while it is laid out: what is drawn where, in dots of the layout. Nothing is drawn here yet,
as the number of pages stands on each.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.printing.paper import PaperDocument
from cmdb.model.characters import marked
from cmdb.model.formats import Plain
from cmdb.model.messages import tr
from ui.printing.paper_style import MM, PaperStyle, broken
from ui.printing.symbol_drawing import draw_symbol

PaperMark = Callable[[QPainter], None]
"""Draws one thing of a page."""
PaperPage = list[PaperMark]

_SIZES = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
_MARGIN = 14 * MM
_FOOT = 8 * MM


def page_size(document: PaperDocument) -> tuple[float, float]:
    """The width and the height of its pages in millimetres."""
    wide, high = _SIZES.get(document.size, _SIZES["A4"])
    return (high, wide) if document.landscape else (wide, high)


class PaperLayout:
    """Where the next thing goes. A page is begun when what comes does not fit any more."""

    def __init__(self, document: PaperDocument, style: PaperStyle) -> None:
        wide, high = page_size(document)
        self.style = style
        self.left, self.width = _MARGIN, wide * MM - 2 * _MARGIN
        self.top, self.bottom = _MARGIN, high * MM - _MARGIN - _FOOT
        self.pages: list[PaperPage] = [[]]
        self.y = self.top
        self._document = document

    def title(self) -> None:
        """The title of the document and the line below it, at the top of the first page."""
        self.lines(self._document.title, 16, bold=True)
        if self._document.subtitle:
            self.lines(self._document.subtitle, 9, token="muted")
        self.y += 3 * MM

    def finish(self) -> None:
        """Writes the feet, as the number of pages is known now."""
        for number, page in enumerate(self.pages, 1):
            box = QRectF(self.left, self.bottom + _FOOT / 2, self.width, _FOOT / 2)
            place = tr("Page {number} of {count}", number=Plain(number), count=Plain(len(self.pages)))
            room = box.width() - self.style.metrics(8).horizontalAdvance(place) - 5 * MM
            footer = self.style.metrics(8).elidedText(marked(self._document.footer), Qt.TextElideMode.ElideRight, room)
            page.append(self.text_mark(place, box, 8, token="muted", right=True))
            page.append(self.text_mark(footer, box, 8, token="muted"))

    def mark(self, drawn: PaperMark) -> None:
        """Adds something to the present page."""
        self.pages[-1].append(drawn)

    def begin_page(self) -> None:
        """Begins a page, with what is repeated on each."""
        self.pages.append([])
        head = self._document.header or self._document.title
        text = self.style.metrics(8).elidedText(marked(head), Qt.TextElideMode.ElideRight, self.width)
        self.y = self.top
        self.mark(self.text_mark(text, QRectF(self.left, self.y, self.width, 4 * MM), 8, token="muted"))
        self.y += 6 * MM

    def need(self, height: float) -> bool:
        """Begins a page if so much does not fit on this one; whether it did."""
        if self.y + height <= self.bottom:
            return False
        self.begin_page()
        return True

    def lines(self, text: str, points: float, bold: bool = False, token: str = "text", follows: float = 0.0) -> None:
        """A text over the whole width, line by line; with so much room below its last one on the same page."""
        metrics = self.style.metrics(points, bold)
        found = broken(marked(text), self.style.font(points, bold), metrics, self.width)
        for number, line in enumerate(found):
            self.need(metrics.lineSpacing() + (follows if number == len(found) - 1 else 0.0))
            box = QRectF(self.left, self.y, self.width, metrics.lineSpacing())
            self.mark(self.text_mark(line, box, points, bold, token))
            self.y += metrics.lineSpacing()

    def text_mark(
        self, text: str, box: QRectF, points: float, bold: bool = False, token: str = "text", right: bool = False
    ) -> PaperMark:
        """Draws a line of text in a box."""
        font, ink = self.style.font(points, bold), self.style.ink(token)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip)

        def draw(painter: QPainter) -> None:
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(box, flags, text)

        return draw

    def rule(self, left: float, y: float, width: float, token: str = "line") -> None:
        """A hairline across."""
        self.mark(partial(_fill, box=QRectF(left, y, width, 0.15 * MM), colour=self.style.ink(token)))

    def ground(self, box: QRectF, token: str) -> None:
        """A ground of a colour."""
        self.mark(partial(_fill, box=box, colour=self.style.ink(token)))

    def symbol(self, rects: list[QRectF]) -> None:
        """The dark modules of a symbol."""
        self.mark(partial(draw_symbol, rects=rects))

    def broken(self, text: str, points: float, width: float) -> list[str]:
        """The lines of a text that is so wide."""
        return broken(marked(text), self.style.font(points), self.style.metrics(points), width)

    def picture(self, picture: QImage, box: QRectF) -> None:
        """A picture in a box, whole, at the bottom left."""
        scale = min(box.width() / picture.width(), box.height() / picture.height())
        wide, high = picture.width() * scale, picture.height() * scale
        self.mark(partial(_draw_image, picture=picture, box=QRectF(box.x(), box.bottom() - high, wide, high)))


def _fill(painter: QPainter, box: QRectF, colour: QColor) -> None:
    painter.fillRect(box, colour)


def _draw_image(painter: QPainter, picture: QImage, box: QRectF) -> None:
    painter.drawImage(box, picture)
