"""Finding circles among steps upward: from a record to what is above it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T", int, str)


def circles(above: Mapping[T, Collection[T]], steps: Iterable[tuple[T, T]] | None = None) -> list[tuple[T, ...]]:
    """Circles among steps upward: the shortest through each of ``steps`` that is not on one found before. By default
    through any step.

    ``above``: record → what is directly above it. A circle begins with the subject of the step by which it was found.
    """
    knot_of = {one: number for number, knot in enumerate(_knots(above)) for one in knot}
    if steps is None:
        steps = [(one, target) for one in sorted(knot_of) for target in sorted(above.get(one, ()))]
    found: list[tuple[T, ...]] = []
    covered: set[tuple[T, T]] = set()
    for one, target in steps:
        knot = knot_of.get(one)
        if knot is None or knot_of.get(target) != knot or (one, target) in covered:
            continue
        way: tuple[T, ...] = _way(above, target, one, knot_of)
        covered.update(pairwise(way))
        covered.add((one, target))
        found.append(way[-1:] + way[:-1])
    return found


def in_circles(above: Mapping[T, Collection[T]], steps: Iterable[tuple[T, T]]) -> Iterator[tuple[T, T]]:
    """Those of the steps that are in a circle."""
    knot_of = {one: number for number, knot in enumerate(_knots(above)) for one in knot}
    for one, target in steps:
        if one in knot_of and knot_of[one] == knot_of.get(target):
            yield one, target


def steps_to_be(
    new: Collection[tuple[T, T]],
    leaving: Mapping[T, Collection[T]],
    present: Callable[[set[T]], Mapping[T, Collection[T]]],
) -> dict[T, set[T]]:
    """All steps upward from the targets of ``new`` steps, as they would be: those at ``present``, without what is
    ``leaving``, and the new ones. Every record is asked about once, so it ends in a circle, too.
    """
    coming: dict[T, set[T]] = {}
    for one, target in new:
        coming.setdefault(one, set()).add(target)
    above: dict[T, set[T]] = {}
    frontier = {target for _, target in new}
    while frontier:
        now = present(frontier)
        for one in frontier:
            above[one] = (set(now.get(one, ())) - set(leaving.get(one, ()))) | coming.get(one, set())
        frontier = {target for one in frontier for target in above[one]} - above.keys()
    return above


def _way(above: Mapping[T, Collection[T]], start: T, end: T, knot_of: Mapping[T, int]) -> tuple[T, ...]:
    """The shortest way upward from a record to another one of its knot, both ends included."""
    came: dict[T, T] = {start: start}
    waiting = deque([start])
    while waiting and end not in came:
        one = waiting.popleft()
        for target in sorted(above.get(one, ())):
            if target not in came and knot_of.get(target) == knot_of[start]:
                came[target] = one
                waiting.append(target)
    way: list[T] = [end]
    while way[-1] != start:
        way.append(came[way[-1]])
    return tuple(reversed(way))


def _knots(above: Mapping[T, Collection[T]]) -> list[list[T]]:
    """The sets of records that reach each other (Tarjan's strongly connected components), without those of one record
    that is not above itself.
    """
    order: dict[T, int] = {}
    low: dict[T, int] = {}
    open_: list[T] = []
    is_open: set[T] = set()
    found: list[list[T]] = []
    for root in above:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        open_.append(root)
        is_open.add(root)
        work: list[tuple[T, Iterator[T]]] = [(root, iter(above[root]))]
        while work:
            one, rest = work[-1]
            for target in rest:
                if target not in order:
                    order[target] = low[target] = len(order)
                    open_.append(target)
                    is_open.add(target)
                    work.append((target, iter(above.get(target, ()))))
                    break
                if target in is_open:
                    low[one] = min(low[one], order[target])
            else:
                work.pop()
                if work:
                    below = work[-1][0]
                    low[below] = min(low[below], low[one])
                if low[one] == order[one]:
                    knot = []
                    while True:
                        last = open_.pop()
                        is_open.discard(last)
                        knot.append(last)
                        if last == one:
                            break
                    if len(knot) > 1 or one in above.get(one, ()):
                        found.append(knot)
    return found
