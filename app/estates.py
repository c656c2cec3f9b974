"""Work on whole estates: creating, opening, checking, copying, moving, restoring, and changing the passphrase.

The window and the command line both use it. Not to be called on the GUI thread.
"""

from __future__ import annotations

import glob
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from app import keys
from app.settings import Settings
from app.unfinished_files import noted
from app.workspace import Workspace
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem, UserError
from cmdb.model.journal_head import JournalHead, NotedHead
from cmdb.model.messages import EMPTY, Message, tr, trn
from cmdb.model.relative_times import ago
from cmdb.store.connection import ciphers, postgresql
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.database_address import is_url, named
from cmdb.store.store import Store
from cmdb.store.upkeep import backup_contents, backups, copies, estate_transfer, rekeying
from cmdb.store.upkeep.abandoned_proposals import abandoned
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.noted_heads import HeadComparison, compare
from cmdb.store.upkeep.startup import create_estate


@dataclass(frozen=True, slots=True)
class EstateBackup:
    """A backup that an estate keeps of itself. ``made`` is local time, ``size`` in bytes, ``head`` its journal's."""

    path: Path
    made: datetime
    occasion: str
    size: int
    head: JournalHead


@dataclass(frozen=True, slots=True)
class RekeyedEstate:
    """The result of a change of passphrase: how many backups were changed too, and which were not (file, why)."""

    backups: int
    left: tuple[tuple[Path, Message], ...]
    asides: tuple[Path, ...]
    """Files that an earlier restore renamed. They are not changed."""
    remark: Message = EMPTY
    """The problem with the keyring, or nothing. The estate itself was changed."""


@dataclass(frozen=True, slots=True)
class MovedEstate:
    """The result of moving an estate: its new place and name, and its size."""

    where: str = field(repr=False)  # with the password, if one was given
    name: str
    records: int
    revisions: int


# -- making and opening -----------------------------------------------------------------------------------------------


def open_workspace(
    where: str, settings: Settings, control: Control | None = None, *, accept_broken: bool = False
) -> Workspace:
    """Opens an estate. The key of an encrypted one comes from the environment or the keyring.

    ``accept_broken`` takes over one of an older format whose journal was changed from outside.

    Raises BrokenJournal, StoreProblem, Cancelled, and Locked if the person must be asked for the passphrase.
    """
    return Workspace.open(where, settings, keys.find(where), control, accept_broken=accept_broken)


def unlock_workspace(
    where: str, passphrase: str, settings: Settings, control: Control | None = None, *, accept_broken: bool = False
) -> Workspace:
    """Opens an encrypted estate. Raises Locked where the passphrase is wrong, and what ``open_workspace`` raises."""
    key = ciphers.key_of(Path(where), passphrase)
    return Workspace.open(where, settings, key, control, accept_broken=accept_broken)


def create_workspace(where: str, settings: Settings, *, sample: bool = False) -> Workspace:
    """Creates an estate, empty or with the sample data, and opens it. Raises StoreProblem."""
    from app.sample import load

    if not is_url(where):
        Path(where).absolute().parent.mkdir(parents=True, exist_ok=True)
    return Workspace(create_estate(where, load if sample else None), settings)


def hear(workspace: Workspace) -> None:
    """Publishes what other processes have written since.

    Raises StoreProblem if the file was moved, replaced or deleted: it can still be read, but not written to.
    """
    workspace.poll()


def server_url(server: str, database: str, user: str, password: str) -> str:
    """The URL of a database on a PostgreSQL server. Raises StoreProblem where the server's name cannot be read."""
    return postgresql.address(server, database, user, password)


# -- maintenance ------------------------------------------------------------------------------------------------------


def check(workspace: Workspace, control: Control) -> list[str]:
    """The problems of the open estate, one line each. Raises Cancelled."""
    return check_store(workspace.base, control)


def remarks_of(store: Store) -> list[Message]:
    """What ``check`` says besides problems: groups that need more members than they have."""
    from cmdb.store.upkeep.group_audit import unreachable_groups

    return unreachable_groups(store)


