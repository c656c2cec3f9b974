"""What a field of a record was, and from when: the points at which it changed, in the order of what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cmdb.model.values import Value

FOREVER = -(1 << 62)
"""Before every moment: when a record came to be as the register first knew it is not known."""

TRACKED = ("status", "assigned_to", "location", "home_place", "state")
"""The fields about whose changes there are events."""

SAID_AT_FIRST = ("assigned_to", "location")
"""What is said of the time when a thing comes into the register."""

IMPORTED = "import"
"""What an event says was done where an import dates an assignment."""


class FieldPoint(NamedTuple):
    """A change of a field: the value from then on, and the one before as whoever recorded it saw it.

    ``at`` is when it happened, in milliseconds since 1970 UTC; ``revision`` and ``recorded`` (ISO UTC) are of the
    revision that recorded it. ``event`` is the id of the event, and "" for an edit without one.
    """

    at: int
    revision: int
    event: str
    before: Value | None
    after: Value | None
    recorded: str
    what: str = ""

    @property
    def order(self) -> tuple[int, int, str]:
        """What happened is in this order."""
        return self.at, self.revision, self.event


@dataclass(frozen=True, slots=True)
class RecordPoints:
    """The points of some fields of one record, each list in order; the first is what the register knew first.

    ``since`` is when the first version that is kept was recorded, ``until`` when the record was deleted ("" while it
    exists), both ISO UTC.
    """

    uid: str
    cls: str
    name: str
    since: str
    until: str
    fields: Mapping[str, Sequence[FieldPoint]]

    def value_at(self, field: str, at: int) -> Value | None:
        """The value of a field at a moment."""
        value: Value | None = None
        for point in self.fields.get(field, ()):
            if point.at > at:
                break
            value = point.after
        return value

    def is_late(self, field: str, at: int) -> bool:
        """Whether something happened to a field after a moment."""
        points = self.fields.get(field, ())
        return bool(points) and points[-1].at > at


def in_order(points: Iterable[FieldPoint]) -> list[FieldPoint]:
    """The points in the order of what happened."""
    return sorted(points, key=lambda point: point.order)
