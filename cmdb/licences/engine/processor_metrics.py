"""Metrics that count processors and cores: sockets, generic cores, VMware, IBM."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from fractions import Fraction
from math import ceil

from cmdb.licences.engine.demand import (
    DemandItem,
    InstalledProduct,
    LicensedDevice,
    LicensedEstate,
    RowKey,
    carried_text,
    row_of,
)
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rules import Tiers
from cmdb.licences.labels import amount
from cmdb.model.messages import Message, counted, declared

_NO_HOST = Message("a virtual machine whose host is not known")
_NO_CORES = Message("cores not known")


def missing_hardware(device: Device, *, cores: bool = True) -> tuple[MissingFact, ...]:
    """The hardware facts that a physical machine lacks."""
    gaps = []
    if not device.sockets:
        gaps.append(MissingFact("processor sockets", device.name, device.id))
    if cores and not device.cores_per_socket:
        gaps.append(MissingFact("cores per processor", device.name, device.id))
    return tuple(gaps)


def shape(device: Device) -> Message:
    """A machine's processors and their cores: "2 x 10 cores"."""
    return Message(
        "{sockets} x {cores}", sockets=device.sockets or 0, cores=amount(device.cores_per_socket or 0, "core")
    )


def hosted(installed: InstalledProduct, estate: LicensedEstate) -> Iterator[tuple[Device | None, list[LicensedDevice]]]:
    """Carriers by the physical machine they run on, each machine once; None: a virtual machine without known host."""
    by_host: dict[str, list[LicensedDevice]] = defaultdict(list)
    for carrier in installed.carriers:
        host = estate.host_of(carrier.device)
        if host is None:
            yield None, [carrier]
        else:
            by_host[host.id].append(carrier)
    for key in sorted(by_host):
        yield estate.devices[key], by_host[key]


def _item(
    installed: InstalledProduct,
    metric: str,
    device: Device,
    carriers: list[LicensedDevice],
    quantity: int,
    fact: Text,
    arithmetic: Text,
    missing: tuple[MissingFact, ...] = (),
) -> DemandItem:
    copies = tuple(sorted({c for carrier in carriers for c in carrier.copies}, key=lambda c: (c.edition, c.version)))
    guests = tuple(sorted(c.device.name for c in carriers if c.device.id != device.id))
    if guests:
        fact = Message("{fact}; for {machines}", fact=fact, machines=guests)
    return DemandItem(
        id=f"{installed.product.key}|{device.id}",
        row=row_of(copies, metric),
        copies=copies,
        quantity=quantity,
        holder=device.name,
        holder_id=device.id,
        fact=fact,
        arithmetic=arithmetic,
        device=device.id,
        missing=missing,
        stale=all(c.stale for c in carriers),
        machine=True,
    )


def _unhosted(installed: InstalledProduct, metric: str, carrier: LicensedDevice) -> DemandItem:
    gap = (MissingFact("host", carrier.device.name, carrier.device.id),)
    return _item(installed, metric, carrier.device, [carrier], 0, carried_text(carrier), _NO_HOST, gap)


def _by_host(
    installed: InstalledProduct,
    metric: str,
    estate: LicensedEstate,
    needed: Callable[[Device, list[LicensedDevice]], DemandItem],
) -> list[DemandItem]:
    """What each physical machine needs for its carriers, and the virtual machines whose host is not known."""
    return [
        _unhosted(installed, metric, carriers[0]) if host is None else needed(host, carriers)
        for host, carriers in hosted(installed, estate)
    ]


