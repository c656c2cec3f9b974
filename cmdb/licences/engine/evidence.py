"""The evidence of a position: its arithmetic in words, its demand and supply lines, and what could be done."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.licences.engine.allocation_result import AllocationOutcome
from cmdb.licences.engine.demand import DemandItem, plural
from cmdb.licences.engine.results import DemandLine, Position, SupplyLine
from cmdb.licences.engine.supply import EntitlementLot


def left(lot: EntitlementLot, outcome: AllocationOutcome) -> tuple[int, int]:
    """Spare units of a lot, and what its begun pack leaves over: packs are rounded up per purchase."""
    if lot.units is None:
        return 0, 0
    used, pack = outcome.used.get(lot.id, 0), max(1, lot.entitlement.pack_size or 1)
    rest = min(-used % pack, lot.units - used)
    return lot.units - used - rest, rest


# -- text ----------------------------------------------------------------------------------------------------------

#: How many parts of a sum are written out.
SHOWN = 6


def arithmetic(
    items: Sequence[DemandItem],
    lots: Sequence[EntitlementLot],
    short: int,
    pack: int,
    unit: str,
    outcome: AllocationOutcome,
) -> str:
    """The row's sum in words: what is needed, what is entitled, what that leaves."""
    needed = sum(i.quantity for i in items)
    parts = [_needed_text(items, needed, unit)]
    if pack > 1 and needed:
        packs = -(-needed // pack)
        rest = packs * pack - needed
        parts.append(
            f"{plural(packs, 'pack')} of {pack}" + (f", {plural(rest, unit)} non-transferable" if rest else "")
        )
    counted = [f"{lot.entitlement.name or lot.entitlement.id}: {_bought(lot)}" for lot in lots]
    parts.append("entitled " + (some(counted, len(counted)) if counted else "0"))
    mine = {lot.id for lot in lots}
    used = sum(units for lot, units in outcome.used.items() if lot in mine)
    parts.append(
        f"covered {needed - short:,}" + (f", its own licences in use {used:,}" if used != needed - short else "")
    )
    parts.append(f"short {short:,}, spare {sum(left(lot, outcome)[0] for lot in lots):,}")
    return "; ".join(parts)


def _needed_text(items: Sequence[DemandItem], needed: int, unit: str) -> str:
    counted = [i for i in items if i.quantity]
    if not counted:
        return f"needed {needed:,}"
    if len(counted) > 1 and all(i.quantity == 1 for i in counted):
        return f"needed {plural(needed, unit)}"
    if len(counted) == 1:
        return f"needed {counted[0].arithmetic or plural(needed, unit)}"
    texts = [f"{i.holder}: {i.arithmetic}" for i in counted[:SHOWN]]
    sums = " + ".join(f"{i.quantity:,}" for i in counted[:SHOWN]) + (" + …" if len(counted) > SHOWN else "")
    return f"needed {sums} = {plural(needed, unit)} ({some(texts, len(counted))})"


def _bought(lot: EntitlementLot) -> str:
    if lot.units is None:
        return "unlimited"
    pack = lot.entitlement.pack_size or 1
    full = lot.units == lot.entitlement.units
    return f"{lot.entitlement.quantity} x {pack} = {lot.units:,}" if pack > 1 and full else f"{lot.units:,}"


def some(texts: Sequence[str], number: int) -> str:
    """The first of so many texts, and how many more there are."""
    return ", ".join(texts[:SHOWN]) + (f" and {number - SHOWN} more" if number > SHOWN else "")


def actions(one: Position, remedy: str) -> tuple[str, ...]:
    """What could be done about the row, with its cost; ``remedy``: about the facts that are missing."""
    found = []
    if one.short and one.verdict == "short":
        packs = -(-one.short // one.pack)
        what = f"{plural(packs, 'pack')} of {one.pack}" if one.pack > 1 else plural(one.short, one.unit)
        cost = f" for about {one.true_up:,.2f} {one.currency}".rstrip() if one.true_up is not None else ""
        found.append(f"Buy {what}{cost}")
    stale = sum(1 for line in one.demand if line.stale)
    if stale and one.short:
        found.append(f"Harvest: {plural(stale, 'device')} not seen for a month still count")
    idle = sum(1 for line in one.demand if "idle" in line.fact.split(", "))
    if idle:
        found.append(f"Harvest: {plural(idle, 'seat')} idle")
    if remedy:
        found.append(remedy)
    if one.verdict == "ineligible":
        found.append("Move the product to hardware or licences that its terms allow")
    return tuple(found)


# -- evidence ------------------------------------------------------------------------------------------------------


def demand(item: DemandItem, outcome: AllocationOutcome, rule: str) -> DemandLine:
    """The demand line of an item."""
    unknown = bool(item.missing) and not item.quantity
    return DemandLine(
        holder=item.holder,
        holder_id=item.holder_id,
        fact=item.fact,
        rule=rule,
        arithmetic=item.arithmetic,
        quantity=None if unknown else item.quantity,
        covered=item.quantity - outcome.uncovered[item.id],
        missing=item.missing,
        stale=item.stale,
    )


def supply(lot: EntitlementLot, outcome: AllocationOutcome) -> SupplyLine:
    """The supply line of a lot."""
    one = lot.entitlement
    free, rest = left(lot, outcome)
    return SupplyLine(
        entitlement=one.name or one.id,
        entitlement_id=one.id,
        entitled=lot.units if lot.units is not None else outcome.used.get(lot.id, 0),
        unlimited=lot.units is None,
        used=outcome.used.get(lot.id, 0),
        spare=free,
        non_transferable=rest,
        quantity=one.quantity or 0,
        pack=one.pack_size or 1,
        channel=one.channel,
        start=one.start,
        end=one.end,
        maintenance_until=one.maintenance_until,
        agreement=one.agreement,
        sku=one.sku,
        purchase_order=one.purchase_order,
        invoice=one.invoice,
        cost=one.cost,
        currency=one.currency,
        note=lot.note,
    )
