"""Positions from a settled family: numbers, verdict, arithmetic and evidence of every row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from cmdb.licences.engine import evidence
from cmdb.licences.engine.facts import Entitlement
from cmdb.licences.engine.family_rows import FamilyAllocation, FamilyRow, rows_of
from cmdb.licences.engine.metric_choice import LicensedProduct
from cmdb.licences.engine.missing_facts import GapRule, missing_facts, remedy
from cmdb.licences.engine.recognised_facts import RecognisedFacts
from cmdb.licences.engine.results import (
    AllocationLine,
    ExceptionCollector,
    ExceptionLine,
    MissingFact,
    Position,
    Text,
    Verdict,
)
from cmdb.licences.engine.rights import RightDenial, covers
from cmdb.licences.engine.supply import Supply
from cmdb.licences.labels import amount
from cmdb.model.messages import Message, text_key
from cmdb.model.money import rounded


def build(settled: FamilyAllocation) -> tuple[list[Position], list[ExceptionLine]]:
    """The positions of a family, and the exceptions that its settling brought up."""
    positions: list[Position] = []
    exceptions: list[ExceptionLine] = []
    for unit in settled.units:
        for row in rows_of(settled, unit):
            missing = missing_facts(row)
            one = _position(row, missing)
            positions.append(one)
            exceptions += _exceptions(one, row, missing)
    for licence, text in sorted(settled.outcome.assumed, key=lambda pair: (pair[0], text_key(pair[1]))):
        lot = next(lot for unit in settled.units for lot in unit.lots if lot.entitlement.id == licence)
        name = lot.entitlement.name or licence
        exceptions.append(ExceptionLine("assumed", lot.product.name, name, licence, "channel or terms", text))
    return positions, exceptions


# -- one row -------------------------------------------------------------------------------------------------------


def _position(row: FamilyRow, missing: Mapping[MissingFact, GapRule]) -> Position:
    outcome, unit, metric = row.outcome, row.unit, row.key.metric
    product, book = unit.installed.product, row.recognised.estate.book
    pack, rule, counted = _pack(row), book.sentence(metric), book.unit(metric)
    true_up, currency = _true_up(row, pack)
    made = Position(
        product=product.name,
        publisher=product.publisher or next((e.publisher for e in unit.installed.entitlements if e.publisher), ""),
        edition=row.key.edition,
        version=row.key.version,
        metric=metric,
        unit=counted,
        entitled=sum(lot.units if lot.units is not None else outcome.used.get(lot.id, 0) for lot in row.lots),
        needed=row.needed,
        covered=row.needed - row.short,
        short=row.short,
        spare=row.spare,
        non_transferable=row.non_transferable,
        unlimited=row.unlimited,
        verdict=_verdict(row, missing),
        arithmetic=evidence.arithmetic(row.items, row.lots, row.short, pack, counted, outcome),
        missing=tuple(missing),
        pack=pack,
        true_up=true_up,
        currency=currency,
        demand=tuple([evidence.demand(i, outcome, rule) for i in row.items]),
        supply=tuple(evidence.supply(lot, outcome) for lot in row.lots),
        allocation=_allocation(row),
    )
    return replace(made, actions=evidence.actions(made, remedy(missing)))


def _verdict(row: FamilyRow, missing: Mapping[MissingFact, GapRule]) -> Verdict:
    """The first verdict whose condition holds."""
    return next(verdict for verdict, holds in VERDICTS if holds(row, missing))


def _barred(row: FamilyRow) -> bool:
    """Whether terms forbid what would otherwise cover everything."""
    waived = row.uncovered(row.settled.ungated)
    return bool(row.short) and not waived and any(i.id in row.outcome.barred for i in row.items)


#: In this order: what terms forbid is no question of numbers, and what is unknown is never compliant.
VERDICTS: tuple[tuple[Verdict, Callable[[FamilyRow, Mapping[MissingFact, GapRule]], bool]], ...] = (
    ("ineligible", lambda row, _: any(item.ineligible for item in row.items)),
    ("unknown", lambda _, missing: bool(missing)),
    ("ineligible", lambda row, _: _barred(row)),
    ("short", lambda row, _: bool(row.short)),
    ("over-licensed", lambda row, _: row.spare > len(row.unseen) and not row.unlimited),
    ("compliant", lambda *_: True),
)


def _pack(row: FamilyRow) -> int:
    """How many units are bought at once."""
    sizes = [lot.entitlement.pack_size for lot in row.lots if lot.entitlement.pack_size]
    sizes = sizes or [lot.entitlement.pack_size for lot in row.unit.lots if lot.entitlement.pack_size]
    if sizes:
        return max(1, min(sizes))
    return (row.recognised.estate.book.whole(row.key.metric, "pack") if row.items else None) or 1


def _true_up(row: FamilyRow, pack: int) -> tuple[Decimal | None, str]:
    """What it costs to buy what is short, in whole packs; None where nothing is short, or no price is known."""
    cost, units, currency = _price(row.unit, row.key.metric)
    if cost is None or not row.short:
        return None, ""
    bought = -(-row.short // pack) * pack
    return rounded(cost * bought / units, currency), currency


def _price(unit: LicensedProduct, metric: str) -> tuple[Decimal | None, int, str]:
    """What so many units cost, and in which currency: as stated for one more, else as in the latest purchase.

    The cost isn't divided by the units here, so that what was bought in tens is rounded once.
    """
    stated = [lot.entitlement for lot in unit.lots if lot.metric == metric and lot.entitlement.unit_cost]
    if stated:
        newest = max(stated, key=lambda e: (e.start or date.min, e.id))
        return newest.unit_cost, max(1, newest.pack_size or 1), newest.currency
    priced = [
        lot.entitlement for lot in unit.lots if lot.metric == metric and lot.entitlement.cost and lot.entitlement.units
    ]
    if not priced:
        return None, 1, ""
    latest = max(priced, key=lambda e: (e.start or date.min, e.id))
    return latest.cost, latest.units or 1, latest.currency


def _allocation(row: FamilyRow) -> tuple[AllocationLine, ...]:
    """What covers the row's items; single machines that relieve its hosts go with it too."""
    machines = dict.fromkeys(f"{m}|single" for i in row.items for m in i.machines)
    keys = [*(i.id for i in row.items), *machines]
    return tuple([line for key in keys for line in row.outcome.lines.get(key, ())])


