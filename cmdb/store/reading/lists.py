"""Sorted lists of inner ids: a page, the whole list, and the count.

Queries are written so that an index gives the order. A small selection is read through the index of its filter and then
sorted. For a large one, the index of the sort key is scanned and each CI is tested; CIs without a value follow, sorted
by name. SQLite alone would always choose the filter's index, because it does not know how many CIs a filter leaves.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    MetaData,
    Select,
    Table,
    and_,
    func,
    select,
    text,
    true,
    union_all,
)

from cmdb.model.schema import Attribute
from cmdb.model.selection import Selection
from cmdb.store.reading.selection import SelectionCompiler, SortOrder
from cmdb.store.rows import search_index
from cmdb.store.rows.in_values import GONE, KEPT, MADE, STORED, in_values, rows_among
from cmdb.store.rows.roots import Root

FEW = 2_000
"""The number of CIs up to which sorting is faster than scanning an index."""
_FETCHED = 10_000
_PIECE = 20_000
"""Characters of a text of ids that are parsed before another thread may run: less than a millisecond."""


@dataclass(frozen=True, slots=True)
class ListSource:
    """A table from which CIs are selected, with the condition that a row is valid at the moment."""

    table: FromClause
    valid: ColumnElement[bool] | None = None

    def __iter__(self) -> Iterator[ColumnElement[bool]]:
        return iter(() if self.valid is None else (self.valid,))


def sources(root: Root, at: int | None, *, drafted: bool = False) -> tuple[ListSource, ...]:
    """The tables of a moment's records: the current rows and, in the past, the rows superseded since.

    With a draft, the rows that it leaves and those that it makes: each is sorted by its own, and they are merged.
    """
    current, old = root.table, root.past
    if at is None:
        return tuple(map(ListSource, drafted_tables(root))) if drafted else (ListSource(current),)
    return ListSource(current, current.c.revision <= at), ListSource(old, and_(old.c.revision <= at, old.c.ended > at))


@cache
def drafted_table(root: Root, part: str) -> Table:
    """A part of a root's rows as a connection with a draft names it: ``KEPT``, ``MADE``, ``GONE`` or ``STORED``."""
    return root.table.to_metadata(MetaData(), name=f"{root.table.name}_{part}")


def drafted_tables(root: Root) -> tuple[Table, Table]:
    """The rows of a root that a draft leaves, and those that it makes."""
    return drafted_table(root, KEPT), drafted_table(root, MADE)


def counted_sources(root: Root, at: int | None, *, drafted: bool) -> tuple[tuple[ListSource, int], ...]:
    """As ``sources``, for counting: each with the sign of its number.

    With a draft, all stored rows are counted, by an index, and those that go are taken off.
    """
    if at is not None or not drafted:
        return tuple((source, 1) for source in sources(root, at))
    return tuple((ListSource(drafted_table(root, part)), sign) for part, sign in ((STORED, 1), (GONE, -1), (MADE, 1)))


def moment(root: Root, at: int | None) -> tuple[tuple[str, str], ...]:
    """The same for ``rows_among``: tables, and conditions as SQL."""
    if at is None:
        return ((root.table.name, ""),)
    return (
        (root.table.name, f" AND revision <= {at:d}"),
        (root.past.name, f" AND revision <= {at:d} AND ended > {at:d}"),
    )


