"""Rows that others name by number and that are written once: releases. Those that no row names any more go."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table

from cmdb.store.rows import tables
from cmdb.store.rows.canonical_rows import INTERNED


def unnamed_rows() -> Iterator[tuple[Table, str]]:
    """The tables of interned rows, each with the condition that nothing names a row now or in the kept past."""
    for kind, table in INTERNED.items():
        naming = [
            f'SELECT "{column.name}" FROM {one.name} WHERE "{column.name}" IS NOT NULL'
            for pair in tables.VERSIONED
            for one in pair
            for column in one.columns
            if column.info.get("refers") == kind
        ]
        if naming:
            yield table, f"id NOT IN ({' UNION '.join(naming)})"


def drop_unnamed_rows(connection: Connection) -> None:
    """Deletes the interned rows that nothing names."""
    for table, condition in unnamed_rows():
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {condition}")
