"""The differences between two moments of an estate, line by line, and a filter of lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cmdb.model.messages import Message
from cmdb.model.schema import Schema

KINDS = {
    "ci": Message("Item"),
    "relationship": Message("Relationship"),
    "group": Message("Redundancy group"),
    "membership": Message("Group membership"),
    "installation": Message("Installation"),
    "assignment": Message("Assignment"),
    "section": Message("Row of a section"),
    "event": Message("Event"),
    "attachment": Message("File"),
    "reservation": Message("Reservation"),
}
"""The kinds of records that are compared, with their names."""


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference: the item, what differs, and the values then and now.

    ``change`` is created, deleted or changed. ``there`` is whether the item exists at the second moment.
    """

    kind: str
    change: str
    uid: str
    there: bool
    cls: str
    item: str
    what: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class DifferenceFilter:
    """A filter of lines: by kinds, by the item's class with subclasses, and by all words of a text."""

    kinds: tuple[str, ...] = tuple(KINDS)
    cls: str = ""
    text: str = ""

    def among(self, lines: Iterable[DifferenceLine], schema: Schema) -> list[DifferenceLine]:
        """The lines that pass the filter."""
        fits = self.test(schema)
        return [line for line in lines if line.kind in self.kinds and fits(line)]

    def test(self, schema: Schema) -> Callable[[DifferenceLine], bool]:
        """Whether a line is of the class and has the words."""
        family = frozenset(schema.family(self.cls)) if self.cls else None
        words = self.text.casefold().split()
        return lambda line: (family is None or line.cls in family) and (not words or _has(line, words))


def _has(line: DifferenceLine, words: Sequence[str]) -> bool:
    text = f"{line.item} {line.what} {line.then} {line.now}".casefold()
    return all(word in text for word in words)
