"""A report on paper: a PDF in landscape, its headings on every page, cells wrapped so that nothing is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter

from app.reports.report_run import NUMBERS, Draw, ReportOrigin, ReportResult
from cmdb.model.characters import marked
from cmdb.model.formats import Plain
from cmdb.model.messages import tr, trn
from importers.tables import Column
from ui.interface_font import as_typed
from ui.theme_tokens import tokens
from ui.widgets.cells import shown

#: Dots per inch of the layout; what is drawn are lines and letters, sharp at any size.
_RESOLUTION = 144
_SAMPLE = 400
#: Millimetres around the page, and between the text and the edge of a cell (in dots).
_MARGIN, _PAD = 14, 6
#: No column asks for more than this share of the page's width.
_MOST = 0.3


@dataclass(slots=True)
class _Sheet:
    """What is drawn on, and with what."""

    painter: QPainter
    writer: QPdfWriter
    plain: QFont
    bold: QFont
    widths: list[float]
    right: list[bool]
    page: int = 0
    y: float = 0.0

    @property
    def width(self) -> float:
        return float(self.writer.width())

    @property
    def bottom(self) -> float:
        return float(self.writer.height()) - 34


def on_paper(family: str) -> dict[str, Draw]:
    """Drawing a report as a PDF in the font ``family``, by the ending of its file."""

    def draw(result: ReportResult, file: BinaryIO, origin: ReportOrigin) -> None:
        about = trn(
            "{estate}, {day}, revision {revision}, {count} row. The journal's head: {head}",
            "{estate}, {day}, revision {revision}, {count} rows. The journal's head: {head}",
            len(result.rows),
            estate=origin.estate,
            day=origin.day,
            revision=Plain(origin.head.number),
            head=str(origin.head),
        )
        write_pdf(result, file, about, family)

    return {".pdf": draw}


def write_pdf(result: ReportResult, file: BinaryIO, about: str, family: str) -> None:
    """Writes a report as a PDF in the font ``family``; ``about`` is the line below its title. From any
    thread.
    """
    # Qt says nothing of a disk that is full.
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setResolution(_RESOLUTION)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    writer.setPageMargins(QMarginsF(_MARGIN, _MARGIN, _MARGIN, _MARGIN), QPageLayout.Unit.Millimeter)
    writer.setTitle(str(result.report.title))
    writer.setCreator("Terrier")
    columns = result.report.columns
    plain, bold = _font(family, 8), _font(family, 8, QFont.Weight.DemiBold)
    painter = QPainter(writer)
    try:
        cells = [[shown(c, v) for c, v in zip(columns, row.cells, strict=True)] for row in result.rows[:_SAMPLE]]
        widths = column_widths(
            columns, cells, QFontMetricsF(plain, writer), QFontMetricsF(bold, writer), writer.width()
        )
        sheet = _Sheet(painter, writer, plain, bold, widths, [c.type in NUMBERS for c in columns])
        _title(sheet, result, about, family)
        _heading(sheet, columns)
        for row in result.rows:
            _row(sheet, columns, [shown(c, v) for c, v in zip(columns, row.cells, strict=True)])
        _foot(sheet)
    finally:
        painter.end()
    file.write(held.data().data())


def column_widths(
    columns: Sequence[Column], cells: Sequence[Sequence[str]], plain: QFontMetricsF, bold: QFontMetricsF, room: float
) -> list[float]:
    """Widths that together fill ``room``: as wide as the contents; columns of text give way."""
    wanted, least = [], []
    for place, column in enumerate(columns):
        head = max((bold.horizontalAdvance(word) for word in column.header.split()), default=0.0)
        texts = [row[place] for row in cells]
        full = max([bold.horizontalAdvance(column.header), *map(plain.horizontalAdvance, texts)], default=0.0)
        words = [word for text in texts for word in text.split()]
        longest = max([head, *map(plain.horizontalAdvance, words)], default=0.0)
        wanted.append(max(longest, min(full, _MOST * room)) + 2 * _PAD)
        least.append((full if column.type in NUMBERS or column.type == "date" else min(longest, full)) + 2 * _PAD)
    total, low = sum(wanted), sum(least)
    if not wanted or total <= 0:
        return wanted
    if total <= room:
        return [width * room / total for width in wanted]
    if low >= room:
        return [width * room / low for width in least]
    share = (room - low) / (total - low)
    return [small + (large - small) * share for small, large in zip(least, wanted, strict=True)]


def _font(family: str, points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = as_typed(family)
    font.setPointSizeF(points)
    font.setWeight(weight)
    return font


def _ink(token: str) -> QColor:
    """A colour of the light theme: paper is white, however the window looks."""
    return QColor(str(getattr(tokens("light"), token)))


def _title(sheet: _Sheet, result: ReportResult, about: str, family: str) -> None:
    lines = (
        (str(result.report.title), _font(family, 16, QFont.Weight.DemiBold), "text", 40),
        (str(result.described or result.report.description), _font(family, 9), "text", 24),
        (about, _font(family, 9), "muted", 32),
    )
    for text, font, token, height in lines:
        sheet.painter.setFont(font)
        sheet.painter.setPen(_ink(token))
        sheet.painter.drawText(QRectF(0, sheet.y, sheet.width, height), Qt.AlignmentFlag.AlignVCenter, marked(text))
        sheet.y += height
    sheet.y += 8
    sheet.page = 1


def _heading(sheet: _Sheet, columns: Sequence[Column]) -> None:
    texts = [column.header for column in columns]
    height = _height(sheet, texts, sheet.bold)
    sheet.painter.fillRect(QRectF(0, sheet.y, sheet.width, height), _ink("neutral_ground"))
    _cells(sheet, texts, sheet.bold, height)


def _row(sheet: _Sheet, columns: Sequence[Column], texts: list[str]) -> None:
    height = _height(sheet, texts, sheet.plain)
    if sheet.y + height > sheet.bottom:
        _foot(sheet)
        sheet.writer.newPage()
        sheet.page, sheet.y = sheet.page + 1, 0.0
        _heading(sheet, columns)
    _cells(sheet, texts, sheet.plain, min(height, sheet.bottom - sheet.y))


def _height(sheet: _Sheet, texts: Sequence[str], font: QFont) -> float:
    metrics = QFontMetricsF(font, sheet.writer)
    tallest = metrics.lineSpacing()
    for text, width in zip(texts, sheet.widths, strict=True):
        room = width - 2 * _PAD
        if metrics.horizontalAdvance(text) > room:
            box = metrics.boundingRect(QRectF(0, 0, room, 100_000), _wrap(text, room, metrics), text)
            tallest = max(tallest, box.height())
    return tallest + 8


def _wrap(text: str, room: float, metrics: QFontMetricsF) -> int:
    """Lines break between words, and within one only where it is wider than the cell."""
    long = any(metrics.horizontalAdvance(word) > room for word in text.split())
    return int(Qt.TextFlag.TextWrapAnywhere if long else Qt.TextFlag.TextWordWrap)


def _cells(sheet: _Sheet, texts: Sequence[str], font: QFont, height: float) -> None:
    x, metrics = 0.0, QFontMetricsF(font, sheet.writer)
    sheet.painter.setFont(font)
    sheet.painter.setPen(_ink("text"))
    for text, width, right in zip(texts, sheet.widths, sheet.right, strict=True):
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        box = QRectF(x + _PAD, sheet.y + 4, width - 2 * _PAD, height - 8)
        flags = int(side | Qt.AlignmentFlag.AlignTop) | _wrap(text, box.width(), metrics)
        sheet.painter.drawText(box, flags, marked(text))
        x += width
    sheet.y += height
    sheet.painter.setPen(_ink("line"))
    sheet.painter.drawLine(0, round(sheet.y), round(sheet.width), round(sheet.y))


def _foot(sheet: _Sheet) -> None:
    sheet.painter.setFont(sheet.plain)
    sheet.painter.setPen(_ink("muted"))
    box = QRectF(0, float(sheet.writer.height()) - 24, sheet.width, 24)
    sheet.painter.drawText(
        box, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), tr("Page {number}", number=sheet.page)
    )
