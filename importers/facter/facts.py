"""Facter's facts as an inventory document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from importers.inventory.fields import Entry, filled, mapping, objects, text, whole
from importers.inventory.written_days import day

_MIB = 1 << 20
#: File systems that hold no data of their own: what the kernel shows, memory, images.
_NO_VOLUMES = frozenset({
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devfs", "devpts", "devtmpfs",
    "fdescfs", "fusectl", "hugetlbfs", "iso9660", "linprocfs", "linsysfs", "mqueue", "nsfs", "overlay", "proc",
    "procfs", "pstore", "ramfs", "rpc_pipefs", "securityfs", "selinuxfs", "squashfs", "sysfs", "tmpfs", "tracefs",
})  # fmt: skip
_NO_DISKS = re.compile(r"(?:sr|cd|scd|fd|loop|ram|zram|md|dm-)\d*")
#: What Facter calls a machine that is no guest of a hypervisor, though hypervisors run on it.
_HOSTS = ("physical", "xen0", "openvzhn", "vmware_server", "vmware_workstation", "virtualbox_host")
#: What Facter calls a system → what the system calls itself, and so scans and other agents.
_SYSTEMS = {
    "RedHat": "Red Hat Enterprise Linux", "OracleLinux": "Oracle Linux Server", "Amazon": "Amazon Linux",
    "Debian": "Debian GNU/Linux", "Fedora": "Fedora Linux", "Rocky": "Rocky Linux", "windows": "Windows",
}  # fmt: skip
_SPEED = re.compile(r"(\d+(?:\.\d+)?) ?(GHz|MHz)")


def facts_of(value: Any) -> Entry:
    """The facts of a JSON value: they are its object, or stand in it beside the name of their node."""
    if isinstance(value, dict) and isinstance(value.get("values"), dict) and "facterversion" not in value:
        return {"clientcert": value.get("name"), **value["values"]}
    return value if isinstance(value, dict) else {}


def host_of(facts: Entry) -> str:
    """The full name of the host that the facts are of; "" where they name none."""
    network = mapping(facts, "networking")
    return next(
        (found for found in (text(network, "fqdn"), text(facts, "fqdn"), text(network, "hostname"),
                             text(facts, "hostname"), text(facts, "clientcert")) if found), "",
    )  # fmt: skip


def document_of_facts(facts: Entry) -> dict[str, Any]:
    """The document of a node's facts."""
    version = text(facts, "facterversion")
    content: dict[str, Any] = {
        "versionclient": f"facter {version}".strip(),
        "bios": _bios(facts),
        "hardware": _hardware(facts),
        "operatingsystem": _system(facts),
        "networks": list(_networks(facts)),
        "terrier": _own(facts),
    }
    if processors := _processors(facts):
        content["cpus"], content["terrier"]["processors"] = processors
    if isinstance(facts.get("disks"), dict):
        content["storages"], content["terrier"]["disks"] = _disks(facts)
    if isinstance(facts.get("mountpoints"), dict):
        content["drives"], content["terrier"]["volumes"] = _volumes(facts)
    return {
        "deviceid": host_of(facts), "action": "inventory", "itemtype": "Computer",
        "content": {name: part for name, part in content.items() if part},
    }  # fmt: skip


def _bios(facts: Entry) -> dict[str, Any]:
    """What the firmware says; of a Mac, what its system profiler says."""
    dmi, profile = mapping(facts, "dmi"), mapping(facts, "system_profiler")
    bios, board, chassis, product = (mapping(dmi, key) for key in ("bios", "board", "chassis", "product"))
    return filled(
        bmanufacturer=text(bios, "vendor") or text(facts, "bios_vendor"),
        bversion=text(bios, "version") or text(facts, "bios_version") or text(profile, "boot_rom_version"),
        bdate=day(text(bios, "release_date") or text(facts, "bios_release_date"), month_first=True),
        smanufacturer=text(dmi, "manufacturer") or text(facts, "manufacturer") or ("Apple" if profile else ""),
        smodel=text(product, "name") or text(facts, "productname") or text(profile, "model_identifier"),
        ssn=text(product, "serial_number") or text(facts, "serialnumber") or text(profile, "serial_number"),
        mmanufacturer=text(board, "manufacturer") or text(facts, "boardmanufacturer"),
        mmodel=text(board, "product") or text(facts, "boardproductname"),
        msn=text(board, "serial_number") or text(facts, "boardserialnumber"),
        assettag=text(chassis, "asset_tag") or text(board, "asset_tag"),
        enclosureserial=text(chassis, "serial_number"),
    )


