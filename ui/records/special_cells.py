"""Cells of a table of records that are no plain values: the class, what work is about, how far away its dates are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.assets.columns import ABOUT, CLASS
from app.work.due_dates import due_text, reminder_text
from cmdb.model.characters import marked
from cmdb.model.state_tables import STATE, is_closed

if TYPE_CHECKING:
    from app.assets.rows import ListedItem
    from cmdb.model.records import CI
    from cmdb.model.schema import Attribute, Schema

_DATES = {"due": due_text, "reminder": reminder_text}


def special_text(schema: Schema, row: ListedItem, attribute: Attribute, today: date) -> tuple[str, str] | None:
    """Text and tone of such a cell; None where the cell is a plain value."""
    if attribute.name == CLASS:
        return schema.cls(row.ci.cls).label, ""
    if attribute.name == ABOUT:
        return marked(str(row.about)), ""
    return date_of_work(schema, row.ci, attribute, today)


def date_of_work(schema: Schema, record: CI, attribute: Attribute, today: date) -> tuple[str, str] | None:
    """How far away a due date or a reminder of work that is not over is, with its tone; None for all other values."""
    if attribute.name not in _DATES or schema.root_of(record.cls) != "work":
        return None
    value = record.values.get(attribute.name)
    if not isinstance(value, str) or is_closed(schema, record.cls, record.values.get(STATE)):
        return None
    return _DATES[attribute.name](value, today)
