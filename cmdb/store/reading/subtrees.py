"""Records with all that is below them in hierarchies: what a filter means with "within"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, or_, select

from cmdb.model.characters import storable
from cmdb.model.errors import QueryError
from cmdb.model.hierarchies import steps_of
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from cmdb.model.schema import Attribute
from cmdb.store.reading.attribute_columns import Ask, AttributeColumns, root_of_table
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values

Steps = Sequence[tuple[Attribute, Sequence[str]]]
"""Attributes by which records are below others, with the classes that have them."""


class Subtrees:
    """Finds the records below others. ``ask`` runs a statement of one column."""

    def __init__(self, columns: AttributeColumns, ask: Ask) -> None:
        self._columns, self._schema, self._ask = columns, columns.schema, ask
        self._below: dict[tuple[str, str, tuple[str, ...]], frozenset[int]] = {}
        """Class, name and steps of what filters ask for → the records that are meant."""

    def within(self, attribute: Attribute, value: str, source: FromClause, cls: str) -> ColumnElement[bool]:
        """That a reference is to a record of this name, or to one below it in a hierarchy."""
        if attribute.type != "reference":
            raise QueryError(
                Message("{attribute} does not refer to another record, so nothing is within it.",
                        attribute=attribute.label)
            )  # fmt: skip
        steps = tuple(self._steps(attribute, cls))
        key = (attribute.target, value, tuple(step.name for step, _ in steps))
        if key not in self._below:
            self._below[key] = self._with_below(attribute.target, value, steps)
        found = self._below[key]
        if attribute.name in root_of_table(source).columns:
            return in_values(self._columns.value(attribute, source), found)
        other = self._columns.alias(attribute.target)
        return self._columns.refers(attribute, source, other, in_values(other.c.id, found))

    def _steps(self, attribute: Attribute, cls: str) -> Iterator[tuple[Attribute, tuple[str, ...]]]:
        """The attributes by which the targets of a reference are below each other, with the classes that have them:
        those of its own hierarchy, of a reference that is in none those of any.
        """
        schema, target = self._schema, attribute.target
        steps = [pair for one in schema.family(cls) for pair in steps_of(schema.hierarchies, one)]
        own = {hierarchy for name, hierarchy in steps if name == attribute.name}
        found: dict[str, list[str]] = {}
        for one in schema.family(target):
            for name, hierarchy in steps_of(schema.hierarchies, one):
                above = schema.attribute(one, name).target
                fits = not own or hierarchy in own or not schema.is_a(cls, target)
                if fits and (schema.is_a(above, target) or schema.is_a(target, above)):
                    found.setdefault(name, []).append(one)
        for name, classes in found.items():
            yield schema.attribute(classes[0], name), tuple(classes)

    def _with_below(self, target: str, value: str, steps: Steps) -> frozenset[int]:
        """The inner ids of the records of a class that are called so, and of all below them. It ends in a circle."""
        top, value = self._columns.alias(target), storable(value)
        named = or_(top.c.name_key == name_key(value), top.c.uid == value.lower())
        fits = top.c["class"].in_(self._schema.family(target))
        found = frontier = frozenset(map(int, self._ask(select(top.c.id).where(named, fits))))
        while frontier:
            more: set[int] = set()
            for step, classes in steps:
                for batch in chunks(frontier, IN_CHUNK):
                    more.update(self._ask(self._directly_below(target, step, classes, batch)))
            frontier = frozenset(more - found)
            found |= frontier
        return found

    def _directly_below(self, target: str, step: Attribute, classes: Sequence[str], batch: list[int]) -> Select[Any]:
        below = self._columns.alias(target)
        statement = select(below.c.id).where(below.c["class"].in_(classes))
        if step.name in root_of_table(below).columns:
            return statement.where(in_values(below.c[step.name], batch))
        if not self._columns.past:
            x = tables.extra_reference.c
            joined = statement.join(tables.extra_reference, x.ci == below.c.id)
            return joined.where(x.attribute == step.name, in_values(x.target, batch))
        above = self._columns.alias(target)
        return statement.where(
            self._columns.value(step, below).in_(select(above.c.uid).where(in_values(above.c.id, batch)))
        )