def _hardware(facts: Entry) -> dict[str, Any]:
    network, memory, dmi = (mapping(facts, key) for key in ("networking", "memory", "dmi"))
    product, profile = mapping(dmi, "product"), mapping(facts, "system_profiler")
    total, swap = (whole(mapping(memory, key), "total_bytes") for key in ("system", "swap"))
    full = host_of(facts)
    named = text(facts, "memorysize_mb").partition(".")[0]
    return filled(
        name=text(network, "hostname") or text(facts, "hostname") or full.partition(".")[0],
        workgroup=text(network, "domain") or text(facts, "domain") or full.partition(".")[2],
        uuid=text(product, "uuid") or text(facts, "uuid") or text(profile, "hardware_uuid"),
        chassis_type=text(mapping(dmi, "chassis"), "type"),
        vmsystem=_hypervisor(facts),
        memory=total // _MIB if total else whole({"": named}, ""),
        swap=swap // _MIB if swap else None,
    )


def _hypervisor(facts: Entry) -> str:
    virtual, is_virtual = text(facts, "virtual"), facts.get("is_virtual")
    if is_virtual is True or text(facts, "is_virtual") == "true":
        return virtual or "virtual"
    return "Physical" if virtual in _HOSTS or is_virtual is False else virtual


def _system(facts: Entry) -> dict[str, Any]:
    system = mapping(facts, "os")
    windows, mac, distribution, release = (mapping(system, key) for key in ("windows", "macosx", "distro", "release"))
    architecture = text(system, "hardware") or text(facts, "hardwaremodel") or text(facts, "architecture")
    name = text(system, "name") or text(facts, "operatingsystem")
    stream = name == "CentOS" and "Stream" in text(distribution, "description")
    zone = text(facts, "timezone")
    return filled(
        name=text(mac, "product") or ("CentOS Stream" if stream else _SYSTEMS.get(name, name)),
        full_name=text(distribution, "description") or text(windows, "product_name"),
        version=text(windows, "display_version") or text(windows, "release_id")
        or text(mapping(mac, "version"), "full") or text(release, "full") or text(facts, "operatingsystemrelease"),
        arch=architecture,
        kernel_name=text(facts, "kernel").lower(),
        kernel_version=text(facts, "kernelrelease"),
        fqdn=host_of(facts),
        dns_domain=text(mapping(facts, "networking"), "domain") or text(facts, "domain"),
        ssh_key=_ssh_key(facts),
        timezone={"name": zone} if zone else None,
    )  # fmt: skip


def _ssh_key(facts: Entry) -> str:
    """The public key of the host that is asked for first."""
    keys = mapping(facts, "ssh")
    known = (mapping(keys, kind) for kind in ("ed25519", "ecdsa", "rsa"))
    return next((f"{text(one, 'type')} {text(one, 'key')}" for one in known if text(one, "key")), "")


def _own(facts: Entry) -> dict[str, Any]:
    system = mapping(facts, "os")
    selinux = mapping(system, "selinux")
    mode = text(selinux, "current_mode")
    told = filled(
        variant=text(mapping(system, "windows"), "edition_id"), build=text(mapping(system, "macosx"), "build")
    )
    own: dict[str, Any] = {"operating_system": told} if told else {}
    if selinux.get("enabled") is True and mode:
        own["security"] = {"mandatory_access_control": f"SELinux, {mode}"}
    memory = filled(
        total_bytes=whole(mapping(mapping(facts, "memory"), "system"), "total_bytes"),
        swap_bytes=whole(mapping(mapping(facts, "memory"), "swap"), "total_bytes"),
    )
    version = text(mapping(mapping(facts, "dmi"), "product"), "version")
    return {**own, **filled(memory=memory or None, system={"product_version": version} if version else None)}


