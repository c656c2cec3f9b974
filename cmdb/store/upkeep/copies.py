"""Copies of an estate's file: made while it is in use, and put back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any

from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, StoreProblem
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
from cmdb.store.connection import atomic_file, sqlite
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key, errors
from cmdb.store.connection.database_address import is_url, named
from cmdb.store.connection.sqlite import address
from cmdb.store.rows.estate_copies import begin_copy_in_file
from cmdb.store.store import Store
from cmdb.store.upkeep import backup_contents, key_change
from cmdb.store.upkeep.format_number import check_format

PAGES = 2_000
"""How many pages are copied between two looks at whether the person has cancelled."""
_HEADER, _BLOCK = 4096, 2**20


def write_backup(store: Store, path: Path, control: Control | None = None) -> None:
    """Writes a consistent copy of a file estate, while it may be in use. Raises FileProblem, StoreProblem, Cancelled.

    The copy holds every revision that was reported before this was called.
    """
    if is_url(store.where):
        raise StoreProblem(
            Message("A database server has tools of its own for backups (pg_dump); this copies file estates only.")
        )
    if not path.parent.is_dir():
        raise FileProblem(Message("The folder {folder} does not exist.", folder=path.parent))
    if path.exists() and not path.is_file():
        raise FileProblem(Message("{path} is not a file that can be replaced.", path=path))
    if path.exists() and path.samefile(Path(store.where)):
        raise FileProblem(Message("{path} is the estate itself: give the backup another name.", path=path))
    if not path.exists():
        atomic_file.refuse_leftovers(path)
    copy(Path(store.where), path, control or Control(), replace=True, key=store.key)


def copy(
    source: Path, path: Path, control: Control, *, replace: bool = False, name: str = "", key: Key | None = None,
    like: Path | None = None, apart: Path | None = None,
) -> None:  # fmt: skip
    """Copies an estate's file, which may be in use; ``path`` gets the whole copy or stays as it is.

    The copy of an encrypted estate is encrypted as it is, with the same passphrase.

    ``like``: a file that says who may read the copy (``atomic_file.put``).
    ``apart``: a file of contents of attached files, into which the copy's go where they are many (``backup_contents``).
    ``name`` is by what the copy is known while it is in the making (``placing.sweep``), if not by its own name.

    Raises FileProblem, StoreProblem (damaged, full), Cancelled; FileExistsError where ``path`` may not be replaced.
    """
    with written(path), atomic_file.part(path.with_name(name or path.name)) as part:
        with engines.in_words(source), closing(engines.look(source, key)) as opened:
            # Held open, the view stays the same while others write; the copying would begin anew otherwise.
            opened.execute("BEGIN")
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _copy_pages(opened, source, part, path, control, key, apart)
        atomic_file.put(part, path, replace=replace, like=like)


def _copy_pages(
    opened: Any, source: Path, part: Path, path: Path, control: Control, key: Key | None, apart: Path | None
) -> None:
    def progress(_state: int, left: int, total: int) -> None:
        control.progress(total - left, total, Message("Copying {file}", file=source.name))

    with closing(_made(part, key)) as target:
        try:
            # The part is nobody's yet: what a power cut would do to it does not matter.
            target.execute("PRAGMA journal_mode=OFF")
            target.execute("PRAGMA synchronous=OFF")
            opened.backup(target, pages=PAGES, progress=progress)
        except errors() as error:
            if "full" in str(error).lower() or "disk i/o" in str(error).lower():
                raise FileProblem(
                    Message("{path} cannot be written: the disk is full, or reports an error.", path=path)
                ) from error
            raise
        if state := damage(target, control):
            raise StoreProblem(
                Message(
                    "{source} is damaged ({state}). No copy was made; earlier ones were not touched.",
                    source=source,
                    state=state,
                )
            )
        if apart is not None:
            backup_contents.put_apart(target, apart, key, source, control)


def _made(path: Path, key: Key | None) -> Any:
    """A connection to a file that is made with it."""
    return sqlite.open_(f"{path.absolute().as_uri()}?mode=rwc", key, engines.LOCK_SECONDS)


def damage(connection: Any, control: Control) -> str:
    """The first thing that is wrong with a file's pages; empty where nothing is. Raises Cancelled."""
    connection.set_progress_handler(lambda: control.cancelled, 100_000)
    try:
        found = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    except errors() as error:
        control.check()
        return str(error)
    finally:
        connection.set_progress_handler(None, 0)
    return "" if found == "ok" else " ".join(found.split())


