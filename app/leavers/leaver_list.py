"""The people who left and still have something: they stay in this list until nothing is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.fact_rules import handed_out
from app.leavers.remaining import PERSON, left, naming_attributes
from cmdb.model.life_cycle import Phase, statuses_in
from cmdb.model.query import quote
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from datetime import date

    from cmdb.model.control import Control
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who left, and how many things, seats and records are still theirs."""

    person: CI
    items: int
    seats: int
    owned: int


def leaver_filter(schema: Schema, today: date) -> str:
    """The filter of people who left, whether they still have something or not."""
    gone = [f"status = {quote(one)}" for one in statuses_in(schema, PERSON, Phase.LEAVING, Phase.GONE)]
    return " or ".join([*gone, f"end < {today.isoformat()}"])


def leavers(reader: Reader, today: date, control: Control | None = None) -> list[Leaver]:
    """The people who left and still have something, who left first first."""
    schema = reader.schema
    if PERSON not in schema.classes:
        return []
    people = reader.all(Selection(PERSON, leaver_filter(schema, today)))
    gone = {one.uid: one for one in people if left(schema, one, today)}
    if not gone:
        return []
    items, seats = _items(reader, gone, control), Counter(holder for _, holder, _ in reader.assignments())
    owned = _owned(reader, gone, control)
    found = [Leaver(one, items[uid], seats[uid], owned[uid]) for uid, one in gone.items()]
    still = [one for one in found if one.items or one.seats or one.owned]
    return sorted(still, key=lambda one: (one.person.text("end") or "9999", one.person.name.casefold()))


def _items(reader: Reader, gone: Iterable[str], control: Control | None) -> Counter[str]:
    behind, wanted, found = reader.people_behind(), set(gone), Counter[str]()
    where = handed_out(reader.schema)
    for one in reader.all(Selection("hardware", where)):
        if control is not None:
            control.check()
        holder = one.text("assigned_to")
        who = behind.get(holder, holder)
        if who in wanted:
            found[who] += 1
    return found


def _owned(reader: Reader, gone: Iterable[str], control: Control | None) -> Counter[str]:
    from cmdb.store.reading.naming import referring

    wanted, found = set(gone), Counter[str]()
    for one in reader.by_uid(sorted(referring(reader, wanted))).values():
        if control is not None:
            control.check()
        for uid in wanted.intersection(map(str, one.values.values())):
            found[uid] += bool(naming_attributes(reader.schema, one, uid))
    return found