def _processors(facts: Entry) -> tuple[list[dict[str, Any]], dict[str, Any]] | None:
    """A processor for each socket, where their number is known; else one, and how many there are of all."""
    told = mapping(facts, "processors")
    models = told.get("models")
    name = next((text({"": one}, "") for one in models), "") if isinstance(models, list) else text(facts, "processor0")
    if not name:
        return None
    sockets = whole(told, "physicalcount") or whole(facts, "physicalprocessorcount") or 0
    cores, threads = whole(told, "cores"), whole(told, "threads")
    one = filled(name=name, speed=_megahertz(text(told, "speed")))
    if sockets and cores:
        one.update(filled(core=cores, thread=cores * threads if threads else None))
    logical = whole(told, "count") or whole(facts, "processorcount")
    return [dict(one) for _ in range(min(sockets, 64) or 1)], filled(sockets=sockets or None, logical=logical)


def _megahertz(speed: str) -> int | None:
    match = _SPEED.fullmatch(speed)
    return round(float(match[1]) * (1000 if match[2] == "GHz" else 1)) if match else None


def _disks(facts: Entry) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    storages, own = [], []
    for name, disk in facts["disks"].items():
        if not isinstance(disk, dict):
            continue
        size, away = whole(disk, "size_bytes"), _NO_DISKS.fullmatch(name) is not None
        storages.append(
            filled(
                name=name, model=text(disk, "model") or text(disk, "product"),
                serial=text(disk, "serial") or text(disk, "serial_number"), wwn=text(disk, "wwn"),
                disksize=size // 1_000_000 if size else None, type="other" if away else "disk",
            )
        )  # fmt: skip
        own.append(filled(name=name, bytes=size, medium=text(disk, "type"), removable=True if away else None))
    return storages, own


def _volumes(facts: Entry) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    drives, own = [], []
    partitions = mapping(facts, "partitions")
    for point, volume in facts["mountpoints"].items():
        if not isinstance(volume, dict) or text(volume, "filesystem") in _NO_VOLUMES:
            continue
        device, total, free = text(volume, "device"), whole(volume, "size_bytes"), whole(volume, "available_bytes")
        part = mapping(partitions, device)
        drives.append(
            filled(
                type=point, volumn=device, filesystem=text(volume, "filesystem"), serial=text(part, "uuid"),
                label=text(part, "label"), total=total // _MIB if total else None, free=free // _MIB if free else None,
            )
        )  # fmt: skip
        own.append(filled(mount=point, total_bytes=total, free_bytes=free))
    return drives, own


def _networks(facts: Entry) -> Iterator[dict[str, Any]]:
    """The interfaces, the primary one first; one is repeated for each of its addresses."""
    network = mapping(facts, "networking")
    interfaces, primary = mapping(network, "interfaces"), text(network, "primary")
    for name in sorted(interfaces, key=lambda one: one != primary):
        one = mapping(interfaces, name)
        physical = one.get("physical")
        state = text(one, "operational_state")
        entry = filled(
            description=name, mac=text(one, "mac"), mtu=whole(one, "mtu"), speed=text(one, "speed"),
            status=state if state != "unknown" else "", ipdhcp=text(one, "dhcp"),
            virtualdev=None if not isinstance(physical, bool) else not physical,
            type="loopback" if re.fullmatch(r"lo\d*", name) else "",
        )  # fmt: skip
        addresses = [*_addresses(one, ""), *_addresses(one, "6")]
        yield from ({**entry, **address} for address in addresses or [{}])
    if not interfaces:
        yield from _flat_networks(facts)


def _addresses(interface: Entry, suffix: str) -> list[dict[str, Any]]:
    listed = objects(interface, f"bindings{suffix}")
    if not listed and text(interface, f"ip{suffix}"):
        keys = ("ip", "netmask", "network")
        listed = [
            dict(zip(("address", "netmask", "network"), (interface.get(f"{k}{suffix}") for k in keys), strict=True))
        ]
    return [
        filled(**{
            f"ipaddress{suffix}": text(one, "address"), f"ipmask{suffix}": text(one, "netmask"),
            f"ipsubnet{suffix}": text(one, "network"),
        })
        for one in listed if text(one, "address")
    ]  # fmt: skip


def _flat_networks(facts: Entry) -> Iterator[dict[str, Any]]:
    """The interfaces of a Facter before 3, which has a fact for each value: "macaddress_eth0"."""
    for name in text(facts, "interfaces").split(","):
        if name and (mac := text(facts, f"macaddress_{name}")):
            yield filled(
                description=name, mac=mac, ipaddress=text(facts, f"ipaddress_{name}"),
                ipmask=text(facts, f"netmask_{name}"), mtu=whole(facts, f"mtu_{name}"),
            )  # fmt: skip
