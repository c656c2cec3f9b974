"""What differs between two revisions, by SQL: only rows made or ended between the two are looked at, and streamed.

A record differs if its rows at the two revisions differ. The rows are found by their revision numbers: those that were
valid at the earlier revision and ended until the later one, joined by their key with those that were created since and
are valid at the later one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, exists, func, select

from cmdb.model.claims import STATED_BY
from cmdb.model.revision import Edit, Record, ci
from cmdb.store.reading.versions import differences
from cmdb.store.rows import tables
from cmdb.store.rows.codec import KIND_TABLES, Codec, Identities
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.roots import CI, ROOTS, Root
from cmdb.store.rows.stored_statements import unpack

_BATCH = 2_000
_CLAIM_COLUMNS = ("ci", "source", "said")


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """A record that differs: its fields then and now, with the class if it is a CI. None where the record does not
    exist.
    """

    record: Record
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    @property
    def change(self) -> str:
        """``created``, ``deleted`` or ``changed``."""
        return "created" if self.before is None else "deleted" if self.after is None else "changed"

    def edits(self) -> Iterator[Edit]:
        """The same as edits: of the whole record, or of each field that differs."""
        return differences(self.record, self.before, self.after)


@dataclass(frozen=True, slots=True)
class _Source:
    """A kind's tables: the key's columns, all columns that are read, and what narrows a shared table to the kind."""

    kind: str
    table: FromClause
    past: FromClause
    key: tuple[str, ...]
    columns: tuple[str, ...]
    root: Root = CI

    def only(self, rows: FromClause) -> tuple[ColumnElement[bool], ...]:
        return (rows.c.kind == self.kind,) if self.table is tables.document else ()


def _sources(kind: str) -> tuple[_Source, ...]:
    if kind == "ci":
        return tuple(_Source(kind, root.table, root.past, ("id",), root.row, root) for root in ROOTS)
    if kind == "claim":
        return (_Source(kind, tables.claim, tables.claim_version, ("ci", "source"), _CLAIM_COLUMNS),)
    found = KIND_TABLES[kind]
    parts = tuple(column for column, _ in found.parts)
    return (_Source(kind, found.table, found.past, parts, found.read),)


class RevisionDifference:
    """The difference from revision ``before`` to revision ``after``; the former may also be the later one.

    ``ordered``: by the keys of the records, so that it reads the same from every database; the first come later.
    ``stated``: with the sources that state a relationship and the like, which are no difference to a person.
    """

    def __init__(
        self, connection: Connection, codec: Codec, before: int, after: int, *, ordered: bool = False,
        stated: bool = False,
    ) -> None:  # fmt: skip
        self._ordered = ordered
        self._stated = stated
        self._connection = connection
        self._codec = codec
        self._low, self._high = min(before, after), max(before, after)
        self._back = before > after
        latest = connection.execute(select(func.max(tables.revision.c.number))).scalar() or 0
        self._now = self._high >= latest
        self._ids = Identities(connection, ever=True)
        self._records = KindRows(connection, self._ids)

    def rows(self, kinds: Iterable[str]) -> int:
        """The number of rows to read, which is the total for progress."""
        total = 0
        if self._low == self._high:
            return 0
        for source in (source for kind in kinds for source in _sources(kind)):
            found = [(source.past, self._gone(source.past)), (source.table, self._made(source.table))]
            if not self._now:
                found.append((source.past, self._made_past(source.past)))
            for rows, condition in found:
                statement = select(func.count()).select_from(rows).where(condition, *source.only(rows))
                total += int(self._connection.execute(statement).scalar_one())
        return total

    def of(self, kind: str) -> Iterator[list[RecordDifference]]:
        """The records of a kind that differ, one batch for each batch of rows.

        A batch may be empty, so that progress can be shown. Deleted and changed records come first, then new ones.
        """
        if self._low == self._high:
            return
        for source in _sources(kind):
            yield from self._of(source)

    def _of(self, source: _Source) -> Iterator[list[RecordDifference]]:
        size = len(source.columns)
        for batch in self._fetch(self._ended(source)):
            pairs = []
            for row in batch:
                then, *later = (row[i : i + size] for i in range(0, len(row), size))
                # The key is not null if the outer join found a row.
                pairs.append((then, next((other for other in later if other[0] is not None), None)))
            yield self._differences(source, pairs)
        for statement in self._new(source):
            for batch in self._fetch(statement):
                yield self._differences(source, [(None, row) for row in batch])

    def _fetch(self, statement: Any) -> Iterator[list[tuple[Any, ...]]]:
        result = self._connection.execute(statement, execution_options={"yield_per": _BATCH})
        try:
            for part in result.partitions():
                yield [tuple(row) for row in part]
        finally:
            result.close()

    # -- which rows -------------------------------------------------------------------------------------------------

    def _gone(self, past: FromClause) -> ColumnElement[bool]:
        """Rows that were valid at the earlier revision and are not valid at the later one."""
        return and_(past.c.ended > self._low, past.c.ended <= self._high, past.c.revision <= self._low)

    def _made(self, table: FromClause) -> ColumnElement[bool]:
        """Rows that were created between the two revisions and are still current."""
        return and_(table.c.revision > self._low, table.c.revision <= self._high)

    def _made_past(self, past: FromClause) -> ColumnElement[bool]:
        """Rows that were created between the two revisions and ended after the later one."""
        return and_(past.c.revision > self._low, past.c.revision <= self._high, past.c.ended > self._high)

    def _ended(self, source: _Source) -> Any:
        """Rows that have ended, each with the row that replaced it."""
        then = source.past.alias("then")
        joined: Any = then
        columns = [then.c[c] for c in source.columns]
        others: list[tuple[FromClause, Callable[[FromClause], ColumnElement[bool]]]]
        others = [(source.table.alias("still"), self._made)]
        if not self._now:
            others.append((source.past.alias("later"), self._made_past))
        for rows, condition in others:
            same = and_(*(rows.c[k] == then.c[k] for k in source.key))
            joined = joined.outerjoin(rows, and_(same, condition(rows)))
            columns += [rows.c[c] for c in source.columns]
        statement = select(*columns).select_from(joined).where(self._gone(then), *source.only(then))
        return statement.order_by(*(then.c[k] for k in source.key)) if self._ordered else statement

    def _new(self, source: _Source) -> Iterator[Any]:
        """Rows that replaced no other row."""
        then = source.past.alias("then")
        made = [(source.table, self._made)] + ([] if self._now else [(source.past, self._made_past)])
        for table, condition in made:
            rows = table.alias("new")
            same = and_(*(rows.c[k] == then.c[k] for k in source.key))
            before = exists(select(then.c.revision).where(same, self._gone(then)))
            statement = select(*(rows.c[c] for c in source.columns))
            statement = statement.where(condition(rows), *source.only(rows), ~before)
            yield statement.order_by(*(rows.c[k] for k in source.key)) if self._ordered else statement

    # -- rows to records --------------------------------------------------------------------------------------------

    def _differences(self, source: _Source, pairs: Sequence[tuple[Any, Any]]) -> list[RecordDifference]:
        self._look_up(source, [row for pair in pairs for row in pair if row is not None])
        found = []
        for pair in pairs:
            record = self._record(source, pair[0] if pair[0] is not None else pair[1])
            then, now = (None if row is None else self._fields(source, row) for row in pair)
            if then != now:
                found.append(RecordDifference(record, now, then) if self._back else RecordDifference(record, then, now))
        return found

    def _look_up(self, source: _Source, rows: Sequence[tuple[Any, ...]]) -> None:
        if source.kind == "ci":
            self._ids.want_outer(self._codec.of(source.root).reference_ids(rows))
        elif source.kind == "claim":
            self._ids.want_outer(row[0] for row in rows)
        else:
            self._records.want(KIND_TABLES[source.kind], rows)

    def _record(self, source: _Source, row: tuple[Any, ...]) -> Record:
        if source.kind == "ci":
            return ci(row[1])
        if source.kind == "claim":
            return Record("claim", (self._ids.outer[row[0]], row[1]))
        kind = KIND_TABLES[source.kind]
        return Record(kind.name, self._records.key(kind, row))

    def _fields(self, source: _Source, row: tuple[Any, ...]) -> dict[str, Any]:
        if source.kind == "ci":
            return {"class": row[2], **self._codec.of(source.root).decode(row, self._ids.outer)}
        if source.kind == "claim":
            return unpack(row[2])
        found = self._records.fields(KIND_TABLES[source.kind], row)
        if not self._stated:
            found.pop(STATED_BY, None)  # that another source says the same is no difference, as it is none of items
        return found
