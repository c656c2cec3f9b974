"""Text: headings, section labels, muted and elided text, key caps, lines."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

from cmdb.model.characters import marked
from ui.plain_texts import plain_tip
from ui.text_size import px, set_sizes

#: The pixels of headings: a page's, a card's, and a figure.
_HEADINGS = {0: 28, 1: 19, 2: 14}


def retone(widget: QWidget, tone: str) -> None:
    """Gives a label, note or button another tone ("" for none)."""
    if widget.property("tone") != tone:
        widget.setProperty("tone", tone)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _sized(label: QLabel, size: int, weight: QFont.Weight) -> None:
    set_sizes(label, text=size)
    _weighted(label, weight)


def _weighted(label: QLabel, weight: QFont.Weight) -> None:
    font = label.font()
    font.setWeight(weight)
    label.setFont(font)


def as_heading(label: QLabel, level: int = 1) -> None:
    """Gives a label the font of a ``Heading``."""
    _sized(label, _HEADINGS[level], QFont.Weight.DemiBold)


class Text(QLabel):
    """Plain text; never taken for markup. ``role`` "muted", "faint" or "small"; ``tone`` colours it."""

    def __init__(self, text: str = "", role: str = "", tone: str = "", *, wrap: bool = False) -> None:
        super().__init__(marked(text))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if role == "small":
            _sized(self, 11, QFont.Weight.Normal)

    def setText(self, text: str) -> None:
        """Another text; characters that nobody sees are shown as marks."""
        super().setText(marked(text))

    def set_tone(self, tone: str) -> None:
        """Another tone."""
        retone(self, tone)

    def set_bold(self, bold: bool = True) -> Text:
        """Semibold or normal weight; returns itself."""
        _weighted(self, QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return self


class BreakingText(Text):
    """A wrapped text with serial numbers, UUIDs or names of files in it: these break too where there is no room."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(role=role, wrap=True)
        self.setText(text)

    def setText(self, text: str) -> None:
        """Another text."""
        shown = marked(text)
        self._whole = text
        self.setAccessibleName(shown)
        QLabel.setText(self, _LONG_WORD.sub(lambda word: _MAY_BREAK.join(_PART.findall(word[0])), shown))

    def text(self) -> str:
        """The text, without the places where it may break."""
        return self._whole


_LONG_WORD = re.compile(r"[!-~]{24,}")
_PART = re.compile(".{1,8}")
_MAY_BREAK = "\u200b"


class CentredText(Text):
    """A text in the middle, wrapped into lines of about the same length: no word stands alone on the last one."""

    def __init__(self, text: str = "", role: str = "") -> None:
        super().__init__(text, role, wrap=True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def balanced_width(self) -> int:
        """The least width at which the text has as many lines as at the label's."""
        room = self.contentsRect().width()
        most = self._height(room)
        low, high = 0, room
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if self._fits(middle, most) else (middle + 1, high)
        return low

    def _height(self, width: int) -> int:
        return self._rect(width).height()

    def _fits(self, width: int, height: int) -> bool:
        found = self._rect(width)
        return found.height() <= height and found.width() <= width

    def _rect(self, width: int) -> QRect:
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        return self.fontMetrics().boundingRect(QRect(0, 0, max(width, 1), 1 << 16), flags, self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the lines."""
        room = self.contentsRect()
        beside = (room.width() - self.balanced_width()) // 2 - 1
        painter = QPainter(self)
        flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        place = room.adjusted(max(beside, 0), 0, -max(beside, 0), 0)
        self.style().drawItemText(
            painter, place, flags, self.palette(), self.isEnabled(), self.text(), self.foregroundRole()
        )
        painter.end()


_BESIDE = 4
"""Pixels beside a heading's text, so that its last word does not wrap."""

_HEADING_LEAST = 120
"""The least width of a heading, in pixels."""


class Heading(Text):
    """A heading: ``level`` 1 (19 px, a page's), 2 (14 px, a card's) or 0 (28 px, a figure)."""

    def __init__(self, text: str = "", level: int = 1) -> None:
        super().__init__(text)
        as_heading(self, level)

    def minimumSizeHint(self) -> QSize:
        """Room for the first words: what does not fit is cut with "…" and stands in the tooltip, or wraps."""
        whole = super().minimumSizeHint()
        return QSize(min(px(_HEADING_LEAST), whole.width()), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the text, one in a line as far as it fits."""
        if self.wordWrap() or not _is_cut(self):
            super().paintEvent(event)
        else:
            _paint_elided(self)

    def event(self, event: QEvent) -> bool:
        """Puts the whole text into the tooltip where it doesn't fit."""
        if event.type() == QEvent.Type.ToolTip and not self.wordWrap():
            self.setToolTip(plain_tip(self.text() if _is_cut(self) else ""))
        return super().event(event)

    def sizeHint(self) -> QSize:
        """One line: a label that wraps wishes to be about as high as wide, also where there is room."""
        found = super().sizeHint()
        if self.wordWrap():
            found.setWidth(max(found.width(), self.fontMetrics().horizontalAdvance(self.text()) + _BESIDE))
            found.setHeight(self.heightForWidth(found.width()))
        return found


class SectionLabel(Text):
    """A small heading in capitals over a group of fields or links."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, "section")
        _sized(self, 11, QFont.Weight.DemiBold)
        font = self.font()
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.4)
        self.setFont(font)


class KeyCap(Text):
    """A shortcut as on a key."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, "key")
        _sized(self, 11, QFont.Weight.Normal)


class ElidedText(Text):
    """One line of text that gives way: what doesn't fit is cut with "…" and shown as a tooltip."""

    def __init__(self, text: str = "", role: str = "", tone: str = "", *, least: int = 40) -> None:
        super().__init__(text, role, tone)
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Room for a few letters."""
        whole = super().minimumSizeHint()
        return QSize(min(self._least, whole.width()), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the text as far as it fits."""
        _paint_elided(self)

    def event(self, event: QEvent) -> bool:
        """Puts the whole text into the tooltip where it doesn't fit."""
        if event.type() == QEvent.Type.ToolTip:
            self.setToolTip(plain_tip(self.text() if _is_cut(self) else ""))
        return super().event(event)


def _is_cut(label: QLabel) -> bool:
    return label.fontMetrics().horizontalAdvance(label.text()) > label.contentsRect().width()


def _paint_elided(label: QLabel) -> None:
    painter = QPainter(label)
    ground = QStyleOption()
    ground.initFrom(label)
    label.style().drawPrimitive(QStyle.PrimitiveElement.PE_Widget, ground, painter, label)
    painter.setPen(label.palette().color(label.foregroundRole()))
    room = label.contentsRect()
    shown = label.fontMetrics().elidedText(marked(label.text()), Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, int(label.alignment() | Qt.AlignmentFlag.AlignVCenter), shown)
    painter.end()


class Hairline(QFrame):
    """A hairline."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "line")
        set_sizes(self, height=1)
