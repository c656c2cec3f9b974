"""Metrics that count devices, copies, people and sessions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from cmdb.licences.engine.demand import (
    DemandItem,
    InstalledProduct,
    LicensedDevice,
    LicensedEstate,
    RowKey,
    carried_text,
    row_of,
    top,
)
from cmdb.licences.engine.facts import Device
from cmdb.licences.engine.results import MissingFact, Text
from cmdb.licences.engine.rights import ProductCopy
from cmdb.licences.labels import amount
from cmdb.model.messages import Message, chain, counted, text_key

#: Texts that many items share: a huge estate has half a million items.
_ONE_DEVICE, _ONE_PERSON = amount(1, "device"), amount(1, "person")
_ONE_COPY = counted("{count} copy", "{count} copies", 1)
_EVERY_DEVICE = Message("every device that uses this server counts")
_NO_USER = Message("nobody knows who uses it")
_SEAT, _LEFT, _NOT_YET, _IDLE = Message("has a seat"), Message("has left"), Message("not yet here"), Message("idle")
_NO_SESSIONS, _NO_PEAK = Message("no session records"), Message("the peak is unknown")
_NO_PEOPLE, _NO_DEVICES = Message("no people assigned"), Message("no devices assigned")
_NO_ACCESS, _REACHES = Message("who uses the server is unknown"), Message("uses the server")


def device(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per device that carries the product, however many copies.

    A desktop product on a terminal server is counted by the devices that reach it, as they are assigned.
    """
    preferred = _preferred(installed)
    items = {}
    for c in installed.carriers:
        if not _shared(installed, c.device):
            items[c.device.id] = _device_item(installed, metric, estate, c.device, c.copies, carried_text(c), c.stale,
                                              preferred[c.device.id])  # fmt: skip
    servers = [c for c in installed.carriers if _shared(installed, c.device)]
    reached = sorted({a.holder for a, _ in installed.assigned if a.holder in estate.devices})
    for c in servers:
        for holder in reached:
            if holder not in items:
                known = estate.devices[holder]
                text = Message("uses {software} on {server}", software=carried_text(c), server=c.device.name)
                items[holder] = _device_item(installed, metric, estate, known, c.copies, text, False, preferred[holder])
        if not reached:
            gap = MissingFact("devices that reach it (assignments)", c.device.name, c.device.id)
            blank = _device_item(installed, metric, estate, c.device, c.copies, carried_text(c), c.stale, frozenset())
            items[c.device.id] = replace(blank, quantity=0, arithmetic=_EVERY_DEVICE, missing=(gap,))
    return list(items.values())


def _shared(installed: InstalledProduct, device: Device) -> bool:
    """Whether it is a server from which people use a desktop product."""
    return installed.product.scope == "client" and (device.cls == "server" or "server" in device.os.casefold())


def _device_item(
    installed: InstalledProduct,
    metric: str,
    estate: LicensedEstate,
    device: Device,
    copies: tuple[ProductCopy, ...],
    fact: Text,
    stale: bool,
    preferred: frozenset[str],
) -> DemandItem:
    return DemandItem(
        id=f"{installed.product.key}|{device.id}",
        row=row_of(copies, metric),
        copies=copies,
        quantity=1,
        holder=device.name,
        holder_id=device.id,
        fact=fact,
        arithmetic=_ONE_DEVICE,
        device=device.id,
        stale=stale,
        preferred=preferred,
        main_user=device.main_user,
        portable=device.cls in estate.book.scope("portable"),
    )


