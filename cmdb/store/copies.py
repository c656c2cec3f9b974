"""Copies of an estate's file: made while it is in use, and put back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from cmdb.errors import FileProblem, StoreProblem
from cmdb.jobs import Control
from cmdb.store import engine as engines
from cmdb.store import placing

if TYPE_CHECKING:
    from cmdb.store import Store

_PAGES = 2_000
"""How many pages are copied between two looks at whether the person has cancelled."""


def backup(store: Store, path: Path, control: Control | None = None) -> None:
    """Writes a consistent copy of a file estate, while it may be in use. Raises FileProblem, StoreProblem, Cancelled.

    The copy holds every revision that was reported before this was called.
    """
    if engines.is_url(store.where):
        raise StoreProblem(
            "A database server has tools of its own for backups (pg_dump); this copies file estates only."
        )
    if not path.parent.is_dir():
        raise FileProblem(f"The folder {path.parent} does not exist.")
    if path.exists() and path.samefile(Path(store.where)):
        raise FileProblem(f"{path} is the estate itself: give the backup another name.")
    if not path.exists():
        placing.refuse_leftovers(path)
    copy(Path(store.where), path, control or Control(), replace=True)


def copy(source: Path, path: Path, control: Control, *, replace: bool = False, name: str = "") -> None:
    """Copies an estate's file, which may be in use; ``path`` gets the whole copy or stays as it is.

    ``name`` is by what the copy is known while it is in the making (``placing.sweep``), if not by its own name.

    Raises FileProblem, StoreProblem (damaged, full), Cancelled; FileExistsError where ``path`` may not be replaced.
    """
    with written(path), placing.part(path.with_name(name or path.name)) as part:
        with engines.in_words(source), closing(engines.look(source)) as opened:
            # Held open, the view stays the same while others write; the copying would begin anew otherwise.
            opened.execute("BEGIN")
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _copy_pages(opened, source, part, path, control)
        placing.put(part, path, replace=replace)


def _copy_pages(opened: sqlite3.Connection, source: Path, part: Path, path: Path, control: Control) -> None:
    def progress(_state: int, left: int, total: int) -> None:
        control.progress(total - left, total, f"Copying {source.name}")

    with closing(sqlite3.connect(part, isolation_level=None)) as target:
        try:
            # The part is nobody's yet: what a power cut would do to it does not matter.
            target.execute("PRAGMA journal_mode=OFF")
            target.execute("PRAGMA synchronous=OFF")
            opened.backup(target, pages=_PAGES, progress=progress)
        except sqlite3.Error as error:
            if "full" in str(error).lower() or "disk i/o" in str(error).lower():
                raise FileProblem(f"{path} cannot be written: the disk is full, or reports an error.") from error
            raise
        if state := _damage(target, control):
            raise StoreProblem(f"{source} is damaged ({state}). No copy was made; earlier ones were not touched.")


def _damage(connection: sqlite3.Connection, control: Control) -> str:
    """The first thing that is wrong with a file's pages; empty where nothing is. Raises Cancelled."""
    connection.set_progress_handler(lambda: control.cancelled, 100_000)
    try:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except sqlite3.DatabaseError as error:
        control.check()
        return str(error)
    finally:
        connection.set_progress_handler(None, 0)
    return "" if found == "ok" else " ".join(found.split())


def restore(copy: Path, target: Path) -> None:
    """Puts a backup in the place of an estate; what stood there is kept beside it as ``.before-restore``.

    The copy is looked at first: nothing happens unless it is a sound estate that this Terrier can read. A present file
    is replaced in one transaction, while no other program has it open; one that is damaged is put aside as it is.
    Raises FileProblem, StoreProblem.
    """
    engines.recognise(copy)
    if target.exists() and target.samefile(copy):
        raise FileProblem(f"{copy} is the estate itself, not a backup of it.")
    with engines.in_words(copy), closing(engines.look(copy)) as source:
        if state := _damage(source, Control()):
            raise StoreProblem(f"{copy} is damaged ({state}); nothing was restored.")
        row = source.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        engines.check_format(copy, int(row[0]) if row and str(row[0]).isdecimal() else 0)
        with written(target):
            if not target.exists():
                placing.refuse_leftovers(target)
            elif _replace(source, target):
                return
            with placing.part(target) as part:
                with closing(sqlite3.connect(part)) as made:
                    source.backup(made)
                placing.put(part, target)


def _replace(source: sqlite3.Connection, target: Path) -> bool:
    """Writes the copy into the present file. False where that is damaged, so that it was only put aside."""
    engines.recognise(target)
    aside = _aside(target)
    with engines.in_words(target):
        if _is_damaged(target):
            _put_aside(target, aside)
            return False
        lock = engines.LOCK_SECONDS
        with closing(sqlite3.connect(target, timeout=lock, isolation_level=None)) as present:
            try:
                present.execute("PRAGMA locking_mode=EXCLUSIVE")
                present.execute("BEGIN EXCLUSIVE")
                present.execute("ROLLBACK")  # the lock stays
            except sqlite3.OperationalError as error:
                if "locked" not in str(error):
                    raise
                raise StoreProblem(f"{target} is in use. Close it in every window, then restore.") from error
            with placing.part(target) as part:
                with closing(sqlite3.connect(part)) as kept:
                    present.backup(kept)
                placing.put(part, aside)
            source.backup(present)
    return True


def _is_damaged(path: Path) -> bool:
    """Looks without touching the file or its log, in which the last revisions of a damaged file may still be found."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as opened:
        try:
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            if not any(sign in str(error) for sign in ("malformed", "not a database")):
                raise
        return bool(_damage(opened, Control()))


def _put_aside(target: Path, aside: Path) -> None:
    """Renames a damaged file together with its log."""
    for ending in ("-wal", "-journal", ""):
        side = target.with_name(target.name + ending)
        if side.exists():
            side.rename(aside.with_name(aside.name + ending))
    placing.remove(target, main=False)


def _aside(target: Path) -> Path:
    """A free name for what is put aside: nothing that was put aside earlier is overwritten."""
    found = target.with_name(f"{target.name}.before-restore")
    number = 2
    while found.exists():
        found = target.with_name(f"{target.name}.before-restore-{number}")
        number += 1
    return found


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Says in words why a file cannot be written."""
    try:
        yield
    except FileExistsError:
        raise
    except OSError as error:
        raise FileProblem(f"{path} cannot be written: {error.strerror}.") from error
