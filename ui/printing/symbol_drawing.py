"""Draws symbols: what is dark as rectangles, filled at once."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from app.printing.symbols import Symbol
from ui.printing.ink import INK

_DARK = re.compile(b"\x01+")


def symbol_rects(symbol: Symbol, left: float, top: float, module: float, height: float = 0.0) -> list[QRectF]:
    """The dark modules of a symbol from there on, each ``module`` wide; a linear one is ``height`` high.

    What is dark in several rows below each other is one rectangle: a page has fewer of them, and is written sooner.
    """
    found: list[QRectF] = []
    begun: dict[tuple[int, int], int] = {}
    for number, row in enumerate((*symbol.rows, b"")):
        runs = {dark.span() for dark in _DARK.finditer(row)}
        for run in begun.keys() - runs:
            begin, end = run
            since = begun.pop(run)
            tall = height if symbol.symbology.is_linear else (number - since) * module
            found.append(QRectF(left + begin * module, top + since * module, (end - begin) * module, tall))
        for run in runs - begun.keys():
            begun[run] = number
    return found


def draw_symbol(painter: QPainter, rects: list[QRectF]) -> None:
    """Fills them black. Edges aren't smoothed: between two of them a seam would show on a screen."""
    smooth = painter.testRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(INK)
    painter.drawRects(rects)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, smooth)
