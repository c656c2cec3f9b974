"""Positions from a settled family: numbers, verdict, arithmetic and evidence of every row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from cmdb.licences.engine import evidence
from cmdb.licences.engine.allocation_result import Outcome
from cmdb.licences.engine.facts import Device, Entitlement
from cmdb.licences.engine.items import BY_HOLDER, Item, RowKey, plural
from cmdb.licences.engine.metric_choice import Unit
from cmdb.licences.engine.metrics import COUNTERS, INVENTORIED
from cmdb.licences.engine.recognised_facts import Scene
from cmdb.licences.engine.results import AllocationLine, ExceptionLine, Listing, Missing, Position, Verdict
from cmdb.licences.engine.rights import Copy, NoRight, covers
from cmdb.licences.engine.rules import RuleBook
from cmdb.licences.engine.supply import Lot, Supply


@dataclass(slots=True)
class Settled:
    """A family of units and its allocations: with what is certain, with missing facts favourable, without gates."""

    scene: Scene
    supply: Supply
    units: list[Unit]
    outcome: Outcome
    possible: Outcome
    ungated: Outcome


@dataclass(slots=True)
class _Row:
    key: RowKey
    unit: Unit
    items: list[Item] = field(default_factory=list)
    lots: list[Lot] = field(default_factory=list)
    gaps: list[Item] = field(default_factory=list)
    """Those of ``items`` of which a fact is missing."""
    spare: int = 0
    non_transferable: int = 0


def build(settled: Settled) -> tuple[list[Position], list[ExceptionLine]]:
    """The positions of a family, and the exceptions that its settling brought up."""
    positions: list[Position] = []
    exceptions: list[ExceptionLine] = []
    for unit in settled.units:
        rows = _rows(unit, settled.outcome)
        unseen = _unseen(settled.scene, unit)
        for _, row in sorted(rows.items()):
            row.items.sort(key=BY_HOLDER)
            row.gaps = [item for item in row.items if item.missing]
            row.lots.sort(key=lambda lot: (lot.entitlement.name, lot.id))
            one = _position(settled, row, rows, unseen)
            positions.append(one)
            exceptions += _exceptions(one, row, settled)
    for licence, text in sorted(settled.outcome.assumed):
        lot = next(lot for unit in settled.units for lot in unit.lots if lot.entitlement.id == licence)
        name = lot.entitlement.name or licence
        exceptions.append(ExceptionLine("assumed", lot.product.name, name, licence, "channel or terms", text))
    return positions, exceptions


def _rows(unit: Unit, outcome: Outcome) -> dict[RowKey, _Row]:
    rows: dict[RowKey, _Row] = {}
    known: dict[RowKey, _Row] = {}

    def row(key: RowKey) -> _Row:
        found = known.get(key)
        if found is None:
            folded = RowKey(key.product, key.edition.casefold(), key.version.casefold(), key.metric)
            found = known[key] = rows.setdefault(folded, _Row(key, unit))
        return found

    for lot in unit.lots:
        one = row(RowKey(lot.product.key, lot.edition, lot.version, lot.metric))
        one.lots.append(lot)
        spare, rest = evidence.left(lot, outcome)
        one.spare += spare
        one.non_transferable += rest
    for item in unit.items:
        row(item.row).items.append(item)
    for entitlement in unit.carried.entitlements:  # bought, but nobody can say by which metric it counts
        if not entitlement.metric and not unit.carried.product.metric and not entitlement.base:
            row(RowKey(unit.carried.product.key, "", "", "") if not rows else next(iter(rows.values())).key)
    return rows


# -- one row -------------------------------------------------------------------------------------------------------


def _position(settled: Settled, row: _Row, rows: dict[RowKey, _Row], unseen: list[Device]) -> Position:
    scene, outcome, unit = settled.scene, settled.outcome, row.unit
    product, book = unit.carried.product, scene.world.book
    needed = sum(i.quantity for i in row.items)
    short = sum(outcome.uncovered[i.id] for i in row.items)
    entitled = sum(lot.units if lot.units is not None else outcome.used.get(lot.id, 0) for lot in row.lots)
    unlimited = any(lot.units is None for lot in row.lots)
    missing = _missing(settled, row, short)
    if not missing and not short and row.spare:
        missing = _waiting(settled, row)
    threatened: list[Device] = []
    if not missing and not short and row.key.metric in INVENTORIED and _room(settled, row) < len(unseen):
        threatened = unseen
        missing = [Missing("software inventory", d.name, d.id) for d in unseen]
    verdict = _verdict(settled, row, short, missing, len(unseen) if row.key.metric in INVENTORIED else 0)
    pack = _pack(settled, row)
    rule = book.sentence(row.key.metric)
    price, currency = _price(unit, row.key.metric)
    true_up = round(price * -(-short // pack) * pack, 2) if price is not None and short else None
    made = Position(
        product=product.name,
        publisher=product.publisher or next((e.publisher for e in unit.carried.entitlements if e.publisher), ""),
        edition=row.key.edition,
        version=row.key.version,
        metric=row.key.metric,
        unit=book.unit(row.key.metric),
        entitled=entitled,
        needed=needed,
        covered=needed - short,
        short=short,
        spare=row.spare,
        non_transferable=row.non_transferable,
        unlimited=unlimited,
        verdict=verdict,
        arithmetic=evidence.arithmetic(row.items, row.lots, short, pack, book.unit(row.key.metric), outcome),
        missing=tuple(dict.fromkeys(missing)),
        pack=pack,
        true_up=true_up,
        currency=currency if true_up is not None else "",
        demand=tuple(evidence.demand(i, outcome, rule) for i in row.items),
        supply=tuple(evidence.supply(lot, outcome) for lot in row.lots),
        allocation=_allocation(settled, row, rows),
    )
    return replace(made, actions=evidence.actions(made, bool(threatened)))


def _missing(settled: Settled, row: _Row, short: int) -> list[Missing]:
    """The facts without which the row's verdict cannot be given."""
    scene, outcome = settled.scene, settled.outcome
    endless = any(lot.units is None and lot.metric == row.key.metric for lot in row.unit.lots)
    found: list[Missing] = []
    for item in row.gaps:
        if item.settled_by_cover and not outcome.uncovered[item.id] and (item.quantity or endless):
            continue
        found += [m for m in item.missing if not endless or m.fact in ("edition", "version")]
    if short and sum(settled.possible.uncovered[i.id] for i in row.items) < short:
        found += [m for i in row.items if outcome.uncovered[i.id] for m in outcome.doubts.get(i.id, ())]
    if short or not row.items:
        found += [m for lot in row.lots for m in lot.missing if m.fact == "quantity"]
    condition = scene.conditions.get(row.key.product)
    if condition and row.items:
        found.append(Missing(f"answer ({condition})", row.unit.carried.product.name))
    if row.key.metric not in COUNTERS:
        names = [e for e in row.unit.carried.entitlements if scene.metrics[e.id] == row.key.metric]
        what = f"rule for metric {row.key.metric!r}" if row.key.metric else "metric"
        found += [Missing(what, e.name or e.id, e.id) for e in names] or [
            Missing("metric", row.unit.carried.product.name)
        ]
    for entitlement in row.unit.carried.entitlements:
        if not scene.metrics[entitlement.id] and not entitlement.base and row.key.metric:
            found.append(Missing("metric", entitlement.name or entitlement.id, entitlement.id))
    return found