def check_store(store: Store, control: Control) -> list[str]:
    """The problems of an estate, and abandoned proposals in it: one line each. Raises Cancelled."""
    return [*map(str, check_integrity(store, control)), *(str(one.text) for one in abandoned(store))]


def check_against(store: Store, noted: NotedHead) -> HeadComparison:
    """Whether the journal of an estate goes on from a head that was noted."""
    with store.read() as reader:
        return compare(reader, noted)


def head_of(store: Store) -> JournalHead:
    """The head of an estate's journal."""
    with store.read() as reader:
        return reader.head()


def copy(workspace: Workspace, path: Path, control: Control) -> None:
    """Writes a consistent copy of the open estate. Raises FileProblem where the file exists already, Cancelled."""
    if path.exists():
        raise FileProblem(
            Message("{file} exists already.", file=path.name), (Message("Choose another name for the copy."),)
        )
    with noted(path):
        copies.write_backup(workspace.base, path, control)


def kept_backups(workspace: Workspace) -> list[EstateBackup]:
    """The automatic backups of the open estate, the latest first. Raises FileProblem."""
    key = workspace.base.key
    return [
        EstateBackup(one.path, one.made, str(one.occasion), one.path.stat().st_size, backups.head_of(one.path, key))
        for one in backups.kept(Path(workspace.where))
    ]


def latest_backup(workspace: Workspace) -> str:
    """When the latest automatic backup of the open estate was made, in words. Raises FileProblem."""
    found = backups.kept(Path(workspace.where))
    if not found:
        return tr("There is no backup yet.")
    return tr("The latest backup is of {time}.", time=ago(found[0].made.astimezone(UTC).isoformat()))


def back_up_now(workspace: Workspace, control: Control) -> Path | None:
    """Makes a backup of the open estate; None where the latest one has all of it. Raises FileProblem, Cancelled."""
    where, key = workspace.base.where, workspace.base.key
    return backups.back_up(where, backups.BackupReason.BY_HAND, control, key=key)


def restore(copy: Path, where: str | Path, copy_key: Key | None, present: Key | None) -> str:
    """Replaces an estate, which nobody has open, by a backup; the file that was there is kept beside it.

    Returns what the person should know of its encryption and its attached files, "" where there is nothing.
    Raises UserError for a database, FileProblem, StoreProblem, Locked: then nothing was changed.
    """
    if is_url(where):
        raise UserError(
            Message("A backup is a file, so it can only be restored to a file; for a database use its own tools.")
        )
    target = Path(where)
    if not target.parent.is_dir():
        raise FileProblem(Message("The folder {folder} does not exist.", folder=target.parent))
    with noted(target):
        key = copies.restore(copy, target, copy_key, present)
    return "\n".join(filter(None, (_about_key(key, copy_key, present), _about_files(copy, target, key))))


def _about_key(key: Key | None, copy_key: Key | None, present: Key | None) -> str:
    if key is not None and copy_key is None:
        return tr("The backup is not encrypted; what was restored from it is, with the estate's passphrase.")
    if key is not None and copy_key is not None and key.salt != copy_key.salt:
        return tr("The backup has another passphrase; what was restored from it has the estate's.")
    if key is not None and present is None:
        return tr("It is encrypted, with the backup's passphrase.")
    return ""


def _about_files(copy: Path, target: Path, key: Key | None) -> str:
    """An estate's own backups have the contents of attached files in a file beside them."""
    lost = backup_contents.lost(target, key)
    if not lost:
        return ""
    return trn(
        "The content of {count} attached file was not beside the backup ({file}): put it there, and restore again.",
        "The contents of {count} attached files were not beside the backup ({file}): put it there, and restore again.",
        lost,
        file=backup_contents.place_of(copy).name,
    )


