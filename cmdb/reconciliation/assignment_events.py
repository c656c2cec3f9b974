"""Events of assignments that a source dates: who has a thing, and since which day."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from cmdb.model import clock
from cmdb.model.errors import InvalidValue
from cmdb.model.event_times import milliseconds, stated_moment
from cmdb.model.field_points import IMPORTED
from cmdb.model.revision import Edit, Record, new_id

HOLDER, DAY = "assigned_to", "assigned_on"
"""The attributes that together say who has a thing since when."""


def assignment_event(uid: str, before: Any, after: Any, day: Any) -> Edit | None:
    """The event that a record is with another holder since a day; None for today, and for what is no past day."""
    at = begun_on(day)
    if at is None:
        return None
    fields = {"record": uid, "at": at, "what": IMPORTED, "field": HOLDER, "after_ref": after}
    if before is not None:
        fields["before_ref"] = before
    return Edit(Record("event", (new_id(),)), "", None, fields)


def begun_on(day: Any) -> int | None:
    """The time of an event that a stated day gives; None for today, and for what is no past day."""
    return _moment(str(day), clock.today().isoformat())


@lru_cache(maxsize=1_000)
def _moment(day: str, today: str) -> int | None:
    if not day < today:
        return None
    try:
        stated = stated_moment(day)
    except InvalidValue:
        return None
    return None if stated is None else milliseconds(stated)
