"""Supply: what the purchases give on the day, as lots of units with one and the same rights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from cmdb.licences.engine.catalogue import CatalogueMatch, Product
from cmdb.licences.engine.facts import Device, Entitlement
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rules import RuleBook
from cmdb.model.messages import Message, chain

_NO_BASE = Message("its base entitlement is not in the register")


@dataclass(frozen=True, slots=True)
class EntitlementLot:
    """Units of one entitlement with the same rights. ``units`` None is without limit."""

    id: str
    entitlement: Entitlement
    product: Product
    edition: str
    version: str
    metric: str
    units: int | None
    upgrade_until: date | None = None
    """Versions released up to this day stay the owner's."""
    maintained: bool = False
    tied: str = ""
    missing: tuple[MissingFact, ...] = ()
    """Facts without which nobody can say what the lot covers."""
    note: Text = ""

    @property
    def subscription(self) -> bool:
        """Whether it was bought for a time, with every version."""
        return self.entitlement.channel == "subscription"

    @property
    def current(self) -> bool:
        """Whether maintenance or a subscription is active on the day."""
        return self.maintained or self.subscription


@dataclass(slots=True)
class Supply:
    """Lots of the day, and what was set aside: entitlement → why it counts nothing."""

    lots: list[EntitlementLot] = field(default_factory=list)
    aside: dict[str, tuple[str, Text]] = field(default_factory=dict)
    """Entitlement id → (kind of exception, why)."""


def build(
    entitlements: Iterable[Entitlement],
    bought: Mapping[str, CatalogueMatch],
    metrics: Mapping[str, str],
    devices: Mapping[str, Device],
    book: RuleBook,
) -> Supply:
    """Lots from purchases. ``bought`` says what each is for, ``metrics`` its metric, both by entitlement id."""
    known = {e.id: e for e in sorted(entitlements, key=lambda e: e.id)}
    supply = Supply()
    upgrades: dict[str, list[Entitlement]] = defaultdict(list)
    licences: list[Entitlement] = []
    for one in known.values():
        why = _inactive(one, book.at)
        if one.base:
            base = known.get(one.base)
            if not why:
                why = _NO_BASE if base is None else _inactive(base, book.at)
            if not why and base is not None and base.base:
                why = Message("its base entitlement is itself maintenance")
            if why:
                supply.aside[one.id] = ("not counted", why)
            else:
                upgrades[one.base].append(one)
                text = Message("adds its rights to {entitlement}, and no quantity", entitlement=known[one.base].name)
                supply.aside[one.id] = ("maintenance", text)
        elif book.is_maintenance(one.product or one.name):
            supply.aside[one.id] = ("not counted", why or Message("maintenance without a base licence"))
        elif why:
            supply.aside[one.id] = ("not counted", why)
        else:
            licences.append(one)
    for one in licences:
        what, metric = bought[one.id], metrics[one.id]
        lots, why = _lots(one, what, metric, upgrades.get(one.id, []), bought, devices, book.at)
        supply.lots.extend(lots)
        if why:
            supply.aside[one.id] = ("not counted", why)
    return supply


def _inactive(one: Entitlement, at: date) -> Text:
    """Why a purchase counts nothing on the day, or ""."""
    if one.retired or one.planned:
        if one.status:
            return Message("its status is {status}", status=one.status)
        return Message("it is retired") if one.retired else Message("it is planned")
    if one.start is not None and at < one.start:
        return Message("starts only on {day}", day=one.start)
    if one.end is not None and one.end < at:
        return Message("ended on {day}", day=one.end)
    return ""


def _lots(
    one: Entitlement,
    what: CatalogueMatch,
    metric: str,
    upgrades: list[Entitlement],
    bought: Mapping[str, CatalogueMatch],
    devices: Mapping[str, Device],
    at: date,
) -> tuple[list[EntitlementLot], Text]:
    """The lots of a licence, split where an upgrade covers only a part of it; or why it counts nothing."""
    missing: list[MissingFact] = []
    tied = ""
    label = one.name or one.id
    if one.channel == "oem":
        tied = one.device
        if not tied:
            missing.append(MissingFact("device", label, one.id))
        elif tied not in devices:
            return [], Message("the device it came with is not in the register")
        elif devices[tied].retired:
            return [], Message("came with {device}, which has left the estate", device=devices[tied].name)
    # one site licence, or none counted, is the whole site; a larger number is a headcount
    endless = one.unlimited or (metric == "site" and (one.quantity or 0) <= 1)
    if one.quantity is None and not endless:
        missing.append(MissingFact("quantity", label, one.id))
    active = one.maintenance_until is not None and at <= one.maintenance_until
    lot = EntitlementLot(
        id=one.id,
        entitlement=one,
        product=what.product,
        edition=what.edition,
        version=what.version,
        metric=metric,
        units=None if endless else one.units,
        upgrade_until=one.maintenance_until,
        maintained=active,
        tied=tied,
        missing=tuple(missing),
    )
    return _upgraded(lot, upgrades, bought, at), ""


def _upgraded(
    lot: EntitlementLot, upgrades: list[Entitlement], bought: Mapping[str, CatalogueMatch], at: date
) -> list[EntitlementLot]:
    """The lot, cut into pieces by how many of its units each maintenance purchase covers."""
    if not upgrades:
        return [lot]
    size = lot.units if lot.units is not None else max(u.units for u in upgrades)
    cuts = sorted({0, size, *(min(size, u.units) for u in upgrades)})
    pieces: list[EntitlementLot] = []
    for number, (low, high) in enumerate(pairwise(cuts)):
        piece = replace(lot, id=f"{lot.id}#{number}" if number else lot.id, units=high - low)
        for one in upgrades:
            if one.units >= high:
                piece = _with(piece, one, bought[one.id], at)
        pieces.append(piece)
    if lot.units is None:
        pieces.append(replace(lot, id=f"{lot.id}#rest"))
    return pieces or [lot]


def _with(lot: EntitlementLot, one: Entitlement, what: CatalogueMatch, at: date) -> EntitlementLot:
    """The lot with the rights that a maintenance or upgrade purchase adds."""
    until = one.maintenance_until or one.end
    if until:
        note = Message("with {entitlement}, maintained until {day}", entitlement=one.name or one.id, day=until)
    else:
        note = Message("with {entitlement}", entitlement=one.name or one.id)
    version = what.version if what.version and what.version != lot.version else lot.version
    return replace(
        lot,
        version=version,
        upgrade_until=max((d for d in (lot.upgrade_until, until) if d is not None), default=None),
        maintained=lot.maintained or (until is not None and at <= until),
        note=chain([lot.note, note]) if isinstance(lot.note, Message) else note,
    )