def move(workspace: Workspace, target: str, control: Control) -> MovedEstate:
    """Copies the open estate, history included, to the URL of an empty database or to a file that does not exist yet.

    Raises StoreProblem and Cancelled: then nothing is left at the target.
    """
    store = workspace.base
    if is_url(target):
        moved = estate_transfer.move(store, target, control)
        return MovedEstate(target, named(target), moved.records, moved.revisions)
    where = Path(target).absolute()
    with noted(where):
        moved = estate_transfer.move(store, where, control)
    return MovedEstate(str(where), named(where), moved.records, moved.revisions)


def loss_of_encryption(workspace: Workspace, target: str) -> str:
    """What a person has to know before an estate is moved: that it is not encrypted there; "" where nothing changes."""
    if workspace.encrypted and is_url(target):
        return tr("In the database it is not encrypted: who runs the server can read it.")
    return ""


# -- passphrases ------------------------------------------------------------------------------------------------------


def look_at_encryption(where: str | Path) -> bool:
    """Whether an estate is encrypted. Raises UserError for a database, StoreProblem where it is no estate.

    Also raises StoreProblem where what encryption needs is not installed.
    """
    if is_url(where):
        raise UserError(Message("Only files are encrypted by Terrier; a database server has ways of its own."))
    locked = keys.is_locked(where)
    if not locked:
        engines.recognise(Path(where))
    ciphers.require()  # before a person is asked for a passphrase
    return locked


def rekey(
    where: Path, old: Key | None, passphrase: str | None, control: Control, *, remember: bool | None = None
) -> tuple[RekeyedEstate, Key | None]:
    """Rewrites an estate and its automatic backups: encrypted with a new passphrase, or (None) not encrypted.

    ``remember`` keeps the new key in this person's keyring (None: only if the old one was kept there); the old key is
    removed from it. Returns what was done and the new key. Raises what ``rekeying.rekey_estate`` raises: then the
    estate is unchanged.
    """
    new = ciphers.new_key(passphrase) if passphrase else None
    known = old is not None and keys.is_remembered(old)
    with noted(where):
        done = rekeying.rekey_estate(where, old, new, control)
    remark = EMPTY
    try:
        if old is not None and (known or remember is not None):
            keys.forget(old)
        if new is not None and (known if remember is None else remember):
            keys.remember(new)
    except UserError as error:
        remark = error.message
    asides = tuple(sorted(where.parent.glob(f"{glob.escape(where.name)}.before-restore*")))
    return RekeyedEstate(done.backups, done.left, asides, remark), new


def encryption_choices(workspace: Workspace) -> tuple[bool, bool]:
    """Whether this computer has a keyring, and whether it has the open estate's key.

    Raises StoreProblem where what encryption needs is not installed.
    """
    ciphers.require()
    key = workspace.base.key
    return keys.can_remember(), key is not None and keys.is_remembered(key)


def remember_key(workspace: Workspace) -> None:
    """Keeps the open estate's key in this person's keyring. Raises UserError."""
    if workspace.base.key is not None:
        keys.remember(workspace.base.key)


# -- work for which the estate is closed, and opened again ------------------------------------------------------------


def rekey_and_open(
    closed: Workspace, passphrase: str | None, remember: bool, control: Control
) -> tuple[Workspace, RekeyedEstate | None, Exception | None]:
    """``rekey`` of an estate that was closed for it. The estate is open again on return, even after a failure."""
    where, old = Path(closed.where), closed.base.key
    try:
        done, new = rekey(where, old, passphrase, control, remember=remember)
    except Exception as error:  # the estate is unchanged, and opened again before the error is reported
        return Workspace.open(where, closed.settings, old), None, error
    failed = UserError(done.remark) if done.remark else None
    return Workspace.open(where, closed.settings, new), done, failed


def restore_and_open(closed: Workspace, copy: Path) -> tuple[Workspace, Exception | None]:
    """``restore`` of an estate that was closed for it. The estate is open again on return, even after a failure."""
    where, key = closed.where, closed.base.key
    failed: Exception | None = None
    try:
        restore(copy, where, key, key)
    except Exception as error:
        failed = error
    return Workspace.open(where, closed.settings, key), failed
