"""Demand: what a metric counts, item by item, each with its fact, rule and arithmetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from cmdb.licences.engine.catalogue import Product
from cmdb.licences.engine.facts import Assignment, Device, Entitlement, InstallationFact, Person
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rights import ProductCopy, version_key
from cmdb.licences.engine.rules import RuleBook
from cmdb.model.messages import counted


class RowKey(NamedTuple):
    """Names a position: product, edition, version, metric."""

    product: str
    edition: str
    version: str
    metric: str


@dataclass(frozen=True, slots=True)
class LicensedDevice:
    """A device and the copies of one product that it carries, as far as they need a licence."""

    device: Device
    copies: tuple[ProductCopy, ...]
    installations: tuple[InstallationFact, ...]
    stale: bool = False


@dataclass(slots=True, eq=False)
class DemandItem:
    """One countable need. ``quantity`` is what is certain; ``missing`` names what keeps it from being the whole.

    Items are never changed, but not frozen: a huge estate has half a million, and freezing doubles what they cost.
    """

    id: str
    row: RowKey
    copies: tuple[ProductCopy, ...]
    quantity: int
    holder: str
    holder_id: str
    fact: Text
    arithmetic: Text
    device: str = ""
    missing: tuple[MissingFact, ...] = ()
    stale: bool = False
    machine: bool = False
    """All its units are covered by one edition."""
    virtual: bool = False
    preferred: frozenset[str] = frozenset()
    main_user: str = ""
    portable: bool = False
    ineligible: Text = ""
    """Why its terms forbid what it is, whatever is owned."""
    contested: bool = False
    """Its arithmetic names another count, which the publisher asks for."""
    idle: bool = False
    """A seat whose holder doesn't use the product."""
    settled_by_cover: bool = False
    """What is missing no longer matters once the item is covered."""
    host: str = ""
    """Windows and SQL Server: the host whose licence may cover it."""
    base: int = 0
    """Windows Server hosts: the cores of one block."""
    machines: tuple[str, ...] = ()
    """Windows Server hosts: ids of the machines counted in blocks."""
    keep: int = 0


#: The order in which items are settled and shown.
BY_HOLDER = attrgetter("holder", "id")
#: Metrics by which a suite's licence covers its components on one device, or for one person.
SUITES = frozenset({"device", "named user", "user cal", "device cal"})


def spot(item: DemandItem) -> str:
    """Where a suite's licence holds for an item: its device, or its person; "" where suites say nothing."""
    if not item.quantity or item.row.metric not in SUITES:
        return ""
    return f"device {item.device}" if item.row.metric in ("device", "device cal") else f"person {item.holder_id}"


@dataclass(slots=True)
class InstalledProduct:
    """Everything about one product that its metric counts."""

    product: Product
    carriers: list[LicensedDevice] = field(default_factory=list)
    entitlements: list[Entitlement] = field(default_factory=list)
    assigned: list[tuple[Assignment, ProductCopy]] = field(default_factory=list)


@dataclass(slots=True)
class LicensedEstate:
    """The facts, looked up. ``book`` holds the rules of the day."""

    at: date
    book: RuleBook
    devices: dict[str, Device]
    people: dict[str, Person]
    guests: dict[str, list[Device]]
    """Host → its virtual machines that have not left the estate."""
    members: dict[str, list[Device]]
    """Cluster → its hosts."""
    unseen: list[Device] = field(default_factory=list)
    """Devices of the estate whose software nobody ever looked at."""
    evidence: dict[str, set[str]] = field(default_factory=dict)
    """Kind of evidence (``sub-capacity``) → devices where it was found."""
    highest: dict[str, str] = field(default_factory=dict)
    """Product key → the newest version of it that is installed anywhere."""
    sessions: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    others: int = 0
    """People of the organisation who are not among ``people``."""

    def host_of(self, device: Device) -> Device | None:
        """The physical machine under a device: itself, or the host of a virtual one; None if that is unknown."""
        if not device.virtual:
            return device
        host = self.devices.get(device.host)
        return None if host is None or host.virtual else host

    def headcount(self) -> int:
        """People of the organisation on the day."""
        return self.others + sum(1 for p in self.people.values() if p.active(self.at))


def top(copies: tuple[ProductCopy, ...]) -> ProductCopy:
    """The copy that stands for a device that carries several: the highest edition, then the newest version."""
    if len(copies) == 1:
        return copies[0]

    def rank(copy: ProductCopy) -> tuple[float, tuple[float, ...], str, str]:
        ladder = copy.product.ladder
        place = ladder.index(copy.edition) if copy.edition in ladder else len(ladder)
        return (-place, version_key(copy.version) or (), copy.edition, copy.version)

    return max(copies, key=rank)


def row_of(copies: tuple[ProductCopy, ...], metric: str) -> RowKey:
    """The position that a device with these copies counts in."""
    one = top(copies)
    return RowKey(one.product.key, one.edition, one.version, metric)


def carried_text(carrier: LicensedDevice) -> Text:
    """What the device carries, for the demand line's fact."""
    copies = len(carrier.installations)
    if copies == 1 and len(carrier.copies) == 1:
        return carrier.copies[0].title
    titles = tuple(sorted({c.title for c in carrier.copies}))
    if copies < 2:
        return ", ".join(titles)
    return counted("{titles} ({count} copy)", "{titles} ({count} copies)", copies, titles=titles)
