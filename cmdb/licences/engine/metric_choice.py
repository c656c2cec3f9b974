"""Which metric counts a product, and which products are settled together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cmdb.licences.engine.allocation_problem import settle
from cmdb.licences.engine.demand import DemandItem, InstalledProduct, LicensedDevice
from cmdb.licences.engine.facts import Assignment
from cmdb.licences.engine.metrics import ACCESS, COUNTERS, count
from cmdb.licences.engine.recognised_facts import RecognisedFacts
from cmdb.licences.engine.rights import ProductCopy
from cmdb.licences.engine.supply import EntitlementLot
from cmdb.model.messages import Message

_SEATED = Message("covered by the named seat of the person who uses it")


@dataclass(slots=True)
class LicensedProduct:
    """A product (or an edition of it that has a metric of its own), with its items and lots."""

    installed: InstalledProduct
    edition: str = ""
    items: list[DemandItem] = field(default_factory=list)
    lots: list[EntitlementLot] = field(default_factory=list)
    metric: str = ""
    """The metric that installations count by."""


def units(recognised: RecognisedFacts, lots: Sequence[EntitlementLot]) -> list[LicensedProduct]:
    """The units of all products; ``choose`` gives them their items."""
    bought: dict[str, list[EntitlementLot]] = {}
    for lot in lots:
        bought.setdefault(lot.entitlement.id, []).append(lot)
    order = {lot.id: number for number, lot in enumerate(lots)}
    made = []
    for key in sorted(recognised.installed):
        for edition, part in _parts(recognised, recognised.installed[key]):
            own = [lot for one in part.entitlements for lot in bought.get(one.id, ())]
            made.append(LicensedProduct(part, edition, lots=sorted(own, key=lambda lot: order[lot.id])))
    return made


def families(recognised: RecognisedFacts, made: Sequence[LicensedProduct]) -> list[list[LicensedProduct]]:
    """Units that share suites are settled together; all others alone."""
    by_key: dict[str, list[LicensedProduct]] = {}
    for unit in made:
        by_key.setdefault(unit.installed.product.key, []).append(unit)
    together = _together(recognised, by_key)
    groups: dict[str, list[LicensedProduct]] = {}
    for key, mine in by_key.items():
        if mine[0].edition or len(mine) > 1:
            groups.update({f"{key}|{unit.edition}": [unit] for unit in mine})
        else:
            groups.setdefault(together[key], []).extend(mine)
    return list(groups.values())


def _together(recognised: RecognisedFacts, by_key: Mapping[str, Sequence[LicensedProduct]]) -> dict[str, str]:
    """Product → the one that stands for all whose suites overlap."""
    parent = {key: key for key in by_key}

    def root(key: str) -> str:
        while parent[key] != key:
            key = parent[key]
        return key

    for suite, parts in sorted(recognised.suites.items()):
        if not any(unit.lots for unit in by_key.get(suite, [])):
            continue
        for part in parts:
            if part in parent:
                parent[root(part)] = root(suite)
    return {key: root(key) for key in by_key}


def _parts(recognised: RecognisedFacts, installed: InstalledProduct) -> list[tuple[str, InstalledProduct]]:
    """The product whole, or by edition where an edition has a metric of its own."""
    if not installed.product.edition_metrics:
        return [("", installed)]
    editions: dict[str, InstalledProduct] = {}

    def part(edition: str) -> InstalledProduct:
        return editions.setdefault(edition, InstalledProduct(installed.product))

    for carrier in installed.carriers:
        for edition in sorted({c.edition for c in carrier.copies}):
            chosen = [
                (i, c) for i, c in zip(carrier.installations, carrier.copies, strict=True) if c.edition == edition
            ]
            one = LicensedDevice(
                carrier.device, tuple(c for _, c in chosen), tuple(i for i, _ in chosen), carrier.stale
            )
            part(edition).carriers.append(one)
    for entitlement in installed.entitlements:
        part(recognised.bought[entitlement.id].edition).entitlements.append(entitlement)
    for assignment, copy in installed.assigned:
        part(copy.edition).assigned.append((assignment, copy))
    return sorted(editions.items())


def choose(recognised: RecognisedFacts, unit: LicensedProduct) -> None:
    """Gives a unit its items: tries each metric that the product is owned by, and takes the one that leaves least
    uncovered.
    """
    installed = unit.installed
    default = installed.product.edition_metrics.get(unit.edition) or installed.product.metric
    owned = {recognised.metrics[e.id] for e in installed.entitlements}
    options = sorted(owned - ACCESS - {""})
    if default in options:
        options.remove(default)
        options.insert(0, default)
    if not options:
        people = any(a.holder not in recognised.estate.devices for a, _ in installed.assigned)
        options = (
            [] if default in ACCESS else [default or ("named user" if people and not installed.carriers else "device")]
        )
    best: tuple[int, str, list[DemandItem]] | None = None
    for metric in options:
        items = _items(recognised, unit, metric, owned)
        if len(options) == 1:
            best = (0, metric, items)
            break
        short = settle(items, unit.lots, {}, recognised.estate).short + sum(1 for i in items if i.missing)
        if best is None or short < best[0]:
            best = (short, metric, items)
    if best is None:
        best = (0, "", _items(recognised, unit, "", owned or {default}))
    unit.metric, unit.items = best[1], best[2]
    _note_seats(recognised, unit)


def _items(recognised: RecognisedFacts, unit: LicensedProduct, metric: str, owned: set[str]) -> list[DemandItem]:
    """Items of installations by one metric, and of seats and access by the others that the product is owned by."""
    installed, estate = unit.installed, recognised.estate
    assigned = [pair for pair in installed.assigned if _of(recognised, pair, metric, fallback=True)]
    mine = InstalledProduct(installed.product, list(installed.carriers), installed.entitlements, assigned)
    others = sorted((owned & set(COUNTERS)) - {metric})
    if "named user" in others:
        seated = _seated(recognised, installed)
        mine.carriers = [c for c in mine.carriers if not _sits(c, seated)]
    items = count(mine, metric, estate) if metric else []
    for other in others:
        if other in ACCESS:
            assigned = [pair for pair in installed.assigned if _of(recognised, pair, other, fallback=not metric)]
            entitlements = [e for e in installed.entitlements if recognised.metrics[e.id] == other]
            items += count(InstalledProduct(installed.product, [], entitlements, assigned), other, estate)
        elif other == "named user":
            assigned = [pair for pair in installed.assigned if _of(recognised, pair, other)]
            items += count(InstalledProduct(installed.product, [], installed.entitlements, assigned), other, estate)
    return items


def _of(
    recognised: RecognisedFacts, pair: tuple[Assignment, ProductCopy], metric: str, *, fallback: bool = False
) -> bool:
    """Whether an assignment is of a licence of that metric; ``fallback`` decides where only the product is named."""
    known = recognised.metrics.get(pair[0].licence)
    return fallback if known is None else known == metric


def _seated(recognised: RecognisedFacts, installed: InstalledProduct) -> set[str]:
    """People who hold a seat of the product."""
    return {a.holder for a, _ in installed.assigned if recognised.metrics.get(a.licence) == "named user"}


def _sits(carrier: LicensedDevice, seated: set[str]) -> bool:
    person = carrier.device.main_user or carrier.device.assigned_to
    return bool(person) and person in seated


def _note_seats(recognised: RecognisedFacts, unit: LicensedProduct) -> None:
    if unit.metric == "named user":
        return
    seated = _seated(recognised, unit.installed)
    for carrier in unit.installed.carriers:
        if _sits(carrier, seated):
            device = carrier.device
            recognised.exceptions.add("seat", unit.installed.product.name, device.name, device.id, "", _SEATED)