def _verdict(settled: Settled, row: _Row, short: int, missing: list[Missing], unseen: int) -> Verdict:
    if any(i.ineligible for i in row.items):
        return "ineligible"
    if missing:
        return "unknown"
    if short:
        waived = sum(settled.ungated.uncovered[i.id] for i in row.items)
        return "ineligible" if not waived and any(i.id in settled.outcome.barred for i in row.items) else "short"
    return "over-licensed" if row.spare > unseen and not any(lot.units is None for lot in row.lots) else "compliant"


def _waiting(settled: Settled, row: _Row) -> list[Missing]:
    """What is missing of other rows' items that the row's spare licences may be needed for once it is known."""
    found: list[Missing] = []
    book = settled.scene.world.book
    own = {item.id for item in row.gaps}
    served: dict[tuple[tuple[Copy, ...], str], bool] = {}
    for item in row.unit.items:
        if not item.missing or item.row.metric != row.key.metric or item.id in own:
            continue
        if item.settled_by_cover and item.quantity and not settled.outcome.uncovered[item.id]:
            continue
        like = item.copies, item.device if any(lot.tied for lot in row.lots) else ""
        if like not in served:
            served[like] = any(_serves(lot, *like, book) for lot in row.lots)
        if served[like]:
            found += item.missing
    return found


def _serves(lot: Lot, copies: tuple[Copy, ...], device: str, book: RuleBook) -> bool:
    """Whether the lot may cover every copy, or might once more is known."""
    return not any(isinstance(covers(lot, copy, device, book), NoRight) for copy in copies)


def _unseen(scene: Scene, unit: Unit) -> list[Device]:
    """Computers in the product's scope whose software nobody ever looked at."""
    book = scene.world.book
    groups = {name: book.scope(name) for name in ("client", "server")}
    carriers = unit.carried.carriers
    if unit.carried.product.scope in groups:
        chosen = [unit.carried.product.scope]
    else:
        chosen = [name for name, classes in groups.items() if any(c.device.cls in classes for c in carriers)] or [
            "client"
        ]
    classes = frozenset().union(*(groups[name] for name in chosen))
    system = bool(unit.carried.product.from_os)  # an operating system is known wherever one is recorded
    return [d for d in scene.world.unseen if d.cls in classes and not (system and d.os)]


def _room(settled: Settled, row: _Row) -> float:
    """How many more installations of the row its product's spare lots could still cover."""
    product = row.unit.carried.product
    copy = Copy(product, row.key.edition, row.key.version)
    room = 0
    for lot in row.unit.lots:
        if lot.metric != row.key.metric or lot.tied:
            continue
        right = covers(lot, copy, "", settled.scene.world.book)
        if not isinstance(right, NoRight) and right.certain:
            if lot.units is None:
                return float("inf")
            room += evidence.left(lot, settled.outcome)[0]
    return room


