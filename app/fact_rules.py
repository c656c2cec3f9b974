"""The rules of facts that several places state: the overview's numbers, the reports, and the lists they open.

A rule is a class and a filter in the query language, so that a number is the count of the list that it opens.
"""

from __future__ import annotations

from datetime import date

from cmdb.model import clock, life_cycle
from cmdb.model.calendar_bounds import days_after
from cmdb.model.schema import Schema

#: The number of days without a scan after which a computer is stale, where an estate has set no other.
STALE_DAYS = 30
#: The number of days ahead within which an end of life is told.
LIFE_DAYS = 365
#: Class → attributes that its records should have.
WANTED = {
    "hardware": ("serial_number", "asset_tag", "location", "model", "manufacturer"),
    "computer": ("operating_system",),
    "server": ("processor_sockets", "cores_per_processor", "processor_model"),
    "virtual_machine": ("virtual_cores",),
    "entitlement": ("publisher", "start", "purchase_order"),
    "person": ("email",),
}
_HANDED_OUT = "assigned_to is not empty"
_NOT_OF = {"virtual_machine": frozenset({"serial_number", "asset_tag", "location", "model", "manufacturer"})}


def wanted(schema: Schema, cls: str) -> list[str]:
    """The attributes that records of a class should have, those of general classes first."""
    known, unfit = schema.cls(cls).attributes, _NOT_OF.get(cls, frozenset())
    every = [name for one in reversed(schema.ancestors(cls)) for name in WANTED.get(one, ())]
    return [name for name in every if name in known and name not in unfit]


def day(today: date, days: int = 0) -> str:
    """A day in the query language: relative to now, so that lists stay true; a plain date where the past is shown."""
    if today != clock.today():
        return days_after(today, days).isoformat()
    return f"today{days:+d}d" if days else "today"


def staying(schema: Schema, root: str) -> str:
    """Records that have not left by their status: none is leaving, gone, or lost."""
    lost = life_cycle.filter_set_by(schema, root, life_cycle.LOST)
    return "not (phase = leaving or phase = gone" + (f" or {lost})" if lost else ")")


def expected_in_scans(schema: Schema) -> str:
    """Computers that a scan should see: they have not left, and are neither planned nor in stock."""
    return f"{staying(schema, 'computer')} and not (phase = planned or phase = stock)"


def stale(schema: Schema, today: date, days: int = STALE_DAYS) -> str:
    """Computers that a scan should see, and that none has seen for so many days; see ``estate_settings.stale_days``."""
    return f"(last_seen < {day(today, -days)} or last_seen is empty) and {expected_in_scans(schema)}"


def ends_life(end: str, today: date, *, over: bool = False) -> bool:
    """Whether the life of a release ends within a year (a day, "": not known), or has ended (``over``)."""
    return over or (bool(end) and end[:10] <= days_after(today, LIFE_DAYS).isoformat())


def without(schema: Schema, root: str, attribute: str) -> str:
    """Records of a class and its subclasses that lack what they should have."""
    exempt = [cls for cls in schema.family(root) if attribute not in wanted(schema, cls)]
    exempt = [cls for cls in exempt if not schema.classes[cls].abstract]
    other = " and ".join(f"class != {cls}" for cls in exempt)
    return " and ".join(filter(None, (f"{attribute} is empty", other, staying(schema, root))))


def with_leavers(schema: Schema, today: date) -> str:
    """Hardware that has not left, of people who have, or whose last day is over."""
    left = f"assigned_to.phase = gone or assigned_to.phase = leaving or assigned_to.end < {day(today)}"
    return f"({left}) and {staying(schema, 'hardware')}"


def handed_out(schema: Schema) -> str:
    """Hardware that has not left and that somebody has."""
    return " and ".join((_HANDED_OUT, staying(schema, "hardware")))


def overdue_returns(schema: Schema, now: str) -> str:
    """Hardware that should have come back before a day; "" where the estate has no such day."""
    if "expected_return" not in schema.all_attributes("hardware"):
        return ""
    return f"expected_return < {now} and {handed_out(schema)}"


def ending(schema: Schema, cls: str, attribute: str, first: date, after: date) -> str:
    """Records that have not left, of which a date lies in a span of days; ``after`` is the day after it."""
    span = f"{attribute} >= {first.isoformat()} and {attribute} < {after.isoformat()}"
    return f"{span} and {staying(schema, cls)}"
