"""Positions in words: amounts with units, and the sum in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdb.licences import labels
from cmdb.licences.labels import label
from cmdb.model.formats import Amount, listing, number, sentence_case
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position


#: Holders that need the same are named up to this number; the list of the demand has all.
HOLDERS = 40


def title(statement: object) -> str:
    """A statement at the start of a line or cell: with a capital letter."""
    return sentence_case(statement)


def amount(size: int, unit: str) -> str:
    """A number with its unit: "64 cores", "1 user", "2,400 PVU"."""
    return str(labels.amount(size, unit))


def units(unit: str) -> str:
    """The unit in the plural, without a number."""
    return labels.units(unit)


def owned(position: Position) -> str:
    """The entitled units, as a number or "unlimited"."""
    return tr("unlimited") if position.unlimited else number(position.entitled)


def asked(position: Position) -> str:
    """The needed units, with their name; "–" for what needs no licence."""
    return amount(position.needed, position.unit) if position.verdict != "exempt" else "–"


def asked_hint(position: Position) -> str:
    """The needed units, and whether the number is certain."""
    needed = labels.amount(position.needed, position.unit)
    if position.verdict == "unknown":
        return tr("{amount} needed, as far as it could be counted", amount=needed)
    return tr("{amount} needed", amount=needed)


def without_draft(position: Position, today: Position | None) -> str:
    """What of a position is different without the open draft: "64 needed, 16 short"; "" where nothing is."""
    if today is None:
        return tr("not there")
    pairs = ((today.entitled, position.entitled), (today.needed, position.needed), (today.short, position.short))
    entitled, needed, short = (number(now) if now != drafted else "" for now, drafted in pairs)
    spare = number(today.spare) if today.spare != position.spare else ""
    if today.unlimited != position.unlimited:
        entitled = owned(today)
    parts = [
        tr("{number} entitled", number=entitled) if entitled else "",
        tr("{number} needed", number=needed) if needed else "",
        tr("{number} short", number=short) if short else "",
        tr("{number} spare", number=spare) if spare else "",
    ]
    changed = listing(filter(None, parts), "unit")
    return changed or (label(labels.VERDICTS, today.verdict) if today.verdict != position.verdict else "")


def sentences(position: Position) -> list[str]:
    """The verdict's arithmetic, one sentence a step."""
    if position.verdict == "exempt":
        return [tr("It needs no licence: {arithmetic}.", arithmetic=position.arithmetic)]
    said = [_needed(position), _entitled(position), _covered(position)]
    if position.non_transferable:
        rest = labels.amount(position.non_transferable, position.unit)
        said.append(tr("{amount} of a partly used pack cannot be used elsewhere.", amount=rest))
    if position.verdict == "unknown":
        said.append(
            trn(
                "Nobody can say yet whether that is right: {count} missing fact could change it.",
                "Nobody can say yet whether that is right: {count} missing facts could change it.",
                len(position.missing),
            )
        )
    if position.verdict == "ineligible":
        said.append(tr("What is owned may not be used for it, whatever its number."))
    if position.short and position.true_up is not None:
        cost = Amount(position.true_up, position.currency)
        said.append(tr("Buying {amount} would cost about {cost}.", amount=_bought(position), cost=cost))
    if position.short:
        said.append(purchase(position))
    return [s for s in said if s]


