"""Rights: whether a lot may cover an installed copy, by which right, and what nobody can say for want of a fact."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cmdb.licences.engine.catalogue import Product
from cmdb.licences.engine.results import Missing
from cmdb.licences.engine.rules import RuleBook
from cmdb.licences.engine.supply import Lot

#: Costs of rights in the allocation: the narrower right is used first, so that flexible licences stay free.
COSTS = {"oem": 1, "exact": 2, "maintenance": 6, "subscription": 4, "downgrade": 12, "down-edition": 30, "suite": 40}


@dataclass(frozen=True, slots=True)
class Copy:
    """A product in an edition and version, as it runs somewhere. "" is unknown or makes no difference."""

    product: Product
    edition: str
    version: str

    @property
    def title(self) -> str:
        """Product, edition and version in one line."""
        return " ".join(p for p in (self.product.name, self.edition, self.version) if p)


@dataclass(frozen=True, slots=True)
class Right:
    """A right to cover: certain if ``missing`` is empty and ``barred`` is "". ``assumed``: taken on trust."""

    kind: str
    cost: int
    why: str
    missing: tuple[Missing, ...] = ()
    barred: str = ""
    assumed: str = ""

    @property
    def certain(self) -> bool:
        """Whether nothing stands in its way."""
        return not self.missing and not self.barred


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


def covers(lot: Lot, copy: Copy, holder: str, device: str, book: RuleBook, *, suite: bool = False) -> Right | None:
    """The right by which the lot covers the copy on a device, or None.

    ``holder`` names who runs it, for the missing facts; ``suite`` says that the lot's product covers the copy's as
    its component, whose own editions don't count.
    """
    if lot.tied and lot.tied != device:
        return None
    edition = None if suite else _edition(lot, copy, holder, book)
    if edition is False:
        return None
    version = _version(lot, copy, holder, book)
    if version is False:
        return None
    parts = [p for p in (edition, version) if p is not None and p is not True]
    kinds = [p.kind for p in parts]
    kind = "suite" if suite else "down-edition" if "down-edition" in kinds else kinds[-1] if kinds else "exact"
    if kind == "exact" and lot.tied:
        kind = "oem"
    why = [p.why for p in parts if p.why]
    if suite:
        why.insert(0, f"{copy.product.name} is part of {lot.product.name}")
    if lot.tied:
        why.insert(0, "came with this device")
    return Right(
        kind=kind,
        cost=sum(COSTS[k] for k in kinds) + COSTS["suite"] * suite if kinds or suite else COSTS[kind],
        why="; ".join(why) or "the same product, edition and version",
        missing=tuple(m for p in parts for m in p.missing) + lot.missing,
        assumed="; ".join(p.assumed for p in parts if p.assumed),
    )


def _edition(lot: Lot, copy: Copy, holder: str, book: RuleBook) -> Right | bool | None:
    """None: the editions agree. False: the lot's does not cover the copy's."""
    have, need = lot.edition, copy.edition
    product = copy.product
    if have.casefold() == need.casefold() or (product.edition_optional and not need):
        return None
    ladder = [e.casefold() for e in product.ladder]
    if not have:
        if not product.edition_required or (ladder and need.casefold() == ladder[-1]):
            return None
        return Right("exact", 0, "", (Missing("edition", lot.entitlement.name or lot.id, lot.entitlement.id),))
    if not need:
        if ladder and have.casefold() == ladder[0]:
            return Right("down-edition", 0, f"{have} may run as any edition")
        return Right("exact", 0, "", (Missing("edition", holder),))
    own = ladder
    if not product.edition_required and not {have.casefold(), need.casefold()} <= set(ladder):
        own = [e.casefold() for e in book.ladder]
    if have.casefold() not in own or need.casefold() not in own:
        return False
    if own.index(have.casefold()) > own.index(need.casefold()):
        return False
    allowed, assumed = _channel(lot, "down_edition", book, product.downgrade)
    if not allowed:
        return False
    if own is not ladder:
        assumed = "; ".join(a for a in (f"{have} may run as {need}", assumed) if a)
    return Right("down-edition", 0, f"{have} may run as {need}", assumed=assumed)


def _version(lot: Lot, copy: Copy, holder: str, book: RuleBook) -> Right | bool | None:
    have, need = lot.version, copy.version
    if copy.product.versionless or not have or (need and same_version(have, need)):
        return None
    if lot.subscription:
        return Right("subscription", 0, f"a subscription covers {need or 'every version'}")
    if not need:
        return None if lot.maintained else Right("exact", 0, "", (Missing("version", holder),))
    a, b = version_key(have), version_key(need)
    if a is None or b is None:
        return False
    if b < a:
        allowed, assumed = _channel(lot, "downgrade", book, copy.product.downgrade)
        return Right("downgrade", 0, f"{have} may run as {need}", assumed=assumed) if allowed else False
    return _newer(lot, copy, need, book.at)


def _newer(lot: Lot, copy: Copy, need: str, at: date) -> Right | bool:
    if lot.maintained:
        return Right("maintenance", 0, f"maintenance active on {at.isoformat()} covers {need}")
    if lot.upgrade_until is None:
        return False
    released = copy.product.released.get(need)
    if released is None:
        about = (Missing("release date", f"{copy.product.name} {need}"),)
        return Right("maintenance", 0, f"maintenance until {lot.upgrade_until.isoformat()}", about)
    if released > lot.upgrade_until:
        return False
    why = f"{need} was released on {released.isoformat()}, under maintenance until {lot.upgrade_until.isoformat()}"
    return Right("maintenance", 0, why)


def _channel(lot: Lot, right: str, book: RuleBook, own: tuple[str, ...]) -> tuple[bool, str]:
    """Whether the lot's purchase channel gives the right, and what had to be assumed for that."""
    allowed = own if own and right == "downgrade" else book.channels(right)
    channel = lot.entitlement.channel
    if channel:
        return channel in allowed, ""
    return book.assumed_channel in allowed, f"bought as {book.assumed_channel} licence (its channel is not given)"


def may_be_secondary(lot: Lot, book: RuleBook) -> bool:
    """Whether the main user of the lot's device may run a second, portable copy."""
    if lot.entitlement.secondary_use is not None:
        return lot.entitlement.secondary_use
    return lot.product.secondary and _channel(lot, "secondary", book, ())[0]
