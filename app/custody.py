"""Who had what, where and when: of a thing its holders and places, of a holder or place what it had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cmdb.model.custody_period import CustodyPeriod
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

Names = Mapping[str, tuple[str, str]]
"""Id → class and last name, also of deleted records."""

_HOLDERS = ("party", "place")
"""The classes of which is told what they had; of other records, who had them."""


@dataclass(frozen=True)
class Custody:
    """The custody of a record, with the names of all records in it. ``of_holder``: it tells what the record had."""

    uid: str
    of_holder: bool
    periods: list[CustodyPeriod]
    names: Names


def custody_of(reader: Reader, uid: str, on: str = "") -> Custody:
    """The custody of a record, as the reader's moment knew it; ``on`` (an ISO date, its end, or a time) what held then.

    A record that was deleted has one, too. Raises NotFound and InvalidValue.
    """
    from cmdb.register.custody import CUSTODY, periods, periods_of

    cls = reader.last_names([uid]).get(uid, ("", ""))[0]
    of_holder = cls in reader.schema.classes and any(reader.schema.is_a(cls, one) for one in _HOLDERS)
    merged = _merged_into(reader, uid)
    known_of = reader.last_names(merged) if merged else {}  # Of some, nothing may be kept any more.
    own = [uid, *(one for one in merged if one in known_of)]
    if of_holder:
        things = {thing for one in own for thing in reader.holdings(one)}
        known = reader.field_points(things, CUSTODY)
        had = [one for one in known.values() if _is_thing(reader.schema, one.cls)]
        found = periods_of(own, had)
    else:
        known = reader.field_points(own, CUSTODY)
        found = [period for one in own if one in known for period in periods(known[one])]
    if on:
        at = _moment(on)
        found = [one for one in found if one.held_at(at)]
    named = {one for period in found for one in (period.record, period.holder, period.place) if one}
    return Custody(uid, of_holder, found, reader.last_names(named))


def _is_thing(schema: Schema, cls: str) -> bool:
    """Whether records of a class can be with somebody: a room that is in a building is not."""
    return cls in schema.classes and "assigned_to" in schema.classes[cls].attributes


def _merged_into(reader: Reader, uid: str) -> list[str]:
    """The ids of the records that were merged into one."""
    from cmdb.model.record_aliases import ID
    from cmdb.store.reading.naming import naming

    return sorted(value for kind, value, _ in naming(reader, "alias", [uid]) if kind == ID)


def _moment(on: str) -> int:
    from cmdb.model import clock
    from cmdb.model.event_times import milliseconds, stated_moment

    stated = stated_moment(on)
    return milliseconds(clock.now() if stated is None else stated)
