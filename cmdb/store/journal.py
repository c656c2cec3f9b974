"""Writing current rows so that what they supersede is kept, and the hash chain over what each revision wrote."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table

from cmdb.store.codec import chunks, dump, insert_sql

_BATCH = 5_000


class Journal:
    """Writes rows of one revision. Every table written through it keeps its superseded rows beside it."""

    def __init__(self, connection: Connection, number: int) -> None:
        self.connection = connection
        self.number = number
        self.touched: set[str] = set()
        self._sum = 0
        self._mark = "?" if connection.dialect.name == "sqlite" else "%s"

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """New rows; the last column is ``revision``."""
        if not rows:
            return
        self._count(table, rows)
        sql = insert_sql(self.connection.dialect.name, table.name, columns)
        for batch in chunks(rows, _BATCH):
            self.connection.exec_driver_sql(sql, batch)

    def supersede(self, table: Table, past: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Copies current rows to the past before they change; rows that this revision itself made are not copied."""
        if not keys:
            return
        names = ", ".join(f'"{c.name}"' for c in table.columns)
        where = " AND ".join(f'"{c.name}" = {self._mark}' for c in table.primary_key.columns)
        sql = (
            f"INSERT INTO {past.name} ({names}, ended) SELECT {names}, {self.number} FROM {table.name} "
            f"WHERE {where} AND revision < {self.number}"
        )
        for batch in chunks(keys, _BATCH):
            self.connection.exec_driver_sql(sql, batch)

    def update(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Sets ``columns`` (and the revision) of rows given as values followed by the key."""
        if not rows:
            return
        self._count(table, rows)
        sets = ", ".join(f'"{c}" = {self._mark}' for c in columns)
        where = " AND ".join(f'"{c.name}" = {self._mark}' for c in table.primary_key.columns)
        sql = f"UPDATE {table.name} SET {sets}, revision = {self.number} WHERE {where}"
        for batch in chunks(rows, _BATCH):
            self.connection.exec_driver_sql(sql, batch)

    def delete(self, table: Table, past: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Ends current rows."""
        if not keys:
            return
        self.supersede(table, past, keys)
        self._count(table, [("ended", *k) for k in keys])
        where = " AND ".join(f'"{c.name}" = {self._mark}' for c in table.primary_key.columns)
        for batch in chunks(keys, _BATCH):
            self.connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {where}", batch)

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self.touched)

    def digest(self, previous: str, header: Sequence[Any]) -> str:
        """This revision's link of the chain: over the previous link, the header, and the rows written in any order."""
        parts = [previous, dump(list(header)).decode(), f"{self._sum:064x}"]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _count(self, table: Table, rows: Iterable[Sequence[Any]]) -> None:
        self.touched.add(table.name)
        total = self._sum
        prefix = table.name.encode()
        for row in rows:
            total += int.from_bytes(hashlib.sha256(prefix + dump(row)).digest(), "big")
        self._sum = total % (1 << 256)
