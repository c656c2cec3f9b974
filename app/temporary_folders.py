"""Folders of temporary files, each of one process alone: what killed processes left goes at the next start."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from cmdb.store.connection import atomic_file

_PREFIX = "terrier-files-"


def made(where: Path | None = None) -> Path:
    """A new folder that only this person may look into. Raises OSError."""
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=where))


def clear(places: Iterable[Path]) -> None:
    """Takes away what killed processes of this person left in some places."""
    for place in places:
        with suppress(OSError):
            for folder in list(place.glob(f"{_PREFIX}*")):
                number = folder.name.removeprefix(_PREFIX).partition("-")[0]
                with suppress(OSError):
                    if number.isdecimal() and _is_own(folder) and not _is_in_use(int(number), folder):
                        shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink() and (os.name == "nt" or folder.stat().st_uid == os.getuid())


def _is_in_use(process: int, folder: Path) -> bool:
    return atomic_file.is_running(process, folder.stat().st_mtime)
