"""When something happened: what a person states as the time of an event, and how it is shown."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from cmdb.model import clock
from cmdb.model.calendar_bounds import in_local_zone, in_utc
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import day
from cmdb.model.formats import moment as shown_moment
from cmdb.model.messages import Message

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FIRST, _LAST = (
    (one - _START) // _MILLISECOND for one in (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
)


def milliseconds(moment: datetime | str) -> int:
    """A moment (ISO times without a zone are local) as milliseconds since 1970 UTC."""
    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return (in_utc(found) - _START) // _MILLISECOND


def moment_of(at: int) -> datetime:
    """The moment that such a number means, in local time; the calendar's first or last one beyond it."""
    return in_local_zone(_START + min(max(at, _FIRST), _LAST) * _MILLISECOND)


def stated_moment(text: str) -> datetime | None:
    """The moment that an ISO date (its end, local time) or time means; None for today and "". Raises InvalidValue."""
    if not text:
        return None
    try:
        if len(text) == len("2026-01-01"):
            on = date.fromisoformat(text)
            return None if on == clock.today() else in_local_zone(datetime.combine(on, time.max))
        return in_local_zone(datetime.fromisoformat(text))
    except ValueError:
        raise InvalidValue(
            Message("“{text}” is no date or time such as 2026-03-31 or 2026-03-31T14:05.", text=text)
        ) from None


def iso_time(at: int) -> str:
    """An event's time for programs: the date where it is a day's end, as only the day was stated; else ISO UTC."""
    local = moment_of(at)
    if (local.hour, local.minute, local.second, local.microsecond) == (23, 59, 59, 999_000):
        return local.date().isoformat()
    return local.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown_time(at: int) -> str:
    """An event's time as people read it: the day alone where only that was stated."""
    stated = iso_time(at)
    return day(stated) if len(stated) == len("2026-01-01") else shown_moment(moment_of(at))
