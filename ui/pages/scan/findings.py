"""The results of a scan as sections for a person to read. Pure: from an inventory document to texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cmdb.model import formats
from cmdb.model.messages import Message, tr, trn

Entry = Mapping[str, Any]
#: Entries of a list that are shown; the others are only counted.
MOST = 8


@dataclass(frozen=True)
class InventorySection:
    """A titled part: lines of label and value, worded. ``figure`` is the total ("873 packages")."""

    title: str
    icon: str
    lines: tuple[tuple[str, str], ...]
    figure: str = ""


def sections(document: Entry) -> list[InventorySection]:
    """The sections of an inventory document (GLPI's format with our own key); empty sections are left out."""
    content = _entry(document, "content")
    own = _entry(content, "terrier")
    makers = (
        _system, _operating_system, _processors, _memory, _disks, _network, _software, _services, _ports, _connections,
        _people, _devices, _security, _running,
    )  # fmt: skip
    return [found for maker in makers if (found := maker(content, own)).lines or found.figure]


def name_of(document: Entry) -> str:
    """The computer's name."""
    return str(_entry(_entry(document, "content"), "hardware").get("name", "")) or tr("This computer")


def _entry(parent: Entry, key: str) -> Entry:
    found = parent.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(parent: Entry, key: str) -> list[Entry]:
    found = parent.get(key)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _pairs(*pairs: tuple[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((label, str(value)) for label, value in pairs if value not in (None, "", [], {}))


def _several(lines: Sequence[tuple[str, str]], most: int = MOST) -> tuple[tuple[str, str], ...]:
    more = len(lines) - most
    return (*lines[:most], ("", trn("and {count} more", "and {count} more", more))) if more > 0 else tuple(lines)


def _words(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _size(number: Any) -> str:
    """An amount of data given in bytes; "" where it is unknown."""
    return formats.size(number) if isinstance(number, int | float) and number > 0 else ""


def _packages(number: int) -> str:
    return trn("{count} package", "{count} packages", number)


def _system(content: Entry, own: Entry) -> InventorySection:
    bios, hardware = _entry(content, "bios"), _entry(content, "hardware")
    virtual = str(hardware.get("vmsystem", ""))
    return InventorySection(
        tr("System"),
        "hardware",
        _pairs(
            (tr("Name"), hardware.get("name")),
            (tr("Manufacturer"), bios.get("smanufacturer")),
            (tr("Model"), bios.get("smodel")),
            (tr("Serial number"), bios.get("ssn")),
            (tr("Asset tag"), bios.get("assettag")),
            (tr("Chassis"), hardware.get("chassis_type")),
            (tr("UUID"), hardware.get("uuid")),
            (tr("Virtual"), virtual if virtual.lower() != "physical" else ""),
            (tr("Firmware"), _words(bios.get("bmanufacturer"), bios.get("bversion"), bios.get("bdate"))),
        ),
    )


def _operating_system(content: Entry, own: Entry) -> InventorySection:
    system = _entry(content, "operatingsystem")
    return InventorySection(
        tr("Operating system"),
        "software",
        _pairs(
            (tr("Name"), system.get("full_name") or _words(system.get("name"), system.get("version"))),
            (tr("Kernel"), _words(system.get("kernel_version"), system.get("arch"))),
            (tr("Installed"), formats.day(str(system.get("install_date", "")))),
            (tr("Started"), _local_moment(str(system.get("boot_time", "")))),
            (tr("Domain"), system.get("dns_domain") or _entry(content, "hardware").get("workgroup")),
            (tr("Machine id"), own.get("machine_id")),
        ),
    )


def _local_moment(text: str) -> str:
    """A time of the computer's own clock, as date and time."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return f"{formats.day(found.date())} {formats.clock(found)}"


def _processors(content: Entry, own: Entry) -> InventorySection:
    cpus, counts = _list(content, "cpus"), _entry(own, "processors")
    cores = counts.get("cores") or sum(int(c.get("core", 0)) for c in cpus)
    lines = _pairs(
        (tr("Model"), cpus[0].get("name") if cpus else ""),
        (tr("Sockets"), counts.get("sockets") or len(cpus) or ""),
        (tr("Cores"), cores or ""),
        (tr("Threads"), counts.get("threads") or ""),
        (tr("Speed"), formats.measured(cpus[0]["speed"], "MHz") if cpus and cpus[0].get("speed") else ""),
    )
    return InventorySection(tr("Processors"), "technical-service", lines)


def _memory(content: Entry, own: Entry) -> InventorySection:
    memory = _entry(own, "memory")
    total = memory.get("total_bytes") or int(_entry(content, "hardware").get("memory", 0)) * (1 << 20)
    modules = [
        (str(m.get("caption") or m.get("numslots") or tr("Module")), _module(m))
        for m in _list(content, "memories")
        if m.get("capacity")
    ]
    lines = _pairs((tr("Installed"), _size(total)), (tr("Swap"), _size(memory.get("swap_bytes", 0))))
    return InventorySection(tr("Memory"), "memory", (*lines, *_several(modules, 4)))


def _module(module: Entry) -> str:
    return _words(_size(int(module["capacity"]) << 20), module.get("type"), module.get("speed"))


def _disks(content: Entry, own: Entry) -> InventorySection:
    stored = {str(one.get("name")): one for one in _list(content, "storages")}
    lines: list[tuple[str, str]] = []
    for disk in _list(own, "disks") or list(stored.values()):
        known = stored.get(str(disk.get("name")), {})
        size = _size(disk.get("bytes") or int(known.get("disksize", 0)) * 1_000_000)
        parts = (str(known.get("model", "")), size, str(known.get("serial", "")))
        lines.append((str(disk.get("name") or tr("Disk")), " · ".join(part for part in parts if part)))
    for volume in _list(own, "volumes"):
        free = _size(volume.get("free_bytes"))
        total = _size(volume.get("total_bytes"))
        sizes = (total, tr("{size} free", size=free) if free else "")
        lines.append((str(volume.get("mount", "")), " · ".join(part for part in sizes if part)))
    return InventorySection(tr("Disks"), "storage", _several(lines))


def _network(content: Entry, own: Entry) -> InventorySection:
    addresses: dict[str, list[str]] = {}
    for one in _list(content, "networks"):
        if str(one.get("description", "")) == "lo":
            continue
        found = addresses.setdefault(str(one.get("description", "")), [])
        found += [str(one[key]) for key in ("ipaddress", "ipaddress6") if one.get(key)]
        if one.get("mac") and str(one["mac"]) not in found:
            found.append(str(one["mac"]))
    hardware = _entry(content, "hardware")
    lines = [(name, ", ".join(dict.fromkeys(values)) or tr("not connected")) for name, values in addresses.items()]
    routes = _pairs((tr("Gateway"), hardware.get("defaultgateway")), (tr("Name servers"), hardware.get("dns")))
    return InventorySection(tr("Network"), "subnet", (*_several(lines, 6), *routes))


def _software(content: Entry, own: Entry) -> InventorySection:
    found = _list(content, "softwares")
    by_source = Counter(str(one.get("from", "other")) for one in found)
    lines = tuple((source, _packages(number)) for source, number in by_source.most_common(MOST))
    return InventorySection(tr("Software"), "application", lines, _packages(len(found)) if found else "")


def _services(content: Entry, own: Entry) -> InventorySection:
    services, jobs = _list(own, "services"), _list(own, "scheduled_jobs")
    running = [str(s.get("name", "")) for s in services if s.get("running") or s.get("state") == "running"]
    lines = _pairs(
        (tr("Running"), _listing(running) if running else ""),
        (tr("Automatic start"), sum(1 for s in services if str(s.get("start")).startswith("automatic")) or ""),
        (tr("Scheduled jobs"), len(jobs) or ""),
    )
    figure = trn("{count} service", "{count} services", len(services)) if services else ""
    return InventorySection(tr("Services"), "service", lines, figure)


def _ports(content: Entry, own: Entry) -> InventorySection:
    ports = _list(own, "listening_ports")
    lines = []
    for one in sorted(ports, key=lambda p: int(p.get("port", 0))):
        who = one.get("process") or one.get("program") or one.get("package") or one.get("user")
        where = " · ".join(str(part) for part in (one.get("address"), who) if part)
        lines.append((f"{one.get('protocol', '')} {one.get('port', '')}", where))
    figure = trn("{count} port", "{count} ports", len(ports)) if ports else ""
    return InventorySection(tr("Listening ports"), "web", _several(lines), figure)


def _connections(content: Entry, own: Entry) -> InventorySection:
    found = _list(own, "connections")
    ends = Counter(_words(one.get("remote_address"), one.get("remote_port")) for one in found)
    lines = [(end, "" if number == 1 else _number_of_connections(number)) for end, number in ends.most_common() if end]
    figure = _number_of_connections(len(found)) if found else ""
    return InventorySection(tr("Connections"), "link", _several(lines, 6), figure)


def _number_of_connections(number: int) -> str:
    return trn("{count} connection", "{count} connections", number)


def _people(content: Entry, own: Entry) -> InventorySection:
    users = [str(u.get("login", "")) for u in _list(content, "users")]
    last, most = _entry(content, "hardware").get("lastloggeduser"), _entry(own, "main_user")
    people = [str(u.get("login", "")) for u in _list(content, "local_users") if _of_person(str(u.get("id", "")))]
    lines = _pairs(
        (tr("Logged on"), _listing(users)),
        (tr("Last logged on"), last),
        (tr("Main user"), most.get("name") or most.get("login")),
        (tr("Accounts of people"), _listing(people)),
    )
    return InventorySection(tr("People"), "person", lines)


def _of_person(number: str) -> bool:
    """Whether a user id is in the range that Linux systems give to people."""
    return number.isdigit() and 1000 <= int(number) < 60_000


def _devices(content: Entry, own: Entry) -> InventorySection:
    lines = [
        (tr("Display"), _words(one.get("manufacturer"), one.get("caption"), one.get("serial")))
        for one in _list(content, "monitors")
    ]
    lines += [(tr("Printer"), str(one.get("name", ""))) for one in _list(content, "printers")]
    lines += [(tr("Battery"), _words(one.get("manufacturer"), one.get("name"))) for one in _list(content, "batteries")]
    for one in _list(content, "usbdevices"):
        lines.append((tr("USB"), _words(one.get("manufacturer"), one.get("name") or one.get("caption"))))
    lines += [
        (tr("Virtual machine"), _words(one.get("name"), one.get("vmtype"))) for one in _list(content, "virtualmachines")
    ]
    return InventorySection(tr("Devices"), "box", _several(lines))


_SECURITY = {
    "mandatory_access_control": Message("Mandatory access control"),
    "pending": Message("Pending updates"),
    "lists_refreshed": Message("Package lists refreshed"),
    "restart_required": Message("Restart required"),
    "automatic_updates": Message("Automatic updates"),
    "screen_lock": Message("Screen locks itself"),
    "screen_lock_after": Message("Screen locks after"),
}
"""The labels of the security facts of an inventory document."""


def _security(content: Entry, own: Entry) -> InventorySection:
    found = _entry(own, "security")
    lines = [(_security_label(key), _security_text(key, value)) for key, value in found.items()]
    lines += [(tr("Antivirus"), str(one.get("name", ""))) for one in _list(content, "antivirus")]
    lines += [(tr("Firewall"), _firewall_text(one)) for one in _list(content, "firewalls")]
    lines += [
        (tr("Secure boot"), str(_entry(content, "bios").get("secure_boot", ""))),
        (tr("TPM"), str(_entry(own, "system").get("tpm", ""))),
        *((tr("Encrypted"), str(one.get("type", ""))) for one in _list(content, "drives") if _is_encrypted(one)),
    ]
    return InventorySection(tr("Security"), "lock", tuple((label, text) for label, text in lines if text))


def _firewall_text(one: Entry) -> str:
    """Which firewall is on or off, as the format says it."""
    return " · ".join(str(one[key]) for key in ("description", "profile", "status") if one.get(key))


def _is_encrypted(drive: Entry) -> bool:
    return str(drive.get("encrypt_status", "")).lower() == "yes"


def _running(content: Entry, own: Entry) -> InventorySection:
    found = _list(content, "processes")
    figure = trn("{count} process", "{count} processes", len(found)) if found else ""
    return InventorySection(tr("Processes"), "play", (), figure)


def _security_label(key: str) -> str:
    label = _SECURITY.get(key)
    return tr("“{name}”", name=key) if label is None else str(label)


def _security_text(key: str, value: Any) -> str:
    if key == "screen_lock_after":
        return tr("{seconds} s", seconds=value) if isinstance(value, int) else ""
    if key == "lists_refreshed":
        return formats.moment(str(value))
    if key == "pending" and isinstance(value, Mapping):
        all_updates, urgent = int(value.get("updates", 0)), int(value.get("security_updates", 0))
        counts = [trn("{count} update", "{count} updates", all_updates)] if all_updates else []
        counts += [trn("{count} security update", "{count} security updates", urgent)] if urgent else []
        return formats.listing(counts, "unit")
    return _value_text(value)


def _value_text(value: Any) -> str:
    """A value that the format has no name for, as it is in the document."""
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, Mapping):
        pairs = (tr("“{name}”: {value}", name=name, value=_value_text(inner)) for name, inner in value.items())
        return formats.listing(pairs, "unit")
    if isinstance(value, list):
        return _listing(str(v.get("name", v)) if isinstance(v, Mapping) else str(v) for v in value)
    return str(value)


def _listing(names: Iterable[str], most: int = 6) -> str:
    found = [name for name in dict.fromkeys(names) if name]
    more = len(found) - most
    if more <= 0:
        return ", ".join(found)
    return trn("{names} and {count} more", "{names} and {count} more", more, names=tuple(found[:most]))
