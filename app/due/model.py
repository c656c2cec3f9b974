"""The types of what is due: a row, a source of rows, and the question that both answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.fact_rules import staying
from app.inherited import each_with_inherited
from cmdb.model import clock
from cmdb.model.calendar_bounds import days_after
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

DAYS = 30
"""How many days ahead are told where nobody says another number."""
BACK = 30
"""What ended is told for so many days; what is to be done, until it is done."""


@dataclass(frozen=True, slots=True)
class DueRow:
    """One thing that is due. ``uid`` is "" where it is about no record.

    ``remedy`` is the name of the verb that settles it, or "" where the record is to be looked at. ``key`` tells it
    from all others, today and tomorrow: a calendar knows by it what it has already.
    """

    day: date
    kind: str
    what: Message
    uid: str = ""
    cls: str = ""
    name: str = ""
    who: str = ""
    """The id of who has it or does it."""
    remedy: str = ""
    key: str = ""
    revision: int = 0
    """The revision that changed the record last: a calendar takes the event with the higher number."""


@dataclass(slots=True)
class DueQuestion:
    """What is asked: a consistent view, its day, and the last day of what is told."""

    reader: Reader
    until: date
    today: date = field(default_factory=clock.today)
    control: Control = field(default_factory=Control)

    @property
    def schema(self) -> Schema:
        """The estate's classes."""
        return self.reader.schema

    def all(self, cls: str, where: str) -> Iterator[CI]:
        """Records of a class and its subclasses; none where the estate has no such class."""
        if cls not in self.schema.classes:
            return
        for one in each_with_inherited(self.reader, self.reader.all(Selection(cls, where))):
            self.control.check()
            yield one


def asked(reader: Reader, days: int, today: date | None = None, control: Control | None = None) -> DueQuestion:
    """The question of what is due within a number of days."""
    today = today or clock.today()
    return DueQuestion(reader, days_after(today, days), today, control or Control())


@dataclass(frozen=True, slots=True)
class DueSource:
    """A kind of what is due. ``title`` names the kind in lists: "Return", "Task"."""

    name: str
    title: Message
    rows: Callable[[DueQuestion], Iterable[DueRow]]


@dataclass(frozen=True, slots=True)
class DueDates:
    """The dates of an attribute, as rows: of which records (a filter), what they mean, and what settles them."""

    kind: str
    cls: str
    attribute: str
    what: Message
    where: Callable[[Schema], str]
    who: str = ""
    remedy: str = ""
    back: int | None = None
    """For how many days it is told after its date; None: until it is settled."""

    def filter(self, schema: Schema, until: date, today: date) -> str:
        """The filter of the records that are due."""
        parts = [f"{self.attribute} <= {until.isoformat()}", self.where(schema)]
        if self.back is not None:
            parts.append(f"{self.attribute} >= {days_after(today, -self.back).isoformat()}")
        return " and ".join(f"({part})" for part in parts if part)

    def rows(self, question: DueQuestion) -> Iterator[DueRow]:
        """A row for each date."""
        schema = question.schema
        if self.cls not in schema.classes or self.attribute not in schema.all_attributes(self.cls):
            return
        for one in question.all(self.cls, self.filter(schema, question.until, question.today)):
            yield DueRow(
                date.fromisoformat(one.text(self.attribute)[:10]), self.kind, self.what, one.uid, one.cls, one.name,
                one.text(self.who) if self.who else "", self.remedy, f"{one.uid}.{self.attribute}", one.revision,
            )  # fmt: skip


def of_dates(name: str, title: Message, *dates: DueDates) -> DueSource:
    """A source of the dates of some attributes."""
    return DueSource(name, title, lambda question: (row for one in dates for row in one.rows(question)))


def staying_of(cls: str) -> Callable[[Schema], str]:
    """The filter of what has not left by its status."""
    return lambda schema: staying(schema, cls)
