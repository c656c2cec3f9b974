"""A new attribute of this estate, for a column that fits none."""

from __future__ import annotations

from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Schema, fold


def attribute_name(schema: Schema, cls: str, label: str) -> str:
    """A name for an attribute with this label that the class and its subclasses don't use yet."""
    name = "_".join(word for word in fold(label).split() if word.isascii()) or "field"
    if name[0].isdigit():
        name = f"x_{name}"
    taken = {a for c in schema.family(cls) for a in schema.classes[c].attributes}
    taken |= schema.every_attribute.keys()
    number, wanted = 2, name
    while wanted in taken:
        wanted, number = f"{name}_{number}", number + 1
    return wanted


def new_attribute(schema: Schema, cls: str, label: str, kind: str, author: str) -> tuple[Revision, str]:
    """The revision that adds an attribute to a class of this estate, and the attribute's name."""
    name = attribute_name(schema, cls, label)
    entry = {"class": {cls: {"attributes": {name: {"label": label, "type": kind}}}}}
    record = Record("schema_entry", (new_id(),))
    edit = Edit(record, "", None, {"document": entry})
    return Revision([edit], author, reason=Message("New attribute “{label}”", label=label)), name
