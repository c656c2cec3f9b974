"""The devices that a network device manages and lists among its components: the access points of a wireless controller.

Each has an address, and a serial number or MAC address, of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cmdb.model.mac_addresses import canonical_mac
from cmdb.model.observation import Link, Observation
from cmdb.model.text_forms import canonical_ip
from importers.inventory.devices import kind_of
from importers.inventory.fields import Entry, filled, mapping, meaningful, objects, text
from importers.inventory.references import mention, reference

_MOST = 10_000
"""Devices that a controller manages; what lists more is none."""


def managed_devices(content: Entry, controller: Observation) -> Iterator[Observation]:
    """Each managed device, called by its own name. Its kind is by what it says; where that tells none, and the device
    that manages it is a wireless controller, it is an access point.
    """
    named = mention(controller, ("host_name", "serial_number"))
    device = mapping(content, "network_device")
    wireless = "wireless" in f"{text(device, 'model')} {text(device, 'description')}".casefold()
    found = _managed(content, controller)
    for entry in found if named.name and len(found) <= _MOST else ():
        model = meaningful(entry, "model", "models")
        serial, mac = meaningful(entry, "serial", "serial_numbers"), canonical_mac(text(entry, "mac"))
        words = " | ".join((model, text(entry, "description"), text(entry, "name")))
        address = text(entry, "ip")
        values: dict[str, Any] = filled(
            name=text(entry, "name") or " ".join(filter(None, (model, serial or mac))),
            serial_number=serial,
            manufacturer=reference("manufacturer", meaningful(entry, "manufacturer", "manufacturers")),
            model=reference("hardware_model", model),
            firmware_version=text(entry, "version") or text(entry, "firmware"),
            ip_address=canonical_ip(address) or address,
            mac_address=mac,
            last_seen=controller.values.get("last_seen"),
        )
        cls = kind_of(words) or ("access_point" if wireless else "network_device")
        evidence = {"mac": [mac]} if mac else {}
        yield Observation(cls, values, controller.origin, evidence=evidence, links=[Link("managed_by", named)])


def _managed(content: Entry, controller: Observation) -> list[Entry]:
    """The chassis with an address and a number of their own that are not the device itself; each once."""
    stated = mapping(content, "network_device").get("ips")
    own = {str(controller.values[name]) for name in ("serial_number", "mac_address") if name in controller.values}
    addresses = {one for one in stated if isinstance(one, str)} if isinstance(stated, list) else set()
    addresses.add(str(controller.values.get("ip_address", "")))
    found: dict[str, Entry] = {}
    for entry in objects(content, "network_components"):
        number = meaningful(entry, "serial", "serial_numbers") or canonical_mac(text(entry, "mac"))
        address = text(entry, "ip")
        apart = number and address and number not in own and address not in addresses
        if apart and text(entry, "type").casefold() == "chassis":
            found.setdefault(number, entry)
    return list(found.values())
