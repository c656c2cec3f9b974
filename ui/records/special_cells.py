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
    from cmdb.model.schema import Attribute, Schema

_DATES = {"due": due_text, "reminder": reminder_text}


def special_text(schema: Schema, row: ListedItem, attribute: Attribute, today: date) -> tuple[str, str] | None:
    """Text and tone of such a cell; None where the cell is a plain value."""
    if attribute.name == CLASS:
        return schema.cls(row.ci.cls).label, ""
    if attribute.name == ABOUT:
        return marked(str(row.about)), ""
    if attribute.name in _DATES and schema.root_of(row.ci.cls) == "work":
        value, values = row.ci.values.get(attribute.name), row.ci.values
        if isinstance(value, str) and not is_closed(schema, row.ci.cls, values.get(STATE)):
            return _DATES[attribute.name](value, today)
    return None
