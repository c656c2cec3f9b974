"""Plain connections to an estate's file: to write, to read, or to read a file that is not being written to."""

from __future__ import annotations

import os
import sqlite3
import sys
from pathlib import Path
from typing import Any

from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.store.connection import ciphers
from cmdb.store.connection.ciphers import Key

#: A commit is on the disk when it is reported, not only passed to the operating system.
DURABLE = ("synchronous=FULL", *(("fullfsync=ON", "checkpoint_fullfsync=ON") if sys.platform == "darwin" else ()))


def address(path: Path, *, read_only: bool, still: bool) -> str:
    """A file's URI. ``still``: nobody writes to it, so that SQLite need not look for that."""
    return f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rw'}{'&immutable=1' if still else ''}"


def stillness(path: Path) -> tuple[int, int] | None:
    """Size and time of a file that is not open for writing anywhere; None if it is.

    Such a file can be read without the side files that SQLite would make in its folder.
    """
    log = path.with_name(path.name + "-wal")
    if log.exists() and log.stat().st_size:
        return None
    found = path.stat()
    return found.st_size, found.st_mtime_ns


class OpenedFile:
    """The file that an engine has open. Another one may come into its place, or none: what is written then is lost."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._which: tuple[int, int] | None = None

    def note(self) -> None:
        """A connection is made. Raises StoreProblem where it is to another file than the first one was."""
        if self._which is None:
            self._which = _which(self._path)
        self.require()

    def require(self) -> None:
        """Raises StoreProblem unless the file stands where it was opened."""
        if _which(self._path) != self._which:
            raise StoreProblem(
                Message("{file} was moved, replaced or deleted while it was open.", file=self._path.name),
                (
                    Message(
                        "Nothing more is written to it. "
                        "Put the file back, or close the estate and open it where it is now."
                    ),
                ),
            )


def _which(path: Path) -> tuple[int, int] | None:
    """Tells a file from every other one that is there, whatever they are called; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def may_write(path: Path) -> bool:
    """Whether a file can be written to, and its folder, where SQLite keeps its log."""
    return os.access(path, os.W_OK) and os.access(path.absolute().parent, os.W_OK)


def connect(path: Path, where: str, key: Key | None, wait: float) -> Any:
    """A connection to ``where`` (an address of ``path``) that has read the database's own schema.

    ``wait``: seconds for which it waits for others. Raises the driver's errors, and Locked where the key is wrong.
    """
    connection = open_(where, key, wait)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except UnicodeDecodeError as error:
        connection.close()
        raise sqlite3.DatabaseError("malformed database schema") from error
    except ciphers.errors() as error:
        connection.close()
        if key is not None and getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_NOTADB:
            raise ciphers.wrong(path) from None
        raise
    return connection


def open_(where: str, key: Key | None, wait: float) -> Any:
    """A connection that has read nothing yet."""
    connection = ciphers.driver(key).connect(
        where, uri=True, timeout=wait, isolation_level=None, check_same_thread=False
    )
    if key is not None:
        ciphers.unlock(connection, key)
    return connection
