"""What an allocation comes to: what stays uncovered, and who is covered by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cmdb.licences.engine.allocation import LotUse, Solution
from cmdb.licences.engine.demand import DemandItem, spot
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.lot_options import ItemKind
from cmdb.licences.engine.results import AllocationLine, MissingFact, Text
from cmdb.licences.engine.rights import LicenceRight, ProductCopy
from cmdb.licences.engine.supply import EntitlementLot
from cmdb.model.messages import Message, chain

_BY_ITSELF = Message("licensed by itself, so that its host need not count it")
_SECONDARY = Message("the portable device of a licensed device's main user")


@dataclass(slots=True)
class AllocationOutcome:
    """An allocation. ``uncovered`` per item id, ``used`` per lot id."""

    uncovered: dict[str, int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    lines: dict[str, list[AllocationLine]] = field(default_factory=dict)
    """Item id → what covers it."""
    doubts: dict[str, tuple[MissingFact, ...]] = field(default_factory=dict)
    """Item id → facts that would let a lot cover it."""
    barred: dict[str, Text] = field(default_factory=dict)
    """Item id → why lots that are owned may not cover it."""
    assumed: set[tuple[str, Text]] = field(default_factory=set)
    """(entitlement id, what was taken on trust)"""

    @property
    def short(self) -> int:
        """Units uncovered in all."""
        return sum(self.uncovered.values())


@dataclass(slots=True)
class SolutionReading:
    """Reads a solution back: its demands are groups of items, its lots and single machines are numbered as here."""

    outcome: AllocationOutcome
    items: Sequence[DemandItem]
    lots: Sequence[EntitlementLot]
    groups: Sequence[Sequence[DemandItem]]
    kinds: Mapping[str, ItemKind]
    machines: Sequence[Device]
    titles: dict[tuple[ProductCopy, ...], str] = field(default_factory=dict)
    """What is installed, in words."""
    reasons: dict[tuple[int, Message], Message] = field(default_factory=dict)
    """(lot, why it covers) → that with the lot's note."""

    def read(self, solution: Solution) -> AllocationOutcome:
        """Fills the outcome in, and returns it."""
        left = {item.id: item.quantity for item in self.items}
        for index, units in solution.used.items():
            self.outcome.used[self.lots[index].id] = units
        read = {"bundle": self._whole, "pattern": self._suite, "single": self._single, "arc": self._fill}
        order = {how: place for place, how in enumerate(read)}
        for use in sorted(solution.uses, key=lambda u: (order[u.how], u.demands, u.lot)):
            read[use.how](use, left)
        for demand, units in sorted(solution.free.items()):
            self._secondary(self.groups[demand], units, left)
        for demand, members in enumerate(self.groups):
            self._rest(members, left, solution.uncovered[demand])
        return self.outcome

    def _single(self, use: LotUse, _left: dict[str, int]) -> None:
        machine = self.machines[use.which]
        self._line(f"{machine.id}|single", machine.name, machine.id, "Windows Server", use.lot, use.units,
                   "virtual machine", _BY_ITSELF)  # fmt: skip

    def _secondary(self, members: Sequence[DemandItem], units: int, left: dict[str, int]) -> None:
        for item in members:
            if units and left[item.id]:
                units -= left[item.id]
                left[item.id] = 0
                self._note(item, "secondary use", _SECONDARY)

    def _fill(self, use: LotUse, left: dict[str, int]) -> None:
        units = use.units
        for item in self.groups[use.demands[0]]:
            taken = min(units, left[item.id])
            if taken:
                left[item.id] -= taken
                units -= taken
                self._cover(item, use.lot, taken)

    def _suite(self, use: LotUse, left: dict[str, int]) -> None:
        by_spot: dict[str, list[DemandItem]] = defaultdict(list)
        for demand in use.demands:
            for item in self.groups[demand]:
                if left[item.id]:
                    by_spot[spot(item)].append(item)
        ranked = sorted(by_spot.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        for _, items in ranked[: use.units]:
            for number, item in enumerate(items):
                left[item.id] = 0
                self._cover(item, use.lot, 0 if number else 1)

    def _whole(self, use: LotUse, left: dict[str, int]) -> None:
        units = use.units
        for demand in use.demands:
            for item in self.groups[demand]:
                self._cover(item, use.lot, units)
                units = 0
                left[item.id] = 0

    def _rest(self, members: Sequence[DemandItem], left: dict[str, int], uncovered: int) -> None:
        """What a demand leaves uncovered, item by item.

        Blocks taken off by single machines show only in the sum, and suites that overlap on one device only in their
        count, so the items' parts are made to add up to it.
        """
        surplus = sum(left[i.id] for i in members) - uncovered
        for item in members:
            part = left[item.id]
            change = min(part, surplus) if surplus > 0 else max(part - item.quantity, surplus)
            surplus -= change
            self.outcome.uncovered[item.id] = part - change

    def _cover(self, item: DemandItem, lot: int, units: int) -> None:
        right: LicenceRight = self.kinds[item.id].rights[lot]
        if right.assumed:
            self.outcome.assumed.add((self.lots[lot].entitlement.id, right.assumed))
        installed = self.titles.get(item.copies)
        if installed is None:
            installed = self.titles[item.copies] = ", ".join(c.title for c in item.copies)
        self._line(item.id, item.holder, item.holder_id, installed, lot, units, right.kind, right.why)

    def _line(
        self, key: str, holder: str, holder_id: str, installed: str, lot: int, units: int, right: str, why: Message
    ) -> None:
        one = self.lots[lot]
        note = self.reasons.get((lot, why))
        if note is None:
            note = self.reasons[lot, why] = chain([why, one.note]) if isinstance(one.note, Message) else why
        line = AllocationLine(holder, holder_id, installed, one.entitlement.name or one.entitlement.id,
                              one.entitlement.id, units, right, note)  # fmt: skip
        self.outcome.lines.setdefault(key, []).append(line)

    def _note(self, item: DemandItem, right: str, why: Message) -> None:
        line = AllocationLine(item.holder, item.holder_id, item.copies[0].title, "", "", 0, right, why)
        self.outcome.lines.setdefault(item.id, []).append(line)