class Lists:
    """Lists of one moment, as inner ids."""

    def __init__(
        self, connection: Connection, compiler: SelectionCompiler, at: int | None, *, drafted: bool = False
    ) -> None:
        self._connection = connection
        self._compiler = compiler
        self._columns = compiler.columns
        self._root = self._columns.root
        self._roots = sources(self._root, at, drafted=drafted)
        self._counted = counted_sources(self._root, at, drafted=drafted)
        self._moment = moment(self._root, at)

    def page(self, selection: Selection, limit: int, offset: int = 0) -> list[int]:
        """The ids of one page, in order. Raises QueryError, SchemaError."""
        order = self._compiler.order(selection)
        some = self._some(selection) if order is not None else None
        if order is not None and order.attribute is None and some is not None:
            return self._by_name(some, order, limit, offset)
        if order is None or some is not None:
            return list(self._fetch(self._sorted(selection, some).limit(limit).offset(offset)))
        found: list[int] = []
        for part in _parts(order):
            want = limit - len(found)
            if not want:
                break
            here = list(self._fetch(self._walk(selection, order, part, want, offset)))
            if offset and not here and order.attribute is not None and part == "valued":
                offset -= self._how_many(selection, order.attribute)
            elif here:
                offset = 0
            found.extend(here)
        return found

    def all(self, selection: Selection) -> array[int]:
        """The ids of a whole selection, in order."""
        order = self._compiler.order(selection)
        some = self._some(selection) if order is not None else None
        if order is None or some is not None:
            return self._whole(self._sorted(selection, some))
        found: array[int] = array("q")
        total = self.count(selection) if len(self._roots) == 1 and _cheap(selection) else None
        for part in _parts(order):
            if len(found) != total:
                found.extend(self._whole(self._walk(selection, order, part, None, 0)))
        return found

    def count(self, selection: Selection) -> int:
        """The number of CIs in a selection."""
        return sum(sign * self._number(root, self._filter(selection, root)) for root, sign in self._counted)

    def values(self, selection: Selection, attribute: Attribute) -> dict[Any, int]:
        """Value → number of CIs in a selection that have it. None counts the CIs without a value. References are inner
        ids.
        """
        found: Counter[Any] = Counter()
        indexed = self._compiler.is_indexed(attribute)
        for root, sign in self._counted:
            column = self._columns.value(attribute, root.table)
            conditions = self._filter(selection, root)
            if indexed:  # Counted from the index, which holds only existing values.
                conditions = [*self._held(conditions), column.is_not(None)]
            statement = select(column, func.count()).select_from(root.table).where(*conditions).group_by(column)
            for value, number in self._connection.execute(statement):
                found[value] += sign * number
        found = Counter({value: number for value, number in found.items() if number})
        if indexed and (rest := self.count(selection) - found.total()):
            found[None] = rest
        return dict(found)

    # -- plans ------------------------------------------------------------------------------------------------------

    def _some(self, selection: Selection) -> list[int] | None:
        """The CIs that the filter leaves if there are few, so that sorting is faster. None if there are more."""
        if selection.cls == self._root.name and _cheap(selection):
            return None
        words_only = not selection.where.strip() and selection.among is None
        if len(self._roots) == 1 and selection.cls == self._root.name and words_only:
            return self._found(selection.text)
        found: list[int] = []
        if _cheap(selection):
            for root, sign in self._counted:
                statement = select(root.table.c.id).where(*self._filter(selection, root)).limit(1)
                if sign > 0 and self._connection.execute(statement.offset(FEW)).first():
                    return None
        for root in self._roots:
            statement = select(root.table.c.id).where(*self._filter(selection, root)).limit(FEW + 1)
            found.extend(self._connection.execute(statement).scalars())
            if len(found) > FEW:
                return None
        return found

    def _found(self, words: str) -> list[int] | None:
        """The CIs that match words without another filter, in one simple query, because lists are updated while the
        person types.
        """
        finding = search_index.finding(self._columns.dialect, words, root=self._root)
        if finding is None:
            return None
        sql, parameters = finding
        found = self._connection.execute(text(f"{sql} LIMIT {FEW + 1}"), parameters).scalars().all()
        return None if len(found) > FEW else list(found)

    def _filter(self, selection: Selection, root: ListSource) -> list[ColumnElement[bool]]:
        return [*self._compiler.conditions(selection, root.table), *root]

    def _sorted(self, selection: Selection, some: list[int] | None) -> Select[Any]:
        """The CIs that the filter leaves, sorted. They are found by an index of the filter, or are known already."""
        source = self._columns.source
        conditions = self._compiler.conditions(selection) if some is None else [in_values(source.c.id, some)]
        return self._compiler.sorted(select(source.c.id).where(*conditions), selection)

    def _by_name(self, some: list[int], order: SortOrder, limit: int, offset: int) -> list[int]:
        """Some ids in the order of the names."""
        turned = " DESC" if order.descends else ""
        sorting = f" ORDER BY 2{turned}, 3{turned}, 1{turned} LIMIT {limit:d} OFFSET {offset:d}"
        rows = rows_among(self._connection, self._moment, 'id, name_key, "class"', "id", some, sorting)
        return [row[0] for row in rows]

    def _walk(self, selection: Selection, order: SortOrder, part: str, limit: int | None, offset: int) -> Any:
        """A query that scans the index of the sort key."""
        each = [self._walked(selection, order, part, root) for root in self._roots]
        if len(each) == 1:
            statement, keys = each[0]
            return statement.order_by(*keys).limit(limit).offset(offset or None)
        merged = union_all(*(statement for statement, _ in each))
        names = [f"k{n}" for n in range(len(each[0][1]))]
        columns = [merged.selected_columns[n] for n in names]
        keys = [column.desc() if order.descends else column for column in columns]
        return merged.order_by(*keys).limit(limit).offset(offset or None)

    def _walked(
        self, selection: Selection, order: SortOrder, part: str, root: ListSource
    ) -> tuple[Select[Any], list[ColumnElement[Any]]]:
        compiler, attribute = self._compiler, order.attribute
        table = root.table
        held = self._held(self._filter(selection, root))
        plain = SortOrder(None, order.descends)
        if attribute is None or part == "bare":
            keys = compiler.by_index(plain, table)
            bare = () if attribute is None else (self._columns.value(attribute, table).is_(None),)
            return self._keyed(select(table.c.id).where(*held, *bare), plain, keys), keys
        valued = self._columns.value(attribute, table).is_not(None)
        keys = compiler.by_index(order, table)
        statement = select(table.c.id).where(*held, valued)
        if attribute.type == "reference":
            other, of_class, first = compiler.referred(attribute)
            statement = select(table.c.id).select_from(self._led(other, table, attribute.name))
            statement = statement.where(of_class, *held, valued)
            keys = [*(key.desc() if order.descends else key for key in first), *keys]
        return self._keyed(statement, order, keys), keys

    def _keyed(self, statement: Select[Any], order: SortOrder, keys: list[ColumnElement[Any]]) -> Select[Any]:
        """The statement with the sort keys among its columns, if lists are merged by them."""
        if len(self._roots) == 1:
            return statement
        bare = [key.element if order.descends else key for key in keys]
        return statement.add_columns(*(key.label(f"k{n}") for n, key in enumerate(bare)))

    def _led(self, other: FromClause, table: FromClause, name: str) -> FromClause:
        """Joins the targets of a reference to the CIs that refer to them, so that SQLite scans the targets first."""
        inner = other.c.id
        return other.join(table, table.c[name] == (inner + 0 if self._columns.dialect == "sqlite" else inner))

    def _held(self, conditions: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
        """Conditions that SQLite tests on each row without using an index for them."""
        if not conditions or self._columns.dialect != "sqlite":
            return conditions
        return [and_(*conditions).is_(true())]

    def _how_many(self, selection: Selection, attribute: Attribute) -> int:
        """The number of CIs in a selection that have a value for the sort key."""
        return sum(
            sign
            * self._number(
                root,
                [
                    *self._held(self._filter(selection, root)),
                    self._columns.value(attribute, root.table).is_not(None),
                ],
            )
            for root, sign in self._counted
        )

    def _number(self, root: ListSource, conditions: list[ColumnElement[bool]]) -> int:
        statement = select(func.count()).select_from(root.table).where(*conditions)
        return int(self._connection.execute(statement).scalar_one())

    def _whole(self, statement: Any) -> array[int]:
        """All ids of a statement.

        SQLite joins them into one text, in the order of the inner statement (group_concat keeps that order). So there
        is no Python object per row, and other threads can run.
        """
        if self._columns.dialect != "sqlite":
            return array("q", list(self._fetch(statement)))
        ids = self._connection.execute(select(func.group_concat(statement.subquery().c[0]))).scalar()
        return _numbers(str(ids)) if ids is not None else array("q")

    def _fetch(self, statement: Any) -> Iterator[int]:
        result = self._connection.execute(statement, execution_options={"yield_per": _FETCHED})
        for rows in result.partitions():
            yield from [row[0] for row in rows]


def _numbers(text: str) -> array[int]:
    """Parses comma-separated numbers, a few thousand at a time: a million at once would block other threads."""
    found: array[int] = array("q")
    low = 0
    while low < len(text):
        high = text.find(",", low + _PIECE)
        high = len(text) if high < 0 else high
        found.extend(array("q", map(int, text[low:high].split(","))))
        low = high + 1
    return found


def _parts(order: SortOrder) -> tuple[str, ...]:
    return ("valued",) if order.attribute is None else ("valued", "bare")


def _cheap(selection: Selection) -> bool:
    """Whether a selection has a class and no other filter: then an index can count it."""
    return not (selection.where.strip() or selection.text.strip()) and selection.among is None
