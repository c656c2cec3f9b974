"""The history of questions to the map, to go back and forward."""

from __future__ import annotations

from app.map.question import MapQuestion


class Trail:
    """Questions in the order in which they were asked. A new one replaces those after the current one."""

    def __init__(self) -> None:
        self._asked: list[MapQuestion] = []
        self._at = -1

    def add(self, question: MapQuestion) -> None:
        """Adds a question."""
        del self._asked[self._at + 1 :]
        self._asked.append(question)
        self._at = len(self._asked) - 1

    def can_step(self, by: int) -> bool:
        """Whether one can go back (-1) or forward (1)."""
        return 0 <= self._at + by < len(self._asked)

    def step(self, by: int) -> MapQuestion | None:
        """Goes back (-1) or forward (1); None if there is no question."""
        if not self.can_step(by):
            return None
        self._at += by
        return self._asked[self._at]
