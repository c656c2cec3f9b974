"""The order in which the Tab key goes through a page: as it is read, also where parts of it were filled later."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cmp_to_key
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def order_tabs(page: QWidget) -> None:
    """Sets the order of the Tab key to that of reading.

    Qt goes by when a widget was made: what is filled into the upper part of a page later would come last.
    """
    wanted = list(in_reading_order(page))
    if wanted != [one for one in focus_chain(page) if takes_tab(one)]:
        for before, after in pairwise(wanted):
            QWidget.setTabOrder(before, after)


def in_reading_order(area: QWidget) -> Iterator[QWidget]:
    """The shown widgets in an area at which the Tab key stops, as they are read: by line, and in it from the left."""
    parts = [one for one in area.children() if isinstance(one, QWidget) and not one.isWindow() and not one.isHidden()]
    for part in sorted(parts, key=cmp_to_key(_before)):
        if takes_tab(part):
            yield part
        yield from in_reading_order(part)


def focus_chain(page: QWidget) -> Iterator[QWidget]:
    """The widgets in a page in the order of the Tab key."""
    at = page.nextInFocusChain()
    while at is not None and at is not page:
        if page.isAncestorOf(at):
            yield at
        at = at.nextInFocusChain()


def takes_tab(widget: QWidget) -> bool:
    """Whether the Tab key stops at a widget."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.isVisible()


def _before(first: QWidget, second: QWidget) -> int:
    one, other = first.geometry(), second.geometry()
    if one.bottom() <= other.top():
        return -1
    if other.bottom() <= one.top():
        return 1
    return one.left() - other.left()
