"""Boxes that a person moved on the map: each move can be undone and redone."""

from __future__ import annotations

from collections.abc import Callable

from cmdb.graph.results import Point
from cmdb.model.messages import EMPTY, Message
from ui.graph.view import GraphView
from ui.page import OwnSteps


class MapMoves:
    """The moves since the map was drawn anew. ``name_of`` names a node; ``changed`` is called after each move."""

    def __init__(self, view: GraphView, name_of: Callable[[int], str], changed: Callable[[], object]) -> None:
        self._view, self._name_of, self._changed = view, name_of, changed
        self._done: list[tuple[int, Point]] = []
        self._undone: list[tuple[int, Point]] = []

    def add(self, node: int, before: Point) -> None:
        """A node was moved from a place."""
        self._done.append((node, before))
        self._undone.clear()
        self._changed()

    def clear(self) -> None:
        """Another drawing: nothing was moved yet."""
        self._done.clear()
        self._undone.clear()

    @property
    def any(self) -> bool:
        """Whether a box stands elsewhere than it was drawn."""
        return bool(self._done)

    def steps(self) -> OwnSteps | None:
        """What can be undone and redone; None where nothing was moved."""
        if not self._done and not self._undone:
            return None
        return OwnSteps(
            lambda: self._step(self._done, self._undone),
            lambda: self._step(self._undone, self._done),
            self._words(self._done),
            self._words(self._undone),
            before_revisions=True,
        )

    def _words(self, moves: list[tuple[int, Point]]) -> Message:
        return Message("{name} moved on the map", name=self._name_of(moves[-1][0])) if moves else EMPTY

    def _step(self, source: list[tuple[int, Point]], target: list[tuple[int, Point]]) -> None:
        while source:
            node, place = source.pop()
            was = self._view.put(node, place)
            if was is not None:
                target.append((node, was))
                return
