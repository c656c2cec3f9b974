"""The first items and latest revisions of an estate's file, read before the store's libraries are loaded.

Importing the store takes several times as long as opening an empty window. This reads a SQLite estate with the standard
library alone, so that the window can show real data immediately. If anything is not as expected, the result is None.
The store is opened afterwards and reports the reason.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from cmdb.model import regular_files
from cmdb.model.errors import FileProblem
from cmdb.model.first_look import FirstItem, FirstLook, FirstRevision
from cmdb.model.stored_texts import from_stored

APPLICATION_ID = 0x54455252
ENCRYPTED = b"\x8eTER"
_WAIT = 0.05


def first_look(path: Path, cls: str = "", limit: int = 40) -> FirstLook | None:
    """The first look at a file. None if the file is missing, busy, not an estate, or of another format."""
    still = not os.access(path.absolute().parent, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    address = f"{path.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"
    try:
        connection = sqlite3.connect(address, uri=True, timeout=_WAIT)
    except (sqlite3.Error, ValueError):
        return None
    try:
        return _look(connection, cls, limit)
    except sqlite3.Error:
        return None
    finally:
        connection.close()


def is_encrypted(path: Path) -> bool:
    """Whether a file begins like an encrypted estate (``connection.ciphers``), which has no first look."""
    try:
        with regular_files.opened(path) as file:
            return file.read(len(ENCRYPTED)) == ENCRYPTED
    except (OSError, FileProblem):
        return False


def _revision(number: int, time: str, author: str, source: str, reason: str, *numbers: int) -> FirstRevision:
    undoes, created, updated, deleted, undone_by = numbers
    text = from_stored(reason)
    return FirstRevision(number, time, author, source, text, undoes, created, updated, deleted, undone_by)


def _look(connection: sqlite3.Connection, cls: str, limit: int) -> FirstLook | None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        return None
    (count,) = connection.execute("SELECT count(*) FROM ci").fetchone()
    condition, values = ("WHERE class = ?", [cls]) if cls not in ("", "ci") else ("", [])
    items = connection.execute(
        f"SELECT uid, class, name, status, asset_tag, notes FROM ci {condition} ORDER BY name_key, id LIMIT ?",
        [*values, limit],
    )
    recent = connection.execute(
        "SELECT number, time, author, source, reason, undoes, created, updated, deleted,"
        " coalesce((SELECT max(u.number) FROM revision u WHERE u.undoes = revision.number), 0)"
        " FROM revision ORDER BY number DESC LIMIT 12"
    )
    return FirstLook(
        cls or "ci",
        count,
        tuple(FirstItem(*(value or "" for value in row)) for row in items),
        tuple(_revision(*row) for row in recent),
    )
