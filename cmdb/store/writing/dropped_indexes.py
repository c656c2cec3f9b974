"""Indexes that are dropped while much is written into a table, and made again from all of it: this is faster.

In SQLite only: a server would block all other users during that time.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Table

from cmdb.model.new_records import NewInstallations, NewSectionRows
from cmdb.model.packed_edits import PackedEdits
from cmdb.store.rows.codec import KIND_TABLES

_MANY, _MOST = 50_000, 2_000_000
"""The numbers of new rows from which on it pays, and up to which SQLite can sort them in memory."""
_TABLES = {NewInstallations: KIND_TABLES["installation"].table, NewSectionRows: KIND_TABLES["section"].table}


def drop(connection: Connection, table: Table) -> dict[str, str]:
    """Drops the indexes of a table, but for the unique ones. Returns what makes them again: name → SQL."""
    rows = connection.exec_driver_sql(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql LIKE 'CREATE INDEX%'",
        (table.name,),
    ).all()
    for name, _ in rows:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return {row.name: row.sql for row in rows}


def drop_for(connection: Connection, edits: PackedEdits) -> dict[str, str]:
    """Drops those of tables into which more rows come than there are."""
    found: dict[str, str] = {}
    for kind, table in _TABLES.items() if connection.dialect.name == "sqlite" else ():
        number = edits.number_of_new(kind)
        if _MANY <= number <= _MOST:
            present = connection.exec_driver_sql(f"SELECT max(rowid) FROM {table.name}").scalar() or 0
            found |= drop(connection, table) if present < number else {}
    return found


def make_again(connection: Connection, dropped: Mapping[str, str]) -> None:
    """Makes dropped indexes."""
    for sql in dropped.values():
        connection.exec_driver_sql(sql)
