"""The copies of an estate: where it goes on by itself. Each revision names the one that it was made in.

One copy is the present one. A new estate begins one; a moved or a restored estate begins one whose parent is the copy
that it came from. A row of a copy never changes: the hash chain covers it with the revisions that name it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from cmdb.model.characters import marked
from cmdb.model.estate_copies import EstateCopy
from cmdb.model.revision import new_id, now
from cmdb.store.rows import tables

KEY = "copy"
"""The key of ``meta`` under which the id of the present copy stands."""

_PRESENT = "SELECT c.id FROM estate_copy AS c JOIN meta AS m ON m.key = 'copy' AND m.value = c.uid"


def present_copy(connection: Connection) -> int | None:
    """The number of the present copy; None where the estate does not say."""
    return connection.exec_driver_sql(_PRESENT).scalar()


def begin_copy(connection: Connection, name: str) -> None:
    """Begins a copy, in the connection's transaction. Its parent is the one that was the present one until now."""
    c, m = tables.estate_copy, tables.meta
    parent = present_copy(connection)
    number = int(connection.execute(select(func.max(c.c.id))).scalar() or 0) + 1
    row = {"id": number, "uid": new_id(), "name": marked(name), "made": now(), "public_key": None, "parent": parent}
    connection.execute(c.insert(), row)
    connection.execute(m.delete().where(m.c.key == KEY))
    connection.execute(m.insert(), {"key": KEY, "value": row["uid"]})


def begin_pack(connection: Connection, copies: Sequence[EstateCopy], pack: EstateCopy) -> None:
    """Makes a new estate a pack: its present copy is a child of the last of ``copies``, which lead to it."""
    connection.execute(tables.estate_copy.delete())
    for one in (*copies, pack):
        number_of_copy(connection, one)
    m = tables.meta.c
    connection.execute(tables.meta.update().where(m.key == KEY).values(value=pack.uid))


def number_of_copy(connection: Connection, copy: EstateCopy) -> int:
    """The number of a copy; one that the estate does not know is added."""
    c = tables.estate_copy.c
    number = connection.execute(select(c.id).where(c.uid == copy.uid)).scalar()
    if number is not None:
        return int(number)
    number = int(connection.execute(select(func.max(c.id))).scalar() or 0) + 1
    parent = connection.execute(select(c.id).where(c.uid == copy.parent)).scalar()
    row = {
        "id": number, "uid": copy.uid, "name": marked(copy.name), "made": copy.made,
        "public_key": copy.public_key or None, "parent": parent,
    }  # fmt: skip
    connection.execute(tables.estate_copy.insert(), row)
    return number


def lineage(connection: Connection) -> list[EstateCopy]:
    """The present copy and those that it came from, the first one first."""
    rows = {row.id: row for row in connection.execute(select(tables.estate_copy))}
    found: list[EstateCopy] = []
    number = present_copy(connection)
    while number in rows and len(found) < len(rows):
        row = rows[number]
        parent = rows[row.parent].uid if row.parent in rows else ""
        found.insert(0, EstateCopy(row.uid, row.name, row.made, row.public_key or "", parent))
        number = row.parent
    return found


def known_copies(connection: Connection) -> set[str]:
    """The ids of all copies that the estate knows."""
    return set(connection.execute(select(tables.estate_copy.c.uid)).scalars())


def begin_copy_in_file(opened: Any, name: str) -> None:
    """As ``begin_copy``, through a connection of the driver's to a file that no one else has open.

    A file of a format without copies gets its first one when it is brought up to date.
    """
    if opened.execute("SELECT 1 FROM sqlite_master WHERE name = 'estate_copy'").fetchone() is None:
        return
    row = opened.execute(_PRESENT).fetchone()
    number = int(opened.execute("SELECT max(id) FROM estate_copy").fetchone()[0] or 0) + 1
    uid = new_id()
    opened.execute("BEGIN IMMEDIATE")
    opened.execute(
        "INSERT INTO estate_copy (id, uid, name, made, parent) VALUES (?, ?, ?, ?, ?)",
        (number, uid, marked(name), now(), row[0] if row else None),
    )
    opened.execute("DELETE FROM meta WHERE key = ?", (KEY,))
    opened.execute("INSERT INTO meta (key, value) VALUES (?, ?)", (KEY, uid))
    opened.execute("DELETE FROM meta WHERE key IN ('pack_key', 'pack_signature')")  # It is that pack no more.
    opened.execute("COMMIT")
