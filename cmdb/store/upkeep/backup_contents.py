"""The contents of attached files in an estate's own backups: they stand once, in a file beside all of them.

A backup is a copy of the whole file. Contents never change, so the backup of each day would hold the same again. Where
they are a good part of the file, they are put into ``contents`` in the folder of backups, those of one backup with
those of all others, and are taken out of the copy. Restoring puts them back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from cmdb.model import file_modes
from cmdb.model.control import Control
from cmdb.store.connection import engine as engines
from cmdb.store.connection import sqlite
from cmdb.store.connection.ciphers import Key, errors

LEAST = 8 << 20
"""The bytes of contents from which on they are put apart; taking them out of a copy means writing the rest anew."""
SHARE = 5
"""They are put apart where they are more than one part in so many of the file."""
_STEPS = 100_000
_TABLES = (
    "CREATE TABLE IF NOT EXISTS apart.blob (sha256 VARCHAR(64) PRIMARY KEY, size BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS apart.blob_chunk "
    "(sha256 VARCHAR(64) NOT NULL, n INTEGER NOT NULL, content BLOB NOT NULL, PRIMARY KEY (sha256, n))",
)
_LOST = (
    "SELECT sha256 FROM main.blob AS b WHERE b.size > 0 "
    "AND NOT EXISTS (SELECT 1 FROM main.blob_chunk AS c WHERE c.sha256 = b.sha256)"
)
_KEPT = "INSERT OR IGNORE INTO {0}.blob_chunk SELECT sha256, n, content FROM {1}.blob_chunk WHERE sha256 IN ({2})"


def place_of(backup: Path) -> Path:
    """The file of contents of a backup: beside it, with the same ending."""
    return backup.with_name(f"contents{backup.suffix}")


def put_apart(copy: Any, place: Path, key: Key | None, like: Path, control: Control) -> None:
    """Takes the contents out of a copy that is open and nobody's yet, into the file ``place``.

    Where that file cannot be read with the copy's key, or is damaged, they stay in the copy. Raises Cancelled, OSError.
    """
    if not _are_many(copy):
        return
    if not place.exists():
        with suppress(FileExistsError):
            file_modes.create(place)
            file_modes.take_over(place, like)
    with _cancelled_by(copy, control):
        try:
            with _attached(copy, place, key):
                copy.execute("PRAGMA apart.auto_vacuum=INCREMENTAL")
                copy.execute(f"PRAGMA apart.application_id={engines.APPLICATION_ID}")
                copy.execute("PRAGMA apart.journal_mode=DELETE")
                copy.execute("PRAGMA apart.synchronous=FULL")
                for sql in _TABLES:
                    copy.execute(sql)
                missing = "SELECT sha256 FROM main.blob EXCEPT SELECT sha256 FROM apart.blob"
                copy.execute("BEGIN IMMEDIATE")
                copy.execute(_KEPT.format("apart", "main", missing))
                copy.execute("INSERT OR IGNORE INTO apart.blob SELECT sha256, size FROM main.blob")
                copy.execute("COMMIT")
        except errors():
            control.check()
            with suppress(*errors()):
                copy.execute("ROLLBACK")
            return
        copy.execute("PRAGMA secure_delete=OFF").fetchall()  # the pages go with the file that is written anew
        copy.execute("DELETE FROM blob_chunk")
        copy.execute("VACUUM")


def put_back(restored: Any, backup: Path, key: Key | None) -> None:
    """Puts the contents back into what was restored from a backup; ``key`` is that of the backup.

    What is neither in it nor beside it stays missing, see ``lost``.
    """
    if not _has_contents(restored):
        return
    for mode in ("rw", "ro"):  # what a power cut left is rolled back first, where the file may be written to
        if place_of(backup).exists() and restored.execute(_LOST).fetchone():
            with suppress(*errors()), _attached(restored, place_of(backup), key, mode):
                restored.execute(_KEPT.format("main", "apart", _LOST))


def lost(estate: Path, key: Key | None) -> int:
    """The number of files of which an estate, restored from a backup without its file of contents, has no content."""
    with closing(engines.look(estate, key)) as opened:
        if not _has_contents(opened):
            return 0
        return int(opened.execute(f"SELECT count(*) FROM ({_LOST})").fetchone()[0])


def thin(place: Path, key: Key | None, users: Collection[Path]) -> None:
    """Drops the contents that none of the files ``users``, backups and the estate, names.

    Where one of them cannot be read with the key, all stay. Raises OSError.
    """
    if not place.exists():
        return
    named: set[str] = set()
    try:
        for path in users:
            with closing(engines.look(path, key)) as opened:
                if _has_contents(opened):
                    named.update(row[0] for row in opened.execute("SELECT sha256 FROM blob"))
        with closing(sqlite.open_(f"{place.absolute().as_uri()}?mode=rw", key, engines.LOCK_SECONDS)) as opened:
            gone = {row[0] for row in opened.execute("SELECT sha256 FROM blob")} - named
            if not gone:
                return
            opened.execute("BEGIN IMMEDIATE")
            for table in ("blob_chunk", "blob"):
                opened.executemany(f"DELETE FROM {table} WHERE sha256 = ?", [(one,) for one in sorted(gone)])
            opened.execute("COMMIT")
            opened.executescript("PRAGMA incremental_vacuum")  # ``execute`` frees one page only
    except errors():
        return


def _are_many(copy: Any) -> bool:
    if not _has_contents(copy):
        return False
    contents = copy.execute("SELECT coalesce(sum(size), 0) FROM blob").fetchone()[0]
    pages, size = (int(copy.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    return bool(contents >= LEAST and contents * SHARE > pages * size)


def _has_contents(opened: Any) -> bool:
    """Whether an estate's format has contents of files."""
    return bool(opened.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'blob_chunk'").fetchone())


@contextmanager
def _attached(opened: Any, place: Path, key: Key | None, mode: str = "rw") -> Iterator[None]:
    """The file of contents as the database ``apart`` of a connection; only SQLCipher's take a key, "" for none."""
    where = f"{place.absolute().as_uri()}?mode={mode}"
    if key is None and not _is_cipher(opened):
        opened.execute("ATTACH DATABASE ? AS apart", (where,))
    else:
        opened.execute("ATTACH DATABASE ? AS apart KEY ?", (where, key.literal if key is not None else ""))
    try:
        yield
    finally:
        with suppress(*errors()):
            opened.execute("DETACH DATABASE apart")


def _is_cipher(opened: Any) -> bool:
    return opened.execute("PRAGMA cipher_version").fetchone() is not None


@contextmanager
def _cancelled_by(opened: Any, control: Control) -> Iterator[None]:
    opened.set_progress_handler(lambda: int(control.cancelled), _STEPS)
    try:
        yield
    except errors():
        control.check()
        raise
    finally:
        opened.set_progress_handler(None, 0)
