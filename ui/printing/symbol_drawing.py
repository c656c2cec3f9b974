"""Symbols as shapes: runs of dark modules, filled at once so that no seam shows between them."""

from __future__ import annotations

import re

from PySide6.QtGui import QPainterPath

from app.printing.symbols import Symbol

_DARK = re.compile(b"\x01+")


def symbol_path(symbol: Symbol, left: float, top: float, module: float, height: float = 0.0) -> QPainterPath:
    """The dark modules of a symbol from there on, each ``module`` wide; a linear one is ``height`` high."""
    path = QPainterPath()
    tall = height if symbol.symbology.is_linear else module
    for number, row in enumerate(symbol.rows):
        for run in _DARK.finditer(row):
            path.addRect(left + run.start() * module, top + number * module, (run.end() - run.start()) * module, tall)
    return path
