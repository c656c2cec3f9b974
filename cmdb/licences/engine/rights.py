"""Rights: whether a lot may cover an installed copy, by which right, and what nobody can say for want of a fact."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from cmdb.licences.engine.catalogue import Product
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rules import RuleBook
from cmdb.licences.engine.supply import EntitlementLot
from cmdb.licences.labels import channel
from cmdb.model.messages import Message, chain

_SAME = Message("the same product, edition and version")
_EVERY_VERSION = Message("a subscription covers every version")

#: Costs of rights in the allocation: the narrower right is used first, so that flexible licences stay free.
COSTS = {"oem": 1, "exact": 2, "maintenance": 6, "subscription": 4, "downgrade": 12, "down-edition": 30, "suite": 40}


@dataclass(frozen=True, slots=True, eq=False)
class ProductCopy:
    """A product in an edition and version, as it runs somewhere. "" is unknown or makes no difference.

    The hash and the title of a copy are needed very often, so both are computed once.
    """

    product: Product
    edition: str
    version: str
    title: str = field(init=False)
    """Product, edition and version in one line."""
    _hash: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        title = " ".join(p for p in (self.product.name, self.edition, self.version) if p)
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "_hash", hash((self.product, self.edition, self.version)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ProductCopy) and (self.product, self.edition, self.version) == (
            other.product,
            other.edition,
            other.version,
        )

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class LicenceRight:
    """A right to cover: certain if no fact is missing and ``barred`` is "". ``assumed``: taken on trust."""

    kind: str
    cost: int
    why: Message
    missing: tuple[MissingFact, ...] = ()
    """Facts of the purchase or product without which nobody can say whether it holds."""
    asks: tuple[str, ...] = ()
    """Likewise facts of whoever runs the copy: edition, version."""
    barred: Text = ""
    """Why terms of the metric forbid its use, though the right as such is there."""
    assumed: Text = ""

    @property
    def known(self) -> bool:
        """Whether no fact is missing."""
        return not self.missing and not self.asks

    @property
    def certain(self) -> bool:
        """Whether nothing stands in its way."""
        return self.known and not self.barred


@dataclass(frozen=True, slots=True)
class RightDenial:
    """That a lot may not cover a copy, and why."""

    why: Message


@dataclass(frozen=True, slots=True)
class CoverageFit:
    """How a lot's edition or version comes to fit a copy's. ``kind`` "": it fits as it is."""

    kind: str = ""
    why: Message | None = None
    missing: tuple[MissingFact, ...] = ()
    asks: tuple[str, ...] = ()
    assumed: Message | None = None


FITS = CoverageFit()


@lru_cache(maxsize=4096)
def version_key(version: str) -> tuple[float, ...] | None:
    """Sorts versions: "2008" < "2008 R2" < "2012", "9.6" < "10.1". None where a version has no number."""
    numbers = [float(n) for n in re.findall(r"\d+", re.sub(r"r(\d)", r"", version.casefold()))]
    if not numbers:
        return None
    release = re.search(r"\br(\d)\b", version.casefold())
    if release:
        numbers[0] += int(release[1]) / 10
    return tuple(numbers)


def same_version(one: str, other: str) -> bool:
    """Whether two versions are one at the precision of the coarser: "12" is "12.3.1", but "2008" is not "2008 R2"."""
    if one.casefold() == other.casefold():
        return True
    a, b = version_key(one), version_key(other)
    if a is None or b is None:
        return False
    shorter = min(len(a), len(b))
    return a[:shorter] == b[:shorter]


def covers(
    lot: EntitlementLot, copy: ProductCopy, device: str, book: RuleBook, *, suite: bool = False
) -> LicenceRight | RightDenial:
    """The right by which the lot covers the copy on a device, or why it has none.

    ``suite`` says that the lot's product covers the copy's as its component, whose own editions don't count.
    """
    if lot.tied and lot.tied != device:
        return RightDenial(Message("it came with another device"))
    edition = FITS if suite else _edition(lot, copy, book)
    if isinstance(edition, RightDenial):
        return edition
    version = _version(lot, copy, book)
    if isinstance(version, RightDenial):
        return version
    return _combined(lot, copy, edition, version, suite)


def _combined(
    lot: EntitlementLot, copy: ProductCopy, edition: CoverageFit, version: CoverageFit, suite: bool
) -> LicenceRight:
    """The right that the steps make together; its cost is that of all of them."""
    steps = (edition, version)
    kinds = [step.kind for step in steps if step.kind]
    kind = "suite" if suite else "down-edition" if "down-edition" in kinds else kinds[-1] if kinds else "exact"
    if kind == "exact" and lot.tied:
        kind = "oem"
    why = [step.why for step in steps if step.why]
    if suite:
        why.insert(0, Message("{component} is part of {suite}", component=copy.product.name, suite=lot.product.name))
    if lot.tied:
        why.insert(0, Message("came with this device"))
    return LicenceRight(
        kind=kind,
        cost=sum(COSTS[k] for k in kinds) + COSTS["suite"] * suite if kinds or suite else COSTS[kind],
        why=chain(why) if why else _SAME,
        missing=edition.missing + version.missing + lot.missing,
        asks=edition.asks + version.asks,
        assumed=chain([step.assumed for step in steps if step.assumed]) or "",
    )


def _edition(lot: EntitlementLot, copy: ProductCopy, book: RuleBook) -> CoverageFit | RightDenial:
    """How the lot's edition fits the copy's."""
    have, need = lot.edition, copy.edition
    product = copy.product
    if have.casefold() == need.casefold() or (product.edition_optional and not need):
        return FITS
    ladder = [e.casefold() for e in product.ladder]
    if not have:
        if not product.edition_required or (ladder and need.casefold() == ladder[-1]):
            return FITS
        return CoverageFit(
            "exact", missing=(MissingFact("edition", lot.entitlement.name or lot.id, lot.entitlement.id),)
        )
    if not need:
        if ladder and have.casefold() == ladder[0]:
            return CoverageFit("down-edition", Message("{edition} may run as any edition", edition=have))
        return CoverageFit("exact", asks=("edition",))
    return _down_edition(lot, copy, ladder, book)


def _down_edition(
    lot: EntitlementLot, copy: ProductCopy, ladder: list[str], book: RuleBook
) -> CoverageFit | RightDenial:
    """Whether a higher edition may run as the one that is needed; ``ladder``: the product's own, highest first."""
    have, need = lot.edition, copy.edition
    own = ladder
    if not copy.product.edition_required and not {have.casefold(), need.casefold()} <= set(ladder):
        own = [e.casefold() for e in book.ladder]
    if have.casefold() not in own or need.casefold() not in own:
        return RightDenial(Message("nothing is known of {have} running as {need}", have=have, need=need))
    if own.index(have.casefold()) > own.index(need.casefold()):
        return RightDenial(Message("{need} is above {have}", have=have, need=need))
    allowed, assumed = _channel(lot, "down_edition", book, copy.product.downgrade)
    if not allowed:
        return RightDenial(
            Message("a licence bought as {channel} may not run as a lower edition", channel=_bought_as(lot, book))
        )
    why = Message("{have} may run as {need}", have=have, need=need)
    if own is not ladder:
        assumed = why if assumed is None else chain([why, assumed])
    return CoverageFit("down-edition", why, assumed=assumed)


