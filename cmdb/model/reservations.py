"""Reservations: what is kept for somebody, from a time (included) until another one (excluded)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, cast

from cmdb.model import clock
from cmdb.model.calendar_bounds import days_after, in_local_zone, in_utc
from cmdb.model.errors import InvalidValue
from cmdb.model.formats import day, local_time, moment
from cmdb.model.intervals import Interval
from cmdb.model.messages import Message
from cmdb.model.revision import Content

KIND = "reservation"
UNIT = 10_000
"""A quantity is stored in ten-thousandths."""
_DAY = len("2026-01-01")


@dataclass(frozen=True, slots=True)
class Reservation:
    """A record (``subject``: an item, a kit or a model) that is kept for somebody; of a model, so many of its items."""

    uid: str
    subject: str
    during: Interval
    by: str = ""
    """Whom it is for."""
    quantity: int = 1
    note: str = ""

    def fields(self) -> dict[str, Content]:
        """What the register keeps of it."""
        found: dict[str, Content] = {"subject": self.subject, "from": self.during.start}
        if self.during.end:
            found["until"] = self.during.end
        if self.by:
            found["by"] = self.by
        if self.quantity != 1:
            found["quantity"] = self.quantity * UNIT
        if self.note:
            found["extra"] = {"note": self.note}
        return found


def reservation_of(uid: str, said: Mapping[str, Content]) -> Reservation:
    """The reservation that the fields of a record say."""
    fields = cast("Mapping[str, Any]", said)
    extra = fields.get("extra") or {}
    quantity = (fields.get("quantity") or UNIT) // UNIT
    during = Interval(str(fields["from"]), str(fields.get("until") or ""))
    return Reservation(
        uid, str(fields["subject"]), during, str(fields.get("by") or ""), max(1, quantity), str(extra.get("note") or "")
    )


def most_at_once(reservations: Iterable[Reservation], during: Interval) -> int:
    """The largest quantity that is reserved at one moment of an interval."""
    its = [one for one in reservations if one.during.overlaps(during)]
    # What is reserved grows only where one begins: it is enough to look there.
    moments = {during.start, *(one.during.start for one in its if during.has(one.during.start))}
    return max(sum(one.quantity for one in its if one.during.has(at)) for at in moments)


def stated_interval(start: str, end: str) -> Interval:
    """The interval that ISO dates or times mean, in local time. A day that is stated as the end is its last one.

    ``start`` "" is now, ``end`` "" no end. Raises InvalidValue where it ends before it begins.
    """
    found = Interval(_stated(start) if start else _text(clock.moment()), _stated(end, after=True) if end else "")
    if found.end and found.end <= found.start:
        raise InvalidValue(Message("A reservation ends after it begins."))
    return found


def _stated(text: str, *, after: bool = False) -> str:
    try:
        if len(text) == _DAY:
            on = date.fromisoformat(text)
            return _text(in_local_zone(datetime.combine(days_after(on, 1) if after else on, time())))
        return _text(datetime.fromisoformat(text))
    except ValueError:
        raise InvalidValue(
            Message("“{text}” is no date or time such as 2026-03-31 or 2026-03-31T14:05.", text=text)
        ) from None


def _text(found: datetime) -> str:
    return in_utc(found).isoformat(timespec="seconds").replace("+00:00", "Z")


def shown_interval(during: Interval) -> Message:
    """An interval as people read it: by its first and last day where it is of whole days."""
    first, end = local_time(during.start), local_time(during.end) if during.end else None
    if first is None:
        return Message("{text}", text=during.start)
    if first.time() == time() and (end is None or end.time() == time()):
        begins, last = day(first.date()), day(days_after(end.date(), -1)) if end is not None else ""
    else:
        begins, last = moment(first), moment(end) if end is not None else ""
    if not last:
        return Message("from {day}", day=begins)
    return Message("{day}", day=begins) if last == begins else Message("{first} – {last}", first=begins, last=last)


def shown_days(during: Interval) -> tuple[str, str]:
    """The first and the last day (ISO, local time) of an interval; "" where it has no end."""
    first, end = (local_time(text) if text else None for text in during)
    last = None if end is None else days_after(end.date(), -1) if end.time() == time() else end.date()
    return first.date().isoformat() if first else "", last.isoformat() if last else ""


def worded(fields: Mapping[str, Content], names: Mapping[str, tuple[str, str]]) -> Message:
    """A reservation in a history: the time, and whom it is for."""
    one = reservation_of("", fields)
    when = shown_interval(one.during)
    if one.by in names:
        return Message("{time}, for {person}", time=when, person=names[one.by][1])
    return Message("{time}", time=when)