def restore(copy: Path, target: Path, key: Key | None = None, present: Key | None = None) -> Key | None:
    """Puts a backup in the place of an estate; what stood there is kept beside it as ``.before-restore``.

    An encrypted estate stays encrypted, with its own passphrase, whatever the backup is; otherwise the restored file is
    encrypted if the backup is. Returns the key that opens it.

    The copy is looked at first: nothing happens unless it is a sound estate that this Terrier can read. A present file
    is replaced in one transaction, while no other program has it open; one that is damaged is put aside as it is.
    ``key`` is that of an encrypted copy, ``present`` that of the estate. Raises FileProblem, StoreProblem, Locked.
    """
    key = engines.recognise(copy, key)
    if target.exists() and target.samefile(copy):
        raise FileProblem(Message("{copy} is the estate itself, not a backup of it.", copy=copy))
    with engines.in_words(copy), closing(engines.look(copy, key)) as source:
        if state := damage(source, Control()):
            raise StoreProblem(Message("{copy} is damaged ({state}); nothing was restored.", copy=copy, state=state))
        row = source.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        check_format(copy, int(str(row[0])[:9]) if row and str(row[0]).isdecimal() else 0)
    with written(target):
        aside = _aside(target) if target.exists() else None
        if aside is None:
            atomic_file.refuse_leftovers(target)
            present = None
        else:
            present = engines.recognise(target, present)
            if _replace(copy, target, key, present, aside):
                return present or key
        with atomic_file.part(target) as part:
            _write(copy, key, part, present or key)
            _begin(part, present or key, named(target), copy, key)
            atomic_file.put(part, target, like=aside)
    return present or key


def _write(copy: Path, key: Key | None, part: Path, wanted: Key | None) -> None:
    """Copies a whole estate into a new file with a key, encrypted from its first byte."""
    with engines.in_words(copy):
        if key == wanted:
            with closing(engines.look(copy, key)) as source, closing(_made(part, key)) as made:
                source.backup(made)
            return
        with closing(key_change.opened(copy, key, wanted, made=False)) as source:
            key_change.export(source, part, wanted, Control(), copy)
            with closing(key_change.opened(part, wanted, wanted)) as made:
                if damage(made, Control()) or key_change.summary(made) != key_change.summary(source):
                    raise StoreProblem(
                        Message("{copy} could not be encrypted: what was written differs. Nothing was restored.",
                                copy=copy)
                    )  # fmt: skip


def _begin(part: Path, key: Key | None, name: str, copy: Path, copy_key: Key | None) -> None:
    """What is restored goes on as a copy of its own, with the contents of its attached files."""
    with closing(_made(part, key)) as opened:
        backup_contents.put_back(opened, copy, copy_key)
        begin_copy_in_file(opened, name)


def _replace(copy: Path, target: Path, key: Key | None, present: Key | None, aside: Path) -> bool:
    """Writes the copy into the present file. False where that is damaged, so that it was only put aside."""
    with engines.in_words(target):
        if _is_damaged(target, present):
            _put_aside(target, aside)
            return False
        with alone(target, present) as opened:
            with atomic_file.part(target) as part:
                with closing(_made(part, present)) as kept:
                    opened.backup(kept)
                atomic_file.put(part, aside, like=target)
            if key == present and _copied_by_pages(copy, key, opened):
                backup_contents.put_back(opened, copy, key)
                begin_copy_in_file(opened, named(target))
                return True
            with atomic_file.part(target) as part:
                _write(copy, key, part, present or key)
                _begin(part, present or key, named(target), copy, key)
                exchange(opened, part, target)
    return True


