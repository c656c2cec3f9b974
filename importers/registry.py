"""Finds the importers: each package here with a module ``importer``, and each module with an ``IMPORTER``."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Iterable

import importers
from importers.importer import Importer


def all_importers(more: Iterable[Importer] = ()) -> list[Importer]:
    """All importers, with those of plug-ins (``more``), in the order in which they are tried for a file."""
    found = [*more]
    for module in pkgutil.iter_modules(importers.__path__, "importers."):
        name = f"{module.name}.importer" if module.ispkg else module.name
        if module.ispkg and importlib.util.find_spec(name) is None:
            continue
        importer = getattr(importlib.import_module(name), "IMPORTER", None)
        if isinstance(importer, Importer):
            found.append(importer)
    return sorted(found, key=lambda one: (one.rank, one.name))