def whole_sum(position: Position) -> list[str]:
    """The sum with everything that goes into it, a line each: what needs it, what was bought, and what that leaves."""
    unit = position.unit
    lines = [tr("Needed: {amount}", amount=labels.amount(position.needed, unit))]
    groups: dict[tuple[str, int], list[str]] = {}
    for one in position.demand:
        if one.quantity:
            groups.setdefault((str(one.arithmetic), one.quantity), []).append(one.holder)
    for (why, each), holders in groups.items():
        lines.append("    " + _holders(why, each, holders, unit))
    if position.pack > 1 and position.needed:
        packs = labels.packs(-(-position.needed // position.pack), position.pack, unit)
        lines.append("    " + tr("in whole packs: {packs}", packs=packs))
    lines.append(
        tr("Owned: {amount}", amount=tr("without limit") if position.unlimited else amount(position.entitled, unit))
    )
    for lot in position.supply:
        gives = tr("without limit") if lot.unlimited else amount(lot.entitled, unit)
        lines.append("    " + tr("{entitlement}: {amount}, of which {used} are used", entitlement=lot.entitlement,
                                 amount=gives, used=lot.used))  # fmt: skip
    lines.append(tr("Covered: {covered} of {needed}", covered=position.covered, needed=position.needed))
    lines.append(tr("Short: {short}. Spare: {spare}.", short=position.short, spare=position.spare))
    return lines


def _holders(why: str, each: int, holders: list[str], unit: str) -> str:
    """Who needs the same for the same reason: all by name, as far as that can be read."""
    if len(holders) == 1:
        return tr("{name}: {arithmetic}", name=holders[0], arithmetic=why or amount(each, unit))
    named = listing(holders[:HOLDERS], "unit")
    if len(holders) > HOLDERS:
        named = trn("{names} and {count} more", "{names} and {count} more", len(holders) - HOLDERS, names=named)
    total = amount(each * len(holders), unit)
    return tr(
        "{number} times {arithmetic} = {total}: {names}", number=len(holders), arithmetic=why or amount(each, unit),
        total=total, names=named,
    )  # fmt: skip


def purchase(position: Position) -> str:
    """How it was bought last: from which contract, at what price; "" where that is not known."""
    bought = [one for one in position.supply if one.cost is not None and one.quantity]
    bought.sort(key=lambda one: str(one.start or ""))
    if not bought:
        return ""
    last = bought[-1]
    cost = Amount(last.cost or 0, last.currency)
    parts = [tr("{entitlement}: {number} for {cost}", entitlement=last.entitlement, number=last.quantity, cost=cost)]
    if last.agreement:
        parts.append(tr("contract {name}", name=last.agreement))
    if last.purchase_order:
        parts.append(tr("order {number}", number=last.purchase_order))
    return tr("Last bought: {purchase}.", purchase=listing(parts, "unit"))


def _bought(position: Position) -> Message:
    """The units to buy, in the packs in which they are sold."""
    if position.pack > 1:
        return labels.packs(-(-position.short // position.pack), position.pack, position.unit)
    return labels.amount(position.short, position.unit)


def _needed(position: Position) -> str:
    lines = [line for line in position.demand if line.quantity]
    if not lines:
        return tr("Nothing that could be counted needs it.") if position.demand else tr("Nothing needs it.")
    total = labels.amount(position.needed, position.unit)
    if len(lines) == 1:
        line = lines[0]
        return tr("{name} needs {amount}: {arithmetic}.", name=line.holder, amount=total, arithmetic=line.arithmetic)
    return trn(
        "{count} line of demand adds up to {amount}.",
        "{count} lines of demand add up to {amount}.",
        len(lines),
        amount=total,
    )


def _entitled(position: Position) -> str:
    bought = len(position.supply)
    if not bought:
        return tr("Nothing of it was bought, as far as the register knows.")
    if position.unlimited:
        return trn("{count} purchase gives it without limit.", "{count} purchases give it without limit.", bought)
    total = labels.amount(position.entitled, position.unit)
    if position.pack > 1:
        return trn(
            "{count} purchase gives {amount}, in {packs}.",
            "{count} purchases give {amount}, in {packs}.",
            bought,
            amount=total,
            packs=labels.pack_size(position.pack, position.unit),
        )
    return trn("{count} purchase gives {amount}.", "{count} purchases give {amount}.", bought, amount=total)


def _covered(position: Position) -> str:
    needed, spare = labels.amount(position.needed, position.unit), position.spare
    if position.short:
        if not position.covered:
            return tr("None of the {needed} are covered: {short} short.", needed=needed, short=position.short)
        return trn(
            "{count} of the {needed} is covered: {short} short.",
            "{count} of the {needed} are covered: {short} short.",
            position.covered,
            needed=needed,
            short=position.short,
        )
    if not position.needed:
        return tr("{amount} spare.", amount=labels.amount(spare, position.unit)) if spare else ""
    if position.needed == 1:
        return tr("It is covered, and {spare} more could be.", spare=spare) if spare else tr("It is covered.")
    if spare:
        return tr("All {needed} are covered, and {spare} more could be.", needed=needed, spare=spare)
    return tr("All {needed} are covered.", needed=needed)
