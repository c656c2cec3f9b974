"""Guards: what a revision was decided on, checked again under the write lock, before anything is written.

An edit's *before* guards the field that it changes. A guard is for what the decision rests on besides. If nothing was
written since the revision was decided, all guards hold, and nothing is looked up.
"""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.intervals import Interval
from cmdb.model.values import Value


@dataclass(frozen=True, slots=True)
class FieldGuard:
    """An attribute of a CI still has this value (None: it is blank). The field "class" is the CI's class."""

    uid: str
    field: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class CreationGuard:
    """What the revision creates is still not there.

    No record that came or was changed since has an identifying value or the name of a record that the revision creates,
    of a row that it asks a person about, or an identifying value that it states of another record. No group that came
    since has the label of one that it creates for the same owner.
    """


@dataclass(frozen=True, slots=True)
class HistoryGuard:
    """Nothing was written of a record, and no event of it, since the revision was decided: what happened to it before
    or after an event is as it was.
    """

    uid: str


@dataclass(frozen=True, slots=True)
class UntouchedGuard:
    """Nothing about a record has changed: what is said of it, what belongs to it, and what names it."""

    uid: str


@dataclass(frozen=True, slots=True)
class KindGuard:
    """No record of a kind of documents was written since: what is written was decided on all of them, not on its own.

    A change of the schema is decided on all its entries, a new view on the names that views have.
    """

    kind: str


@dataclass(frozen=True, slots=True)
class FreeGuard:
    """A record is free during a time: no other reservation of it, or of what goes with it, overlaps that time; of a
    model, so many of its items are free.
    """

    subject: str
    during: Interval
    quantity: int = 1
    without: frozenset[str] = frozenset()
    """The reservations (ids) that do not count: those that the revision ends or changes itself."""


Guard = FieldGuard | CreationGuard | HistoryGuard | UntouchedGuard | KindGuard | FreeGuard
