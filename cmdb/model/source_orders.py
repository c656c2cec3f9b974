"""Source orders: whose value counts where sources differ, and whose value does not count by itself.

An order lists sources, the best one first: kinds ("scan"), named sources ("sheet:HR export.xlsx", with "*" for any
characters), and what hosts say of their guests ("scan (guests)"). The most specific entry counts. A source that is not
listed ranks last, a person always first. What a source says is applied, asked about or held:

- *apply*: its value counts by its rank;
- *ask*: a value of it that would replace what stands waits in the review. It is not stated before it was accepted;
- *hold*: it is recorded and shown as a deviation, and never counts by itself. What stands by its word when it becomes
  held stays, as the last word of all: any other source that counts says otherwise.

A schema declares orders; ``cmdb.model.claims`` decides by them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from cmdb.model.errors import SchemaError
from cmdb.model.messages import Message
from cmdb.model.source_keys import KINDS, PERSON, about_guests, is_kept, kind_of, of_guests, without_guests

APPLY, ASK, HOLD = "apply", "ask", "hold"
DOES = (APPLY, ASK, HOLD)

GENERAL, MEASURED = "general", "measured"
"""The orders of an estate: of what scans measure (memory, operating system, …), and of everything else."""


class RankedSource(NamedTuple):
    """One entry of an order: a source, and what becomes of what it says."""

    source: str
    does: str = APPLY


Ranked = tuple[RankedSource, ...]


def read_order(what: Message, entries: object) -> Ranked:
    """An order as documents have it: names of sources, or tables of ``source`` and ``does``. Raises SchemaError."""
    if not isinstance(entries, list | tuple):
        raise SchemaError(Message("{what}: an order of sources is a list.", what=what))
    found: list[RankedSource] = []
    for place, entry in enumerate(entries):
        fields = entry if isinstance(entry, Mapping) else {"source": entry}
        one = RankedSource(str(fields.get("source", "")), str(fields.get("does", APPLY)))
        if fields.keys() - {"source", "does"} or one.does not in DOES:
            raise SchemaError(
                Message("{what}: a source has a name, and applies, asks or holds: {words}.", what=what, words=DOES)
            )
        if kind_of(without_guests(one.source)) not in KINDS:
            raise SchemaError(
                Message(
                    "{what}: “{source}” is no source. Sources are of the kinds {kinds}, such as “sheet:stock.xlsx”.",
                    what=what, source=one.source, kinds=KINDS,
                )
            )  # fmt: skip
        if any(one.source == other.source for other in found):
            raise SchemaError(Message("{what}: “{source}” is listed twice.", what=what, source=one.source))
        if one.source == PERSON and (place or one.does != APPLY):
            raise SchemaError(
                Message("{what}: what a person says always counts most, so “person” comes first.", what=what)
            )
        found.append(one)
    return tuple(found)


def order_document(ranked: Iterable[RankedSource]) -> list[str | dict[str, str]]:
    """An order as documents have it."""
    return [one.source if one.does == APPLY else {"source": one.source, "does": one.does} for one in ranked]


class SourceOrder:
    """An order that is ready to be asked: the rank of any source, as a number; the highest wins, below 0 it is held.

    ``needed``: no record can be without the value, or it is known again by it. There a held value counts where no
    other source has one.
    """

    __slots__ = ("_named", "_patterns", "asks", "holds", "least", "needed", "ranked", "ranks")

    def __init__(self, ranked: Ranked, *, needed: bool = False) -> None:
        self.ranked = ranked
        self.needed = needed
        self.holds = any(one.does == HOLD for one in ranked)
        self.asks = any(one.does == ASK for one in ranked)
        self.least = -2 * len(ranked) if needed else 0
        """The least rank with which a value counts."""
        self.ranks: dict[str, int] = {}
        """The ranks that were asked for. Only what is missing here needs ``rank``."""
        self._named = {one.source: place for place, one in enumerate(ranked)}
        patterns = sorted((one.source for one in ranked if "*" in one.source), key=lambda s: (-len(s), s))
        self._patterns = [(re.compile(".*".join(map(re.escape, one.split("*"))), re.DOTALL), one) for one in patterns]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SourceOrder) and (self.ranked, self._counts) == (other.ranked, other._counts)

    def __hash__(self) -> int:
        return hash((self.ranked, self._counts))

    @property
    def _counts(self) -> bool:
        return self.needed and self.holds

    def rank(self, source: str) -> int:
        """The rank of a source."""
        found = self.ranks.get(source)
        if found is None:
            found = self.ranks[source] = self._rank(source)
        return found

    def _rank(self, source: str) -> int:
        length = len(self.ranked)
        if source == PERSON:
            return 2 * length + 3
        if is_kept(source):
            return 0
        place = self._place(source)
        if place is None:
            return 1 + int(not of_guests(source))
        # Its own word comes before that of its host, where the order doesn't tell them apart.
        own = int(not (of_guests(source) and not of_guests(self.ranked[place].source)))
        rank = 2 * (length - place) + own + 1
        return rank - 2 * length - 3 if self.ranked[place].does == HOLD else rank

    def _place(self, source: str) -> int | None:
        """The place of the most specific entry that is a source's; a kept word has none."""
        if is_kept(source):
            return None
        kind = kind_of(without_guests(source))
        names = [source]
        if of_guests(source):
            names += [about_guests(kind), kind]
        else:
            names.append(kind)
        if source in self._named:
            return self._named[source]
        for pattern, one in self._patterns:
            if pattern.fullmatch(source):
                return self._named[one]
        return next((self._named[name] for name in names if name in self._named), None)

    def does(self, source: str) -> str:
        """What becomes of what a source says: "apply", "ask" or "hold"."""
        place = None if source == PERSON else self._place(source)
        return APPLY if place is None else self.ranked[place].does

    def entry(self, source: str) -> str:
        """The entry of the order that is a source's; its kind where it is not listed."""
        place = self._place(source)
        return kind_of(source) if place is None else self.ranked[place].source


class ClassOrders(NamedTuple):
    """The orders of the attributes of one class."""

    of: Mapping[str, SourceOrder]
    holds: bool = False
    """Whether any of them holds what a source says."""
    asks: bool = False

    def held(self, source: str, attributes: Iterable[str]) -> bool:
        """Whether what a source says of any of these attributes is held."""
        return self.holds and any(self.of[name].rank(source) < 0 for name in attributes if name in self.of)


NO_ORDERS = ClassOrders(MappingProxyType({}))
