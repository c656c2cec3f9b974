"""Dates that a record has by what it refers to: a laptop's warranty ends so many months after its purchase, as its
model says. They are worked out where they are read, and stand nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from cmdb.model.calendar_bounds import months_after
from cmdb.model.records import CI
from cmdb.model.schema import Attribute, Schema


def inheriting(schema: Schema, cls: str) -> list[Attribute]:
    """The attributes of a class that a record may have by another one."""
    return [one for one in schema.cls(cls).attributes.values() if one.inherited]


def referred(schema: Schema, records: Iterable[CI]) -> set[str]:
    """The ids of the records by which some of these have dates."""
    found = set()
    for one in records:
        for attribute in inheriting(schema, one.cls):
            start, reference, _ = attribute.inherited
            if one.values.get(attribute.name) is None and one.values.get(start) and one.values.get(reference):
                found.add(one.text(reference))
    return found


def inherited_dates(schema: Schema, record: CI, others: Mapping[str, CI]) -> dict[str, str]:
    """Attribute → the ISO date that a record has by another one; ``others`` are those by id."""
    found = {}
    for attribute in inheriting(schema, record.cls):
        start, reference, months = attribute.inherited
        if record.values.get(attribute.name) is None and record.values.get(start):
            other = others.get(record.text(reference))
            number = other.values.get(months) if other is not None else None
            if number is not None:
                day = months_after(date.fromisoformat(record.text(start)[:10]), int(str(number)))
                found[attribute.name] = day.isoformat()
    return found
