"""The evidence of a position: its arithmetic in words, its demand and supply lines, and what could be done."""

from __future__ import annotations

from collections.abc import Sequence

from cmdb.licences import labels
from cmdb.licences.engine.allocation_result import AllocationOutcome
from cmdb.licences.engine.demand import DemandItem
from cmdb.licences.engine.results import DemandLine, Position, SupplyLine
from cmdb.licences.engine.supply import EntitlementLot
from cmdb.model.formats import Amount
from cmdb.model.messages import Message, chain, counted


def left(lot: EntitlementLot, outcome: AllocationOutcome) -> tuple[int, int]:
    """Spare units of a lot, and what its begun pack leaves over: packs are rounded up per purchase."""
    if lot.units is None:
        return 0, 0
    used, pack = outcome.used.get(lot.id, 0), max(1, lot.entitlement.pack_size or 1)
    rest = min(-used % pack, lot.units - used)
    return lot.units - used - rest, rest


# -- text ----------------------------------------------------------------------------------------------------------

#: How many items of a list are named.
SHOWN = 6


def arithmetic(
    items: Sequence[DemandItem],
    lots: Sequence[EntitlementLot],
    short: int,
    pack: int,
    unit: str,
    outcome: AllocationOutcome,
) -> Message:
    """The row's sum in words: what is needed, what is entitled, what that leaves."""
    needed = sum(i.quantity for i in items)
    parts = [_needed_text(items, needed, unit)]
    if pack > 1 and needed:
        parts.append(_in_packs(needed, pack, unit))
    parts.append(_entitled_text(lots, unit))
    mine = {lot.id for lot in lots}
    used = sum(units for lot, units in outcome.used.items() if lot in mine)
    if used == needed - short:
        parts.append(Message("covered {covered}", covered=used))
    else:
        parts.append(Message("covered {covered}, its own licences in use {used}", covered=needed - short, used=used))
    spare = sum(left(lot, outcome)[0] for lot in lots)
    parts.append(Message("short {short}, spare {spare}", short=short, spare=spare))
    return chain(parts)


def _in_packs(needed: int, pack: int, unit: str) -> Message:
    """The packs that what is needed fills, and what the last of them leaves over."""
    packs = -(-needed // pack)
    rest = packs * pack - needed
    filled = labels.packs(packs, pack, unit)
    if not rest:
        return filled
    return Message("{packs}, {rest} non-transferable", packs=filled, rest=labels.amount(rest, unit))


def _entitled_text(lots: Sequence[EntitlementLot], unit: str) -> Message:
    if not lots:
        return Message("entitled {amount}", amount=0)
    given = [
        Message(
            "{entitlement}: {amount}", entitlement=lot.entitlement.name or lot.entitlement.id, amount=_bought(lot, unit)
        )
        for lot in lots[:SHOWN]
    ]
    return Message("entitled {purchases}", purchases=some(given, len(lots)))


def _needed_text(items: Sequence[DemandItem], needed: int, unit: str) -> Message:
    counting = [i for i in items if i.quantity]
    if not counting:
        return Message("needed {amount}", amount=needed)
    total = labels.amount(needed, unit)
    if len(counting) == 1:
        said = counting[0].arithmetic
        return Message("needed: {arithmetic}", arithmetic=said) if said else Message("needed {amount}", amount=total)
    if all(i.quantity == 1 for i in counting):
        return Message("needed {amount}", amount=total)
    lines = chain(Message("{holder}: {arithmetic}", holder=i.holder, arithmetic=i.arithmetic) for i in counting[:SHOWN])
    if len(counting) <= SHOWN:
        return Message("needed {amount} in all ({lines})", amount=total, lines=lines)
    return counted(
        "needed {amount} in all ({lines}; and {count} more)",
        "needed {amount} in all ({lines}; and {count} more)",
        len(counting) - SHOWN,
        amount=total,
        lines=lines,
    )


def _bought(lot: EntitlementLot, unit: str) -> Message:
    """What a purchase gives: in its packs, where it was sold in packs and gives all of them."""
    if lot.units is None:
        return Message("unlimited")
    pack, given = lot.entitlement.pack_size or 1, labels.amount(lot.units, unit)
    if pack < 2 or lot.units != lot.entitlement.units:
        return given
    packs = labels.packs(lot.entitlement.quantity or 0, pack, unit)
    return Message("{packs}, which are {amount}", packs=packs, amount=given)


def some(items: Sequence[object], number: int) -> Message:
    """The first of so many items, and how many more there are."""
    first = tuple(items[:SHOWN])
    if number <= SHOWN:
        return Message("{items}", items=first)
    return counted("{items} and {count} more", "{items} and {count} more", number - SHOWN, items=first)


def actions(one: Position, remedy: Message | None) -> tuple[Message, ...]:
    """What could be done about the row, with its cost; ``remedy``: about the facts that are missing."""
    found = []
    if one.short and one.verdict == "short":
        found.append(_purchase(one))
    stale = sum(1 for line in one.demand if line.stale)
    if stale and one.short:
        found.append(
            counted(
                "Harvest: {count} device not seen for a month still counts",
                "Harvest: {count} devices not seen for a month still count",
                stale,
            )
        )
    idle = sum(1 for line in one.demand if line.idle)
    if idle:
        found.append(counted("Harvest: {count} seat idle", "Harvest: {count} seats idle", idle))
    if remedy is not None:
        found.append(remedy)
    if one.verdict == "ineligible":
        found.append(Message("Move the product to hardware or licences that its terms allow"))
    return tuple(found)


def _purchase(one: Position) -> Message:
    """What would have to be bought, in whole packs, and for how much."""
    what = labels.amount(one.short, one.unit)
    if one.pack > 1:
        what = labels.packs(-(-one.short // one.pack), one.pack, one.unit)
    if one.true_up is None:
        return Message("Buy {amount}", amount=what)
    return Message("Buy {amount} for about {cost}", amount=what, cost=Amount(one.true_up, one.currency))


# -- evidence ------------------------------------------------------------------------------------------------------


def demand(item: DemandItem, outcome: AllocationOutcome, rule: Message) -> DemandLine:
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
        idle=item.idle,
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
