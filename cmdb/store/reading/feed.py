"""The journal as a feed: one change for each field of a record, revision by revision, in bounded memory.

Rows are streamed in the order of the indexes of revisions. To a batch of rows that revisions made belong the rows that
the same revisions ended; what was ended and not made again was deleted. A revision that changed a million fields is
never read as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import compress
from operator import ne
from typing import Any

from sqlalchemy import Connection, Table

from cmdb.model.claims import STATED_BY
from cmdb.model.journal import FieldChange
from cmdb.model.revision import KINDS
from cmdb.store.rows.codec import KIND_TABLES, Codec, Identities, RecordKind, chunks, dump
from cmdb.store.rows.in_values import OVERLAY, rows_among
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.roots import ROOTS, Root

_BATCH = 2_000
"""Rows that are paired, decoded and named at once."""

_Row = Sequence[Any]
_Pair = tuple[int, _Row | None, _Row | None]
"""A revision, a row before it and after it."""


def concerned() -> list[RecordKind]:
    """The kinds of records that concern an item. A change of one is a change of the item's field of that name."""
    return [kind for kind in KIND_TABLES.values() if not kind.document and _subject(kind)]


def reference_fields(kind: str) -> frozenset[str]:
    """What in the value of such a field is the id of an item."""
    found = KIND_TABLES[kind]
    named = [*found.parts, *((name, held.refers) for name, held in found.fields.items())]
    return frozenset(name for name, ref in named if ref) - {_subject(found)}


def _subject(kind: RecordKind) -> str:
    """The part of the key, otherwise the field, that names the item that a record concerns; "" for none."""
    if kind.part_of:
        return kind.part_of
    parts = [name for name, ref in kind.parts if ref]
    fields = [name for name, held in kind.fields.items() if held.refers]
    return next(iter((*parts, *fields)), "")


