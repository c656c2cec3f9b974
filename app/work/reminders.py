"""Reminders of tasks: which have come since they were last said, and that they are said once a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from app.identity import place_of
from app.work.lists import TaskOwner, open_filter, owner_of, task_class
from cmdb.model import query
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from app.workspace import Workspace
    from cmdb.store.reading.reader import Reader

REMINDER = "reminder"
_SAID = "reminders_said"


@dataclass(frozen=True, slots=True)
class TaskReminder:
    """A task that is not over, whose reminder has come."""

    uid: str
    number: str
    name: str


def came(reader: Reader, person: str, after: str, today: date) -> list[TaskReminder]:
    """The reminders from the day after ``after`` (ISO; "": all) to ``today``, the earliest first.

    Those of a person's tasks, of tasks that nobody has in their teams, and of tasks that neither a person nor a team
    has; of all tasks where nobody is named. Tasks that are over are silent.
    """
    schema = reader.schema
    cls = task_class(schema)
    if REMINDER not in schema.all_attributes(cls):
        return []
    parts = [open_filter(schema), f"{REMINDER} <= {today.isoformat()}"]
    if after:
        parts.append(f"{REMINDER} > {after}")
    owner = owner_of(reader, person)
    if owner is not None:
        parts.append(f"({_of(owner)})")
    found = reader.all(Selection(cls, " and ".join(parts), REMINDER))
    return [TaskReminder(one.uid, one.text("number"), one.name) for one in found]


def last_said(workspace: Workspace) -> str:
    """The ISO day on which the reminders of an estate were last said; "" for never."""
    said: dict[str, Any] = workspace.settings.get(_SAID, {})
    return str(said.get(place_of(workspace.where)) or "")


def keep_said(workspace: Workspace, today: date) -> None:
    """Keeps that today's reminders were said."""
    said: dict[str, Any] = workspace.settings.get(_SAID, {})
    workspace.settings.set(_SAID, {**said, place_of(workspace.where): today.isoformat()})


def _of(owner: TaskOwner) -> str:
    node = query.Or(
        (
            query.Compare(("assignee",), "=", owner.person),
            query.And(
                (
                    query.Empty(("assignee",)),
                    query.Or((query.Empty(("team",)), *(query.Compare(("team",), "=", team) for team in owner.teams))),
                )
            ),
        )
    )
    return query.text(node)
