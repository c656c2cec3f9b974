"""Neighbours that devices see (LLDP, CDP) and that are linked with no record: candidates, with where they were seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cmdb.model.claims import STATED_BY
from cmdb.model.control import Control
from cmdb.model.mac_addresses import canonical_mac
from cmdb.model.messages import Message
from cmdb.model.name_keys import name_key
from importers.inventory.devices import kind_of
from importers.inventory.neighbours import called, told_name

if TYPE_CHECKING:
    from cmdb.model.section_rows import SectionRow
    from cmdb.store.reading.reader import Reader

CONNECTED = "connected_to"
_SECTION = "neighbours"
_AT_ONCE = 200


class PortSighting(NamedTuple):
    """Where a neighbour was seen: the device, its port, by which source, and when that looked last."""

    device: str
    port: str
    source: str
    seen: str


class Neighbour(NamedTuple):
    """A device beside others, as they say.

    ``names`` find its record: its hardware address, its serial number, then its name. ``cls`` is the class that its
    description tells, or "". ``uid`` is its record, which is linked with not all of the devices of the ``places``, or
    "".
    """

    names: tuple[str, ...]
    name: str
    serial: str
    mac: str
    address: str
    description: str
    cls: str
    places: tuple[PortSighting, ...]
    uid: str = ""

    @property
    def seen(self) -> str:
        """When a source that saw it looked last."""
        return max(one.seen for one in self.places)


def unlinked_neighbours(reader: Reader, control: Control) -> list[Neighbour]:
    """Those of all devices, the latest first. A name of several records is no candidate. Raises Cancelled."""
    found = _gathered(_seen(reader, control))
    records = _records(reader, found)
    known = {uid for uids in records.values() for uid in uids}
    linked = _linked(reader, {*known, *(place.device for one in found for place in one.places)})
    left = []
    for one in found:
        uids = next((records[name] for name in one.names if records.get(name)), ())
        if len(uids) > 1:
            continue
        uid = next(iter(uids), "")
        open_places = tuple(p for p in one.places if not uid or (uid != p.device and (uid, p.device) not in linked))
        if open_places:
            left.append(one._replace(uid=uid, places=open_places))
    left.sort(key=lambda one: (one.name.casefold(), one.names))
    return left


def _seen(reader: Reader, control: Control) -> Iterator[Neighbour]:
    devices = sorted(reader.sighted(_SECTION))
    for start in range(0, len(devices), _AT_ONCE):
        control.check()
        control.progress(start, len(devices), Message("Reading neighbours"))
        uids = devices[start : start + _AT_ONCE]
        own = reader.by_uid(uids)
        for uid, sections in reader.sections_of(uids, (_SECTION,)).items():
            if uid in own:
                itself = {own[uid].text(key).casefold() for key in ("name", "host_name", "mac_address")}
                rows = [each for row in sections.get(_SECTION, ()) for each in (row, *row.also)]
                yield from _of_device(uid, rows, itself)


def _of_device(uid: str, rows: Sequence[SectionRow], itself: set[str]) -> Iterator[Neighbour]:
    said = [{name: str(value) for name, value in row.columns.items()} for row in rows]
    entries = [{"sysname": one.get("system"), "sysmac": one.get("system_mac")} for one in said]
    for row, one, entry, names in zip(rows, said, entries, called(entries, itself), strict=True):
        if names:
            place = PortSighting(uid, one.get("port", ""), row.source, row.observed)
            (name, serial), mac = told_name(entry), canonical_mac(one.get("system_mac", ""))
            description = one.get("model") or one.get("description", "")
            cls = kind_of(f"{one.get('model', '')} | {one.get('description', '')}")
            yield Neighbour(names, name, serial, mac, one.get("address", ""), description, cls, (place,))


def _gathered(seen: Iterable[Neighbour]) -> list[Neighbour]:
    """Each once, with all places where it was seen: by the best of its names that is told.

    Who is told by its name alone, which one that is told by its address has, too, is that one.
    """
    found: dict[str, Neighbour] = {}
    called_so: dict[str, set[str]] = defaultdict(set)
    for one in sorted(seen, key=lambda each: -len(each.names)):
        key = one.names[0].casefold()
        owners = called_so[key]
        if len(owners) == 1:
            (key,) = owners
        found[key] = _as_one(found[key], one) if key in found else one
        for name in one.names:
            called_so[name.casefold()].add(key)
    return [one._replace(name=one.name or one.names[0]) for one in found.values()]


def _as_one(fuller: Neighbour, one: Neighbour) -> Neighbour:
    """A neighbour that several devices tell of: by what the latest tells, and the others where that tells nothing."""
    latest, other = (one, fuller) if one.seen > fuller.seen else (fuller, one)
    told = ("name", "serial", "mac", "address", "description", "cls")
    return fuller._replace(
        places=tuple(sorted({*fuller.places, *one.places})),
        **{part: getattr(latest, part) or getattr(other, part) for part in told},
    )


def _records(reader: Reader, seen: Sequence[Neighbour]) -> Mapping[str, Sequence[str]]:
    """A name of a neighbour → the records that have it."""
    from cmdb.store.reading.lookup import StoreLookup

    lookup, family = StoreLookup(reader), sorted(reader.schema.family("hardware"))
    names = {name for one in seen for name in one.names}
    macs = {name for name in names if canonical_mac(name)}
    found: dict[str, dict[str, None]] = {name: {} for name in names}
    for by_mac in (lookup.by_attribute(family, "mac_address", macs), lookup.by_evidence("mac", macs)):
        for mac, uids in by_mac.items():
            found[mac].update(dict.fromkeys(uids))
    serials = {one.serial.casefold(): one.serial for one in seen if one.serial}
    for folded, uids in lookup.by_attribute(family, "serial_number", serials).items():
        found.setdefault(serials[folded], {}).update(dict.fromkeys(uids))
    spellings = {name: dict.fromkeys((name, name.partition(".")[0])) for name in names - macs}
    by_name = lookup.by_name(family, {name_key(one) for its in spellings.values() for one in its})
    by_host = lookup.by_attribute(family, "host_name", {one.casefold() for its in spellings.values() for one in its})
    for name, its in spellings.items():
        for one in its:
            if not found[name]:
                found[name].update(dict.fromkeys((*by_name.get(name_key(one), ()), *by_host.get(one.casefold(), ()))))
    return {name: list(uids) for name, uids in found.items()}


def _linked(reader: Reader, uids: set[str]) -> set[tuple[str, str]]:
    """The records among these that are connected, each pair in both directions."""
    inner = reader.inner(uids)
    outer = {number: uid for uid, number in inner.items()}
    pairs = {
        (outer[source], outer[target])
        for source, targets in reader.linked(CONNECTED, inner.values()).items()
        for target in targets
        if target in outer and source in outer
    }
    return pairs | {(target, source) for source, target in pairs}


def link_fields(places: Iterable[PortSighting]) -> dict[str, Any]:
    """The fields of a link to where a neighbour was seen: those sources state it, and it ends as their word does."""
    return {STATED_BY: sorted({one.source for one in places})}
