"""Inventories of devices other than computers: printers, network devices and phones found over the network."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import Any

from cmdb.model.mac_addresses import canonical_mac
from cmdb.model.observation import Observation, Origin
from cmdb.model.resources import RESOURCES
from cmdb.model.text_forms import canonical_imei, canonical_ip
from importers.inventory.adapters import adapters
from importers.inventory.fields import Entry, filled, mapping, meaningful, objects, text, whole
from importers.inventory.neighbours import neighbour_links
from importers.inventory.references import reference
from importers.inventory.stacks import is_stack, serial_of_stack

_MOST_WORDS = 2_000
_POWER = ("ups", "pdu")
_MANY_PORTS = 8
"""A device of an unknown kind with as many ports is a switch, as is a stack."""
_ANDROID = re.compile(r"\b(android) (\d+(?:\.\d+)*)", re.IGNORECASE)
_ETHERNET = 6  # IANA's ifType
_COLOURS = re.compile(r"cyan|magenta|yellow|\btri-?colou?r", re.IGNORECASE)


def printer(content: Entry, origin: Origin, seen: str) -> Observation:
    """A printer, with its page counter. That it prints no colours is not said by what it has none of."""
    values = _values(content, seen)
    counters = mapping(content, "pagecounters")
    supplies = " ".join(str(one) for key in ("cartridges", "consumables") for one in objects(content, key))
    printed = any(whole(counters, key) for key in ("color", "printcolor", "copycolor"))
    colour = printed or bool(_COLOURS.search(supplies))
    values.update(filled(pages_printed=whole(counters, "total"), colour=colour or None))
    return Observation("printer", values, origin, evidence=_macs(content))


def network_device(content: Entry, origin: Origin, seen: str) -> Observation:
    """A switch, router, firewall, access point or load balancer, by its own description; else a network device."""
    values = _values(content, seen)
    device = mapping(content, "network_device")
    ports = [p for p in objects(content, "network_ports") if whole(p, "iftype") == _ETHERNET]
    firmware = text(device, "firmware") or next((text(f, "version") for f in objects(content, "firmwares")), "")
    switches = len(ports) >= _MANY_PORTS or is_stack(content)
    cls = kind_of(f"{text(device, 'model')} | {text(device, 'description')}") or (
        "switch" if switches else "network_device"
    )
    if cls not in _POWER:
        values.update(filled(host_name=text(device, "name"), ports=len(ports) or None, firmware_version=firmware))
        if "serial_number" in values:
            values["serial_number"] = serial_of_stack(content, values["serial_number"])
    return Observation(cls, values, origin, evidence=_macs(content), links=neighbour_links(content, values))


def power_device(content: Entry, origin: Origin, seen: str) -> Observation | None:
    """A power supply unit or strip that answered on the network; None where it does not say which of both it is."""
    device = mapping(content, "network_device")
    cls = kind_of(f"{text(device, 'model')} | {text(device, 'description')} | {text(device, 'name')}")
    if cls not in _POWER:
        return None
    return Observation(cls, _values(content, seen), origin, evidence=_macs(content))


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
            **_system_of_phone(text(system, "name"), text(system, "full_name"), text(system, "version")),
            phone_number=text(sim, "phone_number"),
            sim_number=text(sim, "iccid") or text(sim, "serial"),
            carrier=text(sim, "operator_name"),
            imei=numbers[0] if numbers else None,
            imei_2=numbers[1] if len(numbers) > 1 else None,
        )
    )
    reached = adapters(content, virtual=False)
    values.setdefault("ip_address", canonical_ip(reached.address) or reached.address)
    values.setdefault("mac_address", reached.mac)
    evidence = {"mac": list(reached.macs)} if reached.macs else _macs(content)
    return Observation("phone", filled(**values), origin, evidence=evidence)


def _system_of_phone(name: str, full_name: str, version: str) -> dict[str, str]:
    """The operating system and its version. Agents for Android say both in the name, and the API's level as version."""
    android = _ANDROID.search(f"{name[:_MOST_WORDS]} | {full_name[:_MOST_WORDS]}")
    if android is not None:
        return {"operating_system": android[1], "os_version": android[2]}
    return {"operating_system": name or full_name, "os_version": version}


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
        manufacturer=reference("manufacturer", maker),
        model=reference("hardware_model", model),
        ip_address=address,
        mac_address=canonical_mac(text(device, "mac")),
        last_seen=seen,
    )


def _macs(content: Entry) -> dict[str, list[str]]:
    mac = canonical_mac(text(mapping(content, "network_device"), "mac"))
    return {"mac": [mac]} if mac else {}


def kind_of(words: str) -> str:
    """The class of a device that says this of itself; "" where it tells none."""
    words = words[:_MOST_WORDS]
    return next((cls for cls, pattern in _kinds() if pattern.search(words)), "")


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Class and pattern, in the order in which they are tried (identification/device_kinds.toml)."""
    told = tomllib.loads((RESOURCES / "identification" / "device_kinds.toml").read_text("utf-8"))["kind"]
    return tuple((one["class"], re.compile("|".join(one["patterns"]), re.IGNORECASE)) for one in told)
