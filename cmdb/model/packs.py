"""Packs: parts of an estate that are taken along, worked on elsewhere, and brought back.

A pack is an estate's file of its own. The copy of the estate that it is has a key; with it the pack signs the head of
its journal after each revision. The estate knows the pack by a record of the kind ``pack`` whose id is that copy's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cmdb.model.revision import Content, Record

KIND = "pack"


@dataclass(frozen=True, slots=True)
class Pack:
    """What is kept of a pack, in the estate and in the pack itself: what was taken along, by whom and when.

    ``where`` is the filter that chose its records; ``base`` the estate's latest revision when it was taken along.
    ``taken`` is the pack's latest revision that is in the estate, ``head`` the hash of its journal there.
    """

    uid: str
    name: str
    made: str
    by: str
    key: str
    where: str
    records: int
    base: int
    taken: int = 1
    head: str = ""

    @property
    def record(self) -> Record:
        """Its record."""
        return Record(KIND, (self.uid,))

    @property
    def fields(self) -> dict[str, Content]:
        """The fields of its record."""
        return {
            "name": self.name, "made": self.made, "by": self.by, "key": self.key, "where": self.where,
            "records": self.records, "base": self.base, "taken": self.taken, "head": self.head,
        }  # fmt: skip


def pack_of(uid: str, fields: Mapping[str, Content]) -> Pack:
    """A pack of the fields of its record."""

    def text(name: str) -> str:
        return str(fields.get(name) or "")

    def number(name: str) -> int:
        return int(text(name) or 0)

    return Pack(
        uid, text("name"), text("made"), text("by"), text("key"), text("where"), number("records"), number("base"),
        number("taken"), text("head"),
    )  # fmt: skip
