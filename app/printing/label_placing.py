"""Where code and texts stand on a label, in dots of the printer. Pure: widths of texts are estimated, so that whether a
label fits is known where no letter can be measured; what draws them makes a text smaller or marks where it is cut.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from app.printing.label_sheet import LEAST_MM, LabelStock
from app.printing.symbols import Symbol

_INCH = 25.4
_LINE = 1.25
"""The height of a line, of its text's size."""
_WIDE = 0.72
"""The width that a letter of a code is taken to have, of its text's size; most are narrower."""
_SMALLEST = 4.0
"""Points below which a text cannot be read."""
_LARGEST_MM = 0.8
_BARS_MM = 5.0
"""The least height of bars."""
_GAP_MM = 1.0
_LOGO = 0.3
"""The share of the width of the texts that a logo takes."""


class Box(NamedTuple):
    """A rectangle in dots."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    """A label's parts: the corner of the symbol without its quiet zone, its module in whole dots, the height of its
    bars; the boxes of its own text, of the lines that fit, and of the logo.
    """

    x: int
    y: int
    module: int
    tall: int
    tag: Box
    lines: tuple[Box, ...]
    logo: Box | None
    quiet: Box
    """The symbol with its quiet zone: nothing else stands in it."""


def least_module(dpi: int) -> int:
    """The dots of the narrowest module: a whole number, two at 203 dpi."""
    return max(2, math.ceil(LEAST_MM * dpi / _INCH - 0.05))


def placed(
    stock: LabelStock, symbol: Symbol, content: str, dpi: int, points: float, lines: int, logo: bool = False
) -> PlacedLabel | None:
    """The parts of a label, from its left top corner; None where the code does not fit on it."""
    room = _Room(stock, dpi, points, len(content))
    if room.tag_width(_SMALLEST) > room.width:
        return None
    return _bars(room, symbol, lines, logo) if symbol.symbology.is_linear else _matrix(room, symbol, lines, logo)


class _Room:
    """The inside of a label in dots."""

    def __init__(self, stock: LabelStock, dpi: int, points: float, letters: int) -> None:
        self.dot = dpi / _INCH
        self.left, self.top = stock.margin[0] * self.dot, stock.margin[1] * self.dot
        self.width = stock.size[0] * self.dot - 2 * self.left
        self.height = stock.size[1] * self.dot - 2 * self.top
        self.least = least_module(dpi)
        self.most = max(self.least, int(_LARGEST_MM * self.dot))
        self._em = dpi / 72
        self._letters = letters
        self.points = points
        self.line = points * self._em * _LINE
        self.gap = _GAP_MM * self.dot

    def tag_width(self, points: float) -> float:
        """How wide the code's own text is taken to be."""
        return self._letters * points * self._em * _WIDE


def _bars(room: _Room, symbol: Symbol, lines: int, logo: bool) -> PlacedLabel | None:
    """Bars over the whole width, their text below them, further lines above."""
    quiet = symbol.symbology.quiet
    across = symbol.width + 2 * quiet
    module = min(room.most, int(room.width // across))
    least = _BARS_MM * room.dot
    if module < room.least or room.height - room.line < least:
        return None
    above = min(lines, int((room.height - room.line - least) // room.line))
    top = room.top + above * room.line
    tall = int(room.top + room.height - room.line - top)
    left = room.left + (room.width - across * module) / 2
    x, y = round(left) + quiet * module, math.ceil(top)
    boxes, mark = _lines(Box(room.left, room.top, room.width, above * room.line), above, room.line, logo)
    return PlacedLabel(
        x, y, module, tall, Box(room.left, y + tall, room.width, room.line), boxes, mark,
        Box(x - quiet * module, y, across * module, tall),
    )  # fmt: skip


def _matrix(room: _Room, symbol: Symbol, lines: int, logo: bool) -> PlacedLabel | None:
    """A matrix at the left with its text below, further lines beside it."""
    quiet = symbol.symbology.quiet
    across = symbol.width + 2 * quiet
    # Beside the code there must be room to read something, where there is something to read.
    widest = room.width * (0.6 if lines and room.width > room.height else 1.0)
    module = min(room.most, int((room.height - room.line) // across), int(widest // across))
    if module < room.least:
        module = min(room.least, int((room.height - room.line) // across), int(room.width // across))
    if module < room.least:
        return None
    side = across * module
    column = min(room.width, max(side, min(room.tag_width(room.points), widest)))
    if room.tag_width(_SMALLEST) > column:
        column = room.tag_width(_SMALLEST)
    x = round(room.left + (column - side) / 2) + quiet * module
    top = room.top + max(0.0, (room.height - side - room.line) / 2)
    y = round(top) + quiet * module
    tag = Box(room.left, y + (symbol.height + quiet) * module, column, room.line)
    beside = Box(room.left + column + room.gap, room.top, room.width - column - room.gap, room.height)
    fitting = min(lines, int(beside.height // room.line)) if beside.width >= 8 * room.dot else 0
    boxes, mark = _lines(beside, fitting, room.line, logo and beside.width >= 8 * room.dot)
    around = Box(x - quiet * module, y - quiet * module, side, side)
    return PlacedLabel(x, y, module, module, tag, boxes, mark, around)


def _lines(area: Box, count: int, height: float, logo: bool) -> tuple[tuple[Box, ...], Box | None]:
    """Lines in the middle of an area, and a logo at its right."""
    wide = area.width * (1 - _LOGO) if logo else area.width
    top = area.y + (area.height - count * height) / 2
    boxes = tuple(Box(area.x, top + number * height, wide, height) for number in range(count))
    mark = Box(area.x + wide, area.y, area.width - wide, area.height)
    return boxes, mark if logo and mark.height >= height else None