def socket(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per occupied socket of the physical machine."""

    def needed(host: Device, carriers: list[LicensedDevice]) -> DemandItem:
        count, gap = host.sockets or 0, missing_hardware(host, cores=False)
        return _item(installed, metric, host, carriers, count, occupied(count), amount(count, "socket"), gap)

    return _by_host(installed, metric, estate, needed)


def core(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Cores, at least the minimum per processor and per server; a virtual machine counts its own."""
    least = estate.book.number("core", "minimum per processor")
    floor = estate.book.number("core", "minimum per server")
    items = []
    for carrier in installed.carriers:
        device = carrier.device
        if device.virtual:
            count = device.vcores or 0
            gap: tuple[MissingFact, ...] = () if count else (MissingFact("virtual cores", device.name, device.id),)
            fact = virtual_cores(count)
            items.append(_item(installed, metric, device, [carrier], count, fact, fact, gap))
            continue
        gap = missing_hardware(device)
        count = 0 if gap else physical(device, least, floor)
        arithmetic = "" if gap else minimum_text(device, least, floor, count)
        items.append(_item(installed, metric, device, [carrier], count, _shape(device), arithmetic, gap))
    return items


def physical(device: Device, least: int, floor: int = 0) -> int:
    """Sum over processors of max(least, cores), and at least ``floor`` for the server. Hardware must be known."""
    return max(floor, (device.sockets or 0) * max(least, device.cores_per_socket or 0))


def occupied(sockets: int) -> Message:
    """So many occupied sockets."""
    return counted("{count} occupied socket", "{count} occupied sockets", sockets)


def virtual_cores(cores: int) -> Message:
    """So many virtual cores."""
    return counted("{count} virtual core", "{count} virtual cores", cores)


def processors(device: Device) -> Message:
    """A machine's processors and their cores in words: "2 processors with 10 cores each"."""
    return counted(
        "{count} processor with {cores}",
        "{count} processors with {cores} each",
        device.sockets or 0,
        cores=amount(device.cores_per_socket or 0, "core"),
    )


def minimum_text(device: Device, least: int, floor: int, count: int) -> Message:
    """The arithmetic of ``physical`` in words."""
    have, total = processors(device), amount(count, "core")
    few = (device.cores_per_socket or 0) < least
    low = (device.sockets or 0) * max(least, device.cores_per_socket or 0) < floor
    if few and low:
        return Message(
            "{processors}, but at least {least} count per processor and at least {floor} per server: {total}",
            processors=have,
            least=least,
            floor=floor,
            total=total,
        )
    if low:
        return Message(
            "{processors}, but at least {floor} count per server: {total}", processors=have, floor=floor, total=total
        )
    if few:
        return Message(
            "{processors}, but at least {least} count per processor: {total}",
            processors=have,
            least=least,
            total=total,
        )
    return Message("{processors}: {total}", processors=have, total=total)


def _shape(device: Device) -> Message:
    return shape(device) if device.cores else _NO_CORES


def vmware_core(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Physical cores, at least 16 per processor."""
    least = estate.book.number(metric, "minimum per processor")

    def needed(host: Device, carriers: list[LicensedDevice]) -> DemandItem:
        gap = missing_hardware(host)
        count = 0 if gap else physical(host, least)
        text = "" if gap else minimum_text(host, least, 0, count)
        return _item(installed, metric, host, carriers, count, _shape(host), text, gap)

    return _by_host(installed, metric, estate, needed)


def vmware_cpu(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per processor for every 32 cores of it."""
    cap = estate.book.number(metric, "cores per licence")

    def needed(host: Device, carriers: list[LicensedDevice]) -> DemandItem:
        gap = missing_hardware(host)
        each = ceil((host.cores_per_socket or 0) / cap)
        count = 0 if gap else (host.sockets or 0) * each
        text: Text = ""
        if not gap:
            text = counted(
                "{processors}; a licence covers up to {cap} cores of one processor, so each needs {count} licence: "
                "{total}",
                "{processors}; a licence covers up to {cap} cores of one processor, so each needs {count} licences: "
                "{total}",
                each,
                processors=processors(host),
                cap=cap,
                total=amount(count, "CPU"),
            )
        return _item(installed, metric, host, carriers, count, _shape(host), text, gap)

    return _by_host(installed, metric, estate, needed)


# -- IBM -----------------------------------------------------------------------------------------------------------


def ibm_pvu(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Processor value units per core x cores."""
    return _ibm(installed, metric, estate, units=True)


def ibm_vpc(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per core."""
    return _ibm(installed, metric, estate, units=False)


def _ibm(installed: InstalledProduct, metric: str, estate: LicensedEstate, *, units: bool) -> list[DemandItem]:
    proven = estate.evidence.get("sub-capacity", set())
    kept = any(e.measured for e in installed.entitlements)

    def needed(host: Device, carriers: list[LicensedDevice]) -> DemandItem:
        sub = all(c.device.virtual and (kept or c.device.id in proven) for c in carriers)
        return _ibm_host(installed, metric, estate, host, carriers, units, sub)

    return _by_host(installed, metric, estate, needed)


def _ibm_host(
    installed: InstalledProduct,
    metric: str,
    estate: LicensedEstate,
    host: Device,
    carriers: list[LicensedDevice],
    units: bool,
    sub: bool,
) -> DemandItem:
    gaps = list(missing_hardware(host))
    cores = host.cores or 0
    text: Text = processors(host) if host.cores else ""
    fact = Message("{hardware}, full capacity", hardware=_shape(host))
    if sub:
        gaps += [MissingFact("virtual cores", c.device.name, c.device.id) for c in carriers if not c.device.vcores]
        inside = sum(c.device.vcores or 0 for c in carriers)
        fact = Message(
            "sub-capacity (measured): {virtual} on {hardware}", virtual=virtual_cores(inside), hardware=_shape(host)
        )
        text = Message(
            "{virtual} on a server with {cores}, of which the smaller number counts",
            virtual=virtual_cores(inside),
            cores=amount(cores, "core"),
        )
        cores = min(inside, cores) if host.cores else inside
    if not units:
        count = 0 if gaps else cores
        said: Text = "" if gaps else Message("{cores}: {total}", cores=text, total=amount(count, "VPC"))
        return _item(installed, metric, host, carriers, count, fact, said, tuple(gaps))
    model = host.processor_model or next((c.device.processor_model for c in carriers if c.device.processor_model), "")
    if not model:
        gaps.append(MissingFact("processor model", host.name, host.id))
    found = estate.book.pvu(model, host.socket_capacity or host.sockets or 0) if model and not gaps else None
    if model and not gaps and found is None:
        gaps.append(MissingFact("value units per core", host.name, host.id, model))
    if found is None:
        return _item(installed, metric, host, carriers, 0, fact, "", tuple(gaps))
    each, family = found
    count = each * cores
    fact = Message("{hardware}, {family}", hardware=fact, family=declared(family))
    said = Message(
        "{cores}; {each} per core: {total}", cores=text, each=amount(each, "PVU"), total=amount(count, "PVU")
    )
    return _item(installed, metric, host, carriers, count, fact, said)


def ibm_rvu(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Resources (the devices that carry it) weighted by tier."""
    tiers = estate.book.tiers(metric)
    copies = tuple(sorted({c for x in installed.carriers for c in x.copies}, key=lambda c: (c.edition, c.version)))
    if not copies:
        return []
    total, parts = rvu(len(installed.carriers), tiers)
    return [
        DemandItem(
            id=f"{installed.product.key}|resources",
            row=RowKey(*row_of(copies, metric)),
            copies=copies,
            quantity=total,
            holder=installed.product.name,
            holder_id="",
            fact=counted("{count} resource", "{count} resources", len(installed.carriers)),
            arithmetic=parts,
        )
    ]


def rvu(resources: int, tiers: Tiers) -> tuple[int, Message]:
    """Resource value units of a number of resources, and the sum written out. A tier is [up to, factor]; 0: no end."""
    total, low = Fraction(0), 0
    parts: list[Message] = []
    for high, factor in tiers:
        inside = max(0, (resources if not high else min(resources, int(high))) - low)
        if inside:
            total += inside * Fraction(str(factor))
            parts.append(
                counted(
                    "{count} resource at {factor}", "{count} resources at {factor} each", inside, factor=float(factor)
                )
            )
        low = int(high)
    units = amount(ceil(total), "RVU")
    if not parts:
        return 0, units
    return ceil(total), Message("{resources}, added and rounded up: {total}", resources=tuple(parts), total=units)
