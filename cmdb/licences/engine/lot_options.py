"""Which lots may cover which items: answered once for all items that are alike to the lots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from cmdb.licences.engine.demand import SUITES, DemandItem, LicensedEstate, RowKey
from cmdb.licences.engine.microsoft import SQL, WINDOWS, sql_gate, windows_gate
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rights import LicenceRight, ProductCopy, RightDenial, covers
from cmdb.licences.engine.supply import EntitlementLot

#: What a purchase without limit counts towards owning enough.
_ENOUGH = 1_000_000
Mode = Literal["certain", "possible", "ungated"]
#: (lot, cost of a unit)
Choice = tuple[int, int]


@dataclass(slots=True, eq=False)
class ItemKind:
    """What is true of all items that are alike to the lots."""

    number: int
    """The same for kinds of one row with the same choices: the allocation need not tell them apart."""
    choices: tuple[Choice, ...]
    """Lots that may cover such items unit by unit."""
    wholly: tuple[int, ...]
    """Lots that may cover such a host as a whole."""
    rights: dict[int, LicenceRight]
    """Lot → the right by which it covers; for all of ``choices`` and ``wholly``."""
    missing: tuple[MissingFact, ...] = ()
    """Facts of purchases and products that would let a lot cover them."""
    asks: tuple[str, ...] = ()
    """Facts of the item's holder that would."""
    barred: Text = ""
    """Why lots that are owned may not cover them."""

    def doubts(self, holder: str) -> tuple[MissingFact, ...]:
        """The facts that would let a lot cover an item of this kind."""
        if not self.asks:
            return self.missing
        return tuple(sorted({*self.missing, *(MissingFact(fact, holder) for fact in self.asks)}))


class LotOptions:
    """The lots of a family and what they are to its items."""

    def __init__(
        self, lots: Sequence[EntitlementLot], suites: Mapping[str, frozenset[str]], estate: LicensedEstate, mode: Mode
    ) -> None:
        self.lots, self.estate, self.mode = lots, estate, mode
        self.by_product: dict[tuple[str, str], list[int]] = defaultdict(list)
        self.tied: dict[str, tuple[int, ...]] = {}
        for index, lot in enumerate(lots):
            self.by_product[lot.product.key, lot.metric].append(index)
            if lot.metric in SUITES:
                for part in suites.get(lot.product.key, ()):
                    self.by_product[part, lot.metric].append(index)
            if lot.tied:
                self.tied[lot.tied] = (*self.tied.get(lot.tied, ()), index)
        current = [lot for lot in lots if lot.metric == WINDOWS and lot.current]
        self.eligible = sum(_ENOUGH if lot.units is None else lot.units for lot in current)
        self._kinds: dict[object, ItemKind] = {}
        self._numbers: dict[tuple[RowKey, tuple[Choice, ...]], int] = {}
        self._rights: dict[tuple[int, tuple[ProductCopy, ...], bool, bool], LicenceRight | RightDenial] = {}

    def kind(self, item: DemandItem) -> ItemKind:
        """The kind of an item."""
        key = (
            item.row,
            item.copies,
            item.preferred,
            self.tied.get(item.device),
            item.virtual,
            bool(item.base),
            bool(item.ineligible),
        )
        found = self._kinds.get(key)
        if found is None:
            found = self._kinds[key] = self._kind(item)
        return found

    def right(self, item: DemandItem, index: int) -> LicenceRight | RightDenial:
        """The right of a lot to cover every copy of an item; the costliest of them stands for all."""
        key = (index, item.copies, item.virtual, self.lots[index].tied == item.device)
        found = self._rights.get(key)
        if found is None:
            found = self._rights[key] = self._right(item, self.lots[index])
        return found

    def singly(self, lot: int) -> bool:
        """Whether the lot may cover a Windows machine by itself."""
        return not windows_gate(self.lots[lot], self.eligible, self.estate.book)

    def _kind(self, item: DemandItem) -> ItemKind:
        choices: list[Choice] = []
        wholly: list[int] = []
        rights: dict[int, LicenceRight] = {}
        missing: set[MissingFact] = set()
        asks: set[str] = set()
        barred: Text = ""
        for index in [] if item.ineligible else self.by_product[item.row.product, item.row.metric]:
            right = self.right(item, index)
            if isinstance(right, RightDenial):
                continue
            missing.update(right.missing)
            asks.update(right.asks)
            barred = right.barred or barred
            if (not right.known and self.mode != "possible") or (right.barred and self.mode != "ungated"):
                continue
            rights[index] = right
            if item.base and right.kind == "down-edition":
                wholly.append(index)
                continue
            another = bool(item.preferred) and self.lots[index].entitlement.id not in item.preferred
            choices.append((index, right.cost * 10 + 5 * another))
        like = (item.row, tuple(choices))
        number = self._numbers.setdefault(like, len(self._numbers))
        return ItemKind(number, like[1], tuple(wholly), rights, tuple(sorted(missing)), tuple(sorted(asks)), barred)

    def _right(self, item: DemandItem, lot: EntitlementLot) -> LicenceRight | RightDenial:
        suite = lot.product.key != item.row.product
        found: list[LicenceRight] = []
        for copy in item.copies:
            right = covers(lot, copy, item.device, self.estate.book, suite=suite)
            if isinstance(right, RightDenial):
                return right
            found.append(right)
        barred: Text = ""
        if item.row.metric == SQL:
            barred = sql_gate(lot, item, self.estate.book)
        elif item.row.metric == WINDOWS and item.virtual:
            barred = windows_gate(lot, self.eligible, self.estate.book)
        worst = max(found, key=lambda r: r.cost)
        missing = tuple(sorted({m for r in found for m in r.missing}))
        asks = tuple(sorted({fact for r in found for fact in r.asks}))
        return LicenceRight(worst.kind, worst.cost, worst.why, missing, asks, barred, worst.assumed)
