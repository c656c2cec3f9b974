"""Making a task: what is to be done, about which records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.work.about import CONCERNS
from app.work.lists import TASK
from cmdb.model.messages import Message
from cmdb.register import edits

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.model.schema import Attribute, Schema
    from cmdb.model.values import Value
    from cmdb.store.reading.reader import Reader

ASKED = ("name", "what_to_do", "priority", "assignee", "team", "due", "reminder")
"""The attributes that a form for a new task asks for, in order."""


def asked(schema: Schema) -> list[Attribute]:
    """The attributes of a new task that a form asks for: the usual ones, and what the estate requires besides."""
    known = schema.cls(TASK).attributes
    required = (name for name, one in known.items() if one.required and name != "state")
    return [known[name] for name in dict.fromkeys((*ASKED, *required)) if name in known]


def new_task(reader: Reader, values: Mapping[str, Value | None], about: Sequence[str], author: str) -> Revision:
    """A revision that makes a task about records (ids). Its id is the first edit's. Raises NotFound, SchemaError."""
    links = [(CONCERNS, uid) for uid in about]
    reason = Message("Task: {name}", name=values.get("name") or "")
    return edits.create_linked(reader, TASK, values, links, author, reason)
