"""The rows of a settled family: what each needs and owns, before anything is said about it."""

from __future__ import annotations

from dataclasses import dataclass, field

from cmdb.licences.engine import evidence
from cmdb.licences.engine.allocation_result import AllocationOutcome
from cmdb.licences.engine.demand import BY_HOLDER, DemandItem, RowKey
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.metric_choice import LicensedProduct
from cmdb.licences.engine.metrics import INVENTORIED
from cmdb.licences.engine.recognised_facts import RecognisedFacts
from cmdb.licences.engine.supply import EntitlementLot, Supply


@dataclass(slots=True)
class FamilyAllocation:
    """A family of units and its allocations: with what is certain, with missing facts favourable, without gates."""

    recognised: RecognisedFacts
    supply: Supply
    units: list[LicensedProduct]
    outcome: AllocationOutcome
    possible: AllocationOutcome
    ungated: AllocationOutcome


@dataclass(slots=True)
class FamilyRow:
    """What a position is made of: a product in an edition and version, by a metric."""

    settled: FamilyAllocation
    key: RowKey
    unit: LicensedProduct
    unseen: list[Device]
    """Computers in its scope whose software nobody ever looked at; they matter to it as ``INVENTORIED`` says."""
    items: list[DemandItem] = field(default_factory=list)
    gaps: list[DemandItem] = field(default_factory=list)
    """Those of ``items`` of which a fact is missing."""
    lots: list[EntitlementLot] = field(default_factory=list)
    needed: int = 0
    short: int = 0
    spare: int = 0
    non_transferable: int = 0

    @property
    def recognised(self) -> RecognisedFacts:
        """The facts, recognised."""
        return self.settled.recognised

    @property
    def outcome(self) -> AllocationOutcome:
        """The allocation."""
        return self.settled.outcome

    @property
    def unlimited(self) -> bool:
        """Whether it owns a licence without limit."""
        return any(lot.units is None for lot in self.lots)

    def uncovered(self, outcome: AllocationOutcome) -> int:
        """Units that an allocation leaves uncovered."""
        return sum(outcome.uncovered[item.id] for item in self.items)

    def close(self) -> None:
        """Sorts and sums up what came in."""
        self.items.sort(key=BY_HOLDER)
        self.gaps = [item for item in self.items if item.missing]
        self.lots.sort(key=lambda lot: (lot.entitlement.name, lot.id))
        self.needed = sum(item.quantity for item in self.items)
        self.short = self.uncovered(self.outcome)
        for lot in self.lots:
            spare, rest = evidence.left(lot, self.outcome)
            self.spare += spare
            self.non_transferable += rest


def rows_of(settled: FamilyAllocation, unit: LicensedProduct) -> list[FamilyRow]:
    """The rows of a unit: one for each product, edition, version and metric that is needed or owned."""
    rows: dict[RowKey, FamilyRow] = {}
    known: dict[RowKey, FamilyRow] = {}
    unseen = _unseen(settled.recognised, unit)

    def row(key: RowKey) -> FamilyRow:
        found = known.get(key)
        if found is None:
            folded = RowKey(key.product, key.edition.casefold(), key.version.casefold(), key.metric)
            made = FamilyRow(settled, key, unit, unseen if key.metric in INVENTORIED else [])
            found = known[key] = rows.setdefault(folded, made)
        return found

    for lot in unit.lots:
        row(RowKey(lot.product.key, lot.edition, lot.version, lot.metric)).lots.append(lot)
    for item in unit.items:
        row(item.row).items.append(item)
    for entitlement in unit.installed.entitlements:  # bought, but nobody can say by which metric it counts
        if not entitlement.metric and not unit.installed.product.metric and not entitlement.base:
            row(RowKey(unit.installed.product.key, "", "", "") if not rows else next(iter(rows.values())).key)
    found = [one for _, one in sorted(rows.items(), key=lambda pair: pair[0])]
    for one in found:
        one.close()
    return found


def _unseen(recognised: RecognisedFacts, unit: LicensedProduct) -> list[Device]:
    """Computers in the product's scope whose software nobody ever looked at."""
    book = recognised.estate.book
    groups = {name: book.scope(name) for name in ("client", "server")}
    carriers = unit.installed.carriers
    if unit.installed.product.scope in groups:
        chosen = [unit.installed.product.scope]
    else:
        chosen = [name for name, classes in groups.items() if any(c.device.cls in classes for c in carriers)] or [
            "client"
        ]
    classes = frozenset().union(*(groups[name] for name in chosen))
    system = bool(unit.installed.product.from_os)  # an operating system is known wherever one is recorded
    return [d for d in recognised.estate.unseen if d.cls in classes and not (system and d.os)]
