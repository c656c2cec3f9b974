"""How values of the schema are shown: in tables and in details."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from app.item_search import Names
from cmdb.model import clock
from cmdb.model.characters import marked
from cmdb.model.formats import day, measured, money
from cmdb.model.messages import tr
from cmdb.model.relative_times import ago
from cmdb.model.schema import Attribute
from cmdb.model.values import show
from ui.widgets.pill import tone_of

SOON = timedelta(days=90)


def text_of(attribute: Attribute, value: Any, names: Names, currency: str = "") -> str:
    """A value as a person reads it; "" for none."""
    if value is None:
        return ""
    kind = attribute.type
    if kind == "reference":
        return marked(names.get(value, ("", "…"))[1])
    if kind == "date":
        return day(value)
    if kind == "time":
        return ago(value)
    if kind == "money":
        return money(value, currency)
    if kind in ("integer", "number"):
        return measured(value, attribute.unit)
    if kind == "boolean":
        return tr("Yes") if value else tr("No")
    return marked(show(attribute, value))


def tone_for(attribute: Attribute, value: Any, today: date | None = None) -> str:
    """The tone of a value: a status has one; an end is a warning when it is near and bad when it is past."""
    if value is None:
        return ""
    if attribute.type == "choice":
        return tone_of(attribute, value)
    if attribute.ends and attribute.type == "date":
        left = date.fromisoformat(value) - (today or clock.today())
        return "bad" if left < timedelta() else "warning" if left <= SOON else ""
    return ""
