"""From items and lots to an allocation problem, and from its solution back to who is covered by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations

from cmdb.licences.engine.allocation import (
    AllocationProblem,
    BlockDemand,
    CoverageArc,
    MachineLicence,
    SecondaryUse,
    SuiteCoverage,
    WholeCoverage,
    allocate,
)
from cmdb.licences.engine.allocation_result import AllocationOutcome, SolutionReading
from cmdb.licences.engine.demand import BY_HOLDER, DemandItem, LicensedEstate, spot
from cmdb.licences.engine.lot_options import Choice, ItemKind, LotOptions, Mode
from cmdb.licences.engine.microsoft import SQL, WINDOWS
from cmdb.licences.engine.rights import RightDenial, may_be_secondary
from cmdb.licences.engine.supply import EntitlementLot


def settle(
    items: Sequence[DemandItem],
    lots: Sequence[EntitlementLot],
    suites: Mapping[str, frozenset[str]],
    estate: LicensedEstate,
    mode: Mode = "certain",
) -> AllocationOutcome:
    """The best allocation of the lots to the items.

    ``mode`` possible takes missing facts as favourable, ungated waives eligibility: both only to learn whether they
    would change anything.
    """
    return _Match(items, lots, suites, estate, mode).settle()


class _Match:
    def __init__(
        self,
        items: Sequence[DemandItem],
        lots: Sequence[EntitlementLot],
        suites: Mapping[str, frozenset[str]],
        estate: LicensedEstate,
        mode: Mode,
    ) -> None:
        self.items = sorted(items, key=BY_HOLDER)
        self.lots = sorted(lots, key=lambda lot: (lot.entitlement.name, lot.id))
        self.suites, self.estate = suites, estate
        self.options = LotOptions(self.lots, suites, estate, mode)
        self.kinds: dict[str, ItemKind] = {}
        """Item id → what it is to the lots."""
        self.groups: list[list[DemandItem]] = []
        self.demand_of: dict[str, int] = {}
        self.problem = AllocationProblem(units=[lot.units for lot in self.lots])
        self.single_of: list[str] = []

    def settle(self) -> AllocationOutcome:
        outcome = AllocationOutcome()
        for item in self.items:
            kind = self.kinds[item.id] = self.options.kind(item)
            if kind.barred:
                outcome.barred[item.id] = kind.barred
            if kind.missing or kind.asks:
                outcome.doubts[item.id] = kind.doubts(item.holder)
        pairs = self._pairs()
        self._group(pairs)
        self._arcs()
        self._patterns()
        self._secondaries(pairs)
        self._hosts()
        self._singles()
        solution = allocate(self.problem)
        machines = [self.estate.devices[m] for m in self.single_of]
        return SolutionReading(outcome, self.items, self.lots, self.groups, self.kinds, machines).read(solution)

    # -- grouping ---------------------------------------------------------------------------------------------------

    def _pairs(self) -> list[tuple[DemandItem, DemandItem]]:
        """A licensed device and one portable device of the same main user, for products that allow it."""
        mine: dict[tuple[str, str], list[DemandItem]] = defaultdict(list)
        doubled: dict[str, bool] = {}
        for item in self.items:
            if not item.main_user or item.row.metric != "device" or not item.copies:
                continue
            product = item.copies[0].product.key
            if product not in doubled:
                doubled[product] = self._doubles(product)
            if doubled[product]:
                mine[item.row.product, item.main_user].append(item)
        pairs = []
        for _, items in sorted(mine.items()):
            fixed = [i for i in items if not i.portable]
            moving = [i for i in items if i.portable]
            while moving and (fixed or len(moving) > 1):
                primary = fixed.pop(0) if fixed else moving.pop(0)
                pairs.append((primary, moving.pop(0)))
        return pairs

    def _doubles(self, product: str) -> bool:
        """Whether any lot of the product lets its user carry it on a second device."""
        lots = self.options.by_product[product, "device"]
        return any(may_be_secondary(self.lots[lot], self.estate.book) for lot in lots)

    def _group(self, pairs: list[tuple[DemandItem, DemandItem]]) -> None:
        """Items that are alike to the allocation become one demand; machines with their own shape stay alone."""
        partner: dict[str, tuple[str, int]] = {}
        for primary, portable in pairs:
            partner[primary.id] = ("primary", self.kinds[portable.id].number)
            partner[portable.id] = ("portable", self.kinds[primary.id].number)
        beside = self._beside(partner)
        groups: dict[object, list[DemandItem]] = defaultdict(list)
        for item in self.items:
            like: object = item.id
            if not item.machine:
                together = beside[spot(item)] if beside and spot(item) else ()
                like = (self.kinds[item.id].number, item.quantity > 0, partner.get(item.id), together)
            groups[like].append(item)
        for members in groups.values():  # in the order of each group's first item
            for item in members:
                self.demand_of[item.id] = len(self.groups)
            self.groups.append(members)
            self.problem.needs.append(sum(i.quantity for i in members))

    def _beside(self, partner: Mapping[str, object]) -> dict[str, tuple[object, ...]]:
        """Where a suite's licence may hold → what is there; empty where no suite is."""
        if not self.suites:
            return {}
        found: dict[str, list[object]] = defaultdict(list)
        for item in self.items:
            found[spot(item)].append((self.kinds[item.id].number, partner.get(item.id)))
        return {where: tuple(what) for where, what in found.items()}

    def _arcs(self) -> None:
        for demand, members in enumerate(self.groups):
            choices = self.kinds[members[0].id].choices
            self.problem.arcs.extend(CoverageArc(demand, lot, cost) for lot, cost in choices)
            if members[0].machine:
                self.problem.lanes[demand] = {lot: self.lots[lot].edition for lot, _ in choices}

    def _patterns(self) -> None:
        """Suites that cover more than one product of a device, or of a person."""
        if not self.suites:
            return
        seen: set[tuple[int, ...]] = set()
        by_spot: dict[str, list[DemandItem]] = defaultdict(list)
        for item in self.items:
            if spot(item):
                by_spot[spot(item)].append(item)
        for items in by_spot.values():
            demands = tuple(self.demand_of[i.id] for i in items)
            if len(items) < 2 or demands in seen:
                continue
            seen.add(demands)
            size = len(self.groups[demands[0]])
            for reached, lots in sorted(self._reaches(items).items()):
                self.problem.patterns.append(SuiteCoverage(demands[0], size, reached, tuple(lots)))

    def _reaches(self, items: list[DemandItem]) -> dict[tuple[int, ...], list[Choice]]:
        """The demands of a device or person that a lot covers together → the lots, each with its cost for them all."""
        covered: dict[int, list[int]] = defaultdict(list)
        costs: dict[int, int] = defaultdict(int)
        for item in items:
            for lot, cost in self.kinds[item.id].choices:
                covered[lot].append(self.demand_of[item.id])
                costs[lot] += cost
        found: dict[tuple[int, ...], list[Choice]] = defaultdict(list)
        for lot, demands in sorted(covered.items()):
            if len(demands) > 1:
                found[tuple(demands)].append((lot, costs[lot]))
        return found

    def _secondaries(self, pairs: list[tuple[DemandItem, DemandItem]]) -> None:
        made: set[tuple[int, int]] = set()
        for primary, portable in pairs:
            key = (self.demand_of[primary.id], self.demand_of[portable.id])
            lots = frozenset(
                lot for lot, _ in self.kinds[primary.id].choices
                if may_be_secondary(self.lots[lot], self.estate.book) and self._covers_too(lot, portable)
            )  # fmt: skip
            if lots and key not in made:
                made.add(key)
                self.problem.secondaries.append(SecondaryUse(*key, lots))

    def _covers_too(self, lot: int, portable: DemandItem) -> bool:
        right = self.options.right(portable, lot)
        return not isinstance(right, RightDenial) and right.certain

    # -- hosts ------------------------------------------------------------------------------------------------------

    def _hosts(self) -> None:
        """Licences of a host that cover what runs on it: Windows Datacenter, SQL Enterprise with maintenance."""
        by_host: dict[tuple[str, str], list[DemandItem]] = defaultdict(list)
        for item in self.items:
            if item.host and not item.ineligible and item.row.metric in (SQL, WINDOWS):
                by_host[item.row.metric, item.host].append(item)
        for (metric, host), items in sorted(by_host.items()):
            if metric == WINDOWS:
                for count in range(1, min(3, len(items)) + 1):
                    for chosen in combinations(items, count):
                        self._bundle(
                            chosen[0].base, list(chosen), [{*self.kinds[i.id].wholly} | self._top(i) for i in chosen]
                        )
            else:
                self._sql_host(host, items)

    def _top(self, item: DemandItem) -> set[int]:
        """Lots of the same edition that cover a host once whatever runs there (Datacenter on Datacenter)."""
        if item.row.edition != "Datacenter":
            return set()
        return {lot for lot, _ in self.kinds[item.id].choices}

    def _sql_host(self, host_id: str, items: list[DemandItem]) -> None:
        host = self.estate.devices.get(host_id)
        if host is None or host.virtual or not host.cores or not any(i.virtual for i in items):
            return
        least = self.estate.book.number(SQL, "minimum per processor")
        units = (host.sockets or 0) * max(least, host.cores_per_socket or 0)
        able: list[set[int]] = []
        for item in items:
            lots = set()
            for index in self.options.by_product[item.row.product, SQL]:
                lot = self.lots[index]
                right = self.options.right(item, index) if lot.edition == "Enterprise" and lot.current else None
                if right is not None and not isinstance(right, RightDenial) and right.known:
                    self.kinds[item.id].rights.setdefault(index, right)
                    lots.add(index)
            able.append(lots)
        reachable = [(i, lots) for i, lots in zip(items, able, strict=True) if lots]
        if reachable:
            self._bundle(units, [i for i, _ in reachable], [lots for _, lots in reachable])

    def _bundle(self, units: int, items: list[DemandItem], lots: list[set[int]]) -> None:
        shared = sorted(set.intersection(*lots)) if lots else []
        if not shared or not units or not any(i.quantity for i in items):
            return
        costed = tuple((lot, 10 * max(self.kinds[i.id].rights[lot].cost for i in items)) for lot in shared)
        self.problem.bundles.append(WholeCoverage(units, costed, tuple(self.demand_of[i.id] for i in items)))

    def _singles(self) -> None:
        """Windows machines that may be licensed by themselves instead of by their host."""
        hosts = [i for i in self.items if i.base and i.row.edition != "Datacenter" and i.machines]
        book = self.estate.book
        least = book.whole(WINDOWS, "minimum per virtual machine")
        if not hosts or least is None:
            return
        numbers: dict[str, int] = {}
        for item in hosts:
            allowed = [(lot, cost) for lot, cost in self.kinds[item.id].choices if self.options.singly(lot)]
            for machine in item.machines:
                cores = self.estate.devices[machine].vcores
                if machine in numbers or not allowed or not cores:
                    continue
                numbers[machine] = len(self.problem.singles)
                self.single_of.append(machine)
                self.problem.singles.append(
                    MachineLicence(max(least, cores), tuple((lot, c + 10) for lot, c in allowed))
                )
            singles = tuple(numbers[m] for m in item.machines if m in numbers)
            if singles:
                per = book.number(WINDOWS, "machines per Standard stack")
                demand = self.demand_of[item.id]
                self.problem.blocks.append(BlockDemand(demand, item.base, per, len(item.machines), singles, item.keep))
