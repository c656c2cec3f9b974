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
from cmdb.licences.engine.demand import DemandItem, InstalledProduct, LicensedDevice, LicensedEstate, RowKey
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.processor_metrics import hosted, missing_hardware, occupied, shape
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rights import ProductCopy
from cmdb.licences.labels import amount
from cmdb.model.messages import Message, chain, counted, declared

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
        self.facts: list[Message] = []
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
            self.facts.append(
                Message(
                    "{server}: {hardware}, {family}", server=host.name, hardware=shape(host), family=declared(family)
                )
            )

    @property
    def processors(self) -> int:
        """Summed per factor, then rounded up per factor."""
        return sum(ceil(cores * factor) for factor, cores in self.cores.items())

    @property
    def arithmetic(self) -> Message:
        """The sum in words: per core factor, and in all."""
        parts = [
            Message(
                "{cores} at a core factor of {factor}, rounded up: {processors}",
                cores=amount(cores, "core"),
                factor=float(factor),
                processors=amount(ceil(cores * factor), "processor"),
            )
            for factor, cores in sorted(self.cores.items())
        ]
        total = amount(self.processors, "processor")
        if len(parts) < 2:
            return parts[0] if parts else total
        return Message("{sums}; in all {total}", sums=chain(parts), total=total)


def _item(
    installed: InstalledProduct, edition: str, metric: str, quantity: int, fact: Text, arithmetic: Message,
    missing: list[MissingFact], holder: str, ineligible: Text = "", contested: bool = False,
) -> DemandItem:  # fmt: skip
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
        contested=contested,
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
            arithmetic = Message(
                "{arithmetic}; the whole cluster, which Oracle asks for (contested): {cluster}",
                arithmetic=arithmetic,
                cluster=wide.arithmetic,
            )
        missing = _edition_gap(part, edition) + count.missing
        items.append(
            _item(part, edition, metric, count.processors, chain(count.facts), arithmetic, missing, part.product.name,
                  contested=wide is not None)
        )  # fmt: skip
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
            floor, each = least * len(count.servers), amount(len(count.servers), "server")
        else:
            least = estate.book.number(metric, "minimum per processor")
            floor, each = least * count.processors, amount(count.processors, "processor")
            missing += count.missing
        if not users:
            missing.append(MissingFact("named users (assignments)", installed.product.name))
        need = max(len(users), floor)
        arithmetic = Message(
            "{users}; the minimum is {least} for each of {units}, which makes {floor}; the larger number counts: "
            "{total}",
            users=amount(len(users), "user"),
            least=least,
            units=each,
            floor=floor,
            total=amount(need, "user"),
        )
        items.append(_item(part, edition, metric, need, chain(count.facts), arithmetic, missing, part.product.name))
    return items


def se2(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Occupied sockets; a server that can hold more than two is ineligible whatever is owned."""
    most = estate.book.number(metric, "maximum socket capacity")
    items = []
    for host, carriers in hosted(installed, estate):
        device = host or carriers[0].device
        edition = carriers[0].copies[0].edition
        missing = list(_edition_gap(InstalledProduct(installed.product, carriers), edition))
        ineligible: Text = ""
        if host is None:
            missing.append(MissingFact("host", device.name, device.id))
        else:
            missing += missing_hardware(host, cores=False)
            capacity = host.socket_capacity or 0
            if max(capacity, host.sockets or 0) > most:
                ineligible = counted(
                    "{server} can hold {count} processor; {edition} allows {most}",
                    "{server} can hold {count} processors; {edition} allows {most}",
                    max(capacity, host.sockets or 0),
                    server=host.name,
                    edition=edition,
                    most=most,
                )
            elif not capacity:
                missing.append(MissingFact("socket capacity", host.name, host.id))
        count = (host.sockets or 0) if host else 0
        fact = Message("no known host")
        if host is not None and host.socket_capacity:
            fact = Message("{occupied}, room for {capacity}", occupied=occupied(count), capacity=host.socket_capacity)
        elif host is not None:
            fact = Message("{occupied}, room for an unknown number", occupied=occupied(count))
        made = _item(installed, edition, metric, count, fact, amount(count, "socket"), missing, device.name, ineligible)
        items.append(_on(made, device))
    return items


def _on(item: DemandItem, device: Device) -> DemandItem:
    return replace(item, id=f"{item.id}|{device.id}", holder_id=device.id, device=device.id, machine=True)
