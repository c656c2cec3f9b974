"""Groups of a selection by the value of an attribute: their counts and sums, and the rows of one, all by SQL."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from decimal import Decimal
from itertools import chain, islice
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, literal_column, select

from cmdb.model.money import exact, unscaled
from cmdb.model.row_groups import BY_MONTH, GroupKey
from cmdb.model.schema import Attribute
from cmdb.model.selection import Selection
from cmdb.store.reading.amounts import currency_code
from cmdb.store.reading.lists import FEW, Lists, ListSource
from cmdb.store.rows.in_values import in_values

#: Whole numbers are summed in two parts, because SQLite's sums end at 64 bits.
_PART = 1_000_000
#: Types of which texts are compared without case.
_FOLDED = ("text", "long_text", "url", "email")

Condition = Callable[[FromClause], ColumnElement[bool]]


class NarrowedLists(Lists):
    """Lists of which only rows with a further condition are read."""

    _condition: Condition | None = None

    @classmethod
    def of(cls, lists: Lists, condition: Condition | None) -> NarrowedLists:
        """The same lists, with a condition on the table that rows are read from."""
        found = cls.__new__(cls)
        found.__dict__.update(lists.__dict__)
        found._condition = condition
        return found

    def _filter(self, selection: Selection, root: ListSource) -> list[ColumnElement[bool]]:
        more = [] if self._condition is None else [self._condition(root.table)]
        return [*super()._filter(selection, root), *more]

    def _some(self, selection: Selection) -> list[int] | None:
        found: list[int] = []
        for root in self._roots:
            statement = select(root.table.c.id).where(*self._filter(selection, root)).limit(FEW + 1)
            found.extend(self._connection.execute(statement).scalars())
            if len(found) > FEW:
                return None
        return found

    def _sorted(self, selection: Selection, some: list[int] | None) -> Select[Any]:
        source = self._columns.source
        conditions = [in_values(source.c.id, some)] if some is not None else self._compiler.conditions(selection)
        if some is None and self._condition is not None:
            conditions.append(self._condition(source))
        return self._compiler.sorted(select(source.c.id).where(*conditions), selection)

    # -- groups -----------------------------------------------------------------------------------------------------

    def grouped(self, selection: Selection, attribute: Attribute | None) -> dict[GroupKey, tuple[Any, int]]:
        """Key → (a value of the group as it is stored, number of rows). Without an attribute: by class.

        Raises QueryError, SchemaError.
        """
        found: dict[GroupKey, tuple[Any, int]] = {}
        for table, sign, conditions in self._each(selection):
            key = self._key(attribute, table)
            value = key if attribute is None else func.min(self._columns.value(attribute, table))
            statement = select(key.label("k"), value, func.count()).select_from(table).where(*conditions)
            for one, held, number in self._connection.execute(statement.group_by(literal_column("1"))):
                before = found.get(one)
                found[one] = (held if before is None else before[0], sign * number + (before[1] if before else 0))
        return {key: pair for key, pair in found.items() if pair[1]}

    def sums(
        self,
        selection: Selection,
        attribute: Attribute | None,
        summed: Sequence[Attribute],
        currency: Attribute | None = None,
    ) -> dict[str, dict[GroupKey, dict[str, Decimal]]]:
        """Attribute → key → currency ("" for none) → the sum of numbers, or of amounts of one attribute's ``currency``;
        groups without a value are left out. One statement for all of them.
        """
        found: dict[str, dict[GroupKey, dict[str, Decimal]]] = {one.name: {} for one in summed}
        columns = self._columns
        for table, sign, conditions in self._each(selection):
            code: ColumnElement[Any] = literal_column("''")
            if currency is not None:
                code = func.coalesce(currency_code(columns.value(currency, table)), literal_column("''"))
            parts = [self._summing(one, columns.value(one, table)) for one in summed]
            statement = select(self._key(attribute, table).label("k"), code.label("c"), *chain.from_iterable(parts))
            statement = statement.select_from(table).where(*conditions)
            grouping: list[ColumnElement[Any]] = [
                literal_column(str(place)) for place in ((1,) if currency is None else (1, 2))
            ]
            for key, word, *totals in self._connection.execute(statement.group_by(*grouping)):
                for one, its in zip(summed, _cut(totals, [len(part) for part in parts]), strict=True):
                    if its[0] is not None:
                        group = found[one.name].setdefault(key, {})
                        group[word] = group.get(word, Decimal(0)) + sign * self._total(one, its)
        return found

    def members(self, selection: Selection, attribute: Attribute | None, key: GroupKey) -> array[int]:
        """The ids of the rows of a group, in the order of the selection."""

        def condition(table: FromClause) -> ColumnElement[bool]:
            column, before = self._key(attribute, table), self._condition
            fits = column.is_(None) if key is None else column == key
            return fits if before is None else fits & before(table)

        return NarrowedLists.of(self, condition).all(selection)

    def members_of_groups(
        self, selection: Selection, attribute: Attribute | None, keys: Collection[GroupKey] | None
    ) -> dict[GroupKey, array[int]]:
        """Key → the ids of the rows of its group, as ``members``, of these groups or all. Each row is read once,
        however many groups there are.
        """
        source = self._columns.source
        statement = select(source.c.id, self._key(attribute, source)).where(*self._compiler.conditions(selection))
        rows = self._connection.execute(statement)
        groups = {inner: key for inner, key in rows if keys is None or key in keys}
        found: dict[GroupKey, array[int]] = {}
        for inner in self.all(selection):
            if inner in groups:
                found.setdefault(groups[inner], array("q")).append(inner)
        return found

    def _each(self, selection: Selection) -> Iterator[tuple[FromClause, int, list[ColumnElement[bool]]]]:
        for root, sign in self._counted:
            yield root.table, sign, self._filter(selection, root)

    def _key(self, attribute: Attribute | None, table: FromClause) -> ColumnElement[Any]:
        """By what rows are grouped: the month of a day, a text without its case, any other value as it is."""
        if attribute is None:
            return table.c["class"]
        column = self._columns.value(attribute, table)
        if attribute.type in BY_MONTH:
            return func.substr(column, literal_column("1"), literal_column("7"))
        return func.lower(column) if attribute.type in _FOLDED else column

    def _is_whole(self, summed: Attribute) -> bool:
        """Whether stored values are whole numbers: amounts are ten-thousandths, but not in PostgreSQL's JSON."""
        if summed.type == "money":
            return self._columns.dialect == "sqlite" or summed.name in self._root.columns
        return summed.type == "integer"

    def _summing(self, summed: Attribute, number: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        if not self._is_whole(summed) or self._columns.dialect != "sqlite":
            return [func.sum(number)]
        part: ColumnElement[Any] = literal_column(str(_PART))
        return [func.sum(number.op("/")(part)), func.sum(number.op("%")(part))]

    def _total(self, summed: Attribute, totals: list[Any]) -> Decimal:
        if len(totals) == 2:
            whole = int(totals[0]) * _PART + int(totals[1])
            return unscaled(whole) if summed.type == "money" else Decimal(whole)
        (total,) = totals
        if self._is_whole(summed) and summed.type == "money":
            return unscaled(int(total))
        return exact(total) if isinstance(total, float) else Decimal(total)


def _cut(values: Sequence[Any], lengths: Sequence[int]) -> Iterator[list[Any]]:
    """Values in pieces of these lengths."""
    rest = iter(values)
    for length in lengths:
        yield list(islice(rest, length))


def among(ids: Collection[int] | None) -> Condition | None:
    """The condition that a row is one of these (inner ids); None for all."""
    return None if ids is None else lambda table: in_values(table.c.id, ids)
