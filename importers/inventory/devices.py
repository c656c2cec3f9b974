"""Inventories of devices other than computers: printers, network devices and phones found over the network."""

from __future__ import annotations

import re
from typing import Any

from cmdb.model.mac_addresses import canonical_mac
from cmdb.model.observation import NamedReference, Observation, Origin
from cmdb.model.text_forms import canonical_imei, canonical_ip
from importers.inventory.fields import Entry, filled, mapping, meaningful, objects, text, whole

_KINDS = (
    ("firewall", r"firewall|fortigate|\basa\d|palo alto|pa-\d|sonicwall|watchguard|pfsense|opnsense|checkpoint"),
    ("load_balancer", r"load.?balancer|big-?ip|netscaler|\bf5\b|kemp"),
    ("access_point", r"access point|aironet|\bair-|\bap-?\d|unifi ap|instant on|meraki mr|wireless controller"),
    ("switch", r"switch|catalyst|nexus|procurve|powerconnect|\bex\d{4}|ws-c\d|aruba \d{4}|\bsg\d|juniper ex"),
    ("router", r"router|\bisr\b|\basr\b|routeros|\bmx\d|edgerouter"),
)
_ETHERNET = 6  # IANA's ifType
_COLOURS = re.compile(r"cyan|magenta|yellow", re.IGNORECASE)


def printer(content: Entry, origin: Origin, seen: str) -> Observation:
    """A printer, with its page counter."""
    values = _values(content, seen)
    counters = mapping(content, "pagecounters")
    supplies = " ".join(str(one) for key in ("cartridges", "consumables") for one in objects(content, key))
    colour = bool(whole(counters, "color")) or bool(_COLOURS.search(supplies))
    known = colour or bool(supplies) or whole(counters, "color") is not None
    values.update(filled(pages_printed=whole(counters, "total"), colour=colour if known else None))
    return Observation("printer", values, origin, evidence=_macs(content))


def network_device(content: Entry, origin: Origin, seen: str) -> Observation:
    """A switch, router, firewall, access point or load balancer, by its own description; else a network device."""
    values = _values(content, seen)
    device = mapping(content, "network_device")
    ports = [p for p in objects(content, "network_ports") if whole(p, "iftype") == _ETHERNET]
    firmware = text(device, "firmware") or next((text(f, "version") for f in objects(content, "firmwares")), "")
    values.update(filled(host_name=text(device, "name"), ports=len(ports) or None, firmware_version=firmware))
    cls = _kind(f"{text(device, 'model')} | {text(device, 'description')}", len(ports))
    return Observation(cls, values, origin, evidence=_macs(content))


def phone(content: Entry, origin: Origin, seen: str) -> Observation:
    """A mobile phone."""
    values = _values(content, seen)
    system, sim = mapping(content, "operatingsystem"), next(iter(objects(content, "simcards")), {})
    modem: Entry = next(iter(objects(content, "modems")), {})
    numbers = modem.get("imei")
    numbers = numbers if isinstance(numbers, list) else [numbers]
    numbers = [canonical_imei(number) or number for number in numbers if isinstance(number, str)]
    values.update(
        filled(
            operating_system=text(system, "name") or text(system, "full_name"),
            os_version=text(system, "version"),
            phone_number=text(sim, "phone_number"),
            sim_number=text(sim, "iccid") or text(sim, "serial"),
            carrier=text(sim, "operator_name"),
            imei=numbers[0] if numbers else None,
            imei_2=numbers[1] if len(numbers) > 1 else None,
        )
    )
    return Observation("phone", values, origin)


def storage_system(content: Entry, origin: Origin, seen: str) -> Observation:
    """A storage system that answered on the network."""
    values = _values(content, seen)
    device = mapping(content, "network_device")
    values.update(filled(host_name=text(device, "name"), firmware_version=text(device, "firmware")))
    return Observation("storage_system", values, origin, evidence=_macs(content))


def _values(content: Entry, seen: str) -> dict[str, Any]:
    """Values that all devices have: from ``network_device`` if found over the network, otherwise from the firmware."""
    device, bios, hardware = (mapping(content, key) for key in ("network_device", "bios", "hardware"))
    maker = meaningful(device, "manufacturer", "manufacturers") or meaningful(bios, "smanufacturer", "manufacturers")
    model = meaningful(device, "model", "models") or meaningful(bios, "smodel", "models")
    serial = meaningful(device, "serial", "serial_numbers") or meaningful(bios, "ssn", "serial_numbers")
    addresses = device.get("ips")
    address = next((a for a in addresses if isinstance(a, str)), "") if isinstance(addresses, list) else ""
    address = canonical_ip(address) or address
    return filled(
        name=text(device, "name") or text(hardware, "name") or " ".join(filter(None, (model, serial))),
        serial_number=serial,
        asset_tag=meaningful(device, "assettag", "asset_tags") or meaningful(bios, "assettag", "asset_tags"),
        manufacturer=NamedReference("manufacturer", maker) if maker else None,
        model=NamedReference("hardware_model", model) if model else None,
        ip_address=address,
        mac_address=canonical_mac(text(device, "mac")),
        last_seen=seen,
    )


def _macs(content: Entry) -> dict[str, list[str]]:
    mac = canonical_mac(text(mapping(content, "network_device"), "mac"))
    return {"mac": [mac]} if mac else {}


def _kind(words: str, ports: int) -> str:
    for cls, pattern in _KINDS:
        if re.search(pattern, words, re.IGNORECASE):
            return cls
    return "switch" if ports >= 8 else "network_device"
