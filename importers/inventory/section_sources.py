"""Which field of the inventory format is which column of which section.

A path names the list or the object in ``content``; "terrier." is Terrier's own part of it. A field is its key there; a
pair is a number with what it is multiplied by. Fields that begin with "+" are no fields of the entry: they are put
into it before (``section_entries``). What the format names and is not here is what environment variables are set to
and the arguments of processes, which can hold secrets, and what the record itself has. A scan that was asked for
arguments has them in Terrier's own part.
"""

from __future__ import annotations

from collections.abc import Mapping

from importers.inventory.section_source import SectionSource
from importers.inventory.sources import hardware, network, printing, software, storage, system

SOURCES: Mapping[str, SectionSource] = {
    **hardware.SOURCES, **printing.SOURCES, **storage.SOURCES, **network.SOURCES, **system.SOURCES, **software.SOURCES,
}  # fmt: skip
"""Section → where its rows come from."""
