"""Files that are written under another name and renamed when they are complete, so that none is ever half written.

The temporary file of a process that was killed is recognised by its name, which holds the computer and the process, and
is deleted the next time.
"""

from __future__ import annotations

import errno
import glob
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cmdb.model import file_modes, whole_files
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message

SIDES = ("-wal", "-shm", "-journal")
"""The side files that SQLite keeps for a file in use."""
_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES}
_CLOCK = 120.0
"""Seconds by which a file's time and a process's may differ: shares have clocks of their own."""


@contextmanager
def part(path: Path) -> Iterator[Path]:
    """An empty temporary file in the folder of ``path``, its owner's alone; it is always removed at the end.

    Raises OSError where it cannot be made.
    """
    sweep(path)
    found = whole_files.made_beside(path)
    try:
        yield found
    finally:
        remove(found)


def put(made: Path, path: Path, *, replace: bool = False, like: Path | None = None) -> None:
    """Puts a whole file into its place, so that a power cut leaves it or what was there. Raises OSError.

    Without ``replace`` what is there already stays: FileExistsError. Who may read the file stays as it was of what it
    replaces; a new file is for those who may read the file ``like``, else its owner's (``file_modes``).
    """
    file_modes.settle(made, path, like)
    _sync(made)
    if replace:
        os.replace(made, path)
    else:
        _claim(made, path)
    _sync(path.parent)


def refuse_leftovers(path: Path) -> None:
    """Raises StoreProblem where a write-ahead log lies about without its file: SQLite would fold it into a new one."""
    for ending in ("-wal", "-journal"):
        side = path.with_name(path.name + ending)
        if side.exists() and side.stat().st_size:
            raise StoreProblem(
                Message(
                    "{side} is left over from another file of that name. Move it away, or choose another name.",
                    side=side,
                )
            )


def remove(path: Path, *, main: bool = True) -> None:
    """Removes a file and its side files; without ``main`` only the side files."""
    for ending in ("", *SIDES) if main else SIDES:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def sweep(path: Path) -> None:
    """Clears away what killed processes of this computer left of files in the making for ``path``."""
    _sweep(path.parent, whole_files.stem(path.name))


def sweep_folder(folder: Path) -> None:
    """Clears away what killed processes of this computer left of any file in the making in a folder of our own."""
    _sweep(folder, "")


def _sweep(folder: Path, name: str) -> None:
    """Of the files in the making for ``name`` ("" for any)."""
    computer = whole_files.computer()
    whose = re.escape(name) if name else ".+"
    form = re.compile(rf"\.{whose}\.{re.escape(computer)}\.(\d+)\.\d+\.part(-wal|-shm|-journal)?")
    for found in folder.glob(f".{glob.escape(name) if name else '*'}.{glob.escape(computer)}.*.part*"):
        match = form.fullmatch(found.name)
        with suppress(OSError):  # a folder that cannot be written to, or another process was faster
            if match and not is_running(int(match[1]), found.stat().st_mtime):
                found.unlink()


def _claim(made: Path, path: Path) -> None:
    """Renames the file to its final name. Raises FileExistsError if the name was taken meanwhile."""
    try:
        os.link(made, path)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A disk without links (FAT, some shares): the one moment between looking and renaming cannot be helped.
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        os.rename(made, path)


def _sync(path: Path) -> None:
    """Waits until the disk has a file, or a folder's list of files."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # shares that know no such thing
            raise
    finally:
        os.close(handle)


def is_running(process: int, written: float) -> bool:
    """Whether a process runs that can have written a file at that time: numbers of processes are used again."""
    import psutil

    try:
        return bool(psutil.Process(process).create_time() <= written + _CLOCK)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True
