"""The files that are meant by what a person drops: files, and folders with their subfolders. No Qt."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

#: The most files that are taken from folders at once.
MOST = 10_000


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files, each once; of folders the files in them and in their subfolders, by name, without hidden ones.

    Reads folders: for a worker thread. What cannot be looked into is passed over, links to folders are not followed.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for folder, folders, names in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if not name.startswith((".", "~$")):
                    found[Path(folder, name)] = None
            if len(found) >= MOST:
                break
    return list(found)[:MOST]
