"""The columns in which attributes stand, the present ones or those of a past moment, and the names of attributes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, func, literal_column, or_, select

from cmdb.model.errors import QueryError
from cmdb.model.messages import Message
from cmdb.model.schema import Attribute, Schema, fold
from cmdb.store.reading.later_days import later_day
from cmdb.store.rows.indexes import extra_value, past_value
from cmdb.store.rows.roots import BY_NAME, CI, Root

OPERATORS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
"""How a column is compared with a value."""


Ask = Callable[[Select[Any]], Sequence[Any]]
"""Runs a statement of one column."""


@dataclass
class AttributeColumns:
    """Where the attributes of a root's records stand.

    ``sources`` holds the targets of references: by root, the current records, or those of a past moment.
    """

    schema: Schema
    dialect: str
    root: Root
    sources: Mapping[str, FromClause]
    past: bool = False
    _aliases: int = field(default=0, init=False)

    @property
    def source(self) -> FromClause:
        """The records of the root that is selected from."""
        return self.sources[self.root.name]

    def value(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """An attribute's value in SQL. For a reference it is the inner id, or in the JSON column the external id.

        A date that is not the record's own may be inherited.
        """
        own = self._own(attribute, source)
        return func.coalesce(own, self._inherited(attribute, source)) if attribute.inherited else own

    def _inherited(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """The day that a record has by the one that it refers to; see ``cmdb.model.inherited_dates``."""
        every = self.schema.every_attribute
        start, reference, months = (every[name] for name in attribute.inherited)
        other = self.alias(reference.target)
        key = other.c.id if reference.name in root_of_table(source).columns else other.c.uid
        day = later_day(self.dialect, self._own(start, source), self._own(months, other))
        found = select(day).where(key == self._own(reference, source))
        return found.correlate(source).scalar_subquery()

    def said_months(self, attribute: Attribute) -> Select[Any]:
        """The statement of one row where any record says by how many months others have an inherited date."""
        _, reference, months = (self.schema.every_attribute[name] for name in attribute.inherited)
        other = self.alias(reference.target)
        family = self.schema.family(reference.target)
        return select(self._own(months, other)).where(
            other.c["class"].in_(family), self._own(months, other).is_not(None)
        ).limit(1)  # fmt: skip

    def _own(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """The value that the record itself has."""
        if attribute.name in root_of_table(source).columns:
            return source.c[attribute.name]
        alias = getattr(source, "name", "ci")
        if self.past and self.dialect == "postgresql":  # it may have been of another type then
            return literal_column(past_value(alias, attribute))
        return literal_column(extra_value(self.dialect, alias, attribute))

    def sorting(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """The expression by which values are sorted. SQLite's columns ignore case themselves where case is not
        significant.
        """
        column = self.value(attribute, source)
        folds = self.dialect == "postgresql" and root_of_table(source).columns.get(attribute.name) == "nocase"
        return func.lower(column) if folds else column

    def currency(self, attribute: Attribute, source: FromClause) -> ColumnElement[Any]:
        """The currency of an attribute's amounts."""
        name = attribute.currency
        return self.value(Attribute(name, name), source)

    def refers(
        self, attribute: Attribute, source: FromClause, other: FromClause, inner: ColumnElement[bool]
    ) -> ColumnElement[bool]:
        """The condition that a reference is to one of the records that meet another condition."""
        column = self.value(attribute, source)
        key = other.c.id if attribute.name in root_of_table(source).columns else other.c.uid
        return column.in_(select(key).where(inner))

    def attribute(self, word: str, cls: str) -> Attribute:
        """The attribute with that name in a class or one of its subclasses. Raises QueryError."""
        found = self.named(word, cls)
        if found is None:
            raise QueryError(
                Message("{classes} have no attribute “{word}”.", classes=self.schema.cls(cls).plural, word=word)
            )
        return found

    def named(self, word: str, cls: str) -> Attribute | None:
        """The attribute with that name in a class or one of its subclasses; or None."""
        candidates = self.schema.all_attributes(cls)
        found = self.schema.find_attribute(cls, word) or candidates.get(word)
        if found is None:
            key = fold(word)
            for one in candidates.values():
                if key in (fold(one.name), fold(one.label)) or key in map(fold, one.synonyms):
                    found = one
                    break
        return candidates[found.name] if found is not None and found.choices else found

    def alias(self, target: str) -> FromClause:
        """The records among which a reference to a class has its targets."""
        self._aliases += 1
        root = self.schema.root_of(target)
        return self.sources[root].alias(f"{root}_r{self._aliases}")


def root_of_table(source: FromClause) -> Root:
    """The root whose records a table or its alias holds: its name begins with the root's."""
    return BY_NAME[str(getattr(source, "name", CI.name)).partition("_")[0]]


def having(
    source: FromClause, column: ColumnElement[Any], values: Mapping[str, Collection[str]]
) -> ColumnElement[bool]:
    """The condition that a record has one of the values for its class. All records are of these classes."""
    classes: dict[tuple[str, ...], list[str]] = {}
    for name, its in values.items():
        classes.setdefault(tuple(sorted(its)), []).append(name)
    if len(classes) == 1:
        (its,) = classes
        return column.in_(its) if its else false()
    parts = [and_(source.c["class"].in_(names), column.in_(its)) for its, names in sorted(classes.items()) if its]
    return or_(false(), *parts)
