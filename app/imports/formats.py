"""The file formats that can be imported, for the choice of files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cmdb.model.messages import tr
from importers.importer import Importer
from importers.registry import all_importers
from importers.spreadsheets.files.container import PACKED


@dataclass(frozen=True, slots=True)
class Format:
    """A format, worded: its name, what its files hold, and their usual endings (".json")."""

    label: str
    help: str
    endings: tuple[str, ...]


def formats(plugins: Iterable[Importer] = ()) -> list[Format]:
    """The formats of every importer, with those of ``plugins``; the one with the most extensions first."""
    known = sorted(all_importers(plugins), key=lambda one: (-len(one.endings), str(one.label)))
    found = [Format(str(one.label), str(one.help), one.endings) for one in known]
    return [*found, Format(tr("Packed folder"), tr("Files of these formats, packed as one"), (PACKED,))]


def all_endings(known: Iterable[Format]) -> list[str]:
    """The endings of some formats, each once."""
    return list(dict.fromkeys(ending for one in known for ending in one.endings))
