"""How often a person looks at things: by their class (a setting of the estate), their model, or their place.

Where several intervals are said of a thing, the shortest counts. What nobody ever saw is due at once. Only what a
person saw counts: a computer that reports to a scan is somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from app.audits.running import selection_of
from app.estate_settings import audit_intervals
from cmdb.model.audits import AuditScope
from cmdb.model.calendar_bounds import days_after, months_after
from cmdb.model.query import quote
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

SEEN, INTERVAL = "seen_in_person", "audit_interval"
_UNSEEN = "seen_in_person is empty"
AUDITED = frozenset({SEEN, INTERVAL, "model", "location", "status"})
"""The attributes on which it depends what is due."""


@dataclass(frozen=True, slots=True)
class AuditInterval:
    """So many months between two looks at what passes a filter."""

    months: int
    where: str


def intervals(reader: Reader) -> list[AuditInterval]:
    """All intervals that are said, of classes, models and places."""
    return [*_of_classes(reader), *_of_models(reader), *_of_places(reader)] if _knows(reader.schema) else []


def due_filter(reader: Reader, until: date) -> str:
    """The filter of the hardware that a person should look at by a day; "" where no interval is said."""
    parts = [f"(({_due(one, until)}) and {one.where})" for one in intervals(reader)]
    return f"({' or '.join(parts)}) and {expected(reader.schema)}" if parts else ""


def next_audits(reader: Reader, until: date, today: date) -> Iterator[tuple[CI, date]]:
    """The hardware that a person should look at by a day, each with its next audit: today where nobody ever saw it."""
    found: dict[str, tuple[CI, date]] = {}
    for one in intervals(reader):
        where = f"({_due(one, until)}) and {one.where} and {expected(reader.schema)}"
        for item in reader.all(Selection("hardware", where)):
            seen = item.text(SEEN)[:10]
            when = months_after(date.fromisoformat(seen), one.months) if seen else today
            if item.uid not in found or when < found[item.uid][1]:
                found[item.uid] = (item, when)
    yield from found.values()


def expected(schema: Schema) -> str:
    """What an audit of the whole estate expects."""
    return f"({selection_of(schema, AuditScope()).where})"


def _knows(schema: Schema) -> bool:
    return SEEN in schema.all_attributes("hardware")


def _due(interval: AuditInterval, until: date) -> str:
    return " or ".join((_UNSEEN, f"{SEEN} <= {_last_look(until, interval.months).isoformat()}"))


def _last_look(until: date, months: int) -> date:
    """The last day from which the next audit is by a day: months end on different days."""
    found = months_after(until, -months)
    while (after := days_after(found, 1)) > found and months_after(after, months) <= until:
        found = after
    return found


def _of_classes(reader: Reader) -> Iterator[AuditInterval]:
    hardware = reader.schema.family("hardware")
    for word, months in audit_intervals(reader).items():
        cls = reader.schema.class_of(word)
        if cls is not None and cls.name in hardware:
            yield AuditInterval(months, f"class = {cls.name}")


def _of_models(reader: Reader) -> Iterator[AuditInterval]:
    for months in reader.facet(Selection("hardware_model"), INTERVAL):
        if months is not None:
            yield AuditInterval(int(str(months)), f"model.{INTERVAL} = {months}")


def _of_places(reader: Reader) -> Iterator[AuditInterval]:
    for place in reader.all(Selection("place", f"{INTERVAL} > 0")):
        yield AuditInterval(int(str(place.values[INTERVAL])), f"location within {quote(place.uid)}")
