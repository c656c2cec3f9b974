"""What documents on paper look like: their fonts, colours and measures, and how their texts break into lines."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QFontMetricsF, QTextLayout, QTextOption

from ui.interface_font import as_typed
from ui.theme_tokens import tokens

DOTS = 600
"""Dots per inch of the layout."""
MM = DOTS / 25.4
POINT = DOTS / 72


class PaperStyle:
    """The fonts of a family, made once each, and the colours of the light theme: paper is white, however the window
    looks.
    """

    def __init__(self, family: str) -> None:
        self._family = family
        self._fonts: dict[tuple[float, bool], tuple[QFont, QFontMetricsF]] = {}

    def font(self, points: float, bold: bool = False) -> QFont:
        """The font of that size; in dots of the layout, so that it is the same on every device."""
        return self._made(points, bold)[0]

    def metrics(self, points: float, bold: bool = False) -> QFontMetricsF:
        """The measures of that font."""
        return self._made(points, bold)[1]

    def ink(self, token: str) -> QColor:
        """A colour by its token's name."""
        return QColor(str(getattr(tokens("light"), token)))

    def _made(self, points: float, bold: bool) -> tuple[QFont, QFontMetricsF]:
        key = (points, bold)
        if key not in self._fonts:
            font = as_typed(self._family)
            font.setPixelSize(round(points * POINT))
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
            self._fonts[key] = font, QFontMetricsF(font)
        return self._fonts[key]


def broken(text: str, font: QFont, metrics: QFontMetricsF, width: float) -> list[str]:
    """The lines of a text that is so wide: broken between words, and within one only where it is wider than that."""
    found = []
    for line in text.splitlines() or [""]:
        if metrics.horizontalAdvance(line) <= width:
            found.append(line)
        else:
            found += _wrapped(line, font, width)
    return found


def _wrapped(line: str, font: QFont, width: float) -> list[str]:
    layout = QTextLayout(line, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    units, found = line.encode("utf-16-le"), []
    while (made := layout.createLine()).isValid():
        made.setLineWidth(width)
        start = 2 * made.textStart()
        found.append(units[start : start + 2 * made.textLength()].decode("utf-16-le", "replace").rstrip())
    layout.endLayout()
    return found
