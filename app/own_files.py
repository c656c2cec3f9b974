"""The files of an open estate: its own, and what SQLite keeps beside it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from cmdb.store.connection import atomic_file


def is_own(path: Path, estate: str | Path) -> bool:
    """Whether a file is the estate's. It may not even be opened: closing it would release the locks that this process
    holds on it.
    """
    if not isinstance(estate, Path):
        return False
    for own in (estate, *(estate.with_name(estate.name + side) for side in atomic_file.SIDES)):
        with suppress(OSError, ValueError):
            if path.samefile(own):
                return True
    return False
