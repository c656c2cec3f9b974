"""The columns of a list as data: the columns of a class, and the columns that a person chose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cmdb.model.messages import tr
from cmdb.model.schema import Attribute, Schema

CLASS = "class"
"""The name of the column with an item's class, which is no attribute."""
ABOUT = "about"
"""The name of the column with the records that a piece of work is about, which is no attribute either."""


def column_names(schema: Schema, cls: str, chosen: Sequence[str] = ()) -> list[str]:
    """The columns of a class: the ``chosen`` ones, or the schema's; an abstract class has a class column.

    Work has a column with what it is about behind its name, and its reminder at the end.
    """
    found = schema.cls(cls)
    names = list(chosen) or [name for name in found.columns if name in schema.shown_attributes(cls)]
    if chosen:
        return names
    if found.abstract and CLASS not in names:
        names.insert(1, CLASS)
    if _is_work(schema, cls):
        names.insert(names.index("name") + 1 if "name" in names else len(names), ABOUT)
        names += [name for name in ("reminder",) if name in schema.all_attributes(cls) and name not in names]
    return names


def class_column() -> Attribute:
    """The column with an item's class."""
    return Attribute(CLASS, tr("Class"))


def about_column() -> Attribute:
    """The column with what a piece of work is about."""
    return Attribute(ABOUT, tr("About"))


def choices(schema: Schema, cls: str) -> list[Attribute]:
    """All columns that a list of a class can have."""
    more = [about_column()] if _is_work(schema, cls) else []
    return [class_column(), *more, *schema.shown_attributes(cls).values()]


@dataclass(frozen=True, slots=True)
class ColumnGroup:
    """Columns that come from one class, under its name; "" for those that are no attributes."""

    title: str
    columns: tuple[Attribute, ...]


def column_groups(schema: Schema, cls: str) -> list[ColumnGroup]:
    """All columns that a list of a class can have, by the class that declares them: those of the class itself, then of
    its ancestors from the nearest on, then of its subclasses.
    """
    ancestors = schema.ancestors(cls)
    family = [one.name for one in schema.tree(cls)]
    found: dict[str, list[Attribute]] = {name: [] for name in [*ancestors, *family]}
    plain = []
    for one in choices(schema, cls):
        if one.name in (CLASS, ABOUT):
            plain.append(one)
            continue
        having = [name for name in ancestors if one.name in schema.cls(name).attributes]
        owner = having[-1] if having else next(c for c in family if one.name in schema.cls(c).attributes)
        found[owner].append(one)
    groups = [ColumnGroup(_titled(schema, name), tuple(its)) for name, its in found.items() if its]
    return [*([ColumnGroup("", tuple(plain))] if plain else []), *groups]


def _titled(schema: Schema, cls: str) -> str:
    return tr("All items") if cls == "ci" else schema.cls(cls).plural


def column_attributes(schema: Schema, cls: str, names: Sequence[str]) -> list[Attribute]:
    """The attributes of columns, by their names. Unknown names are left out."""
    known = {one.name: one for one in choices(schema, cls)}
    return [known[name] for name in names if name in known]


def _is_work(schema: Schema, cls: str) -> bool:
    return schema.root_of(cls) == "work"
