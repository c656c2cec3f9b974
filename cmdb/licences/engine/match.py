"""From items and lots to an allocation problem, and from its solution back to who is covered by what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Literal

from cmdb.licences.engine.allocate import Arc, Block, Bundle, Pattern, Problem, Secondary, Single, allocate
from cmdb.licences.engine.allocation_result import SUITES, Outcome, Reading, spot
from cmdb.licences.engine.items import Item, World
from cmdb.licences.engine.microsoft import SQL, WINDOWS, sql_gate, windows_gate
from cmdb.licences.engine.results import Missing
from cmdb.licences.engine.rights import Copy, Right, covers, may_be_secondary
from cmdb.licences.engine.supply import Lot

#: What a purchase without limit counts towards owning enough.
_ENOUGH = 1_000_000
Mode = Literal["certain", "possible", "ungated"]


def settle(
    items: Sequence[Item],
    lots: Sequence[Lot],
    suites: Mapping[str, frozenset[str]],
    world: World,
    mode: Mode = "certain",
) -> Outcome:
    """The best allocation of the lots to the items.

    ``mode`` possible takes missing facts as favourable, ungated waives eligibility: both only to learn whether they
    would change anything.
    """
    return _Match(items, lots, suites, world, mode).settle()


class _Match:
    def __init__(
        self, items: Sequence[Item], lots: Sequence[Lot], suites: Mapping[str, frozenset[str]], world: World, mode: Mode
    ) -> None:
        self.items = sorted(items, key=lambda i: (i.holder, i.id))
        self.lots = sorted(lots, key=lambda lot: (lot.entitlement.name, lot.id))
        self.suites, self.world, self.mode = suites, world, mode
        self.outcome = Outcome()
        self.rights: dict[tuple[str, int], Right] = {}
        self.bundled: dict[str, list[int]] = {}
        self.options: dict[str, tuple[tuple[int, int], ...]] = {}
        self.groups: list[list[Item]] = []
        self.demand_of: dict[str, int] = {}
        self.problem = Problem(units=[lot.units for lot in self.lots])
        self.single_of: list[str] = []
        self.asked: dict[tuple[int, tuple[Copy, ...], bool], Right | None] = {}
        current = [lot for lot in self.lots if lot.metric == WINDOWS and lot.current]
        self.eligible = sum(_ENOUGH if lot.units is None else lot.units for lot in current)
        self.by_product: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, lot in enumerate(self.lots):
            self.by_product[lot.product.key, lot.metric].append(index)
            if lot.metric in SUITES:
                for part in suites.get(lot.product.key, ()):
                    self.by_product[part, lot.metric].append(index)

    def settle(self) -> Outcome:
        for item in self.items:
            self._options(item)
        pairs = self._pairs()
        self._group(pairs)
        self._arcs()
        self._patterns()
        self._secondaries(pairs)
        self._hosts()
        self._singles()
        solution = allocate(self.problem)
        machines = [self.world.devices[m] for m in self.single_of]
        return Reading(self.outcome, self.items, self.lots, self.groups, self.rights, machines).read(solution)

    # -- what may cover what ----------------------------------------------------------------------------------------

    def _options(self, item: Item) -> None:
        direct: list[tuple[int, int]] = []
        wholly: list[int] = []
        doubts: set[Missing] = set()
        for index in [] if item.ineligible else self.by_product[item.row.product, item.row.metric]:
            lot = self.lots[index]
            right = self._known(item, index)
            if right is None:
                continue
            doubts.update(right.missing)
            if right.barred:
                self.outcome.barred[item.id] = right.barred
            if (right.missing and self.mode != "possible") or (right.barred and self.mode != "ungated"):
                continue
            self.rights[item.id, index] = right
            if item.base and right.kind == "down-edition":
                wholly.append(index)
                continue
            given = item.preferred and lot.entitlement.id not in item.preferred
            direct.append((index, right.cost * 10 + 5 * bool(given)))
        self.options[item.id] = tuple(direct)
        self.bundled[item.id] = wholly
        if doubts:
            self.outcome.doubts[item.id] = tuple(sorted(doubts))

    def _known(self, item: Item, index: int) -> Right | None:
        """The right of a lot to cover an item; asked once for items that are alike to the lot."""
        lot = self.lots[index]
        if lot.tied or not all(c.edition and c.version for c in item.copies):
            return self._right(item, lot)  # it depends on the device, or names it
        key = (index, item.copies, item.virtual)
        if key not in self.asked:
            self.asked[key] = self._right(item, lot)
        return self.asked[key]

    def _right(self, item: Item, lot: Lot) -> Right | None:
        """The right of a lot to cover every copy of an item; the costliest of them stands for all."""
        suite = lot.product.key != item.row.product
        found = []
        for copy in item.copies:
            right = covers(lot, copy, item.holder, item.device, self.world.book, suite=suite)
            if right is None:
                return None
            found.append(right)
        barred = ""
        if item.row.metric == SQL:
            barred = sql_gate(lot, item, self.world.book)
        elif item.row.metric == WINDOWS and item.virtual:
            barred = windows_gate(lot, self.eligible, self.world.book)
        worst = max(found, key=lambda r: r.cost)
        missing = tuple(sorted({m for r in found for m in r.missing}))
        return Right(worst.kind, worst.cost, worst.why, missing, barred, worst.assumed)

    # -- grouping ---------------------------------------------------------------------------------------------------

    def _pairs(self) -> list[tuple[Item, Item]]:
        """A licensed device and one portable device of the same main user, for products that allow it."""
        mine: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in self.items:
            product = item.copies[0].product if item.copies else None
            if item.main_user and item.row.metric == "device" and product is not None and self._doubles(product.key):
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
        return any(may_be_secondary(self.lots[lot], self.world.book) for lot in self.by_product[product, "device"])

    def _group(self, pairs: list[tuple[Item, Item]]) -> None:
        """Items that are alike to the allocation become one demand; machines with their own shape stay alone."""
        partner: dict[str, tuple[str, object]] = {}
        for primary, portable in pairs:
            partner[primary.id] = ("primary", (portable.row, self.options[portable.id]))
            partner[portable.id] = ("portable", (primary.row, self.options[primary.id]))
        on_spot: dict[str, list[object]] = defaultdict(list)
        for item in self.items:
            on_spot[spot(item)].append((item.row, self.options[item.id], partner.get(item.id)))
        groups: dict[object, list[Item]] = defaultdict(list)
        for item in self.items:
            like: object = item.id
            if not item.machine:
                together = tuple(on_spot[spot(item)]) if self.suites and spot(item) else ()
                like = (item.row, self.options[item.id], item.quantity > 0, partner.get(item.id), together)
            groups[like].append(item)
        for members in groups.values():  # in the order of each group's first item
            for item in members:
                self.demand_of[item.id] = len(self.groups)
            self.groups.append(members)
            self.problem.needs.append(sum(i.quantity for i in members))

    def _arcs(self) -> None:
        for demand, members in enumerate(self.groups):
            for lot, cost in self.options[members[0].id]:
                self.problem.arcs.append(Arc(demand, lot, cost))
            if members[0].machine:
                self.problem.lanes[demand] = {lot: self.lots[lot].edition for lot, _ in self.options[members[0].id]}

    def _patterns(self) -> None:
        """Suites that cover more than one product of a device, or of a person."""
        if not self.suites:
            return
        seen: set[tuple[int, ...]] = set()
        by_spot: dict[str, list[Item]] = defaultdict(list)
        for item in self.items:
            if spot(item):
                by_spot[spot(item)].append(item)
        for items in by_spot.values():
            demands = tuple(self.demand_of[i.id] for i in items)
            if len(items) < 2 or demands in seen:
                continue
            seen.add(demands)
            covered: dict[int, list[int]] = defaultdict(list)
            costs: dict[int, int] = {}
            for item in items:
                for lot, cost in self.options[item.id]:
                    covered[lot].append(self.demand_of[item.id])
                    costs[lot] = costs.get(lot, 0) + cost
            by_reach: dict[tuple[int, ...], list[tuple[int, int]]] = defaultdict(list)
            for lot, reach in sorted(covered.items()):
                if len(reach) > 1:
                    by_reach[tuple(reach)].append((lot, costs[lot]))
            size = len(self.groups[demands[0]])
            for reached, lots in sorted(by_reach.items()):
                self.problem.patterns.append(Pattern(demands[0], size, reached, tuple(lots)))

    def _secondaries(self, pairs: list[tuple[Item, Item]]) -> None:
        made: set[tuple[int, int]] = set()
        for primary, portable in pairs:
            key = (self.demand_of[primary.id], self.demand_of[portable.id])
            lots = frozenset(
                lot for lot, _ in self.options[primary.id]
                if may_be_secondary(self.lots[lot], self.world.book) and self._covers_too(lot, portable)
            )  # fmt: skip
            if lots and key not in made:
                made.add(key)
                self.problem.secondaries.append(Secondary(*key, lots))

    def _covers_too(self, lot: int, portable: Item) -> bool:
        right = self._right(portable, self.lots[lot])
        return right is not None and right.certain

    # -- hosts ------------------------------------------------------------------------------------------------------

    def _hosts(self) -> None:
        """Licences of a host that cover what runs on it: Windows Datacenter, SQL Enterprise with maintenance."""
        by_host: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in self.items:
            if item.host and not item.ineligible and item.row.metric in (SQL, WINDOWS):
                by_host[item.row.metric, item.host].append(item)
        for (metric, host), items in sorted(by_host.items()):
            if metric == WINDOWS:
                for count in range(1, min(3, len(items)) + 1):
                    for chosen in combinations(items, count):
                        self._bundle(
                            chosen[0].base, list(chosen), [set(self.bundled[i.id]) | self._top(i) for i in chosen]
                        )
            else:
                self._sql_host(host, items)

    def _top(self, item: Item) -> set[int]:
        """Lots of the same edition that cover a host once whatever runs there (Datacenter on Datacenter)."""
        if item.row.edition != "Datacenter":
            return set()
        return {lot for lot, _ in self.options[item.id]}

    def _sql_host(self, host_id: str, items: list[Item]) -> None:
        host = self.world.devices.get(host_id)
        if host is None or host.virtual or not host.cores or not any(i.virtual for i in items):
            return
        least = self.world.book.number(SQL, "minimum per processor")
        units = (host.sockets or 0) * max(least, host.cores_per_socket or 0)
        able: list[set[int]] = []
        for item in items:
            lots = set()
            for index in self.by_product[item.row.product, SQL]:
                lot = self.lots[index]
                right = self._right(item, lot) if lot.edition == "Enterprise" and lot.current else None
                if right is not None and not right.missing:
                    self.rights.setdefault((item.id, index), right)
                    lots.add(index)
            able.append(lots)
        reachable = [(i, lots) for i, lots in zip(items, able, strict=True) if lots]
        if reachable:
            self._bundle(units, [i for i, _ in reachable], [lots for _, lots in reachable])

    def _bundle(self, units: int, items: list[Item], lots: list[set[int]]) -> None:
        shared = sorted(set.intersection(*lots)) if lots else []
        if not shared or not units or not any(i.quantity for i in items):
            return
        costed = tuple((lot, 10 * max(self.rights[i.id, lot].cost for i in items)) for lot in shared)
        self.problem.bundles.append(Bundle(units, costed, tuple(self.demand_of[i.id] for i in items)))

    def _singles(self) -> None:
        """Windows machines that may be licensed by themselves instead of by their host."""
        hosts = [i for i in self.items if i.base and i.row.edition != "Datacenter" and i.machines]
        book = self.world.book
        least = book.constant(WINDOWS, "minimum per virtual machine")
        if not hosts or least is None:
            return
        numbers: dict[str, int] = {}
        for item in hosts:
            allowed = [
                (lot, c) for lot, c in self.options[item.id] if not windows_gate(self.lots[lot], self.eligible, book)
            ]
            for machine in item.machines:
                cores = self.world.devices[machine].vcores
                if machine in numbers or not allowed or not cores:
                    continue
                numbers[machine] = len(self.problem.singles)
                self.single_of.append(machine)
                self.problem.singles.append(Single(max(int(least), cores), tuple((lot, c + 10) for lot, c in allowed)))
            singles = tuple(numbers[m] for m in item.machines if m in numbers)
            if singles:
                per = book.number(WINDOWS, "machines per Standard stack")
                demand = self.demand_of[item.id]
                self.problem.blocks.append(Block(demand, item.base, per, len(item.machines), singles, item.keep))
