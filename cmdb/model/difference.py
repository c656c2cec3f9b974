"""What differs between two moments of an estate, line by line, and which of the lines are wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cmdb.model.messages import Message
from cmdb.model.schema import Schema

KINDS = {
    "ci": Message("Item"),
    "relationship": Message("Relationship"),
    "group": Message("Redundancy group"),
    "installation": Message("Installation"),
    "assignment": Message("Assignment"),
}
"""The kinds of records that are compared, with their names."""


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference: the item, what differs, and the values then and now.

    ``change`` is created, deleted or changed. ``there`` says whether the item exists at the second of the two moments.
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
    """Which lines are wanted: of kinds, of a class and its subclasses (the item's), with all words of a text."""

    kinds: tuple[str, ...] = tuple(KINDS)
    cls: str = ""
    text: str = ""

    def among(self, lines: Iterable[DifferenceLine], schema: Schema) -> list[DifferenceLine]:
        """Those of some lines."""
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
