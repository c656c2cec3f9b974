"""The place of the program's data: schema, catalogues, icons, themes, the sample estate."""

from __future__ import annotations

from pathlib import Path


def find_resources(beside: Path) -> Path:
    """The folder of resources for packages that are installed in ``beside``.

    A wheel has them in ``terrier/``, because a folder ``resources`` among all installed packages could belong to any of
    them; a clone of the repository has them at its top.
    """
    installed = beside / "terrier" / "resources"
    return installed if installed.is_dir() else beside / "resources"


_BESIDE = Path(__file__).resolve().parents[2]

RESOURCES = find_resources(_BESIDE)

#: Whether the program was installed from a wheel; otherwise it is run from a clone.
INSTALLED = RESOURCES.parent != _BESIDE
