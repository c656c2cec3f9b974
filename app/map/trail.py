"""The history of questions to the map, to go back and forward."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from app.map.question import MapQuestion
from cmdb.graph.results import Point


class MapStep(NamedTuple):
    """A question, and where its nodes stood, by uid: no places where they stand as they are drawn by themselves."""

    question: MapQuestion
    places: Mapping[str, Point]


class Trail:
    """Questions in the order in which they were asked. A new one replaces those after the current one."""

    def __init__(self) -> None:
        self._asked: list[MapStep] = []
        self._at = -1

    def leave(self, places: Mapping[str, Point]) -> None:
        """Another question comes: keeps where the nodes of the present one stand."""
        if self._asked:
            self._asked[self._at] = self._asked[self._at]._replace(places=places)

    def add(self, question: MapQuestion) -> None:
        """Adds a question."""
        del self._asked[self._at + 1 :]
        self._asked.append(MapStep(question, {}))
        self._at = len(self._asked) - 1

    def can_step(self, by: int) -> bool:
        """Whether one can go back (-1) or forward (1)."""
        return 0 <= self._at + by < len(self._asked)

    def step(self, by: int) -> MapStep | None:
        """Goes back (-1) or forward (1); None if there is no question."""
        if not self.can_step(by):
            return None
        self._at += by
        return self._asked[self._at]
