"""Oracle's metrics: processors, named users with minimums, Standard Edition 2.

Oracle counts a product as a whole: versions make no difference, and processors are summed over all servers per core
factor before they are rounded.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from math import ceil

from cmdb.licences.engine.catalogue import Product
from cmdb.licences.engine.demand import DemandItem, InstalledProduct, LicensedDevice, LicensedEstate, RowKey, plural
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.processor_metrics import hosted, missing_hardware, shape
from cmdb.licences.engine.results import MissingFact
from cmdb.licences.engine.rights import ProductCopy

SE2 = "Standard Edition 2"


def _editions(installed: InstalledProduct) -> dict[str, InstalledProduct]:
    """The product's carriers by edition: each edition is counted as a whole."""
    found: dict[str, InstalledProduct] = {}
    for carrier in installed.carriers:
        for edition in {c.edition for c in carrier.copies}:
            part = found.setdefault(
                edition, InstalledProduct(installed.product, [], installed.entitlements, installed.assigned)
            )
            copies = tuple(c for c in carrier.copies if c.edition == edition)
            part.carriers.append(LicensedDevice(carrier.device, copies, carrier.installations, carrier.stale))
    for assignment, copy in installed.assigned:
        if copy.edition not in found:
            found[copy.edition] = InstalledProduct(installed.product, [], installed.entitlements, [(assignment, copy)])
    return dict(sorted(found.items()))


class _Count:
    """Processors of an edition: per core factor, and what is missing."""

    def __init__(self, installed: InstalledProduct, estate: LicensedEstate) -> None:
        self.cores: dict[Fraction, int] = defaultdict(int)
        self.families: dict[Fraction, str] = {}
        self.facts: list[str] = []
        self.missing: list[MissingFact] = []
        self.servers: list[Device] = []
        self.clusters: dict[str, list[str]] = defaultdict(list)
        for host, carriers in hosted(installed, estate):
            if host is None:
                device = carriers[0].device
                self.missing.append(MissingFact("host", device.name, device.id))
                continue
            self.add(host, estate)
            if host.cluster and any(c.device.virtual for c in carriers):
                self.clusters[host.cluster].append(host.id)

    def add(self, host: Device, estate: LicensedEstate) -> None:
        """Counts a server, or notes what is not known of it."""
        gaps = list(missing_hardware(host))
        if not host.processor_model:
            gaps.append(MissingFact("processor model", host.name, host.id))
        self.missing += gaps
        self.servers.append(host)
        if not gaps:
            factor, family = estate.book.core_factor(host.processor_model)
            self.cores[factor] += host.cores or 0
            self.families[factor] = family
            self.facts.append(f"{host.name}: {shape(host)}, {family}")

    @property
    def processors(self) -> int:
        """Summed per factor, then rounded up per factor."""
        return sum(ceil(cores * factor) for factor, cores in self.cores.items())

    @property
    def arithmetic(self) -> str:
        parts = [f"ceil({cores} x {float(factor):g})" for factor, cores in sorted(self.cores.items())]
        return f"{' + '.join(parts) or '0'} = {self.processors}"


def _item(installed: InstalledProduct, edition: str, metric: str, quantity: int, fact: str, arithmetic: str,
          missing: list[MissingFact], holder: str, ineligible: str = "") -> DemandItem:  # fmt: skip
    return DemandItem(
        id=f"{installed.product.key}|{edition}|{metric}",
        row=RowKey(installed.product.key, edition, "", metric),
        copies=(ProductCopy(replace(installed.product, versionless=True), edition, ""),),
        quantity=quantity,
        holder=holder,
        holder_id="",
        fact=fact,
        arithmetic=arithmetic,
        missing=tuple(missing),
        ineligible=ineligible,
    )


def _edition_gap(installed: InstalledProduct, edition: str) -> list[MissingFact]:
    """An edition that the product needs and nobody recorded."""
    if edition or not installed.product.edition_required:
        return []
    return [MissingFact("edition", c.device.name, c.device.id) for c in installed.carriers]


def processor(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Cores x core factor over all servers. A cluster that machines may move in is shown beside the hosts alone."""
    items = []
    for edition, part in _editions(installed).items():
        if not part.carriers:
            continue
        count = _Count(part, estate)
        arithmetic = count.arithmetic
        wide = _clusters(part.product, count, estate)
        if wide is not None:
            arithmetic += f"; the whole cluster, which Oracle asks for (contested): {wide.arithmetic}"
        missing = _edition_gap(part, edition) + count.missing
        holder = plural(len(count.servers), "server")
        items.append(
            _item(part, edition, metric, count.processors, "; ".join(count.facts), arithmetic, missing, holder)
        )
    return items


def _clusters(product: Product, count: _Count, estate: LicensedEstate) -> _Count | None:
    """The same count with every host of the clusters concerned, or None where no cluster is."""
    if not count.clusters:
        return None
    wide = _Count(InstalledProduct(product), estate)
    inside = {h.id: h for cluster in count.clusters for h in estate.members.get(cluster, [])}
    for host in sorted({**{h.id: h for h in count.servers}, **inside}.values(), key=lambda h: h.id):
        wide.add(host, estate)
    return wide


def nup(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """People and non-human devices, at least 25 per processor (Standard Edition 2: 10 per server)."""
    items = []
    for edition, part in _editions(installed).items():
        users = {a.holder for a, copy in part.assigned if copy.edition in ("", edition)}
        users |= {i.user for c in part.carriers for i in c.installations if i.user}
        count = _Count(part, estate)
        missing = _edition_gap(part, edition)
        if edition == SE2:
            least = estate.book.number(metric, "minimum per server, Standard Edition 2")
            floor, text = least * len(count.servers), f"{least} x {plural(len(count.servers), 'server')}"
        else:
            least = estate.book.number(metric, "minimum per processor")
            floor, text = least * count.processors, f"{least} x {plural(count.processors, 'processor')}"
            missing += count.missing
        if not users:
            missing.append(MissingFact("named users (assignments)", installed.product.name))
        need = max(len(users), floor)
        arithmetic = f"max({len(users)} users, {text} = {floor}) = {need}"
        holder = plural(len(count.servers), "server")
        items.append(_item(part, edition, metric, need, "; ".join(count.facts), arithmetic, missing, holder))
    return items


def se2(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Occupied sockets; a server that can hold more than two is ineligible whatever is owned."""
    most = estate.book.number(metric, "maximum socket capacity")
    items = []
    for host, carriers in hosted(installed, estate):
        device = host or carriers[0].device
        edition = carriers[0].copies[0].edition
        missing, ineligible = list(_edition_gap(InstalledProduct(installed.product, carriers), edition)), ""
        if host is None:
            missing.append(MissingFact("host", device.name, device.id))
        else:
            missing += missing_hardware(host, cores=False)
            capacity = host.socket_capacity or 0
            if max(capacity, host.sockets or 0) > most:
                ineligible = (
                    f"{host.name} can hold {max(capacity, host.sockets or 0)} processors; {edition} allows {most}"
                )
            elif not capacity:
                missing.append(MissingFact("socket capacity", host.name, host.id))
        count = (host.sockets or 0) if host else 0
        fact = (
            f"{plural(count, 'occupied socket')}, room for {host.socket_capacity or '?'}" if host else "no known host"
        )
        made = _item(installed, edition, metric, count, fact, plural(count, "socket"), missing, device.name, ineligible)
        items.append(_on(made, device))
    return items


def _on(item: DemandItem, device: Device) -> DemandItem:
    return replace(item, id=f"{item.id}|{device.id}", holder_id=device.id, device=device.id, machine=True)
