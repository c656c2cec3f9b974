"""Writes current rows and keeps the rows that they supersede; and the hash chain over what each revision wrote."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, literal_column, select

from cmdb.model.control import Control
from cmdb.store.rows import bulk_writes, tables
from cmdb.store.rows.codec import chunks, dump
from cmdb.store.rows.in_values import in_values

_BATCH = 5_000


class Journal:
    """Writes rows of one revision.

    Every table that is written through it has a table of superseded rows. Inserted rows are added to the sum of the
    hash chain immediately. Tables with other changes are read again for the sum.
    """

    def __init__(self, connection: Connection, number: int) -> None:
        self.connection = connection
        self.number = number
        self.touched: set[str] = set()
        self._sums: dict[str, int] = defaultdict(int)
        self._reread: set[str] = set()

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """New rows; the last column is ``revision``."""
        if not rows:
            return
        self.touched.add(table.name)
        bulk_writes.insert(self.connection, table.name, columns, rows)
        if list(columns) == [c.name for c in table.columns]:
            prefix = table.name.encode()
            self._sums[table.name] += sum(row_sum(prefix, row[:-1]) for row in rows)
        else:
            self._reread.add(table.name)

    def supersede(self, table: Table, past: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Copies current rows to the past before they change. Rows that the same revision created are not copied."""
        if not keys:
            return
        self._reread.add(table.name)
        bulk_writes.supersede(self.connection, table, past, keys, self.number)

    def update(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Sets ``columns`` (and the revision) of rows given as values followed by the key."""
        if not rows:
            return
        self.touched.add(table.name)
        self._reread.add(table.name)
        bulk_writes.update(self.connection, table, columns, rows, f"revision = {self.number}")

    def delete(self, table: Table, past: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Ends current rows."""
        if not keys:
            return
        self.supersede(table, past, keys)
        self.touched.add(table.name)
        bulk_writes.delete(self.connection, table, [c.name for c in table.primary_key.columns], keys)

    def delete_where(self, table: Table, past: Table, column: str, values: Sequence[Any]) -> None:
        """Ends the current rows whose column is one of the values."""
        names = [c.name for c in table.columns]
        for batch in chunks(values, _BATCH):
            rows = in_values(table.c[column], batch)
            ending = select(*(table.c[n] for n in names), literal_column(str(self.number)))
            ending = ending.where(rows, table.c.revision < self.number)
            self.connection.execute(past.insert().from_select([*names, "ended"], ending))
            if self.connection.execute(table.delete().where(rows)).rowcount:
                self.touched.add(table.name)
                self._reread.add(table.name)

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self.touched)

    def digest(self, previous: str, header: Sequence[Any]) -> str:
        """The revision's link of the hash chain. It equals the result of the module's ``digest``, which reads all rows
        again.
        """
        total = 0
        for current, past in PAIRS:
            if current.name in self._reread:
                total += sum(_sums(self.connection, current, past, self.number))
            elif current.name in self.touched:
                total += self._sums[current.name]
        return _link(previous, header, total)


def digest(connection: Connection, previous: str, header: Sequence[Any], control: Control | None = None) -> str:
    """A revision's link of the hash chain: over the previous link, its header, and every row that it created or ended.

    The hashes of rows are added, so that their order does not matter. Raises Cancelled through ``control``.
    """
    total = sum(sum(_sums(connection, current, past, header[0], control)) for current, past in PAIRS)
    return _link(previous, header, total)


def header_of(row: Any) -> tuple[Any, ...]:
    """The part of a revision's row that its link covers beside what it wrote."""
    return (row.number, row.uid, row.time, row.recorded, row.author, row.source, row.reason, row.undoes)


def _link(previous: str, header: Sequence[Any], total: int) -> str:
    parts = [previous, dump(list(header)).decode(), f"{total % (1 << 256):064x}"]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def row_sum(prefix: bytes, values: tuple[Any, ...]) -> int:
    """The number for a row in a sum over rows; ``prefix`` is its table's name."""
    return int.from_bytes(hashlib.sha256(prefix + dump(values)).digest(), "big")


def _sums(
    connection: Connection, current: Table, past: Table, number: int, control: Control | None = None
) -> Iterator[int]:
    """The sums of the rows that a revision created, and of the rows that it ended without replacing them."""
    names = ", ".join(f'"{c.name}"' for c in current.columns if c.name != "revision")
    prefix = current.name.encode()
    for table in (current, past):
        rows = _streamed(connection, f"SELECT {names} FROM {table.name} WHERE revision = {number}", control)
        yield from (row_sum(prefix, row) for row in rows)
    key = [c.name for c in current.primary_key.columns]
    names = ", ".join(f't."{k}"' for k in key)
    same = " AND ".join(f'm."{k}" = t."{k}"' for k in key)
    made = " AND ".join(
        f"NOT EXISTS (SELECT 1 FROM {table.name} AS m WHERE {same} AND m.revision = {number})"
        for table in (current, past)
    )
    ended = _streamed(connection, f"SELECT {names} FROM {past.name} AS t WHERE ended = {number} AND {made}", control)
    yield from (row_sum(prefix + b"ended", row) for row in ended)


def _streamed(connection: Connection, sql: str, control: Control | None) -> Iterator[tuple[Any, ...]]:
    """All rows of a statement, with only a few in memory."""
    for part in connection.exec_driver_sql(sql, execution_options={"yield_per": _BATCH}).partitions():
        if control is not None:
            control.check()
        yield from (tuple(row) for row in part)


PAIRS = tables.VERSIONED
"""Every table whose rows are written by revisions, with its table of superseded rows."""
