"""The order in which the Tab key goes through a page: as it is read, also where parts of it were filled later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QRect, Qt
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
    for part in _as_read(parts):
        if takes_tab(part):
            yield part
        yield from in_reading_order(part)


def focus_behind(area: QWidget) -> None:
    """Gives the focus to what is read next to an area that is about to go: what is behind it, or before it. Qt would
    give it to whatever was made next, such as the window's navigation.
    """
    around = area.parentWidget()
    stops = list(in_reading_order(around)) if around is not None else []
    last = max((at for at, stop in enumerate(stops) if area.isAncestorOf(stop)), default=-1)
    others = [stop for stop in (*stops[last + 1 :], *reversed(stops[: last + 1])) if not area.isAncestorOf(stop)]
    if others:
        others[0].setFocus(Qt.FocusReason.TabFocusReason)


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


def _as_read(parts: Sequence[QWidget]) -> list[QWidget]:
    """Parts above each other from above; those side by side from the left, each column of them from above.

    What overlaps both ways stands by its top. Parts are cut into groups, not compared two by two: with three parts of
    different heights, "before" is no order.
    """
    lines = _cut(parts, lambda one: (one.top(), one.bottom()))
    groups = lines if len(lines) > 1 else _cut(parts, lambda one: (one.left(), one.right()))
    if len(groups) > 1:
        return [part for group in groups for part in _as_read(group)]
    return sorted(parts, key=lambda part: (part.geometry().top(), part.geometry().left()))


def _cut(parts: Sequence[QWidget], extent: Callable[[QRect], tuple[int, int]]) -> list[list[QWidget]]:
    """The groups of parts between which there is a line that crosses none of them; edges may touch."""
    groups: list[list[QWidget]] = []
    end = 0
    for part in sorted(parts, key=lambda part: extent(part.geometry())):
        first, last = extent(part.geometry())
        if not groups or first >= end:
            groups.append([])
            end = last
        groups[-1].append(part)
        end = max(end, last)
    return groups
