"""Rows that others name by number and that are written once: releases, bodies of sections, actors, copies.

Those that no row names any more go. The contents of files are likewise, by their SHA-256.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, Table, text

from cmdb.store.rows import tables
from cmdb.store.rows.canonical_rows import INTERNED

_ATTACHED = (tables.attachment, tables.attachment_version)
_MORE = {
    "copy": (
        "SELECT parent FROM estate_copy WHERE parent IS NOT NULL",
        "SELECT copy FROM number_block",
        "SELECT c.id FROM estate_copy AS c JOIN meta ON meta.key = 'copy' AND meta.value = c.uid",
    ),
}
"""What else names rows. No revision names the present copy of the estate before the first one is written in it."""


def unnamed_rows() -> Iterator[tuple[Table, str]]:
    """The tables of interned rows, each with the condition that nothing names a row now or in the kept past."""
    journal = [tables.revision, *(one for pair in tables.VERSIONED for one in pair)]
    for kind, table in INTERNED.items():
        naming = [
            f'SELECT "{column.name}" FROM {one.name} WHERE "{column.name}" IS NOT NULL'
            for one in journal
            for column in one.columns
            if column.info.get("refers") == kind
        ]
        naming += _MORE.get(kind, ())
        yield table, f"id NOT IN ({' UNION '.join(naming)})"


def unnamed_contents() -> str:
    """The condition that nothing names a content of a file, now, in the kept past or in a proposal: of its SHA-256."""
    named = (f"SELECT sha256 FROM {t.name} WHERE sha256 IS NOT NULL" for t in _ATTACHED)
    proposed = "EXISTS (SELECT 1 FROM staging AS p WHERE replace(p.body, t.sha256, '') <> p.body)"
    return f"t.sha256 NOT IN ({' UNION '.join(named)}) AND NOT {proposed}"


def drop_unnamed_contents(connection: Connection) -> None:
    """Deletes the contents of files that nothing names."""
    found = connection.execute(text(f"SELECT t.sha256 FROM blob AS t WHERE {unnamed_contents()}")).scalars().all()
    for sha256 in found:
        for table in (tables.blob_chunk, tables.blob):
            connection.execute(table.delete().where(table.c.sha256 == sha256))


def drop_unnamed_rows(connection: Connection) -> None:
    """Deletes the interned rows that nothing names."""
    for table, condition in unnamed_rows():
        connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {condition}")
