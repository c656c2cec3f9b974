"""The lists of tasks: mine, my team's, due, overdue, open, closed, all; each is a filter in the query language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.dependence import Dependence
from app.navigation_counts import PageCount
from app.receipts.unsigned import RECEIPT, unsigned_filter
from cmdb.model.query import quote
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.model.state_tables import STATE, closed_states

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

WORK, TASK = "work", "task"
"""The root of work, and its class of plain tasks."""
BELONGS_TO = "belongs_to"
"""The relationship type from a person to a team."""
_DUE, _REMINDER, _TODAY = "due", "reminder", "today"
DUE_DAYS = 7
"""What ends within this number of days is due."""


class TaskList(StrEnum):
    """A list of tasks."""

    MINE = "mine"
    TEAM = "team"
    DUE = "due"
    OVERDUE = "overdue"
    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"
    UNSIGNED = "unsigned"
    """The receipts to be signed."""


@dataclass(frozen=True, slots=True)
class TaskOwner:
    """Whose tasks are "mine": a person, with the teams that they belong to or lead."""

    person: str
    name: str
    teams: tuple[str, ...] = ()


LIST_DEPENDENCE = Dependence(
    fields=frozenset({STATE, "due", "assignee", "team", "reminder", "name", "manager"}),
    kinds=frozenset({"relationship"}),
    classes=None,
)
"""The dependence of the lists' numbers."""


def task_class(schema: Schema) -> str:
    """The class that the lists are of: plain tasks, or all work where the estate has further classes of it."""
    concrete = [one for one in schema.family(WORK) if not schema.cls(one).abstract]
    return TASK if concrete == [TASK] else WORK


def class_of(schema: Schema, wanted: TaskList) -> str:
    """The class that a list is of."""
    return RECEIPT if wanted is TaskList.UNSIGNED and RECEIPT in schema.classes else task_class(schema)


def owner_of(reader: Reader, person: str) -> TaskOwner | None:
    """Whose tasks are "mine"; None where no person is named, or the person is no longer there."""
    found = reader.by_uid([person]).get(person) if person else None
    if found is None or not reader.schema.is_a(found.cls, "person"):
        return None
    ends = reader.outer(reader.linked(BELONGS_TO, [found.id]).get(found.id, ()))
    teams = [uid for uid, cls, _ in ends.values() if reader.schema.is_a(cls, "team")]
    led = reader.all(Selection("team", f"manager = {quote(person)}"))
    return TaskOwner(person, found.name, tuple(dict.fromkeys([*teams, *(one.uid for one in led)])))


def open_filter(schema: Schema, cls: str = WORK) -> str:
    """The filter of the work of a class and its subclasses that is not over."""
    return " and ".join(f"{STATE} != {quote(state)}" for state in _closed(schema, cls))


def filter_of(schema: Schema, wanted: TaskList, owner: TaskOwner | None, cls: str = WORK) -> str | None:
    """The filter of a list of a class of work; "" for all. None where it can't be said: nobody is "me", or I am in no
    team.
    """
    running = open_filter(schema, cls)
    match wanted:
        case TaskList.MINE:
            return f"{running} and assignee = {quote(owner.person)}" if owner is not None else None
        case TaskList.TEAM:
            teams = " or ".join(f"team = {quote(team)}" for team in owner.teams) if owner is not None else ""
            return f"{running} and ({teams})" if teams else None
        case TaskList.DUE:
            return f"{running} and {_DUE} >= {_TODAY} and {_DUE} <= {_TODAY}+{DUE_DAYS}d"
        case TaskList.OVERDUE:
            return f"{running} and {_DUE} < {_TODAY}"
        case TaskList.OPEN:
            return running
        case TaskList.UNSIGNED:
            return unsigned_filter(schema) or None
        case TaskList.CLOSED:
            return " or ".join(f"{STATE} = {quote(state)}" for state in _closed(schema, cls))
    return ""


def numbers(reader: Reader, owner: TaskOwner | None) -> dict[TaskList, int]:
    """How many tasks each list has; lists that can't be said have none."""
    schema = reader.schema
    wanted = {one: filter_of(schema, one, owner) for one in TaskList}
    return {
        one: reader.count(Selection(class_of(schema, one), where)) if where is not None else 0
        for one, where in wanted.items()
    }


def tasks_waiting(reader: Reader, person: str) -> PageCount:
    """The open tasks of a person, or of everybody where nobody is named; due where one ends today or has ended.

    A reminder whose day has come makes them due, too.
    """
    schema = reader.schema
    owner = owner_of(reader, person)
    where = filter_of(schema, TaskList.MINE if owner is not None else TaskList.OPEN, owner) or ""
    cls = task_class(schema)
    number = reader.count(Selection(cls, where))
    dates = [name for name in (_DUE, _REMINDER) if name in schema.all_attributes(cls)]
    pressing = " or ".join(f"{name} <= {_TODAY}" for name in dates)
    due = reader.count(Selection(cls, f"{where} and ({pressing})")) if number else 0
    return PageCount(number, due > 0)


def _closed(schema: Schema, cls: str = WORK) -> Iterable[str]:
    """The states in which work of a class and its subclasses is over, in order."""
    found: dict[str, None] = {}
    for one in schema.family(cls):
        if not schema.cls(one).abstract:
            found.update(dict.fromkeys(sorted(closed_states(schema, one))))
    return found
