"""The roots: each is a tree of classes whose records have a table of their own.

A root's name is the name of its root class, and the kind of its records in edits. Inner ids are one space over all
roots: ``number << ROOT_SHIFT | n``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Table

from cmdb.store.rows import tables


@dataclass(frozen=True, eq=False)
class Root:
    """How the records of a root are stored. ``columns``: attributes with a typed column → the column's type.

    ``derived`` are the columns that follow from values; ``letters`` the attributes that are searched by any part;
    ``through`` the references through which a search finds a record, too.
    """

    name: str
    number: int
    table: Table
    past: Table
    columns: Mapping[str, str]
    derived: tuple[str, ...]
    letters: tuple[str, ...]
    through: tuple[str, ...] = ()

    @cached_property
    def plain(self) -> tuple[str, ...]:
        """Attributes whose typed column holds the value."""
        return tuple(name for name, kind in self.columns.items() if kind != "reference")

    @cached_property
    def references(self) -> tuple[str, ...]:
        """Attributes whose typed column holds the inner id of a record."""
        return tuple(name for name, kind in self.columns.items() if kind == "reference")

    @cached_property
    def amounts(self) -> tuple[str, ...]:
        """Attributes whose typed column holds an amount of money."""
        return tuple(name for name, kind in self.columns.items() if kind == "money")

    @cached_property
    def row(self) -> tuple[str, ...]:
        """The columns of a row, in order."""
        return ("id", "uid", "class", *self.derived, *self.plain, *self.references, "extra", "revision")

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Column → its place in a row."""
        return {name: place for place, name in enumerate(self.row)}

    @property
    def first_id(self) -> int:
        """The number that its inner ids begin with."""
        return self.number << tables.ROOT_SHIFT

    @property
    def last_id(self) -> int:
        """The largest inner id that it can have."""
        return ((self.number + 1) << tables.ROOT_SHIFT) - 1


CI = Root(
    "ci", 0, tables.ci, tables.ci_version, tables.COLUMNS, ("name_key",),
    ("name", "asset_tag", "serial_number", "host_name", "email", "user_name"), ("assigned_to", "model", "location"),
)  # fmt: skip
WORK = Root(
    "work", 1, tables.work, tables.work_version, tables.WORK_COLUMNS, ("name_key", "sort_due"), ("number", "name")
)
ROOTS = (CI, WORK)
BY_NAME = {root.name: root for root in ROOTS}
for _root in ROOTS:
    assert tuple(_root.table.columns.keys()) == _root.row, _root.name


def root_of(inner: int) -> Root:
    """The root of the record with an inner id."""
    return ROOTS[inner >> tables.ROOT_SHIFT]
