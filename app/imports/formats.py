"""What can be taken in, for who chooses a file: the formats of all importers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from importers.importer import Importer
from importers.registry import all_importers


@dataclass(frozen=True, slots=True)
class Format:
    """A format by what it is called, what its files hold, and their usual endings (".json")."""

    label: str
    help: str
    endings: tuple[str, ...]


def formats(plugins: Iterable[Importer] = ()) -> list[Format]:
    """The formats of every importer, those of ``plugins`` too; the one that takes the most kinds of files first."""
    known = sorted(all_importers(plugins), key=lambda one: (-len(one.endings), one.label))
    return [Format(one.label, one.help, one.endings) for one in known]


def all_endings(known: Iterable[Format]) -> list[str]:
    """The endings of some formats, each once."""
    return list(dict.fromkeys(ending for one in known for ending in one.endings))
