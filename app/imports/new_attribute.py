"""A new attribute of this estate, for a column that fits none."""

from __future__ import annotations

from app.schema.names import attribute_name
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Schema


def new_attribute(schema: Schema, cls: str, label: str, kind: str, author: str) -> tuple[Revision, str]:
    """The revision that adds an attribute to a class of this estate, and the attribute's name."""
    name = attribute_name(schema, cls, label)
    entry = {"class": {cls: {"attributes": {name: {"label": label, "type": kind}}}}}
    record = Record("schema_entry", (new_id(),))
    edit = Edit(record, "", None, {"document": entry})
    return Revision([edit], author, reason=Message("New attribute “{label}”", label=label)), name
