"""Sizes that follow the size of the interface's text: fonts, rows, controls and icons grow together.

Every size in the code is meant for text of ``BASE`` pixels. ``px`` says what it is now; ``set_sizes`` gives a widget
such sizes and notes them on it, so that ``follow`` can apply them again when the person chooses another text size.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLineEdit,
    QTreeView,
    QWidget,
)

from app.preferences import SIZES

#: The pixel size of text for which all sizes in the code are meant.
BASE = 13
#: The least and the most pixels of text that a person can choose.
LEAST, MOST = SIZES[0], SIZES[-1]
_PROPERTY = "sizes"


def px(size: float) -> int:
    """Pixels at the present size of text, for ``size`` pixels at the normal one."""
    present = QApplication.font().pixelSize()
    return round(size * present / BASE) if present > 0 else round(size)


def scaled_sheet(sheet: str, text: int) -> str:
    """A style sheet written for ``BASE`` with its pixels for text of ``text`` pixels. Lines of 1 and 2 px stay."""
    if text == BASE:
        return sheet
    return re.sub(r"\b(\d+)px", lambda m: f"{_grown(int(m[1]), text)}px", sheet)


def _grown(size: int, text: int) -> int:
    # Rounded down: a radius of more than half of the height is not drawn at all.
    return size if size <= 2 else int(size * text / BASE)


def _font(widget: QWidget, size: int) -> None:
    font = widget.font()
    font.setPixelSize(size)
    widget.setFont(font)


def _icon(widget: QWidget, size: int) -> None:
    if isinstance(widget, QAbstractButton | QAbstractItemView):
        widget.setIconSize(QSize(size, size))


def _rows(widget: QWidget, size: int) -> None:
    if isinstance(widget, QHeaderView):
        widget.setDefaultSectionSize(size)


def _indent(widget: QWidget, size: int) -> None:
    if isinstance(widget, QTreeView):
        widget.setIndentation(size)


def _before_text(widget: QWidget, size: int) -> None:
    if isinstance(widget, QLineEdit):
        margins = widget.textMargins()
        margins.setLeft(size)
        widget.setTextMargins(margins)


def _behind_text(widget: QWidget, size: int) -> None:
    if isinstance(widget, QLineEdit):
        margins = widget.textMargins()
        margins.setRight(size)
        widget.setTextMargins(margins)


_APPLY: dict[str, Callable[[QWidget, int], None]] = {
    "text": _font,
    "icon": _icon,
    "rows": _rows,
    "indent": _indent,
    "before_text": _before_text,
    "behind_text": _behind_text,
    "width": QWidget.setFixedWidth,
    "height": QWidget.setFixedHeight,
    "least_width": QWidget.setMinimumWidth,
    "least_height": QWidget.setMinimumHeight,
    "most_width": QWidget.setMaximumWidth,
}


def set_sizes(widget: QWidget, **sizes: int) -> None:
    """Gives a widget sizes in pixels at the normal size of text; they follow the size that the person chooses.

    ``text`` (the font's), ``icon`` (a button's or a view's), ``rows`` (a header's), ``indent`` (a tree's, with its
    arrows), ``before_text`` and ``behind_text`` (what a field keeps free), ``width``, ``height`` (fixed),
    ``least_width``, ``least_height``, ``most_width``. Raises
    KeyError for any other.
    """
    noted: dict[str, Any] = dict(widget.property(_PROPERTY) or {})
    widget.setProperty(_PROPERTY, {**noted, **sizes})
    for name, size in sizes.items():
        _APPLY[name](widget, px(size))


def follow(app: QApplication) -> None:
    """Applies the sizes of all widgets again, after the application's font was changed."""
    for widget in app.allWidgets():
        sizes: dict[str, int] = widget.property(_PROPERTY) or {}
        for name, size in sizes.items():
            _APPLY[name](widget, px(size))
    for widget in app.allWidgets():
        if isinstance(widget, QAbstractItemView):
            widget.scheduleDelayedItemsLayout()
        widget.updateGeometry()
