"""Microsoft's per-core metrics: SQL Server, and Windows Server with its stacks, clusters and single machines."""

from __future__ import annotations

from collections import defaultdict

from cmdb.licences.engine.demand import (
    DemandItem,
    InstalledProduct,
    LicensedDevice,
    LicensedEstate,
    carried_text,
    row_of,
)
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.processor_metrics import minimum_text, missing_hardware, physical, shape, virtual_cores
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rights import ProductCopy, version_key
from cmdb.licences.engine.rules import RuleBook
from cmdb.licences.engine.supply import EntitlementLot
from cmdb.licences.labels import amount
from cmdb.model.messages import Message, counted

_NO_CORES = Message("an unknown number of cores")
_NO_VIRTUAL_CORES = Message("an unknown number of virtual cores")
_TERMS_OF_2022 = Message(
    "bought under the terms of 2022 or later without maintenance or subscription: not for virtual machines"
)
SQL, WINDOWS = "sql server core", "windows server core"


def _edition_gap(device: Device, copies: tuple[ProductCopy, ...]) -> tuple[MissingFact, ...]:
    """SQL Server and Windows Server cannot be counted without their edition."""
    return () if all(c.edition for c in copies) else (MissingFact("edition", device.name, device.id),)


# -- SQL Server ----------------------------------------------------------------------------------------------------


