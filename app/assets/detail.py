"""One item in detail: its facts with what the sources say, what hangs on it, and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.finding import Names

if TYPE_CHECKING:
    from cmdb.model.journal import Version
    from cmdb.model.records import CI, Claim, Installation, RelatedKind, Sighting
    from cmdb.store.reading.reader import Reader

NAMED = 200
"""Edits of one revision whose records are looked up: more than these are counted where they are shown."""


@dataclass(frozen=True)
class ItemFacts:
    """A CI with what the sources say of it, and the names of what it refers to."""

    ci: CI
    names: Names
    claims: dict[str, list[Claim]]


@dataclass(frozen=True)
class ItemParts:
    """What hangs on a CI: its relationships by kind, its software, and who looked at it when."""

    kinds: list[RelatedKind]
    installations: list[Installation]
    sightings: list[Sighting]

    @property
    def number(self) -> int:
        """How many relationships there are."""
        return sum(kind.number for kind in self.kinds)


@dataclass(frozen=True)
class ItemHistory:
    """The latest versions of a CI, the newest first, with the names of what they mention.

    ``more`` are there, and what was before ``kept_from`` (ISO UTC, or "") is not.
    """

    versions: list[Version]
    more: bool
    names: Names
    kept_from: str


def facts_of(reader: Reader, uid: str) -> ItemFacts:
    """The facts of a CI. Raises NotFound."""
    ci = reader.get(uid)
    claims = reader.claims_of(ci)
    references = {n for n, a in reader.schema.all_attributes().items() if a.type == "reference"}
    wanted = {v for n, v in ci.values.items() if n in references}
    wanted |= {c.value for n, said in claims.items() if n in references for c in said if c.value}
    return ItemFacts(ci, reader.names(wanted), claims)


def parts_of(reader: Reader, uid: str, most: int) -> ItemParts:
    """What hangs on a CI; of each kind of relationship the first ``most``. Raises NotFound."""
    from cmdb.store.reading.related import related

    return ItemParts(related(reader, uid, most), reader.installations(uid), reader.sightings(uid))


def unfolded(reader: Reader, uid: str, kind: RelatedKind, most: int) -> RelatedKind:
    """A kind of relationship with its first ``most``."""
    from cmdb.store.reading.related import more

    return replace(kind, first=more(reader, uid, kind, most))


def history_of(reader: Reader, uid: str, most: int) -> ItemHistory:
    """The latest ``most`` versions of a CI. Raises NotFound."""
    from cmdb.register.retention import remaining
    from cmdb.store.reading.related import lately

    versions, more = lately(reader, uid, most)
    return ItemHistory(versions, more, _mentioned(reader, versions), remaining(reader)[1])


def _mentioned(reader: Reader, versions: Sequence[Version]) -> Names:
    """The names of what versions mention, as they were last known."""
    references = {n for n, a in reader.schema.all_attributes().items() if a.type == "reference"}
    wanted: set[str] = set()
    for version in versions:
        for edit in version.edits[:NAMED]:
            wanted.update(k for k in edit.record.key if len(k) == 36)
            if edit.field in references:
                wanted.update(v for v in (edit.before, edit.after) if v)
    return reader.last_names(wanted)
