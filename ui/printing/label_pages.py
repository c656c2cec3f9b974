"""Draws labels on their pages, in dots of the printer. Names that are too long end in a mark; nothing covers a code."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QImage, QPainter, QPen

from app.printing.label_placing import Box, PlacedLabel, placed
from app.printing.label_sheet import LabelSheet, LabelText
from app.printing.symbols import symbol
from cmdb.model.characters import marked
from cmdb.model.messages import tr
from ui.interface_font import as_typed
from ui.printing.ink import INK
from ui.printing.symbol_drawing import draw_symbol, symbol_rects

_SMALLEST = 3.5


class LabelDrawing:
    """Draws the pages of one sheet in the font ``family``."""

    def __init__(self, sheet: LabelSheet, family: str) -> None:
        self._sheet = sheet
        self._dot = sheet.dpi / 25.4
        self._plain, self._bold = self._font(family, bold=False), self._font(family, bold=True)
        self._plain_measure, self._bold_measure = QFontMetricsF(self._plain), QFontMetricsF(self._bold)
        self._logo = QImage.fromData(sheet.logo)

    def page(self, painter: QPainter, number: int) -> None:
        """Draws a page, from 0."""
        sheet = self._sheet
        per_page = sheet.stock.per_page
        begin = number * per_page - (sheet.start - 1)
        for place in range(per_page):
            if 0 <= begin + place < len(sheet.labels):
                self._label(painter, sheet.labels[begin + place], place)
        if sheet.frames:
            self._frames(painter)

    def _font(self, family: str, bold: bool) -> QFont:
        font = as_typed(family)
        font.setPixelSize(max(1, round(self._sheet.points * self._sheet.dpi / 72)))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def _corner(self, place: int) -> tuple[int, int]:
        left, top = self._sheet.stock.corner(place)
        right, down = self._sheet.offset
        return round((left + right) * self._dot), round((top + down) * self._dot)

    def _label(self, painter: QPainter, label: LabelText, place: int) -> None:
        sheet = self._sheet
        made = symbol(label.content, sheet.symbology)
        lines, logo = len(label.lines), not self._logo.isNull()
        at = placed(sheet.stock, made, label.content, sheet.dpi, sheet.points, lines, logo)
        if at is None:
            return  # refused before: see app.labels.fitting
        left, top = self._corner(place)
        draw_symbol(painter, symbol_rects(made, left + at.x, top + at.y, at.module, at.tall))
        self._texts(painter, label, at, left, top)

    def _texts(self, painter: QPainter, label: LabelText, at: PlacedLabel, left: int, top: int) -> None:
        painter.setPen(INK)
        self._tag(painter, marked(label.content), _moved(at.tag, left, top))
        for number, (text, box) in enumerate(zip(label.lines, at.lines, strict=False)):
            bold = number == 0
            measure = self._bold_measure if bold else self._plain_measure
            painter.setFont(self._bold if bold else self._plain)
            area = _moved(box, left, top)
            said = measure.elidedText(marked(" ".join(text.split())), Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), said)
        if at.logo is not None:
            self._draw_logo(painter, _moved(at.logo, left, top))

    def _tag(self, painter: QPainter, text: str, box: QRectF) -> None:
        """The text of the code is never cut: it gets smaller where it is wide."""
        font = QFont(self._bold)
        wide = self._bold_measure.horizontalAdvance(text)
        if wide > box.width():
            least = round(_SMALLEST * self._sheet.dpi / 72)
            font.setPixelSize(max(least, int(font.pixelSize() * box.width() / wide)))
        painter.setFont(font)
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        painter.drawText(box, int(flags), text)

    def _draw_logo(self, painter: QPainter, box: QRectF) -> None:
        scale = min(box.width() / self._logo.width(), box.height() / self._logo.height())
        wide, high = self._logo.width() * scale, self._logo.height() * scale
        painter.drawImage(QRectF(box.right() - wide, box.center().y() - high / 2, wide, high), self._logo)

    def _frames(self, painter: QPainter) -> None:
        """The edges of the labels, and a ruler of 100 mm along the top and the left."""
        stock, dot = self._sheet.stock, self._dot
        pen = QPen(INK)
        pen.setWidthF(max(1.0, 0.1 * dot))
        painter.setPen(pen)
        for place in range(stock.per_page):
            left, top = self._corner(place)
            painter.drawRect(QRectF(left, top, stock.size[0] * dot, stock.size[1] * dot))
        for millimetre in range(0, int(min(100, *stock.page_size)) + 1, 1):
            long = (3.0 if millimetre % 10 == 0 else 2.0 if millimetre % 5 == 0 else 1.0) * dot
            painter.drawLine(round(millimetre * dot), 0, round(millimetre * dot), round(long))
            painter.drawLine(0, round(millimetre * dot), round(long), round(millimetre * dot))
        painter.setFont(self._plain)
        first = QRectF(*self._corner(0), stock.size[0] * dot, stock.size[1] * dot)
        said = tr("Print at 100 %, without fitting to the page. The rulers are millimetres.")
        painter.drawText(first.adjusted(dot, dot, -dot, -dot), int(Qt.TextFlag.TextWordWrap), said)


def _moved(box: Box, left: int, top: int) -> QRectF:
    return QRectF(left + box.x, top + box.y, box.width, box.height)
