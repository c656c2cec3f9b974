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
from cmdb.store.upkeep import backup_contents, backups, copies, key_change


@dataclass(frozen=True, slots=True)
class RekeyingResult:
    """The number of re-keyed backups, and the backups that failed (file, reason)."""

    backups: int
    left: tuple[tuple[Path, Message], ...] = ()


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
        kept = [backup.path for backup in backups.kept(where)]
        beside = [place for path in kept[:1] if (place := backup_contents.place_of(path)).exists()]
        for path in (*kept, *beside):
            try:
                engines.recognise(path, old)
                _one(path, old, new, control)
                done += path in kept
            except UserError as error:  # The estate itself is re-keyed: backups that failed are reported.
                left.append((path, error.message))
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
            with closing(key_change.opened(between, None, new)) as source:
                key_change.export(source, part, new, control, path)
            copies.wipe(between)
        else:
            key_change.export(opened, part, new, control, path)
        with closing(key_change.opened(part, new, new)) as made:
            state = copies.damage(made, control)
            if state or key_change.summary(made) != key_change.summary(opened):
                raise StoreProblem(
                    Message("{path} could not be written anew: the copy differs. Nothing was changed.", path=path)
                )
        control.check()
        copies.exchange(opened, part, path, wipe_old=old is None)


def _copy(opened: Any, between: Path, control: Control, path: Path) -> None:
    """A copy of a plain file, which SQLCipher's driver may read while Python's holds the file itself."""

    def progress(_state: int, left: int, total: int) -> None:
        control.progress(total - left, total, Message("Copying {file}", file=path.name))

    with closing(key_change.opened(between, None, None)) as target:
        target.execute("PRAGMA synchronous=OFF")
        opened.backup(target, pages=copies.PAGES, progress=progress)
