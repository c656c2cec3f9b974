"""What ends, comes back, or is to be done by a day, as one list. Each file of this package with ``SOURCES`` adds to it.

A source is found automatically; its rows have a date, the record, what is due, and what settles it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import lru_cache

from app.due.model import DueQuestion, DueRow, DueSource


@lru_cache(maxsize=1)
def due_sources() -> tuple[DueSource, ...]:
    """All sources, by name. The files are searched once."""
    found: list[DueSource] = []
    for module in pkgutil.iter_modules(__path__):
        found.extend(getattr(importlib.import_module(f"{__name__}.{module.name}"), "SOURCES", ()))
    return tuple(sorted(found, key=lambda one: one.name))


def due(question: DueQuestion) -> list[DueRow]:
    """Everything that is due by the question's last day, the earliest first."""
    return sorted(_found(question), key=lambda row: (row.day, row.kind, row.name.casefold(), row.key))


def _found(question: DueQuestion) -> Iterator[DueRow]:
    for source in due_sources():
        question.control.check()
        yield from source.rows(question)


__all__ = ["DueQuestion", "DueRow", "DueSource", "due", "due_sources"]
