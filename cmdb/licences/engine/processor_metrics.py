"""Metrics that count processors and cores: sockets, generic cores, VMware, IBM."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import ceil

from cmdb.licences.engine.demand import (
    DemandItem,
    InstalledProduct,
    LicensedDevice,
    LicensedEstate,
    RowKey,
    carried_text,
    plural,
    row_of,
)
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.results import MissingFact
from cmdb.licences.engine.rules import Tiers


def missing_hardware(device: Device, *, cores: bool = True) -> tuple[MissingFact, ...]:
    """The hardware facts that a physical machine lacks."""
    gaps = []
    if not device.sockets:
        gaps.append(MissingFact("processor sockets", device.name, device.id))
    if cores and not device.cores_per_socket:
        gaps.append(MissingFact("cores per processor", device.name, device.id))
    return tuple(gaps)


def shape(device: Device) -> str:
    """Sockets x cores, for arithmetic."""
    return f"{device.sockets} x {device.cores_per_socket} cores"


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
    fact: str,
    arithmetic: str,
    missing: tuple[MissingFact, ...] = (),
) -> DemandItem:
    copies = tuple(sorted({c for carrier in carriers for c in carrier.copies}, key=lambda c: (c.edition, c.version)))
    guests = sorted(c.device.name for c in carriers if c.device.id != device.id)
    if guests:
        fact += f"; for {', '.join(guests)}"
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
    text = "a virtual machine whose host is not known"
    return _item(installed, metric, carrier.device, [carrier], 0, carried_text(carrier), text, gap)


def socket(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per occupied socket of the physical machine."""
    items = []
    for host, carriers in hosted(installed, estate):
        if host is None:
            items.append(_unhosted(installed, metric, carriers[0]))
            continue
        count = host.sockets or 0
        items.append(_item(installed, metric, host, carriers, count, plural(count, "occupied socket"),
                           plural(count, "socket"), missing_hardware(host, cores=False)))  # fmt: skip
    return items


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
            fact = plural(count, "virtual core")
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


def minimum_text(device: Device, least: int, floor: int, count: int) -> str:
    """The arithmetic of ``physical``."""
    text = f"{device.sockets} x {device.cores_per_socket}"
    if (device.cores_per_socket or 0) < least:
        text = f"{device.sockets} x max({least}, {device.cores_per_socket})"
    return f"max({floor}, {text}) = {count}" if count == floor and floor else f"{text} = {count}"


def _shape(device: Device) -> str:
    return shape(device) if device.cores else "cores not known"


def vmware_core(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Physical cores, at least 16 per processor."""
    least = estate.book.number(metric, "minimum per processor")
    items = []
    for host, carriers in hosted(installed, estate):
        if host is None:
            items.append(_unhosted(installed, metric, carriers[0]))
            continue
        gap = missing_hardware(host)
        count = 0 if gap else physical(host, least)
        text = "" if gap else minimum_text(host, least, 0, count)
        items.append(_item(installed, metric, host, carriers, count, _shape(host), text, gap))
    return items


def vmware_cpu(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per processor for every 32 cores of it."""
    cap = estate.book.number(metric, "cores per licence")
    items = []
    for host, carriers in hosted(installed, estate):
        if host is None:
            items.append(_unhosted(installed, metric, carriers[0]))
            continue
        gap = missing_hardware(host)
        each = ceil((host.cores_per_socket or 0) / cap)
        count = 0 if gap else (host.sockets or 0) * each
        text = "" if gap else f"{host.sockets} x ceil({host.cores_per_socket} / {cap}) = {count}"
        items.append(_item(installed, metric, host, carriers, count, _shape(host), text, gap))
    return items


# -- IBM -----------------------------------------------------------------------------------------------------------


def ibm_pvu(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Processor value units per core x cores."""
    return _ibm(installed, metric, estate, units=True)


def ibm_vpc(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per core."""
    return _ibm(installed, metric, estate, units=False)


def _ibm(installed: InstalledProduct, metric: str, estate: LicensedEstate, *, units: bool) -> list[DemandItem]:
    items = []
    proven = estate.evidence.get("sub-capacity", set())
    for host, carriers in hosted(installed, estate):
        if host is None:
            items.append(_unhosted(installed, metric, carriers[0]))
            continue
        kept = any(e.measured for e in installed.entitlements)
        sub = all(c.device.virtual and (kept or c.device.id in proven) for c in carriers)
        items.append(_ibm_host(installed, metric, estate, host, carriers, units, sub))
    return items


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
    text = f"{host.sockets} x {host.cores_per_socket}" if host.cores else ""
    fact = f"{_shape(host)}, full capacity"
    if sub:
        gaps += [MissingFact("virtual cores", c.device.name, c.device.id) for c in carriers if not c.device.vcores]
        inside = sum(c.device.vcores or 0 for c in carriers)
        fact = f"sub-capacity (measured): {plural(inside, 'virtual core')} on {_shape(host)}"
        text = f"min({inside}, {cores})"
        cores = min(inside, cores) if host.cores else inside
    if not units:
        count = 0 if gaps else cores
        return _item(installed, metric, host, carriers, count, fact, f"{text} = {count}", tuple(gaps))
    model = host.processor_model or next((c.device.processor_model for c in carriers if c.device.processor_model), "")
    if not model:
        gaps.append(MissingFact("processor model", host.name, host.id))
    found = estate.book.pvu(model, host.socket_capacity or host.sockets or 0) if model and not gaps else None
    if model and not gaps and found is None:
        gaps.append(MissingFact(f"value units per core ({model})", host.name, host.id))
    if found is None:
        return _item(installed, metric, host, carriers, 0, fact, "", tuple(gaps))
    each, family = found
    count = each * cores
    return _item(installed, metric, host, carriers, count, f"{fact}, {family}", f"{text} x {each} = {count:,}")


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
            holder=plural(len(installed.carriers), "device"),
            holder_id="",
            fact=plural(len(installed.carriers), "resource"),
            arithmetic=parts,
        )
    ]


def rvu(resources: int, tiers: Tiers) -> tuple[int, str]:
    """Resource value units of a number of resources, and the sum written out. A tier is [up to, factor]; 0: no end."""
    total, low, parts = Fraction(0), 0, []
    for high, factor in tiers:
        inside = max(0, (resources if not high else min(resources, int(high))) - low)
        if inside:
            total += inside * Fraction(str(factor))
            parts.append(f"{inside:,} x {factor:g}")
        low = int(high)
    return ceil(total), f"{' + '.join(parts) or '0'} = {ceil(total):,}"
