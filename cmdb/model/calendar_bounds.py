"""Days and times near the calendar's first and last ones: what would lie beyond is the last one that there is.

Dates come from people and files. A date that is counted from the year 9999, or a time that is put into another zone,
must not be a fault.
"""

from __future__ import annotations

from datetime import date, datetime, timezone

_FIRST, _LAST = datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc, microsecond=0)


def days_after(day: date, days: int) -> date:
    """The day so many days later, or earlier where they are negative; the calendar's first or last day beyond it."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def in_utc(moment: datetime) -> datetime:
    """The moment in UTC; one without a zone is in this computer's."""
    try:
        return moment.astimezone(timezone.utc)
    except (OverflowError, ValueError):
        return _FIRST if moment.year < 5_000 else _LAST


def in_local_zone(moment: datetime) -> datetime:
    """The moment in this computer's zone; one without a zone is in it already."""
    try:
        return moment.astimezone()
    except (OverflowError, ValueError):
        return (_FIRST if moment.year < 5_000 else _LAST) if moment.tzinfo is None else moment
