"""An estate's own backups: they are in the folder ``<name>.backups`` beside its file.

They are made daily, before large imports and before migrations. The last five are kept, the last of each of the seven
latest days with a backup, and the last of each of the four latest weeks. The contents of attached files stand once
beside all of them (``backup_contents``).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from cmdb.model import file_modes
from cmdb.model.control import Control
from cmdb.model.errors import FileProblem
from cmdb.model.formats import Size
from cmdb.model.journal_head import JournalHead
from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
from cmdb.store.connection import atomic_file, sqlite
from cmdb.store.connection import engine as engines
from cmdb.store.connection.ciphers import Key, errors
from cmdb.store.connection.database_address import is_url
from cmdb.store.connection.sqlite import address
from cmdb.store.upkeep import backup_contents, copies

LATEST, DAYS, WEEKS = 5, 7, 4
_MOMENT = "%Y-%m-%d %H%M%S"


class BackupReason(StrEnum):
    """Why a backup is made; part of its name."""

    DAILY = "daily"
    IMPORT = "before import"
    MIGRATION = "before migration"
    BY_HAND = "by hand"


@dataclass(frozen=True, slots=True, order=True)
class Backup:
    """One backup. ``made`` is local time, as in its name."""

    made: datetime
    path: Path
    occasion: BackupReason


def folder_of(where: Path) -> Path:
    """The folder of an estate's own backups. It is created with the first one."""
    return where.with_name(f"{where.name}.backups")


def kept(where: Path) -> list[Backup]:
    """The backups of an estate, the latest first. Other files in the folder are ignored. Raises FileProblem."""
    folder, found = folder_of(where), []
    occasions = "|".join(BackupReason)
    name = re.compile(rf"(\d{{4}}-\d\d-\d\d \d{{6}}) ({occasions}){re.escape(where.suffix)}")
    try:
        files = list(folder.iterdir()) if folder.is_dir() else []
    except OSError as error:
        raise FileProblem(
            Message("The backups in {folder} cannot be read: {error}.", folder=folder, error=reason_of(error))
        ) from error
    for path in files:
        match = name.fullmatch(path.name)
        if match and (made := _moment(match[1])):
            found.append(Backup(made, path, BackupReason(match[2])))
    return sorted(found, reverse=True)


def due(where: str | Path, today: datetime) -> bool:
    """Whether an estate has no backup of a day yet (local time). Databases and read-only files need none."""
    if is_url(where) or engines.is_read_only(where):
        return False
    return all(one.made.date() != today.date() for one in kept(Path(where)))


def back_up(
    where: str | Path,
    occasion: BackupReason,
    control: Control | None = None,
    moment: datetime | None = None,
    key: Key | None = None,
) -> Path | None:
    """Makes a backup of an estate, which may be in use, and thins out the older ones. Not for the GUI's thread.

    None if there is nothing to do: a database (its server has its own tools), a read-only file, an estate without a
    revision, or one that has not changed since its latest backup. ``moment`` is the local time, ``key`` that of an
    encrypted estate, whose backups are encrypted as it is. Raises FileProblem or StoreProblem if none can be made (no
    right to write, no space, damaged), and Cancelled. Then all earlier ones still exist.
    """
    if is_url(where) or engines.is_read_only(where):
        return None
    source = Path(where)
    state = _head(source, key, still=False)
    earlier = kept(source)
    if not state.number or (earlier and head_of(earlier[0].path, key) == state):
        return None
    folder = folder_of(source)
    look_for_room(source, Message("No backup was made of {file}.", file=source.name))
    with _in_words(folder):
        file_modes.make_folder(folder, source)
    made = _copy(source, folder, occasion, control or Control(), moment or datetime.now(), key)
    with _in_words(folder):
        going = thinned(kept(source))
        for one in going:
            atomic_file.remove(one.path)
        if going:
            backup_contents.thin(backup_contents.place_of(made), key, [source, *(one.path for one in kept(source))])
    return made


def thinned(backups: Iterable[Backup]) -> list[Backup]:
    """The backups that can be deleted."""
    latest = sorted(backups, reverse=True)
    days: dict[object, Backup] = {}
    weeks: dict[object, Backup] = {}
    for one in latest:
        days.setdefault(one.made.date(), one)
        weeks.setdefault(one.made.isocalendar()[:2], one)
    stay = {*latest[:LATEST], *list(days.values())[:DAYS], *list(weeks.values())[:WEEKS]}
    return [one for one in latest if one not in stay]


def _copy(
    source: Path, folder: Path, occasion: BackupReason, control: Control, moment: datetime, key: Key | None
) -> Path:
    while True:
        path = folder / f"{moment.strftime(_MOMENT)} {occasion}{source.suffix}"
        try:
            apart = backup_contents.place_of(path)
            copies.copy(source, path, control, name=source.name, key=key, like=source, apart=apart)
        except FileExistsError:  # Two in one second: the backup of another process is kept, too.
            moment += timedelta(seconds=1)
        else:
            return path


def head_of(path: Path, key: Key | None = None) -> JournalHead:
    """The head of a backup's journal; that of an empty one where the backup cannot be read, or not with this key."""
    return _head(path, key, still=True)


def _head(path: Path, key: Key | None, *, still: bool) -> JournalHead:
    """The head of a file's journal: the same where the same revisions were applied.

    ``still`` files have no writer, and are read without side files.
    """
    latest = "SELECT number, hash FROM revision ORDER BY number DESC LIMIT 1"
    if not still:
        with engines.in_words(path), closing(engines.look(path, key)) as opened:
            row = opened.execute(latest).fetchone()
    else:
        try:
            place = address(path, read_only=True, still=True)
            with closing(sqlite.open_(place, key, engines.LOCK_SECONDS)) as opened:
                row = opened.execute(latest).fetchone()
        except errors():
            row = None  # If a backup cannot be read, or not with this key, a new one is made.
    return JournalHead(*row) if row else JournalHead(0, "")


def look_for_room(source: Path, failed: Message) -> None:
    """Raises FileProblem unless the disk has space for a copy and for further work. ``failed`` begins its message."""
    size = sum(p.stat().st_size for p in (source, source.with_name(source.name + "-wal")) if p.exists())
    free = shutil.disk_usage(source.absolute().parent).free
    if free < 2 * size:
        raise FileProblem(
            Message(
                "{failed} The disk has {free} free, and a copy takes {size}. "
                "Free some space, or keep copies elsewhere.",
                failed=failed,
                free=Size(free),
                size=Size(size),
            )
        )


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, _MOMENT)
    except ValueError:
        return None


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FileProblem(
            Message("No backups can be kept in {folder}: {error}.", folder=folder, error=reason_of(error))
        ) from error
