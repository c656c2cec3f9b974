"""An inventory of a computer as observations: the machine, the displays plugged into it, the machines it hosts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cmdb.model.mac_addresses import canonical_mac
from cmdb.model.money import exact
from cmdb.model.observation import ONLY_NEW, Link, NamedReference, Observation, Origin
from cmdb.model.text_forms import canonical_ip
from importers.discovery import edid
from importers.inventory import fields
from importers.inventory.adapters import adapters
from importers.inventory.fields import Entry, filled, mapping, meaningful, objects, text, whole
from importers.inventory.model_names import is_number
from importers.inventory.neighbours import neighbour_links
from importers.inventory.references import mention, reference
from importers.inventory.software import package_managers, sections

_LAPTOPS = {"portable", "laptop", "notebook", "sub notebook", "convertible", "detachable", "tablet", "hand held"}
_SERVERS = {
    "main server chassis",
    "rack mount chassis",
    "blade",
    "blade enclosing",
    "multi-system",
    "multisystem",
    "server",
}
_DESKTOPS = {
    "desktop", "low profile desktop", "pizza box", "mini tower", "tower", "all in one", "space-saving", "lunch box",
    "sealed-case pc", "mini pc", "stick pc", "embedded pc",
}  # fmt: skip
_CONTAINERS = {"docker", "podman", "containerd", "kubernetes", "systemd-nspawn", "lxd-container"}
_NOBODY = {"root", "administrator", "admin", "administrateur", "system", "gdm", "sddm", "lightdm", "nobody", "reboot"}
_PANEL_PORTS = ("edp", "lvds", "dsi")
_PANEL_INCHES = 17.9
_DISK_TYPES = {"", "disk", "hdd", "ssd", "nvme", "hard disk", "fixed hard disk", "fixed hard disk media"}
_GIB = 1 << 30
_TOLD_BY = ("host_name", "ip_address", "machine_id", "serial_number", "uuid")
"""What others refer to a computer by: everything that identifies it, and what tells two clones apart."""


def computer_class(content: Entry) -> str:
    """The class of a computer by its virtualisation, its chassis, and where that is silent, by what it has."""
    hardware = mapping(content, "hardware")
    if text(hardware, "vmsystem").lower() not in ("", "physical"):
        return "virtual_machine"
    chassis = text(hardware, "chassis_type").lower()
    system = mapping(content, "operatingsystem")
    if chassis in _SERVERS or "server" in f"{text(system, 'name')} {text(system, 'full_name')}".lower():
        return "server"
    if chassis in _LAPTOPS:
        return "laptop"
    if chassis in _DESKTOPS:
        return "desktop"
    return "laptop" if objects(content, "batteries") and chassis in ("", "other", "unknown") else "computer"


def observations(document: Entry, content: Entry, origin: Origin, seen: str) -> list[Observation]:
    """The computer first, then its displays and guests."""
    cls = computer_class(content)
    values = _values(content, cls, seen)
    reached = adapters(content, cls == "virtual_machine")
    values.update(filled(ip_address=canonical_ip(reached.address) or reached.address, mac_address=reached.mac))
    evidence = {
        "mac": list(reached.macs),
        "board_serial": [s for s in [meaningful(mapping(content, "bios"), "msn", "serial_numbers")] if s],
        "disk_serial": _disk_serials(content),
    }
    stand_in = []
    if "host_name" not in values and "name" in values:  # a serial number stands in for a name that nothing says
        stand_in.append("name")
    if "model" in values and is_number(mapping(content, "bios")):  # another source may know the model's name
        stand_in.append("model")
    evidence[ONLY_NEW] = stand_in
    machine = Observation(
        cls=cls,
        values=values,
        origin=origin,
        evidence={kind: found for kind, found in evidence.items() if found},
        sections=sections(content),
        package_managers=package_managers(content),
        partial=document.get("partial") is True,
        links=neighbour_links(content, values),
    )
    named = mention(machine, _TOLD_BY)
    return [machine, *_monitors(content, named, origin, seen), *_guests(content, named, origin, machine.partial)]


def _values(content: Entry, cls: str, seen: str) -> dict[str, Any]:
    bios, hardware = mapping(content, "bios"), mapping(content, "hardware")
    system, own = mapping(content, "operatingsystem"), mapping(content, "terrier")
    serial = meaningful(bios, "ssn", "serial_numbers") or meaningful(bios, "enclosureserial", "serial_numbers")
    name = text(hardware, "name") or text(system, "fqdn").partition(".")[0]
    said = "host_name" in own  # by a list of the register, which says both, or that there is none
    values = filled(
        name=name or serial,
        host_name=text(own, "host_name") if said else name,
        domain=text(hardware, "workgroup") or text(system, "dns_domain") or text(system, "fqdn").partition(".")[2],
        serial_number=serial,
        asset_tag=meaningful(bios, "assettag", "asset_tags"),
        uuid=fields.identity(hardware, "uuid"),
        machine_id=text(own, "machine_id"),
        operating_system=_system_name(system),
        os_version=text(system, "version"),
        os_edition=text(mapping(own, "operating_system"), "variant"),
        os_installed_on=fields.day(system, "install_date"),
        architecture=_architecture(content),
        memory=_memory(content),
        bios_version=text(bios, "bversion"),
        disk_size=_disk_size(content),
        disk_encrypted=_encrypted(content),
        last_seen="" if own.get("never_seen") is True else seen,  # a list of the register, of what no scan saw
        **_processors(content, cls),
    )
    if cls != "virtual_machine":  # the name of a hypervisor is not a maker of hardware
        values.update(_make(bios))
        values.update(_main_user(content, cls))
    return values


#: Words for an architecture → how the register calls it. Windows says "64-bit" of several.
_ARCHITECTURES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64", "i386": "i686", "x86": "i686"}
_BITS = {"64-bit": "x86_64", "32-bit": "i686"}


def _architecture(content: Entry) -> str:
    """The architecture of the operating system; with "64-bit" alone, by the maker of the processors."""
    said = text(mapping(content, "operatingsystem"), "arch")
    cpus = objects(content, "cpus")
    if said.lower() in _BITS and cpus:
        maker = f"{text(cpus[0], 'manufacturer')} {text(cpus[0], 'name')}".lower()
        return _BITS[said.lower()] if "intel" in maker or "amd" in maker.split() else said
    return _ARCHITECTURES.get(said.lower(), said)


def _memory(content: Entry) -> int | None:
    """MiB of installed memory: of the modules where these are told, as systems keep a part of it to themselves."""
    usable = whole(mapping(content, "hardware"), "memory") or 0
    fitted = sum(whole(one, "capacity") or 0 for one in objects(content, "memories"))
    return (fitted if not usable or usable <= fitted <= usable * 2 else usable) or None


def _make(bios: Entry) -> dict[str, Any]:
    maker = meaningful(bios, "smanufacturer", "manufacturers")
    model = meaningful(bios, "smodel", "models")
    if not maker and not model:  # self-built computers: the main board has the only known maker
        maker, model = meaningful(bios, "mmanufacturer", "manufacturers"), meaningful(bios, "mmodel", "models")
    return filled(
        manufacturer=reference("manufacturer", maker),
        model=reference("hardware_model", model),
    )


def _system_name(system: Entry) -> str:
    name, full = text(system, "name"), text(system, "full_name")
    if re.fullmatch(r"(microsoft )?windows", name, re.IGNORECASE):  # the edition tells what must be licensed
        name = full or name
    return (name or full).removeprefix("Microsoft ")


def _processors(content: Entry, cls: str) -> dict[str, Any]:
    """The processors of the list. Where a source tells only how many there are of all, the list has one of each kind,
    and Terrier's part of the document what is known of their numbers.
    """
    cpus = objects(content, "cpus")
    if not cpus:
        return {}
    told = mapping(mapping(content, "terrier"), "processors")
    cores = [whole(cpu, "core") for cpu in cpus]
    threads = [whole(cpu, "thread") or core for cpu, core in zip(cpus, cores, strict=True)]
    logical = whole(told, "logical") or (sum(one for one in threads if one) if all(threads) else None)
    found = filled(
        processor_model=text(cpus[0], "name"),
        processor_sockets=(whole(told, "sockets") or None) if told else len(cpus),
        cores_per_processor=cores[0],
    )
    if cls == "virtual_machine" and logical:
        found["virtual_cores"] = logical
    return found


def _disk_size(content: Entry) -> int | None:
    """GiB of the built-in disks, from bytes if known, otherwise from decimal MB."""
    told = objects(mapping(content, "terrier"), "disks")
    if told:
        sizes = [whole(disk, "bytes") or 0 for disk in told if disk.get("removable") is not True]
    else:
        disks = (d for d in objects(content, "storages") if text(d, "interface").upper() != "USB")
        sizes = [(whole(d, "disksize") or 0) * 1_000_000 for d in disks if _is_disk(d)]
    return round(sum(sizes) / _GIB) or None


def _is_disk(storage: Entry) -> bool:
    """Whether it is a disk: agents also list drives for tapes, cards and CDs, and name disks as the system does."""
    return text(storage, "type").lower() in _DISK_TYPES


def _encrypted(content: Entry) -> bool | None:
    """Whether the system's volume is encrypted; None if unknown."""
    for drive in objects(content, "drives"):
        if text(drive, "type") == "/" or drive.get("systemdrive") is True:
            status = text(drive, "encrypt_status").lower()
            if status:
                return status == "yes"
            # Terrier's scan of a Unix tells what is encrypted; Windows may not tell whether it is.
            scanned = bool(text(mapping(content, "terrier"), "scanned_at"))
            return False if scanned and text(drive, "type") == "/" else None
    return None


