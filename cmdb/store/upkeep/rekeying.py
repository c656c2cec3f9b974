"""Encrypts an existing estate, changes its passphrase, or removes the encryption.

A new file is written beside the estate, compared with it, and replaces it when it is complete. Nobody else can have the
estate open during this time. The estate's own backups are re-keyed, too, so that no readable copy is left and one
passphrase opens all of them.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cmdb.model.control import Control
from cmdb.model.errors import StoreProblem, UserError
from cmdb.model.messages import Message
from cmdb.store.connection import atomic_file, ciphers
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key
from cmdb.store.upkeep import backups, copies

_STEPS = 100_000
"""The number of SQLite's steps between two checks for cancellation."""


@dataclass(frozen=True, slots=True)
class RekeyingResult:
    """The number of re-keyed backups, and the backups that failed (file, reason)."""

    backups: int
    left: tuple[tuple[Path, str], ...] = ()


def rekey_estate(where: Path, old: Key | None, new: Key | None, control: Control | None = None) -> RekeyingResult:
    """Writes an estate and its own backups anew with another key; None removes the encryption.

    Not for the GUI's thread. Raises StoreProblem (in use, damaged), Locked (wrong key), FileProblem (no space, no right
    to write) and Cancelled: then the estate is unchanged.
    """
    control = control or Control()
    old = engines.recognise(where, old)
    if engines.is_read_only(where):
        raise StoreProblem(
            Message(
                "{where} is read-only, so nothing can be changed. Copy it to a folder you may write to.", where=where
            )
        )
    with copies.written(where):
        _one(where, old, new, control)
        done, left = 0, []
        for backup in backups.kept(where):
            try:
                engines.recognise(backup.path, old)
                _one(backup.path, old, new, control)
                done += 1
            except UserError as error:  # The estate itself is re-keyed: backups that failed are reported.
                left.append((backup.path, str(error)))
    return RekeyingResult(done, tuple(left))


def _one(path: Path, old: Key | None, new: Key | None, control: Control) -> None:
    backups.look_for_room(path, Message("There is no room to write {file} anew.", file=path.name))
    ciphers.require()
    with (
        engines.in_words(path),
        atomic_file.part(path) as between,
        atomic_file.part(path) as part,
        # Locked with the driver that this process reads it with: two drivers do not see each other's locks.
        copies.alone(path, old) as opened,
    ):
        if state := copies.damage(opened, control):
            raise StoreProblem(
                Message("{path} is damaged ({state}). Nothing was changed; restore a backup.", path=path, state=state)
            )
        if old is None:
            _copy(opened, between, control, path)
            with closing(_opened(between, None, new)) as source:
                _export(source, part, new, control, path)
            copies.wipe(between)
        else:
            _export(opened, part, new, control, path)
        with closing(_opened(part, new, new)) as made:
            state = copies.damage(made, control)
            if state or _summary(made) != _summary(opened):
                raise StoreProblem(
                    Message("{path} could not be written anew: the copy differs. Nothing was changed.", path=path)
                )
        control.check()
        copies.exchange(opened, part, path, wipe_old=old is None)


def _copy(opened: Any, between: Path, control: Control, path: Path) -> None:
    """A copy of a plain file, which SQLCipher's driver may read while Python's holds the file itself."""

    def progress(_state: int, left: int, total: int) -> None:
        control.progress(total - left, total, Message("Copying {file}", file=path.name))

    with closing(_opened(between, None, None)) as target:
        target.execute("PRAGMA synchronous=OFF")
        opened.backup(target, pages=copies.PAGES, progress=progress)


def _export(source: Any, part: Path, new: Key | None, control: Control, path: Path) -> None:
    """Copies everything into a file with another key, table by table: pages of the two have no common form."""
    total = path.stat().st_size

    def step() -> int:
        control.progress(min(part.stat().st_size, total), total, Message("Writing {file}", file=path.name))
        return int(control.cancelled)

    uri = f"{part.absolute().as_uri()}?mode=rwc"
    source.execute("ATTACH DATABASE ? AS made KEY ?", (uri, new.literal if new else ""))
    # Nobody uses the file yet. It is synchronised when it replaces the old one.
    source.execute("PRAGMA made.synchronous=OFF")
    source.set_progress_handler(step, _STEPS)
    try:
        source.execute(f"PRAGMA made.application_id={engines.APPLICATION_ID}")
        source.execute("SELECT sqlcipher_export('made')").fetchall()
    except ciphers.errors():
        control.check()
        raise
    finally:
        source.set_progress_handler(None, 0)
        source.execute("DETACH DATABASE made")


def _opened(path: Path, key: Key | None, driver: Key | None) -> Any:
    """A connection to an estate's file, with the driver that the key requires."""
    uri = f"{path.absolute().as_uri()}?mode=rwc"
    connection = ciphers.driver(driver).connect(uri, uri=True, isolation_level=None)
    if key is not None:
        ciphers.unlock(connection, key)
    return connection


def _summary(connection: Any) -> dict[str, Any]:
    """The values that must be equal in both files: the layout, the number of rows of each table, and the last hash."""
    layout = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    names = [row[1] for row in layout if row[0] == "table"]
    found = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
    last = connection.execute("SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1").fetchall()
    return {**found, "": (layout, last, connection.execute("PRAGMA application_id").fetchone())}
