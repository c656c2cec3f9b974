"""The columns of a list as data: the columns of a class, and the columns that a person chose."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.messages import tr
from cmdb.model.schema import Attribute, Schema

CLASS = "class"
"""The name of the column with an item's class, which is no attribute."""


def column_names(schema: Schema, cls: str, chosen: Sequence[str] = ()) -> list[str]:
    """The columns of a class: the ``chosen`` ones, or the schema's; an abstract class has a class column."""
    found = schema.cls(cls)
    names = list(chosen) or list(found.columns)
    if not chosen and found.abstract and CLASS not in names:
        names.insert(1, CLASS)
    return names


def class_column() -> Attribute:
    """The column with an item's class."""
    return Attribute(CLASS, tr("Class"))


def choices(schema: Schema, cls: str) -> list[Attribute]:
    """All columns that a list of a class can have."""
    return [class_column(), *schema.all_attributes(cls).values()]


def column_attributes(schema: Schema, cls: str, names: Sequence[str]) -> list[Attribute]:
    """The attributes of columns, by their names. Unknown names are left out."""
    known = {one.name: one for one in choices(schema, cls)}
    return [known[name] for name in names if name in known]