def _disk_serials(content: Entry) -> list[str]:
    away = {text(d, "name") for d in objects(mapping(content, "terrier"), "disks") if d.get("removable") is True}
    found = []
    for disk in objects(content, "storages"):
        usb = text(disk, "interface").upper() == "USB" or text(disk, "name") in away
        serial = meaningful(disk, "serial", "serial_numbers")
        if serial and not usb and _is_disk(disk):
            found.append(serial)
    return found


def _main_user(content: Entry, cls: str) -> dict[str, Any]:
    """The main user. A server has none; an administrator's account is not a person."""
    if cls == "server":
        return {}
    told = mapping(mapping(content, "terrier"), "main_user")
    login = text(told, "login") or text(mapping(content, "hardware"), "lastloggeduser")
    login = login.rpartition("\\")[2].partition("@")[0]
    if not login or login.lower() in _NOBODY:
        return {}
    known = (text(one, "name") for one in objects(content, "local_users") if text(one, "login") == login)
    name = text(told, "name") or next((n for n in known if n), "")
    return {"main_user": NamedReference("person", name if " " in name else login, (("user_name", login),))}


def _monitors(content: Entry, computer: NamedReference, origin: Origin, seen: str) -> list[Observation]:
    """The displays with a serial number; without one, displays of one model cannot be distinguished.

    A laptop's own panel is part of the laptop: it is recognised by its connector or, if unknown, by its size.
    """
    found = []
    for one, display in _displays(content, computer.cls):
        serial = meaningful(one, "serial", "serial_numbers")
        if not serial:
            continue
        model = _model(one, display)
        maker = meaningful(one, "manufacturer", "manufacturers") or (display.maker if display else "")
        values = filled(
            name=" ".join(filter(None, (model or maker or "Monitor", serial))),
            serial_number=serial,
            manufacturer=reference("manufacturer", maker),
            model=reference("hardware_model", model),
            diagonal=exact(round(display.diagonal, 1)) if display and display.diagonal else None,
            made=text(one, "description"),
            last_seen=seen,
        )
        found.append(Observation("monitor", values, origin, links=[Link("connected_to", computer)]))
    return found


