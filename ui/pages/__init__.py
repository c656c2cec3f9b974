"""The window's pages: one folder each, whose ``__init__`` holds a ``PAGE`` entry. A new folder is a new page."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from ui.page import GROUPS, PageEntry


def entries() -> list[PageEntry]:
    """Every page's entry, in the navigation's order. Imports the entries only, not the pages."""
    found: list[PageEntry] = []
    for module in pkgutil.iter_modules(__path__):
        entry = getattr(import_module(f"{__name__}.{module.name}"), "PAGE", None)
        if isinstance(entry, PageEntry):
            found.append(entry)
    groups = list(GROUPS)
    return sorted(found, key=lambda entry: (groups.index(entry.group), entry.order, entry.id))