def _pack(settled: Settled, row: _Row) -> int:
    sizes = [lot.entitlement.pack_size for lot in row.lots if lot.entitlement.pack_size]
    sizes = sizes or [lot.entitlement.pack_size for lot in row.unit.lots if lot.entitlement.pack_size]
    if sizes:
        return max(1, min(sizes))
    constant = settled.scene.world.book.constant(row.key.metric, "pack") if row.items else None
    return int(constant) if constant else 1


def _price(unit: Unit, metric: str) -> tuple[float | None, str]:
    """The price of a unit: what one more costs as stated, else as in the latest purchase with a cost."""
    stated = [lot.entitlement for lot in unit.lots if lot.metric == metric and lot.entitlement.unit_cost]
    if stated:
        newest = max(stated, key=lambda e: (e.start or date.min, e.id))
        return (newest.unit_cost or 0.0) / max(1, newest.pack_size or 1), newest.currency
    priced = [
        lot.entitlement for lot in unit.lots if lot.metric == metric and lot.entitlement.cost and lot.entitlement.units
    ]
    if not priced:
        return None, ""
    latest = max(priced, key=lambda e: (e.start or date.min, e.id))
    return (latest.cost or 0.0) / latest.units, latest.currency


def _allocation(settled: Settled, row: _Row, rows: dict[RowKey, _Row]) -> tuple[AllocationLine, ...]:
    """What covers the row's items; single machines that relieve its hosts go with it too."""
    machines = dict.fromkeys(f"{m}|single" for i in row.items for m in i.machines)
    keys = [*(i.id for i in row.items), *machines]
    return tuple(line for key in keys for line in settled.outcome.lines.get(key, []))


def _exceptions(one: Position, row: _Row, settled: Settled) -> list[ExceptionLine]:
    listing = Listing()
    if one.verdict == "unknown":
        for gap in one.missing:
            if gap.fact == "software inventory":
                text = "its software was never looked at; it could change the verdict"
                listing.add("never inventoried", one.title, gap.of, gap.id, gap.fact, text)
            else:
                listing.add("unknown", one.title, gap.of, gap.id, gap.fact, f"supply {gap}")
    for item in row.items:
        reason = item.ineligible
        if not reason and settled.outcome.uncovered[item.id]:
            reason = settled.outcome.barred.get(item.id, "")
        if reason:
            listing.add("ineligible", one.title, item.holder, item.holder_id, "", reason)
        if "contested" in item.arithmetic:
            listing.add("contested", one.title, item.holder, item.holder_id, "", item.arithmetic)
    return listing.all()


# -- besides the rows ----------------------------------------------------------------------------------------------


def exempt(scene: Scene) -> list[Position]:
    """One position per product and edition that needs no licence, with the reason."""
    made = []
    for key, edition, reason in sorted({**scene.exempt, **scene.freely}):
        devices = scene.exempt.get((key, edition, reason), [])
        copies, computers = scene.freely.get((key, edition, reason), (0, 0))
        product = scene.spared[key]
        count = plural(len(devices) + copies, "installation")
        made.append(
            Position(
                product=product.name, publisher=product.publisher, edition=edition, version="", metric=product.metric,
                unit=scene.world.book.unit(product.metric), entitled=0, needed=0, covered=0, short=0, spare=0,
                non_transferable=0, unlimited=False, verdict="exempt",
                arithmetic=f"{count} on {plural(len(set(devices)) + computers, 'device')}: {reason}",
            )
        )  # fmt: skip
    return made


def set_aside(scene: Scene, supply: Supply, entitlements: Iterable[Entitlement]) -> list[ExceptionLine]:
    """Purchases that count nothing on the day, and why."""
    lines = []
    for one in entitlements:
        if one.id in supply.aside:
            kind, why = supply.aside[one.id]
            product = scene.bought[one.id].product.name
            lines.append(ExceptionLine(kind, product, one.name or one.id, one.id, "", why))
    return lines


def overlapping(scene: Scene, entitlements: Iterable[Entitlement], at: date) -> list[ExceptionLine]:
    """Purchases that may be one bought or recorded twice: the same rights and number, running at the same time."""
    like: dict[tuple[object, ...], list[Entitlement]] = defaultdict(list)
    for one in sorted(entitlements, key=lambda e: e.id):
        running = (one.start is None or one.start <= at) and (one.end is None or at <= one.end)
        if running and not one.retired and not one.base:
            what = scene.bought[one.id]
            key: tuple[object, ...] = (what.product.key, what.edition, what.version, scene.metrics[one.id], one.units)
            if one.channel == "subscription":
                like[("renewed early", *key)].append(one)
            elif one.purchase_order:
                like[("recorded twice", *key, one.purchase_order)].append(one)
    lines = []
    for why, group in like.items():
        for one in group[1:]:
            text = f"{why[0]}? same rights and number as {group[0].name or group[0].id}; both are counted"
            product = scene.bought[one.id].product.name
            lines.append(ExceptionLine("overlapping", product, one.name or one.id, one.id, "", text))
    return lines
