"""A record as scans see it at a moment: its values, the rows of its sections, its software and its relationships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from app.drift.releases import FoundRelease, release_of
from cmdb.model.errors import NotFound

if TYPE_CHECKING:
    from cmdb.model.section_rows import Columns
    from cmdb.model.values import Value
    from cmdb.store.reading.reader import Reader


class RelatedRecord(NamedTuple):
    """A relationship with another record, in words."""

    label: str
    name: str
    uid: str


@dataclass(frozen=True)
class ComputerState:
    """What is known of a record at a moment; of a record that isn't there yet, nothing."""

    cls: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    sections: Mapping[str, Mapping[str, Mapping[str, Columns]]] = field(default_factory=dict)
    """Section → row key → source → columns with a history."""
    looked: frozenset[tuple[str, str]] = frozenset()
    """(Source, section) of all sightings."""
    software: Mapping[FoundRelease, tuple[str, ...]] = field(default_factory=dict)
    """Release → the sources that state it."""
    related: frozenset[RelatedRecord] = frozenset()

    @property
    def software_sources(self) -> frozenset[str]:
        """The sources that state software of it."""
        return frozenset(source for sources in self.software.values() for source in sources)


def state_of(reader: Reader, uid: str) -> ComputerState:
    """What the reader's moment knows of a record."""
    try:
        own = reader.get(uid)
    except NotFound:
        return ComputerState()
    sections = {
        name: {row.key: {one.source: one.columns for one in (row, *row.also)} for row in rows}
        for name, rows in reader.sections(uid).items()
        if name in reader.schema.sections and not reader.schema.sections[name].volatile
    }
    return ComputerState(
        own.cls,
        own.values,
        sections,
        frozenset((one.source, one.section) for one in reader.sightings(uid)),
        {release_of(one): one.stated_by for one in reader.installations(uid)},
        frozenset(
            RelatedRecord(one.label, one.name, one.uid) for one in reader.relationships(uid) if not one.attribute
        ),
    )
