"""The columns of a list as data: which a class has, which a person chose."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.model.schema import Attribute, Schema

CLASS = Attribute("class", "Class")
"""What every item has, whatever its attributes."""


def column_names(schema: Schema, cls: str, chosen: Sequence[str] = ()) -> list[str]:
    """The columns of a class: the ``chosen`` ones, or the schema's; a class with subclasses then says which."""
    found = schema.cls(cls)
    names = list(chosen) or list(found.columns)
    if not chosen and found.abstract and CLASS.name not in names:
        names.insert(1, CLASS.name)
    return names


def choices(schema: Schema, cls: str) -> list[Attribute]:
    """Everything that can be a column of a class."""
    return [CLASS, *schema.all_attributes(cls).values()]


def column_attributes(schema: Schema, cls: str, names: Sequence[str]) -> list[Attribute]:
    """The attributes that columns show. Unknown names are left out."""
    known = {one.name: one for one in choices(schema, cls)}
    return [known[name] for name in names if name in known]
