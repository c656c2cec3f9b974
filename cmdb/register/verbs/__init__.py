"""The register's verbs. Each module of this package with ``VERBS`` adds some; a new file needs no registration."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from cmdb.model.verb import Verb


@lru_cache(maxsize=1)
def verbs() -> dict[str, Verb]:
    """All verbs by name, in the order of menus. The modules are searched once."""
    found: list[Verb] = []
    for module in pkgutil.iter_modules(__path__):
        found.extend(getattr(importlib.import_module(f"{__name__}.{module.name}"), "VERBS", ()))
    return {one.name: one for one in sorted(found, key=lambda verb: (verb.order, verb.name))}
