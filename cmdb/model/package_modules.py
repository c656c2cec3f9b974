"""The modules of a package, by its folders: what registers by being there is found without importing it."""

from __future__ import annotations

import os
from collections.abc import Iterable


def module_names(folders: Iterable[str]) -> list[str]:
    """The names of the modules and packages in a package's folders (its ``__path__``), sorted.

    pkgutil answers the same, but imports ``inspect`` for it, a twentieth of a command's start. It is asked where the
    package is no folder, but in an archive.
    """
    found: set[str] = set()
    for folder in folders:
        try:
            names = os.listdir(folder)
        except (FileNotFoundError, NotADirectoryError):
            import pkgutil

            found.update(module.name for module in pkgutil.iter_modules([folder]))
            continue
        for name in names:
            stem, dot, ending = name.partition(".")
            if (dot and ending == "py" and stem != "__init__") or os.path.exists(f"{folder}/{name}/__init__.py"):
                found.add(stem)
    return sorted(found)
