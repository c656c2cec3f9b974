"""The distance of times and dates from today, in words."""

from __future__ import annotations

from datetime import date

from cmdb.model.calendar_bounds import days_after
from cmdb.model.clock import today as present_day
from cmdb.model.formats import clock, day, local_time
from cmdb.model.messages import tr, trn


def ago(iso: str, today: date | None = None) -> str:
    """A past time (ISO, UTC), short: "today 09:12", "yesterday 09:12", "19 Nov", "19 Nov 2025".

    Other text is returned unchanged.
    """
    local = local_time(iso)
    if local is None:
        return iso
    now = today or present_day()
    if local.date() == now:
        return tr("today {time}", time=clock(local))
    if local.date() == days_after(now, -1):
        return tr("yesterday {time}", time=clock(local))
    return day(local.date(), year=local.year != now.year)


def until(iso: str, today: date | None = None) -> str:
    """The distance of a date from today: "in 12 days", "today", "12 days ago", "in 7 months". Other text as is."""
    try:
        days = (date.fromisoformat(iso[:10]) - (today or present_day())).days
    except ValueError:
        return iso
    if days == 0:
        return tr("today")
    size = abs(days)
    if size < 60:
        return (
            trn("in {count} day", "in {count} days", size)
            if days > 0
            else trn("{count} day ago", "{count} days ago", size)
        )
    if size < 730:
        months = size // 30
        return (
            trn("in {count} month", "in {count} months", months)
            if days > 0
            else trn("{count} month ago", "{count} months ago", months)
        )
    years = size // 365
    return (
        trn("in {count} year", "in {count} years", years)
        if days > 0
        else trn("{count} year ago", "{count} years ago", years)
    )