def _copied_by_pages(copy: Path, key: Key | None, opened: Any) -> bool:
    """Copies a backup into an open file, in one transaction. False where their pages differ in size: nothing was."""
    with engines.in_words(copy), closing(engines.look(copy, key)) as source:
        sizes = {connection.execute("PRAGMA page_size").fetchone()[0] for connection in (source, opened)}
        if len(sizes) > 1:
            return False
        source.backup(opened)
    return True


@contextmanager
def alone(path: Path, key: Key | None) -> Iterator[Any]:
    """A connection to a file that no other program has open, and that none can open while it lasts.

    Raises StoreProblem where one has.
    """
    place = address(path, read_only=False, still=False)
    with closing(sqlite.open_(place, key, engines.LOCK_SECONDS)) as opened:
        try:
            opened.execute("PRAGMA locking_mode=EXCLUSIVE")
            opened.execute("PRAGMA synchronous=FULL")
            opened.execute("BEGIN EXCLUSIVE")
            opened.execute("ROLLBACK")  # the lock stays
        except errors() as error:
            if "locked" not in str(error):
                raise
            raise StoreProblem(
                Message("{path} is in use. Close it in every window, then try again.", path=path)
            ) from error
        yield opened


def exchange(opened: Any, made: Path, path: Path, *, wipe_old: bool = False) -> None:
    """Puts another file into the place of one that is held ``alone``, and makes the old one useless.

    A program may have the old one open already and wait for it. It must not find an estate there, for what it would
    keep beside the file lies beside the new one. ``wipe_old`` overwrites all of it, as far as the disk lets us.
    """
    # All that SQLite keeps beside the file goes now, so that nothing is removed by its name when it is closed.
    opened.execute("PRAGMA journal_mode=DELETE").fetchall()
    opened.execute("PRAGMA journal_mode=MEMORY").fetchall()
    atomic_file.remove(path, main=False)
    if os.name == "nt":  # where a file that is open keeps its name
        opened.close()
        atomic_file.put(made, path, replace=True)
        return
    # Closed after the database is: to close any handle of a file gives up this process's locks on it.
    with path.open("r+b") as old:
        atomic_file.put(made, path, replace=True)
        _overwrite(old, _HEADER if not wipe_old else old.seek(0, os.SEEK_END))
        opened.close()


def wipe(path: Path) -> None:
    """Overwrites a file that nobody has open, as far as the disk lets us: a flash disk may keep the old blocks."""
    with path.open("r+b") as file:
        _overwrite(file, file.seek(0, os.SEEK_END))


def _overwrite(file: IO[bytes], size: int) -> None:
    file.seek(0)
    for start in range(0, size, _BLOCK):
        file.write(bytes(min(_BLOCK, size - start)))
    file.flush()
    os.fsync(file.fileno())


def _is_damaged(path: Path, key: Key | None) -> bool:
    """Looks without touching the file or its log, in which the last revisions of a damaged file may still be found."""
    place = address(path, read_only=True, still=False)
    with closing(sqlite.open_(place, key, engines.LOCK_SECONDS)) as opened:
        try:
            opened.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except errors() as error:
            if "malformed" not in str(error) and "not a database" not in str(error):
                raise
        return bool(damage(opened, Control()))


def _put_aside(target: Path, aside: Path) -> None:
    """Renames a damaged file together with its log."""
    for ending in ("-wal", "-journal", ""):
        side = target.with_name(target.name + ending)
        if side.exists():
            side.rename(aside.with_name(aside.name + ending))
    atomic_file.remove(target, main=False)


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
        raise FileProblem(Message("{path} cannot be written: {error}.", path=path, error=reason_of(error))) from error
