"""Files in the making, noted so that nothing of them stays where their process is killed.

Each process notes, in the folder of the settings, where it writes a copy of an estate. At the next start of Terrier the
notes of processes that are gone are read, and what lies there half written is removed.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.settings import config_folder
from cmdb.store.connection import atomic_file

_numbers = itertools.count(1)


@contextmanager
def noted(path: Path) -> Iterator[None]:
    """Notes that a file is made within, under its own name and beside it. Where nothing can be noted, nothing is."""
    note = _folder() / f"{os.getpid()}-{next(_numbers)}"
    with suppress(OSError):
        note.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(os.fsencode(path.absolute()))
    try:
        yield
    finally:
        with suppress(OSError):
            note.unlink()


def clear() -> None:
    """Removes what killed processes left of the files that they noted. A folder that cannot be reached waits."""
    with suppress(OSError):
        for note in list(_folder().iterdir()):
            number = note.name.partition("-")[0]
            with suppress(OSError):
                if number.isdecimal() and not atomic_file.is_running(int(number), note.stat().st_mtime):
                    _clear(Path(os.fsdecode(note.read_bytes())), note)


def _clear(path: Path, note: Path) -> None:
    if path.name and path.parent.is_dir():
        atomic_file.sweep(path)
        atomic_file.sweep_folder(path.with_name(f"{path.name}.backups"))
        note.unlink()


def _folder() -> Path:
    return config_folder() / "unfinished"
