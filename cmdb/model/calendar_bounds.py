"""Days and times near the calendar's first and last ones: what would lie beyond is the last one that there is.

Dates come from people and files. A date that is counted from the year 9999, or a time that is put into another zone,
must not be a fault.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timezone

_FIRST, _LAST = datetime.min.replace(tzinfo=timezone.utc), datetime.max.replace(tzinfo=timezone.utc, microsecond=0)


def days_after(day: date, days: int) -> date:
    """The day so many days later, or earlier where they are negative; the calendar's first or last day beyond it."""
    return date.fromordinal(min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal()))


def months_after(day: date, months: int) -> date:
    """The day so many months later, or earlier where they are negative: the last of a month that has no such day.

    The calendar's first or last day beyond it.
    """
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return date.min if months < 0 else date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


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