def _version(lot: EntitlementLot, copy: ProductCopy, book: RuleBook) -> CoverageFit | RightDenial:
    """How the lot's version fits the copy's."""
    have, need = lot.version, copy.version
    if copy.product.versionless or not have or (need and same_version(have, need)):
        return FITS
    if lot.subscription:
        why = Message("a subscription covers {version}", version=need) if need else _EVERY_VERSION
        return CoverageFit("subscription", why)
    if not need:
        return FITS if lot.maintained else CoverageFit("exact", asks=("version",))
    a, b = version_key(have), version_key(need)
    if a is None or b is None:
        return RightDenial(Message("{have} and {need} cannot be put in order", have=have, need=need))
    if b < a:
        allowed, assumed = _channel(lot, "downgrade", book, copy.product.downgrade)
        if not allowed:
            return RightDenial(
                Message(
                    "a licence bought as {channel} may not run as an earlier version", channel=_bought_as(lot, book)
                )
            )
        return CoverageFit("downgrade", Message("{have} may run as {need}", have=have, need=need), assumed=assumed)
    return _newer(lot, copy, need, book.at)


def _newer(lot: EntitlementLot, copy: ProductCopy, need: str, at: date) -> CoverageFit | RightDenial:
    """Whether maintenance covers a version that came after the lot's."""
    if lot.maintained:
        return CoverageFit("maintenance", Message("maintenance active on {day} covers {version}", day=at, version=need))
    if lot.upgrade_until is None:
        return RightDenial(
            Message("{need} is newer than {have}, and it has no maintenance", need=need, have=lot.version)
        )
    until = lot.upgrade_until
    released = copy.product.released.get(need)
    if released is None:
        about = (MissingFact("release date", f"{copy.product.name} {need}"),)
        return CoverageFit("maintenance", Message("maintenance until {day}", day=until), about)
    if released > lot.upgrade_until:
        return RightDenial(
            Message(
                "{version} was released on {released}, after its maintenance ended on {ended}",
                version=need,
                released=released,
                ended=until,
            )
        )
    why = Message(
        "{version} was released on {released}, under maintenance until {until}",
        version=need,
        released=released,
        until=until,
    )
    return CoverageFit("maintenance", why)


def _bought_as(lot: EntitlementLot, book: RuleBook) -> Message:
    """The channel that the lot was bought through."""
    return channel(lot.entitlement.channel or book.assumed_channel)


def _channel(lot: EntitlementLot, right: str, book: RuleBook, own: tuple[str, ...]) -> tuple[bool, Message | None]:
    """Whether the lot's purchase channel gives the right, and what had to be assumed for that."""
    allowed = own if own and right == "downgrade" else book.channels(right)
    bought = lot.entitlement.channel
    if bought:
        return bought in allowed, None
    assumed = Message("bought as {channel} (its channel is not given)", channel=channel(book.assumed_channel))
    return book.assumed_channel in allowed, assumed


def may_be_secondary(lot: EntitlementLot, book: RuleBook) -> bool:
    """Whether the main user of the lot's device may run a second, portable copy."""
    if lot.entitlement.secondary_use is not None:
        return lot.entitlement.secondary_use
    return lot.product.secondary and _channel(lot, "secondary", book, ())[0]