def _exceptions(one: Position, row: FamilyRow, missing: Mapping[MissingFact, GapRule]) -> list[ExceptionLine]:
    listing = ExceptionCollector()
    if one.verdict == "unknown":
        for gap, rule in missing.items():
            listing.add(rule.kind, one.title, gap.of, gap.id, gap.fact, rule.text(gap))
    for item in row.items:
        reason: Text = item.ineligible
        if not reason and row.outcome.uncovered[item.id]:
            reason = row.outcome.barred.get(item.id, "")
        if reason:
            listing.add("ineligible", one.title, item.holder, item.holder_id, "", reason)
        if item.contested:
            listing.add("contested", one.title, item.holder, item.holder_id, "", item.arithmetic)
    if row.short:
        _note_spare(one, row, listing)
    return listing.all()


def _note_spare(one: Position, row: FamilyRow, listing: ExceptionCollector) -> None:
    """Why licences of the product that are spare may not cover what the row is short of."""
    book = row.recognised.estate.book
    copies = {copy for item in row.items if row.outcome.uncovered[item.id] for copy in item.copies}
    for lot in row.unit.lots:
        spare = evidence.left(lot, row.outcome)[0]
        if lot.metric != row.key.metric or lot.tied or not spare:
            continue
        rights = [covers(lot, copy, "", book) for copy in copies]
        for why in sorted({right.why for right in rights if isinstance(right, RightDenial)}, key=text_key):
            text = Message("{spare} spare, but not for this: {reason}", spare=spare, reason=why)
            listing.add("no right", one.title, lot.entitlement.name or lot.id, lot.entitlement.id, "", text)


# -- besides the rows ----------------------------------------------------------------------------------------------


def exempt(recognised: RecognisedFacts) -> list[Position]:
    """One position per product and edition that needs no licence, with the reason."""
    made = []
    aside = {**recognised.exempt, **recognised.freely}
    for key, edition, reason in sorted(aside, key=lambda one: (one[0], one[1], text_key(one[2]))):
        devices = recognised.exempt.get((key, edition, reason), [])
        copies, computers = recognised.freely.get((key, edition, reason), (0, 0))
        product = recognised.spared[key]
        arithmetic = Message(
            "{installations} on {devices}: {reason}",
            installations=amount(len(devices) + copies, "installation"),
            devices=amount(len(set(devices)) + computers, "device"),
            reason=reason,
        )
        made.append(
            Position(
                product=product.name, publisher=product.publisher, edition=edition, version="", metric=product.metric,
                unit=recognised.estate.book.unit(product.metric), entitled=0, needed=0, covered=0, short=0, spare=0,
                non_transferable=0, unlimited=False, verdict="exempt",
                arithmetic=arithmetic,
            )
        )  # fmt: skip
    return made


def set_aside(recognised: RecognisedFacts, supply: Supply, entitlements: Iterable[Entitlement]) -> list[ExceptionLine]:
    """Purchases that count nothing on the day, and why."""
    lines = []
    for one in entitlements:
        if one.id in supply.aside:
            kind, why = supply.aside[one.id]
            product = recognised.bought[one.id].product.name
            lines.append(ExceptionLine(kind, product, one.name or one.id, one.id, "", why))
    return lines


def overlapping(recognised: RecognisedFacts, entitlements: Iterable[Entitlement], at: date) -> list[ExceptionLine]:
    """Purchases that may be one bought or recorded twice: the same rights and number, running at the same time."""
    like: dict[tuple[object, ...], list[Entitlement]] = defaultdict(list)
    for one in sorted(entitlements, key=lambda e: e.id):
        running = (one.start is None or one.start <= at) and (one.end is None or at <= one.end)
        if running and not one.retired and not one.base:
            what = recognised.bought[one.id]
            key: tuple[object, ...] = (
                what.product.key,
                what.edition,
                what.version,
                recognised.metrics[one.id],
                one.units,
            )
            if one.channel == "subscription":
                like[(True, *key)].append(one)
            elif one.purchase_order:
                like[(False, *key, one.purchase_order)].append(one)
    lines = []
    for (subscription, *_), group in like.items():
        for one in group[1:]:
            first = group[0].name or group[0].id
            if subscription:
                text = Message("renewed early? same rights and number as {first}; both are counted", first=first)
            else:
                text = Message("recorded twice? same rights and number as {first}; both are counted", first=first)
            product = recognised.bought[one.id].product.name
            lines.append(ExceptionLine("overlapping", product, one.name or one.id, one.id, "", text))
    return lines
