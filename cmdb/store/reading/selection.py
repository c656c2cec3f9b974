"""Selections as SQL: a class and its subclasses, a filter in the query language, free text, and a sort."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, select, text, true

from cmdb.model import query
from cmdb.model.schema import Attribute, fold
from cmdb.model.selection import Selection
from cmdb.store.reading.amounts import by_currency, currency_code, names_no_currency, several
from cmdb.store.reading.attribute_columns import Ask, AttributeColumns
from cmdb.store.reading.filter_compiler import FilterCompiler
from cmdb.store.rows import search_index
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import CI

#: Currencies that a message about several of them names.
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class SortOrder:
    """The sort key of a selection: the name, or an attribute whose index gives the order."""

    attribute: Attribute | None
    descends: bool


class SelectionCompiler:
    """Turns selections into parts of statements.

    A method's ``root`` is the table to select from: the source, or one of the tables of a past moment. ``ask`` runs a
    statement of one column: which currencies the amounts have that a filter compares with a bare number. ``finds``, in
    the past, gives the ids of the CIs that match words, because the search index holds the present only.
    """

    def __init__(
        self,
        columns: AttributeColumns,
        filters: FilterCompiler,
        ask: Ask,
        finds: Callable[[str], list[int] | None] | None = None,
    ) -> None:
        self.columns = columns
        self._schema, self._filters, self._ask, self._finds = columns.schema, filters, ask, finds
        self._searches = 0
        self._in_one_currency: set[tuple[str, str, str]] = set()
        """Class, filter and words of the selections whose bare amounts are known to be of one currency."""

    def conditions(self, selection: Selection, root: FromClause | None = None) -> list[ColumnElement[bool]]:
        """The filter alone. Raises QueryError, SchemaError."""
        root = self.columns.source if root is None else root
        found: list[ColumnElement[bool]] = []
        if selection.cls != self.columns.root.name:
            family = self._schema.family(self._schema.cls(selection.cls).name)
            column = root.c["class"]
            found.append(column == family[0] if len(family) == 1 else column.in_(family))
        node = query.parse(selection.where)
        if node is not None:
            self._check_currencies(node, selection)
            found.append(self._filters.condition(node, root, selection.cls))
        if selection.text.strip():
            found.append(self.free_text(selection.text, root))
        if selection.among is not None:
            found.append(in_values(root.c.uid, selection.among))
        return found

    def order(self, selection: Selection) -> SortOrder | None:
        """The sort key if an index gives the order. None for several attributes, the class, and attributes without an
        index.

        Raises QueryError for an attribute that the class lacks.
        """
        words = [p.strip() for p in selection.sort.split(",") if p.strip()] or ["name"]
        word = words[0].lstrip("-+")
        if len(words) > 1 or fold(word) == "class":
            return None
        attribute = self.columns.attribute(word, selection.cls)
        if not self.is_indexed(attribute) or attribute.type == "money":
            return None
        if attribute.inherited:
            if next(iter(self._ask(self.columns.said_months(attribute))), None) is not None:
                return None  # Some records have it by another one, which no index holds.
            attribute = replace(attribute, inherited=())
        if attribute.type == "reference" and (self.columns.past or attribute.name not in self.columns.root.columns):
            return None  # Sorted by the names of the targets, which its index does not hold.
        return SortOrder(None if attribute.name == "name" else attribute, words[0].startswith("-"))

    def is_indexed(self, attribute: Attribute) -> bool:
        """Whether an index of an attribute's values exists or is missing (see ``indexes``)."""
        if self.columns.root is not CI:
            return attribute.name == "name"
        return attribute.indexed or self.columns.root.columns.get(attribute.name) == "reference"

    def by_index(self, order: SortOrder, root: FromClause) -> list[ColumnElement[Any]]:
        """The sort keys, as the index has them. For a reference attribute, the keys among the CIs that refer to one
        target.
        """
        keys: list[ColumnElement[Any]] = [root.c.name_key, root.c["class"], root.c.id]
        if order.attribute is not None and order.attribute.type != "reference":
            keys.insert(0, self.columns.sorting(order.attribute, root))
        return [key.desc() for key in keys] if order.descends else keys

    def sorted(self, statement: Select[Any], selection: Selection) -> Select[Any]:
        """Sorts by any key: absent values last, ties by name, class and id. "-" reverses the order, but absent values
        stay last.
        """
        keys: list[ColumnElement[Any]] = []
        descends = False
        for part in [p.strip() for p in selection.sort.split(",") if p.strip()] or ["name"]:
            descends = part.startswith("-")
            word = part.lstrip("-+")
            columns, statement = self._sort_columns(word, selection.cls, statement)
            if word not in ("name", "class"):
                keys.append(columns[0].is_(None))
            keys.extend(column.desc() if descends else column for column in columns)
        c = self.columns.source.c
        ties = (c.name_key, c["class"], c.id)
        return statement.order_by(*keys, *(key.desc() if descends else key for key in ties))

    def _sort_columns(
        self, word: str, cls: str, statement: Select[Any]
    ) -> tuple[list[ColumnElement[Any]], Select[Any]]:
        if fold(word) == "class":
            return [self.columns.source.c["class"]], statement
        attribute = self.columns.attribute(word, cls)
        if attribute.name == "name":
            return [self.columns.source.c.name_key], statement
        if attribute.type == "reference":
            other = self.columns.alias(attribute.target)
            if attribute.name in self.columns.root.columns:
                on = other.c.id == self.columns.source.c[attribute.name]
            else:
                on = other.c.uid == self.columns.value(attribute, self.columns.source)
            return [other.c.name_key, other.c["class"], other.c.id], statement.outerjoin(other, on)
        if attribute.type == "money" and attribute.currency:
            return by_currency(
                self.columns.value(attribute, self.columns.source),
                self.columns.currency(attribute, self.columns.source),
            ), statement
        return [self.columns.sorting(attribute, self.columns.source)], statement

    def referred(self, attribute: Attribute) -> tuple[FromClause, ColumnElement[bool], list[ColumnElement[Any]]]:
        """The possible targets of a reference attribute: the CIs, the condition on their class, and their order."""
        other = self.columns.alias(attribute.target)
        family = [cls for target in attribute.targets for cls in self._schema.family(target)]
        column = other.c["class"]
        return (
            other,
            column == family[0] if len(family) == 1 else column.in_(family),
            [other.c.name_key, other.c["class"], other.c.id],
        )

    # -- amounts ----------------------------------------------------------------------------------------------------

    def _check_currencies(self, node: query.Node, selection: Selection) -> None:
        """Raises QueryError where a bare number is compared with amounts of several currencies.

        Which amounts: those that the other conditions leave, if all must hold, so that ``currency = EUR and
        purchase_cost > 1000`` is in euros.
        """
        key = (selection.cls, selection.where, selection.text)
        if key in self._in_one_currency:
            return
        parts = node.nodes if isinstance(node, query.And) else (node,)
        bare = {n: list(self._bare_amounts(part, selection.cls)) for n, part in enumerate(parts)}
        others = [part for n, part in enumerate(parts) if not bare[n]]
        for leaf, cls, attribute in (one for found in bare.values() for one in found):
            source = self.columns.source
            amount, currency = self.columns.value(attribute, source), self.columns.currency(attribute, source)
            conditions: list[ColumnElement[bool]] = []
            if cls != "ci":
                conditions.append(source.c["class"].in_(self._schema.family(cls)))
            if len(leaf.path) == 1:
                conditions += [self._filters.condition(part, source, selection.cls) for part in others]
                conditions += [self.free_text(selection.text, source)] if selection.text.strip() else []
            statement = select(currency_code(currency)).where(amount.is_not(None), currency.is_not(None), *conditions)
            codes = tuple(map(str, self._ask(statement.distinct().limit(_MOST_NAMED))))
            if len(codes) > 1:
                raise several(attribute, tuple(sorted(codes)), leaf.value)
        self._in_one_currency.add(key)

    def _bare_amounts(self, node: query.Node, cls: str) -> Iterator[tuple[query.Compare, str, Attribute]]:
        """The comparisons of a filter with a number alone, each with the class and the attribute of its amounts."""
        for leaf in query.leaves(node):
            if not isinstance(leaf, query.Compare) or leaf.op == "~" or not names_no_currency(leaf):
                continue
            at, found = cls, self.columns.named(leaf.path[0], cls)
            for word in leaf.path[1:]:
                at = found.target if found is not None else ""
                found = self.columns.named(word, at) if at else None
            if found is not None and found.type == "money" and found.currency:
                yield leaf, at, found

    # -- words ------------------------------------------------------------------------------------------------------

    def free_text(self, words: str, root: FromClause) -> ColumnElement[bool]:
        """CIs that match the words, and CIs that refer to one of them (the laptops of a person)."""
        c = root.c
        if self._finds is not None:
            ids = self._finds(words)
            return true() if ids is None else in_values(c.id, ids)
        self._searches += 1
        found = search_index.finding(self.columns.dialect, words, f"w{self._searches}_", self.columns.root)
        if found is None:
            return true()
        sql, parameters = found
        return c.id.in_(text(sql).bindparams(**parameters).columns(self.columns.root.table.c.id).subquery().select())
