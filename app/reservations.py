"""Reservations as lists, and their end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model import clock
from cmdb.model.errors import NotFound
from cmdb.model.formats import day
from cmdb.model.messages import Message, counted
from cmdb.model.reservations import KIND, shown_days, shown_interval
from cmdb.model.revision import Edit, Record, Revision

if TYPE_CHECKING:
    from datetime import date

    from cmdb.model.reservations import Reservation
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class ListedReservation:
    """A reservation with the names of what is reserved and whom it is for; ``over``: its time is over."""

    reservation: Reservation
    subject: str
    cls: str
    by: str
    over: bool

    @property
    def when(self) -> Message:
        """Its time, as people read it."""
        return shown_interval(self.reservation.during)


def listed(reader: Reader, uids: Sequence[str] | None = None) -> list[ListedReservation]:
    """All reservations, or those of some records and for them; the earliest first."""
    from cmdb.store.reading.reservations import every_reservation, reservations_naming

    found = every_reservation(reader) if uids is None else reservations_naming(reader, uids)
    names = reader.names({uid for one in found for uid in (one.subject, one.by)} - {""})
    now, unknown = clock.now(), ("", "")
    return [
        ListedReservation(
            one,
            names.get(one.subject, unknown)[1],
            names.get(one.subject, unknown)[0],
            names.get(one.by, unknown)[1],
            bool(one.during.end) and one.during.end <= now,
        )
        for one in found
    ]


def cancelling(reader: Reader, uids: Iterable[str], author: str, note: str = "") -> Revision:
    """The revision that ends reservations (their ids). Raises NotFound where one is gone, or there is none."""
    found = reader.records_of(KIND, [Record(KIND, (uid,)) for uid in uids])
    wanted = list(uids)
    if len(found) < len(wanted) or not wanted:
        raise NotFound(Message("There is no such reservation (any more)."))
    edits = [Edit(Record(KIND, key), "", fields, None) for key, fields in found.items()]
    names = reader.names({str(fields["subject"]) for fields in found.values()})
    reason = counted(
        "Reservation of {name} ended",
        "{count} reservations ended, of {name} and others",
        len(found),
        name=next(iter(names.values()))[1],
    )
    text = Message("{reason}: {note}", reason=reason, note=note) if note else reason
    return Revision(edits, author, reason=text, decided_at=reader.number)


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day of a calendar, and how many things are reserved on it."""

    on: date
    number: int


def days_marked(found: Iterable[ListedReservation], first: date, number: int) -> list[DayMark]:
    """The days from one on, with how many of the reservations each is in."""
    from cmdb.model.calendar_bounds import days_after

    spans = [shown_days(one.reservation.during) for one in found]
    marks = []
    for step in range(number):
        on = days_after(first, step)
        text = on.isoformat()
        marks.append(DayMark(on, sum(start <= text and (not end or text <= end) for start, end in spans)))
    return marks


def day_label(mark: DayMark) -> str:
    """A day of the calendar in words, for tips and screen readers."""
    text = counted("{day}: reserved", "{day}: {count} reservations", mark.number, day=day(mark.on))
    return str(text) if mark.number else str(Message("{day}: free", day=day(mark.on)))
