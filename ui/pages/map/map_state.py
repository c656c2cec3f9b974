"""The state of the map: the question, and its answer when it is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from app.map.answer import MapAnswer
from app.map.question import MapQuestion
from cmdb.graph.results import Point
from cmdb.model.formats import moment
from cmdb.model.messages import Message, counted, tr
from cmdb.model.revision import now
from ui.context import ShownMoment
from ui.graph.state_styles import LOOKS


class MapState:
    """The page owns it; its parts read it."""

    def __init__(self, at: ShownMoment, draft: Callable[[], str]) -> None:
        self._at, self._draft = at, draft
        self.question = MapQuestion()
        self.answer: MapAnswer | None = None

    @property
    def there(self) -> bool:
        """Whether there is an answer."""
        return self.answer is not None

    @property
    def note(self) -> str:
        """The date of the picture, and its limits."""
        when = self._at.label or moment(now())
        if draft := self._draft():
            when = tr("{moment}, with the draft “{draft}”", moment=when, draft=draft)
        return tr(
            "{moment} · depth {depth}, breadth {breadth}",
            moment=when,
            depth=self.question.steps,
            breadth=self.question.breadth,
        )

    @property
    def whole_note(self) -> str:
        """What a file says below the title: the counts, the date of the picture, and its limits."""
        found = self.answer
        if found is None:
            return self.note
        drawn = counted("{count} item shown", "{count} items shown", len(found.picture.nodes))
        hit = [
            Message("{number} {state}", number=number, state=LOOKS[state].word)
            for state, number in found.counts.items()
            if number and state in LOOKS
        ]
        return " · ".join(str(part) for part in (drawn, *hit, self.note))

    def places(self, positions: Mapping[int, Point]) -> dict[str, Point]:
        """Where the nodes of the answer stand, by uid."""
        uids = self.answer.uids if self.answer is not None else {}
        return {uids[ci]: place for ci, place in positions.items() if ci in uids}

    def uid(self, ci: int | None) -> str:
        """The uid of a CI that is drawn or listed, or ""."""
        return self.answer.uids.get(ci, "") if self.answer is not None and ci is not None else ""