def installation(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per installed copy."""
    items = []
    for c in installed.carriers:
        for copy in sorted(set(c.copies), key=lambda x: (x.edition, x.version)):
            count = c.copies.count(copy)
            items.append(
                DemandItem(
                    id=f"{installed.product.key}|{c.device.id}|{copy.edition}|{copy.version}",
                    row=row_of((copy,), metric),
                    copies=(copy,),
                    quantity=count,
                    holder=c.device.name,
                    holder_id=c.device.id,
                    fact=copy.title,
                    arithmetic=_ONE_COPY if count == 1 else counted("{count} copy", "{count} copies", count),
                    device=c.device.id,
                    stale=c.stale,
                )
            )
    return items


def named_user(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per person who is assigned or uses it: the union."""
    people = _People(installed, estate)
    preferred = _preferred(installed)
    items = [
        _person_item(person, people.used.get(person, []), people.assigned.get(person, []), installed, metric, estate,
                     preferred[person])
        for person in {*people.used, *people.assigned}
    ]  # fmt: skip
    return items + [_nobodys_item(installed, metric, c) for c in people.unknown]


class _People:
    """Who uses a product, or holds a seat of it."""

    def __init__(self, installed: InstalledProduct, estate: LicensedEstate) -> None:
        self.used: dict[str, list[tuple[ProductCopy, Message, str]]] = defaultdict(list)
        """Person → copies, how that is known, and the device."""
        self.assigned: dict[str, list[ProductCopy]] = defaultdict(list)
        """Person → copies that the seats are for."""
        self.unknown: list[LicensedDevice] = []
        """Devices that nobody is known to use."""
        for carrier in installed.carriers:
            self._carries(carrier)
        carrying = {c.device.id for c in installed.carriers}
        for assignment, copy in installed.assigned:
            device = estate.devices.get(assignment.holder)
            if device is None:
                self.assigned[assignment.holder].append(copy)
            else:
                self._seat(device, copy, device.id in carrying)

    def _carries(self, carrier: LicensedDevice) -> None:
        device = carrier.device
        named = {i.user for i in carrier.installations if i.user} or {device.main_user or device.assigned_to} - {""}
        if not named:
            self.unknown.append(carrier)
        for person in named:
            how = Message("uses it on {device}", device=device.name)
            self.used[person].extend((copy, how, device.id) for copy in carrier.copies)

    def _seat(self, device: Device, copy: ProductCopy, carries: bool) -> None:
        """A seat that a device holds is its user's."""
        person = device.main_user or device.assigned_to
        if person:
            how = Message("uses {device}, which has a seat", device=device.name)
            self.used[person].append((copy, how, device.id))
        elif not carries:
            self.unknown.append(LicensedDevice(device, (copy,), ()))


def _nobodys_item(installed: InstalledProduct, metric: str, carrier: LicensedDevice) -> DemandItem:
    device = carrier.device
    return DemandItem(
        id=f"{installed.product.key}|device|{device.id}",
        row=row_of(carrier.copies, metric),
        copies=carrier.copies,
        quantity=0,
        holder=device.name,
        holder_id=device.id,
        fact=carried_text(carrier),
        arithmetic=_NO_USER,
        device=device.id,
        missing=(MissingFact("main user", device.name, device.id),),
        stale=carrier.stale,
    )


def _person_item(
    person: str,
    used: list[tuple[ProductCopy, Message, str]],
    assigned: list[ProductCopy],
    installed: InstalledProduct,
    metric: str,
    estate: LicensedEstate,
    preferred: frozenset[str],
) -> DemandItem:
    copies = tuple(sorted({c for c, _, _ in used} or set(assigned), key=lambda c: (c.edition, c.version)))
    facts = [*([_SEAT] if assigned else []), *sorted({why for _, why, _ in used}, key=text_key)]
    known = estate.people.get(person)
    if known is not None and not known.active(estate.at):
        gone = Message("left on {day}", day=known.end) if known.end and known.end < estate.at else _LEFT
        facts.append(gone if known.left or known.end else _NOT_YET)
    if not used:
        facts.append(_IDLE)
    return DemandItem(
        id=f"{installed.product.key}|person|{person}",
        row=row_of(copies, metric),
        copies=copies,
        quantity=1,
        holder=known.name if known else person,
        holder_id=person,
        fact=facts[0] if len(facts) == 1 else Message("{facts}", facts=tuple(facts)),
        arithmetic=_ONE_PERSON,
        idle=not used,
        device=used[0][2] if used else "",
        preferred=preferred,
    )


def concurrent(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """The peak of simultaneous sessions."""
    sessions = estate.sessions.get(installed.product.key)
    copies = _all_copies(installed)
    if not copies:
        return []
    key = f"{installed.product.key}|sessions"
    if not sessions:
        gap = (MissingFact("session records", installed.product.name),)
        return [_whole(key, installed, metric, copies, 0, _NO_SESSIONS, _NO_PEAK, gap)]
    high = peak(sessions)
    arithmetic = Message(
        "the most sessions open at once, of {sessions}: {peak}", sessions=amount(len(sessions), "session"), peak=high
    )
    return [_whole(key, installed, metric, copies, high, amount(len(sessions), "session"), arithmetic)]


def peak(sessions: Iterable[tuple[str, str]]) -> int:
    """The most sessions open at once; intervals are half-open [start, end), so one may end as another starts."""
    events = sorted(
        (moment, step) for start, end in sessions if start < end for moment, step in ((start, 1), (end, -1))
    )
    most = now = 0
    for _, step in events:  # at one moment, ends sort before starts
        now += step
        most = max(most, now)
    return most


def site(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """Everyone of the organisation."""
    copies = _all_copies(installed)
    if not copies:
        return []
    key = f"{installed.product.key}|site"
    heads = estate.headcount()
    gap = () if heads else (MissingFact("headcount", ""),)
    arithmetic = Message("everyone of the organisation: {people}", people=amount(heads, "person"))
    return [_whole(key, installed, metric, copies, heads, amount(heads, "person"), arithmetic, gap, settled=True)]


def user_cal(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per person who reaches the server."""
    people = {a.holder for a, _ in installed.assigned if a.holder not in estate.devices}
    people |= {i.user for c in installed.carriers for i in c.installations if i.user}
    return _cal(installed, metric, estate, people, estate.headcount(), _NO_PEOPLE)


def device_cal(installed: InstalledProduct, metric: str, estate: LicensedEstate) -> list[DemandItem]:
    """One per device that reaches the server."""
    holders = {a.holder for a, _ in installed.assigned if a.holder in estate.devices}
    return _cal(installed, metric, estate, holders, 0, _NO_DEVICES)


def _cal(
    installed: InstalledProduct, metric: str, estate: LicensedEstate, holders: set[str], most: int, nobody: Message
) -> list[DemandItem]:
    """Access licences. Without access data nobody can be sure, unless there is one for everybody anyway (``most``).

    ``nobody`` says that no holder is assigned.
    """
    product = installed.product
    version = estate.highest.get(product.server.casefold(), "") if product.server else ""
    if not version:  # no server whose version one could fall behind
        product = replace(product, versionless=True)
    copy = ProductCopy(product, "", version)
    newest: Message | None = None
    if version:
        newest = Message("the newest {server} is {version}", server=product.server, version=version)
    if not holders:
        if not installed.entitlements:
            return []
        gap = (MissingFact("access data (assignments)", product.name),)
        owned = sum(e.units for e in installed.entitlements)
        enough = bool(most) and owned >= most
        arithmetic = Message("at most everybody: {people}", people=amount(most, "person")) if enough else _NO_ACCESS
        fact = chain(one for one in (nobody, newest) if one is not None)
        key, quantity = f"{product.key}|access", most if enough else 0
        return [_whole(key, installed, metric, (copy,), quantity, fact, arithmetic, gap, settled=enough)]
    items = []
    fact, one_each = chain(one for one in (_REACHES, newest) if one is not None), amount(1, estate.book.unit(metric))
    for holder in holders:
        known = estate.people.get(holder) or estate.devices.get(holder)
        items.append(
            DemandItem(
                id=f"{product.key}|{metric}|{holder}",
                row=row_of((copy,), metric),
                copies=(copy,),
                quantity=1,
                holder=known.name if known else holder,
                holder_id=holder,
                fact=fact,
                arithmetic=one_each,
                device=holder if isinstance(known, Device) else "",
            )
        )
    return items


def _whole(
    key: str,
    installed: InstalledProduct,
    metric: str,
    copies: tuple[ProductCopy, ...],
    quantity: int,
    fact: Text,
    arithmetic: Text,
    missing: tuple[MissingFact, ...] = (),
    settled: bool = False,
) -> DemandItem:
    """One item for the product as a whole."""
    row = row_of((top(copies),), metric)
    return DemandItem(
        id=key, row=RowKey(*row), copies=copies, quantity=quantity, holder=installed.product.name, holder_id="",
        fact=fact, arithmetic=arithmetic, missing=missing, settled_by_cover=settled,
    )  # fmt: skip


def _all_copies(installed: InstalledProduct) -> tuple[ProductCopy, ...]:
    copies = {copy for c in installed.carriers for copy in c.copies} | {copy for _, copy in installed.assigned}
    return tuple(sorted(copies, key=lambda c: (c.edition, c.version)))


def _preferred(installed: InstalledProduct) -> defaultdict[str, frozenset[str]]:
    """Holder → the entitlements assigned to it."""
    found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for assignment, _ in installed.assigned:
        if assignment.licence:
            found[assignment.holder] |= {assignment.licence}
    return found
