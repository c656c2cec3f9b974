"""What a licence position is computed from: plain facts, gathered from the register or written down in a test.

Ids are any stable text. Dates are ``datetime.date`` or None; an unknown number is None, an unknown text "".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cmdb.licences.engine.overrides import NameOverride


@dataclass(frozen=True, slots=True)
class Device:
    """A computer, real or virtual, of the estate. ``memory`` is in MiB."""

    id: str
    name: str
    cls: str = "desktop"
    sockets: int | None = None
    """Occupied processor sockets."""
    socket_capacity: int | None = None
    """Sockets that the machine could have."""
    cores_per_socket: int | None = None
    """Physical cores of each processor; hyperthreads don't count."""
    virtual_cores: int | None = None
    processor_model: str = ""
    memory: int | None = None
    os: str = ""
    """Operating system as found, with edition and version where known."""
    os_version: str = ""
    host: str = ""
    """Id of the host that a virtual machine runs on."""
    cluster: str = ""
    """Id of the cluster within which virtual machines may move."""
    status: str = ""
    retired: bool = False
    retired_on: date | None = None
    environment: str = ""
    main_user: str = ""
    """Id of the person who uses it most, as observed."""
    assigned_to: str = ""
    inventoried: bool = True
    """Whether anybody ever looked at its software."""
    last_seen: date | None = None

    @property
    def virtual(self) -> bool:
        """Whether it is a machine without hardware of its own."""
        return self.cls == "virtual_machine" or bool(self.host)

    @property
    def cores(self) -> int | None:
        """Physical cores of the machine, or None where sockets or cores are unknown."""
        if not self.sockets or not self.cores_per_socket:
            return None
        return self.sockets * self.cores_per_socket

    @property
    def vcores(self) -> int | None:
        """Virtual cores: as recorded, else what its own system counts as processors and cores."""
        return self.virtual_cores or self.cores


@dataclass(frozen=True, slots=True)
class InstallationFact:
    """A product found on a device. ``user`` is a person's id, or what the source calls the user."""

    device: str
    product: str
    publisher: str = ""
    edition: str = ""
    version: str = ""
    scope: str = ""
    user: str = ""
    environment: str = ""
    installed_on: date | None = None
    last_used: date | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may need a licence."""

    id: str
    name: str
    start: date | None = None
    end: date | None = None
    left: bool = False
    """Known to have left, though nobody wrote down when."""

    def active(self, at: date) -> bool:
        """Whether the person belongs to the organisation on that day; the last day counts."""
        if self.left and self.end is None:
            return False
        return (self.start is None or self.start <= at) and (self.end is None or at <= self.end)


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A purchase of rights. ``quantity`` counts packs of ``pack_size`` units; without a pack size, units."""

    id: str
    name: str = ""
    product: str = ""
    publisher: str = ""
    edition: str = ""
    version: str = ""
    metric: str = ""
    quantity: int | None = None
    pack_size: int | None = None
    channel: str = ""
    start: date | None = None
    end: date | None = None
    maintenance_until: date | None = None
    base: str = ""
    """Id of the entitlement that this one maintains or upgrades; what is named but not found stays here as text."""
    device: str = ""
    agreement: str = ""
    sku: str = ""
    purchase_order: str = ""
    invoice: str = ""
    cost: Decimal | None = None
    currency: str = ""
    unit_cost: Decimal | None = None
    unlimited: bool = False
    secondary_use: bool | None = None
    """Whether the main user's portable may carry it, too; None: as the product's and channel's terms say."""
    measured: bool = False
    """Proof of sub-capacity is kept for what it licenses (IBM's licence metric tool)."""
    status: str = ""
    planned: bool = False
    """It is wanted or ordered, and nobody has it yet."""
    retired: bool = False

    @property
    def units(self) -> int:
        """What was bought, in units of the metric."""
        return (self.quantity or 0) * max(1, self.pack_size or 1)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A licence given to a holder. ``licence`` is an entitlement's id, or "" where only the product is named."""

    holder: str
    """Id of a person or a device."""
    licence: str = ""
    product: str = ""
    publisher: str = ""
    edition: str = ""
    version: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class UsageSession:
    """A use of a product, half-open: it ends just before ``end``. Times are ISO text of one form."""

    product: str
    start: str
    end: str
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class Suite:
    """A product that covers others on one device, as the estate states it (the catalogue knows the usual ones)."""

    product: str
    components: tuple[str, ...]
    publisher: str = ""


@dataclass(frozen=True, slots=True)
class CountedInstallations:
    """Copies that need no licence, or are no product that anybody licenses: how many, on how many computers.

    They are none of ``Facts.installations``. The name is one under which they were found; others may mean the same.
    """

    product: str
    publisher: str
    edition: str
    version: str
    origin: str
    installations: int
    computers: int


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a position is computed from. The order within the tuples means nothing."""

    devices: tuple[Device, ...] = ()
    installations: tuple[InstallationFact, ...] = ()
    people: tuple[Person, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    sessions: tuple[UsageSession, ...] = ()
    suites: tuple[Suite, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """Names of clusters, by id; a cluster without one is called by its id."""
    counted: tuple[CountedInstallations, ...] = ()
    returned: frozenset[str] = frozenset()
    """Devices that carry some of what is only counted, among those that left the estate and were seen again."""
    others: int = 0
    """People of the organisation on the day who are not among ``people``."""
    overrides: tuple[NameOverride, ...] = ()
    """What people said that names mean."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """Conditions of free use that somebody answered: product → whether the condition holds."""