def displays_without_serial(content: Entry) -> list[str]:
    """The models of displays that nothing identifies: they are rows of the computer's section, and no items."""
    return [
        _model(one, display)
        for one, display in _displays(content, computer_class(content))
        if not meaningful(one, "serial", "serial_numbers")
    ]


def _displays(content: Entry, cls: str) -> Iterator[tuple[Entry, edid.Display | None]]:
    """The displays that are no computer's own panel, with what they say of themselves."""
    for one in objects(content, "monitors"):
        display = edid.encoded(text(one, "base64"))
        port = text(one, "port").lower()
        own = cls == "laptop" and display is not None and display.diagonal < _PANEL_INCHES
        if not (port.startswith(_PANEL_PORTS) if port else own):
            yield one, display


def _model(one: Entry, display: edid.Display | None) -> str:
    return text(one, "name") or text(one, "caption") or (display.name if display else "")


def _guests(content: Entry, host: NamedReference, origin: Origin, partial: bool) -> list[Observation]:
    """The virtual machines that the computer hosts. Containers are no machines and are left out."""
    found = []
    for one in objects(content, "virtualmachines"):
        name = text(one, "name")
        if not name or text(one, "image") or text(one, "vmtype").lower() in _CONTAINERS:
            continue
        values = filled(
            name=name,
            uuid=fields.identity(one, "uuid"),
            serial_number=meaningful(one, "serial", "serial_numbers"),
            memory=whole(one, "memory") or None,
            virtual_cores=whole(one, "vcpu") or None,
            host=host,
        )
        mac = canonical_mac(text(one, "mac"))
        found.append(
            Observation(
                "virtual_machine", values, origin, evidence={"mac": [mac]} if mac else {}, partial=partial, by_host=True
            )
        )
    return found
