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


def machine_endings(plugins: Iterable[Importer] = ()) -> list[str]:
    """The endings of all importers but the one for tables, and of packed folders: what agents and other tools write."""
    from importers.spreadsheets.importer import IMPORTER as TABLES

    others = (one for one in all_importers(plugins) if one.name != TABLES.name)
    return sorted(({ending for one in others for ending in one.endings} - set(TABLES.endings)) | {PACKED})


def all_endings(known: Iterable[Format]) -> list[str]:
    """The endings of some formats, each once."""
    return list(dict.fromkeys(ending for one in known for ending in one.endings))
