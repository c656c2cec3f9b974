"""Moments of the estate that can be shown or compared: a day, a revision, before a revision, a baseline, now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from cmdb.model import clock
from cmdb.model.calendar_bounds import in_local_zone
from cmdb.model.claims import source_text
from cmdb.model.messages import tr

if TYPE_CHECKING:
    from cmdb.model.journal import Baseline, RevisionHeader
    from cmdb.store.reading.reader import Reader

CHANGES = 6
"""The number of changes that are offered for showing the estate before them."""


@dataclass(frozen=True, slots=True)
class PointInTime:
    """A moment: its revision (None: the present, which moves on), a note about it, its time (ISO UTC), and its day.

    A moment before the first revision has revision 0 and no time.
    """

    number: int | None = None
    note: str = ""
    recorded: str = ""
    day: date | None = None


NOW = PointInTime()

Resolve = Callable[["Reader"], PointInTime]
"""Finds a moment. Called in a worker with a view of the present; raises UserError if it is no longer kept."""


@dataclass(frozen=True, slots=True)
class MomentChoices:
    """The choices besides a day: changes before which the estate is shown, and baselines."""

    changes: list[RevisionHeader]
    baselines: list[Baseline]


def offers(reader: Reader) -> MomentChoices:
    """The moments that can be chosen. Called in a worker."""
    from cmdb.register.baselines import baselines
    from cmdb.register.revision_titles import titled

    return MomentChoices(titled(reader, reader.notable(CHANGES)), baselines(reader))


def who(header: RevisionHeader) -> str:
    """Who wrote a revision: the name, and the login where that is another."""
    login = header.actor.login if header.actor is not None else ""
    if login in ("", header.author):
        return header.author
    return tr("{name} ({login})", name=header.author, login=login)


def what(header: RevisionHeader) -> str:
    """The title of a revision: its reason, or its changes."""
    return str(header.title or header.reason) or str(source_text(header.source))


def on_day(iso: str) -> Resolve:
    """The end of an ISO date; today and later is now."""
    if iso >= clock.today().isoformat():
        return lambda _: NOW
    return lambda reader: _kept(reader, PointInTime(reader.revision_at(iso), day=date.fromisoformat(iso)))


def after(number: int) -> Resolve:
    """The moment after a revision."""

    def find(reader: Reader) -> PointInTime:
        return _recorded(reader, number, tr("revision {number}", number=str(number)))

    return find


def before(number: int) -> Resolve:
    """The moment before a revision."""

    def find(reader: Reader) -> PointInTime:
        from cmdb.register.revision_titles import titled_revision

        header = titled_revision(reader, number)
        note = tr("before “{change}”", change=what(header))
        return _kept(reader, PointInTime(number - 1, note, header.recorded, _local(header.recorded)))

    return find


def baseline(one: Baseline) -> Resolve:
    """The moment of a baseline."""

    def find(reader: Reader) -> PointInTime:
        note = tr("baseline “{name}”", name=one.name)
        if not one.number:
            return PointInTime(0, note)
        return _recorded(reader, one.number, note)

    return find


def word(text: str) -> Resolve:
    """The moment that a person typed: a revision, a date, a time, or a baseline's name."""

    def find(reader: Reader) -> PointInTime:
        from app.history.baselines import named
        from cmdb.register.baselines import baselines

        number = reader.revision_at(text)
        if text.strip() == str(number) and number:
            return after(number)(reader)
        if (one := named(baselines(reader), text)) is not None:
            return baseline(one)(reader)
        if not number:
            return _kept(reader, PointInTime(0))
        return _recorded(reader, number, tr("revision {number}", number=str(number)))

    return find


def fixed(resolve: Resolve) -> Resolve:
    """A moment that stays what it is: now is the latest revision."""

    def find(reader: Reader) -> PointInTime:
        found = resolve(reader)
        return found if found.number is not None else replace(found, number=reader.number)

    return find


def _recorded(reader: Reader, number: int, note: str) -> PointInTime:
    """The moment after a revision. Raises NotFound, and UserError if it is no longer kept."""
    recorded = reader.recorded(number)
    return _kept(reader, PointInTime(number, note, recorded, _local(recorded)))


def _kept(reader: Reader, then: PointInTime) -> PointInTime:
    if then.number is not None:
        reader.as_of(then.number)
    return then


def _local(iso: str) -> date:
    found = datetime.fromisoformat(iso)
    return in_local_zone(found if found.tzinfo else found.replace(tzinfo=UTC)).date()
