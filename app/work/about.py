"""The records that work is about: the other ends of the relationship "concerns"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.formats import listing
from cmdb.model.messages import tr

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

CONCERNS = "concerns"
"""The relationship type from work to what it is about."""
NAMED = 3
"""The number of records that a list names for each piece of work; the others are counted."""


@dataclass(frozen=True, slots=True)
class AboutRecords:
    """What a piece of work is about: the ids of the first records with their names, and how many there are."""

    first: tuple[tuple[str, str], ...] = ()
    number: int = 0

    def __str__(self) -> str:
        """The names as text: "LT-1, LT-2 and 5 more"."""
        names = [name for _, name in self.first]
        if self.number > len(names):
            return tr("{names} +{count}", names=listing(names, "unit"), count=self.number - len(names))
        return listing(names, "unit")


NOTHING = AboutRecords()


def about_of(reader: Reader, work: Sequence[int]) -> dict[int, AboutRecords]:
    """What pieces of work (inner ids) are about; those that are about nothing are left out."""
    ends = reader.linked(CONCERNS, work)
    names = reader.outer(inner for targets in ends.values() for inner in targets[:NAMED])
    deleted = reader.deleted_ends(CONCERNS, work)
    found: dict[int, AboutRecords] = {}
    for one in ends.keys() | deleted.keys():
        targets, gone = ends.get(one, []), [end[::2] for end in deleted.get(one, [])]
        first = [names[inner][::2] for inner in targets[:NAMED] if inner in names]
        found[one] = AboutRecords(tuple([*first, *gone][:NAMED]), len(targets) + len(gone))
    return found
