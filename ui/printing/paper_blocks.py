"""A document laid out: each kind of block in its place on the pages."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from app.printing.paper import (
    PageBreak,
    PaperBlock,
    PaperCodes,
    PaperDocument,
    PaperFields,
    PaperHeading,
    PaperPicture,
    PaperTable,
    PaperText,
    SignatureLine,
)
from app.printing.symbols import symbol
from cmdb.model.characters import marked
from ui.printing.paper_layout import PaperLayout, PaperPage
from ui.printing.paper_style import MM, PaperStyle, broken
from ui.printing.paper_table import add_table
from ui.printing.symbol_drawing import symbol_rects

_SIGNATURE = 18 * MM
"""The room above a line to sign on."""
_SIGNED_WIDTH = 80 * MM


def pages_of(document: PaperDocument, family: str) -> list[PaperPage]:
    """The pages of a document in the font ``family``. Raises InvalidValue of what a symbol cannot hold."""
    layout = PaperLayout(document, PaperStyle(family))
    layout.title()
    for block in document.blocks:
        _add(layout, block)
    layout.finish()
    return layout.pages


def _add(layout: PaperLayout, block: PaperBlock) -> None:
    match block:
        case PaperHeading():
            _heading(layout, block)
        case PaperText():
            _paragraph(layout, block)
        case PaperFields():
            _fields(layout, block)
        case PaperTable():
            add_table(layout, block)
        case SignatureLine():
            _signature(layout, block)
        case PaperPicture():
            _picture(layout, block)
        case PaperCodes():
            _codes(layout, block)
        case PageBreak():
            layout.begin_page()


def _heading(layout: PaperLayout, block: PaperHeading) -> None:
    points = 12 if block.level == 1 else 10
    layout.y += 4 * MM if block.level == 1 else 2 * MM
    layout.lines(block.text, points, bold=True, follows=12 * MM)
    layout.y += 1 * MM


def _paragraph(layout: PaperLayout, block: PaperText) -> None:
    layout.lines(block.text, 9, block.bold, "muted" if block.quiet else "text")
    layout.y += 2 * MM


def _fields(layout: PaperLayout, block: PaperFields) -> None:
    plain = layout.style.metrics(9)
    labels = [marked(label) for label, _ in block.rows]
    beside = min(max(map(plain.horizontalAdvance, labels), default=0.0) + 6 * MM, 0.4 * layout.width)
    for label, (_, value) in zip(labels, block.rows, strict=True):
        left = broken(label, layout.style.font(9), plain, beside - 3 * MM)
        right = broken(marked(value), layout.style.font(9), plain, layout.width - beside)
        for number in range(max(len(left), len(right))):
            layout.need(plain.lineSpacing())
            box = QRectF(layout.left, layout.y, beside, plain.lineSpacing())
            if number < len(left):
                layout.mark(layout.text_mark(left[number], box, 9, token="muted"))
            if number < len(right):
                box = QRectF(layout.left + beside, layout.y, layout.width - beside, plain.lineSpacing())
                layout.mark(layout.text_mark(right[number], box, 9))
            layout.y += plain.lineSpacing()
        layout.y += 0.7 * MM
    layout.y += 2 * MM


def _signature(layout: PaperLayout, block: SignatureLine) -> None:
    space = layout.style.metrics(8).lineSpacing()
    under = [block.label, ", ".join(filter(None, (block.name, block.day)))]
    found = [line for text in under if text for line in layout.broken(text, 8, _SIGNED_WIDTH)]
    layout.need(_SIGNATURE + (len(found) + 1) * space)
    picture = QImage.fromData(block.picture)
    if not picture.isNull():
        layout.picture(picture, QRectF(layout.left, layout.y, _SIGNED_WIDTH, _SIGNATURE - 1 * MM))
    layout.y += _SIGNATURE
    layout.rule(layout.left, layout.y, _SIGNED_WIDTH, "text")
    layout.y += 0.7 * MM
    for line in found:
        layout.mark(layout.text_mark(line, QRectF(layout.left, layout.y, layout.width, space), 8, token="muted"))
        layout.y += space
    layout.y += space


def _picture(layout: PaperLayout, block: PaperPicture) -> None:
    picture = QImage.fromData(block.content)
    if not picture.isNull():
        high = min(block.height_mm * MM, layout.bottom - layout.top - 20 * MM)
        layout.need(high)
        layout.picture(picture, QRectF(layout.left, layout.y, layout.width, high))
        layout.y += high + 1 * MM
    if block.caption:
        layout.lines(block.caption, 8, token="muted")
    layout.y += 2 * MM


def _codes(layout: PaperLayout, block: PaperCodes) -> None:
    module, tall = block.module_mm * MM, 10 * MM
    made = [symbol(code.content, block.symbology) for code in block.codes]
    wide = max((one.width + 2 * one.symbology.quiet for one in made), default=0) * module
    wide = max(wide, 30 * MM)
    quiet = made[0].symbology.quiet * module if made else 0.0
    across = max(1, int(layout.width // wide))
    space = layout.style.metrics(8).lineSpacing()
    high = max((tall if one.symbology.is_linear else one.height * module for one in made), default=0.0)
    for start in range(0, len(made), across):
        texts = [layout.broken(c.caption or c.content, 8, wide - 4 * MM) for c in block.codes[start : start + across]]
        below = max(map(len, texts)) * space
        layout.need(high + 2 * quiet + below)
        for column, one in enumerate(made[start : start + across]):
            left = layout.left + column * wide
            layout.symbol(symbol_rects(one, left + quiet, layout.y + quiet, module, tall))
            for line, text in enumerate(texts[column]):
                box = QRectF(left + quiet, layout.y + high + 1.5 * quiet + line * space, wide, space)
                layout.mark(layout.text_mark(text, box, 8))
        layout.y += high + 2 * quiet + below + 2 * MM