def sql_server(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Hosts: physical cores, at least four per processor. Virtual machines: virtual cores, at least four."""
    items = []
    for carrier in installed.carriers:
        device = carrier.device
        quantity, arithmetic, gap = _virtual_sql(device, estate) if device.virtual else _host_sql(device, estate)
        items.append(
            DemandItem(
                id=f"{installed.product.key}|{device.id}",
                row=row_of(carrier.copies, metric),
                copies=carrier.copies,
                quantity=quantity,
                holder=device.name,
                holder_id=device.id,
                fact=Message("{software} on {hardware}", software=carried_text(carrier), hardware=_hardware(device)),
                arithmetic=arithmetic,
                device=device.id,
                missing=gap + _edition_gap(device, carrier.copies),
                stale=carrier.stale,
                machine=True,
                virtual=device.virtual,
                host=device.host if device.virtual else device.id,
            )
        )
    return items


def _hardware(device: Device) -> Message:
    if device.virtual:
        return virtual_cores(device.vcores) if device.vcores else _NO_VIRTUAL_CORES
    return shape(device) if device.cores else _NO_CORES


def _at_least(cores: int, least: int) -> Message:
    """The arithmetic of a virtual machine: its cores, and at least so many."""
    if cores >= least:
        return virtual_cores(cores)
    return Message(
        "{cores}, but at least {least} count per virtual machine: {total}",
        cores=virtual_cores(cores),
        least=least,
        total=amount(least, "core"),
    )


def _host_sql(device: Device, estate: LicensedEstate) -> tuple[int, Text, tuple[MissingFact, ...]]:
    gap = missing_hardware(device)
    if gap:
        return 0, "", gap
    least = estate.book.number(SQL, "minimum per processor")
    count = physical(device, least)
    return count, minimum_text(device, least, 0, count), ()


def _virtual_sql(device: Device, estate: LicensedEstate) -> tuple[int, Text, tuple[MissingFact, ...]]:
    if not device.vcores:
        return 0, "", (MissingFact("virtual cores", device.name, device.id),)
    least = estate.book.number(SQL, "minimum per virtual machine")
    count = max(least, device.vcores)
    return count, _at_least(device.vcores, least), ()


def sql_gate(lot: EntitlementLot, item: DemandItem, book: RuleBook) -> Text:
    """Why the lot may not cover a virtual machine, or "": the 2022 terms ask for maintenance or subscription."""
    if not item.virtual or lot.current:
        return ""
    first = book.constant(SQL, "virtual machines need maintenance from version")
    if first is None:
        return ""
    bought = version_key(lot.version)
    if bought is None:  # no version: the terms of the day of purchase
        start = lot.entitlement.start
        released = lot.product.released.get(str(first))
        if start is not None and released is not None and start < released:
            return ""
    elif bought < (version_key(str(first)) or ()):
        return ""
    if lot.version:
        return Message(
            "bought as {version} without maintenance or subscription: not for virtual machines", version=lot.version
        )
    return _TERMS_OF_2022


# -- Windows Server ------------------------------------------------------------------------------------------------


def windows_server(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Per host, by what runs there: Standard counts blocks of the host's cores per two machines, Datacenter one block.

    A host in a cluster counts the most that it may carry: every Windows machine of the cluster.
    """
    by_id = {c.device.id: c for c in installed.carriers}
    loads: dict[str, list[LicensedDevice]] = defaultdict(list)
    without_host: list[LicensedDevice] = []
    for carrier in installed.carriers:
        hosts = _possible_hosts(carrier.device, estate)
        for host in hosts:
            loads[host].append(carrier)
        if not hosts:
            without_host.append(carrier)
    items: list[DemandItem] = []
    for host in sorted(loads):
        items += _host_windows(installed, metric, estate, estate.devices[host], loads[host], by_id.get(host))
    items += [_single(installed, metric, estate, c) for c in without_host]
    return items


def _possible_hosts(device: Device, estate: LicensedEstate) -> list[str]:
    """The physical machines that the device is, or may run on."""
    host = estate.host_of(device)
    if not device.virtual:
        return [device.id]
    cluster = device.cluster or (host.cluster if host else "")
    members = [h.id for h in estate.members.get(cluster, [])] if cluster else []
    if host is not None and host.id not in members:
        members.append(host.id)
    return members


def _host_windows(
    installed: InstalledProduct,
    metric: str,
    estate: LicensedEstate,
    host: Device,
    load: list[LicensedDevice],
    own: LicensedDevice | None,
) -> list[DemandItem]:
    """A host's items: one per edition that runs there."""
    editions: dict[str, list[LicensedDevice]] = defaultdict(list)
    for carrier in load:
        for edition in {c.edition for c in carrier.copies}:
            editions[edition].append(carrier)
    return [
        _host_item(installed, metric, estate, host, edition, carriers, own is not None and own in carriers)
        for edition, carriers in sorted(editions.items())
    ]


def _host_item(
    installed: InstalledProduct,
    metric: str,
    estate: LicensedEstate,
    host: Device,
    edition: str,
    carriers: list[LicensedDevice],
    itself: bool,
) -> DemandItem:
    """A host by what of an edition runs there; ``itself``: the host runs it, too."""
    least = estate.book.number(metric, "minimum per processor")
    floor = estate.book.number(metric, "minimum per server")
    gap = missing_hardware(host)
    base = 0 if gap else physical(host, least, floor)
    base_text: Text = "" if gap else minimum_text(host, least, floor, base)
    machines = sorted(c.device.id for c in carriers if c.device.id != host.id)
    copies = tuple(sorted({c for x in carriers for c in x.copies if c.edition == edition},
                          key=lambda c: (c.edition, c.version)))  # fmt: skip
    blocks, text = 1, base_text
    doubt: tuple[MissingFact, ...] = ()
    if edition != "Datacenter":
        blocks, text, doubt = _blocks(estate, metric, host, machines, base_text, base)
    unnamed = tuple(m for c in carriers for m in _edition_gap(c.device, c.copies))
    cluster = estate.names.get(host.cluster, host.cluster) if host.cluster else ""
    return DemandItem(
        id=f"{installed.product.key}|{host.id}|{edition}",
        row=row_of(copies, metric),
        copies=copies,
        quantity=base * blocks,
        holder=host.name,
        holder_id=host.id,
        fact=Message(
            "{load} on {hardware}",
            load=_load(len(machines), cluster),
            hardware=shape(host) if host.cores else _NO_CORES,
        ),
        arithmetic=text,
        device=host.id,
        missing=gap + doubt + unnamed,
        stale=all(c.stale for c in carriers),
        machine=True,
        host=host.id,
        base=base,
        machines=tuple(machines),
        keep=1 if itself else 0,
    )


def _load(machines: int, cluster: str) -> Message:
    """What runs on a host."""
    if not machines:
        return Message("Windows on the host itself")
    if cluster:
        return counted(
            "{count} Windows machine of cluster {cluster}",
            "{count} Windows machines of cluster {cluster}",
            machines,
            cluster=cluster,
        )
    return counted("{count} Windows machine", "{count} Windows machines", machines)


def _blocks(
    estate: LicensedEstate, metric: str, host: Device, machines: list[str], base_text: Text, base: int
) -> tuple[int, Text, tuple[MissingFact, ...]]:
    """How many Standard blocks a host needs, the arithmetic, and which guests' systems could change that."""
    per = estate.book.number(metric, "machines per Standard stack")
    count = max(1, -(-len(machines) // per))
    if not machines:
        return count, base_text, ()
    text: Text = ""
    if base_text:
        text = counted(
            "{base}, licensed once for {machines}, as once covers up to {per}: {total}",
            "{base}, licensed {count} times for {machines}, as once covers up to {per}: {total}",
            count,
            base=base_text,
            per=per,
            machines=counted("{count} machine", "{count} machines", len(machines)),
            total=amount(base * count, "core"),
        )
    blank = [g for g in estate.guests.get(host.id, []) if not g.os and g.id not in machines]
    doubt = tuple(MissingFact("operating system", g.name, g.id) for g in blank)
    changes = -(-(len(machines) + len(blank)) // per) != count
    return count, text, doubt if changes else ()


def _single(installed: InstalledProduct, metric: str, estate: LicensedEstate, carrier: LicensedDevice) -> DemandItem:
    """A machine whose host is unknown: it can only be licensed by itself."""
    device = carrier.device
    least = estate.book.number(metric, "minimum per virtual machine")
    cores = device.vcores
    count = max(least, cores) if cores else 0
    gap = () if cores else (MissingFact("virtual cores", device.name, device.id),)
    return DemandItem(
        id=f"{installed.product.key}|{device.id}|single",
        row=row_of(carrier.copies, metric),
        copies=carrier.copies,
        quantity=count,
        holder=device.name,
        holder_id=device.id,
        fact=Message("{hardware}, host not known", hardware=_hardware(device)),
        arithmetic=_at_least(cores, least) if cores else "",
        device=device.id,
        missing=(*gap, MissingFact("host", device.name, device.id), *_edition_gap(device, carrier.copies)),
        stale=carrier.stale,
        machine=True,
        virtual=True,
        settled_by_cover=not gap,
    )


def windows_gate(lot: EntitlementLot, owned: int, book: RuleBook) -> Text:
    """Why the lot may not cover a single machine, or "". ``owned``: eligible cores of the product all together."""
    least = book.whole(WINDOWS, "owned before machines may be licensed singly")
    if least is None:
        return Message("machines could not yet be licensed one by one")
    if not lot.current:
        return Message("without maintenance or subscription: not for single virtual machines")
    if owned < least:
        return counted(
            "only {count} core with maintenance or subscription is owned; single machines need at least {least}",
            "only {count} cores with maintenance or subscription are owned; single machines need at least {least}",
            owned,
            least=least,
        )
    return ""