class ChangeFeed:
    """Changes of all items after one revision, up to another one."""

    def __init__(self, connection: Connection, codec: Codec, since: int, until: int) -> None:
        self._connection = connection
        self._codec = codec
        self._since, self._until = since, until
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"

    def __iter__(self) -> Iterator[FieldChange]:
        """The changes in the order of revisions; of one revision those of items first, then those of each kind."""
        streams = [*(self._items(root) for root in ROOTS), *(self._records(kind) for kind in concerned())]
        for batch in chunks(merge(*streams, key=_number), _BATCH):
            numbers = {change.number for change in batch}
            rows = rows_among(self._connection, (("revision", ""),), "number, time, author", "number", numbers)
            made = {number: (time, author) for number, time, author in rows}
            for change in batch:
                time, author = made[change.number]
                yield change._replace(time=time, author=author)

    # -- items ------------------------------------------------------------------------------------------------------

    def _items(self, root: Root) -> Iterator[FieldChange]:
        codec = self._codec.of(root)
        compared = range(root.place[root.plain[0]], root.place["extra"] + 1)
        referring = range(root.place[root.references[0]], root.place["extra"])
        for pairs in chunks(self._pairs(root.table, root.past), _BATCH):
            places = [_differing(compared, before, after) for _, before, after in pairs]
            ids = Identities(self._connection, ever=True)
            referred = {
                row[at]
                for (_, *rows), its in zip(pairs, places, strict=True)
                for at in its
                if at in referring
                for row in rows
                if row is not None
            }
            ids.want_outer(referred - {None})
            for (number, before, after), its in zip(pairs, places, strict=True):
                old, new = ({} if part is None else codec.decode_at(part, its, ids.outer) for part in (before, after))
                yield from self._item(root, number, before, after, (old, new))

    def _item(
        self, root: Root, number: int, before: _Row | None, after: _Row | None, values: Sequence[Mapping[str, Any]]
    ) -> Iterator[FieldChange]:
        row: Any = after if after is not None else before
        uid, cls, name = (row[root.place[column]] or "" for column in ("uid", "class", "name"))
        was = None if before is None else before[root.place["class"]]
        now = None if after is None else after[root.place["class"]]
        if was != now:
            yield FieldChange(number, uid, cls, name, "class", was, now)
        for field in dict.fromkeys((*values[0], *values[1])):
            one, other = values[0].get(field), values[1].get(field)
            if one != other:
                yield FieldChange(number, uid, cls, name, field, one, other)

    # -- other kinds ------------------------------------------------------------------------------------------------

    def _records(self, kind: RecordKind) -> Iterator[FieldChange]:
        subject = _subject(kind)
        for pairs in chunks(self._pairs(kind.table, kind.past), _BATCH):
            records = KindRows(self._connection, Identities(self._connection, ever=True))
            records.want(kind, [row for _, *rows in pairs for row in rows if row is not None])
            for number, was, now in pairs:
                old, new = (None if row is None else _value(kind, row, records) for row in (was, now))
                uid = str((new if new is not None else old or {}).get(subject, ""))
                one, other = (None if v is None else {n: x for n, x in v.items() if n != subject} for v in (old, new))
                if one != other:
                    yield FieldChange(number, uid, "", "", kind.name, one, other)

    # -- rows ---------------------------------------------------------------------------------------------------------

    def _pairs(self, current: Table, past: Table) -> Iterator[_Pair]:
        """What revisions made, with what it superseded; and what they ended for good. In the order of revisions."""
        few = self._few(current, past)
        if few is not None:
            yield from few
            return
        made = merge(self._made(current), self._made(past), key=_last)
        yield from merge(self._with_superseded(made, current, past), self._ended(current, past), key=_first)

    def _few(self, current: Table, past: Table) -> list[_Pair] | None:
        """All pairs, read at once; None where there are too many for that."""
        size = len(current.primary_key.columns)
        made: list[_Row] = []
        for table in (current, past):
            made += self._at_once(f"SELECT {_columns(table)} FROM {table.name}", "revision")
            if len(made) > _BATCH:
                return None
        ended = self._at_once(f"SELECT {_columns(past)}, ended FROM {past.name}", "ended")
        if len(ended) > _BATCH:
            return None
        gone = {(row[-1], *row[:size]): row[:-1] for row in ended}
        pairs: list[_Pair] = [(row[-1], gone.pop((row[-1], *row[:size]), None), row) for row in made]
        pairs += [(key[0], row, None) for key, row in gone.items()]
        return sorted(pairs, key=_first)

    def _at_once(self, sql: str, column: str) -> list[_Row]:
        """Rows of the revisions, at most one more than a batch; from the driver, as SQLAlchemy takes as long again."""
        sql += f" WHERE {column} > {self._mark} AND {column} <= {self._mark} LIMIT {_BATCH + 1}"
        given = (self._since, self._until)
        if self._connection.dialect.name != "sqlite":
            return list(self._connection.exec_driver_sql(sql, given).all())
        driver: Any = self._connection.connection.driver_connection
        over = self._connection.get_execution_options().get(OVERLAY)
        return list(driver.execute(sql if over is None else over(sql), given).fetchall())

    def _with_superseded(self, made: Iterable[_Row], current: Table, past: Table) -> Iterator[_Pair]:
        keys = [c.name for c in current.primary_key.columns]
        size = len(keys)
        for rows in chunks(made, _BATCH):
            superseded = self._superseded(current, past, rows)
            for row in rows:
                yield row[-1], superseded.get((row[-1], *row[:size])), row

    def _made(self, table: Table) -> Iterator[_Row]:
        columns = _columns(table)
        sql = f"SELECT {columns} FROM {table.name} WHERE revision > {self._mark} AND revision <= {self._mark}"
        return self._streamed(f"{sql} ORDER BY revision")

    def _ended(self, current: Table, past: Table) -> Iterator[_Pair]:
        """Rows that revisions ended and did not make again."""
        keys = [c.name for c in current.primary_key.columns]

        def made_again(table: Table) -> str:
            same = " AND ".join(f'm."{key}" = p."{key}"' for key in keys)
            return f"NOT EXISTS (SELECT 1 FROM {table.name} AS m WHERE {same} AND m.revision = p.ended)"

        sql = (
            f"SELECT {_columns(past, 'p.')}, p.ended FROM {past.name} AS p "
            f"WHERE p.ended > {self._mark} AND p.ended <= {self._mark} "
            f"AND {made_again(current)} AND {made_again(past)} ORDER BY p.ended"
        )
        for row in self._streamed(sql):
            yield row[-1], row[:-1], None

    def _superseded(self, current: Table, past: Table, rows: list[_Row]) -> dict[tuple[Any, ...], _Row]:
        """(Revision, key) → the row that the revision superseded, for rows that it made.

        They are looked up by the key up to the first item in it, which is selective.
        """
        keys = [c.name for c in current.primary_key.columns]
        size = next((n for n, key in enumerate(rows[0][: len(keys)], 1) if isinstance(key, int)), 1)
        wanted = [_among(self._connection, keys[n], {row[n] for row in rows}) for n in range(size)]
        where = " AND ".join(condition for condition, _ in wanted)
        sql = (
            f"SELECT {_columns(past)}, ended FROM {past.name} "
            f"WHERE {where} AND ended >= {self._mark} AND ended <= {self._mark}"
        )
        given = (*(values for _, values in wanted), rows[0][-1], rows[-1][-1])
        found = self._connection.exec_driver_sql(sql, given)
        return {(row[-1], *row[: len(keys)]): row[:-1] for row in found}

    def _streamed(self, sql: str) -> Iterator[_Row]:
        options = {"yield_per": _BATCH, "stream_results": True, "max_row_buffer": _BATCH}
        result = self._connection.exec_driver_sql(sql, (self._since, self._until), execution_options=options)
        try:
            for part in result.partitions(_BATCH):
                yield from part
        finally:
            result.close()


def _value(kind: RecordKind, row: _Row, records: KindRows) -> dict[str, Any]:
    """The parts of the key and the fields of a record, by name."""
    key = records.key(kind, row)
    if kind.name == "installation":
        named = dict(zip(KINDS[kind.name], key, strict=True))
        named["scope"] = named.pop("scope")  # it comes last
        found: dict[str, Any] = {part: text for part, text in named.items() if text}
    else:
        found = {part: value for (part, _), value in zip(kind.parts, key, strict=True)}
    found.update(records.fields(kind, row))
    found.pop(STATED_BY, None)  # who says so is no field, as it is none of items
    return found


def _differing(compared: range, before: _Row | None, after: _Row | None) -> Sequence[int]:
    """The places of values in which two versions of an item's row differ; all of them where there is one only."""
    if before is None or after is None:
        return compared
    part = slice(compared.start, compared.stop)
    return list(compress(compared, map(ne, before[part], after[part])))


def _columns(table: Table, prefix: str = "") -> str:
    """The columns of current rows; the last is the revision."""
    names = [c.name for c in table.columns if c.name != "ended"]
    assert names[-1] == "revision"
    return ", ".join(f'{prefix}"{name}"' for name in names)


def _among(connection: Connection, column: str, values: Collection[Any]) -> tuple[str, Any]:
    """The condition that a column is one of some values, and its parameter."""
    if connection.dialect.name == "sqlite":
        return f'"{column}" IN (SELECT value FROM json_each(?))', dump(list(values)).decode()
    return f'"{column}" = ANY(%s)', list(values)


def _first(pair: _Pair) -> int:
    return pair[0]


def _last(row: _Row) -> int:
    return int(row[-1])


def _number(change: FieldChange) -> int:
    return change.number
