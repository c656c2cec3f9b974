"""What a scan found, as sections that a person can read. Pure: an inventory document in, text out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Entry = Mapping[str, Any]
#: Entries of a list that are shown; the rest is counted.
MOST = 8


@dataclass(frozen=True)
class InventorySection:
    """A titled part: label and value in lines. ``figure`` is what it comes to ("873 packages")."""

    title: str
    icon: str
    lines: tuple[tuple[str, str], ...]
    figure: str = ""


def sections(document: Entry) -> list[InventorySection]:
    """The sections of an inventory document (GLPI's format with our own key), empty ones left out."""
    content = _entry(document, "content")
    own = _entry(content, "terrier")
    makers = (
        _system, _operating_system, _processors, _memory, _disks, _network, _software, _services, _ports, _connections,
        _people, _devices, _security, _running,
    )  # fmt: skip
    return [found for maker in makers if (found := maker(content, own)).lines or found.figure]


def name_of(document: Entry) -> str:
    """The computer's name."""
    return str(_entry(_entry(document, "content"), "hardware").get("name", "")) or "This computer"


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
    return (*lines[:most], ("", f"and {more:,} more")) if more > 0 else tuple(lines)


def _words(*parts: Any) -> str:
    return " ".join(str(part) for part in parts if part not in (None, ""))


def _size(number: Any) -> str:
    """Bytes as GB or TB of 1024³."""
    if not isinstance(number, int | float) or number <= 0:
        return ""
    gigabytes = number / (1 << 30)
    if gigabytes >= 1000:
        return f"{gigabytes / 1024:.1f} TB"
    return f"{gigabytes:,.0f} GB" if gigabytes >= 10 else f"{gigabytes:.1f} GB"


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _system(content: Entry, own: Entry) -> InventorySection:
    bios, hardware = _entry(content, "bios"), _entry(content, "hardware")
    virtual = str(hardware.get("vmsystem", ""))
    return InventorySection(
        "System",
        "hardware",
        _pairs(
            ("Name", hardware.get("name")),
            ("Made by", bios.get("smanufacturer")),
            ("Model", bios.get("smodel")),
            ("Serial number", bios.get("ssn")),
            ("Asset tag", bios.get("assettag")),
            ("Chassis", hardware.get("chassis_type")),
            ("UUID", hardware.get("uuid")),
            ("Virtual", virtual if virtual.lower() != "physical" else ""),
            ("Firmware", _words(bios.get("bmanufacturer"), bios.get("bversion"), bios.get("bdate"))),
        ),
    )


def _operating_system(content: Entry, own: Entry) -> InventorySection:
    system = _entry(content, "operatingsystem")
    return InventorySection(
        "Operating system",
        "software",
        _pairs(
            ("Name", system.get("full_name") or _words(system.get("name"), system.get("version"))),
            ("Kernel", _words(system.get("kernel_version"), system.get("arch"))),
            ("Installed", str(system.get("install_date", ""))[:10]),
            ("Started", str(system.get("boot_time", ""))[:16]),
            ("Domain", system.get("dns_domain") or _entry(content, "hardware").get("workgroup")),
            ("Machine id", own.get("machine_id")),
        ),
    )


def _processors(content: Entry, own: Entry) -> InventorySection:
    cpus, counts = _list(content, "cpus"), _entry(own, "processors")
    cores = counts.get("cores") or sum(int(c.get("core", 0)) for c in cpus)
    lines = _pairs(
        ("Model", cpus[0].get("name") if cpus else ""),
        ("Sockets", counts.get("sockets") or len(cpus) or ""),
        ("Cores", cores or ""),
        ("Threads", counts.get("threads") or ""),
        ("Speed", f"{cpus[0]['speed']:,} MHz" if cpus and cpus[0].get("speed") else ""),
    )
    return InventorySection("Processors", "technical-service", lines)


def _memory(content: Entry, own: Entry) -> InventorySection:
    memory = _entry(own, "memory")
    total = memory.get("total_bytes") or int(_entry(content, "hardware").get("memory", 0)) * (1 << 20)
    modules = [
        (str(m.get("caption") or m.get("numslots") or "Module"), _module(m))
        for m in _list(content, "memories")
        if m.get("capacity")
    ]
    lines = _pairs(("Installed", _size(total)), ("Swap", _size(memory.get("swap_bytes", 0))))
    return InventorySection("Memory", "storage", (*lines, *_several(modules, 4)))


def _module(module: Entry) -> str:
    return _words(_size(int(module["capacity"]) << 20), module.get("type"), module.get("speed"))


def _disks(content: Entry, own: Entry) -> InventorySection:
    stored = {str(one.get("name")): one for one in _list(content, "storages")}
    lines: list[tuple[str, str]] = []
    for disk in _list(own, "disks") or list(stored.values()):
        known = stored.get(str(disk.get("name")), {})
        size = _size(disk.get("bytes") or int(known.get("disksize", 0)) * 1_000_000)
        parts = (str(known.get("model", "")), size, str(known.get("serial", "")))
        lines.append((str(disk.get("name", "Disk")), " · ".join(part for part in parts if part)))
    for volume in _list(own, "volumes"):
        free = _size(volume.get("free_bytes"))
        total = _size(volume.get("total_bytes"))
        lines.append((str(volume.get("mount", "")), _words(total, f"· {free} free" if free else "")))
    return InventorySection("Disks", "disk-shelf", _several(lines))


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
    lines = [(name, ", ".join(dict.fromkeys(values)) or "not connected") for name, values in addresses.items()]
    ways = _pairs(("Gateway", hardware.get("defaultgateway")), ("Name servers", hardware.get("dns")))
    return InventorySection("Network", "subnet", (*_several(lines, 6), *ways))


def _software(content: Entry, own: Entry) -> InventorySection:
    found = _list(content, "softwares")
    by_source = Counter(str(one.get("from", "other")) for one in found)
    lines = tuple((source, _counted(number, "package")) for source, number in by_source.most_common(MOST))
    return InventorySection("Software", "application", lines, _counted(len(found), "package") if found else "")


def _services(content: Entry, own: Entry) -> InventorySection:
    services, jobs = _list(own, "services"), _list(own, "scheduled_jobs")
    running = [str(s.get("name", "")) for s in services if s.get("running") or s.get("state") == "running"]
    lines = _pairs(
        ("Running", _listing(running) if running else ""),
        ("Start by themselves", sum(1 for s in services if s.get("start") == "automatic") or ""),
        ("Scheduled jobs", len(jobs) or ""),
    )
    return InventorySection("Services", "service", lines, _counted(len(services), "service") if services else "")


def _ports(content: Entry, own: Entry) -> InventorySection:
    ports = _list(own, "listening_ports")
    lines = []
    for one in sorted(ports, key=lambda p: int(p.get("port", 0))):
        who = one.get("process") or one.get("program") or one.get("package") or one.get("user")
        where = " · ".join(str(part) for part in (one.get("address"), who) if part)
        lines.append((f"{one.get('protocol', '')} {one.get('port', '')}", where))
    return InventorySection("Listening ports", "web", _several(lines), _counted(len(ports), "port") if ports else "")


def _connections(content: Entry, own: Entry) -> InventorySection:
    found = _list(own, "connections")
    ends = Counter(_words(one.get("remote_address"), one.get("remote_port")) for one in found)
    lines = [(end, "" if number == 1 else f"{number} connections") for end, number in ends.most_common() if end]
    return InventorySection(
        "Connections", "link", _several(lines, 6), _counted(len(found), "connection") if found else ""
    )


def _people(content: Entry, own: Entry) -> InventorySection:
    users = [str(u.get("login", "")) for u in _list(content, "users")]
    main = _entry(content, "hardware").get("lastloggeduser")
    people = [str(u.get("login", "")) for u in _list(content, "local_users") if _of_person(str(u.get("id", "")))]
    lines = _pairs(("Logged on", _listing(users)), ("Last logged on", main), ("Accounts of people", _listing(people)))
    return InventorySection("People", "person", lines)


def _of_person(number: str) -> bool:
    """Whether a user's number is one that systems give to people."""
    return number.isdigit() and 1000 <= int(number) < 60_000


def _devices(content: Entry, own: Entry) -> InventorySection:
    lines = [
        ("Display", _words(one.get("manufacturer"), one.get("caption"), one.get("serial")))
        for one in _list(content, "monitors")
    ]
    lines += [("Printer", str(one.get("name", ""))) for one in _list(content, "printers")]
    lines += [("Battery", _words(one.get("manufacturer"), one.get("name"))) for one in _list(content, "batteries")]
    for one in _list(content, "usbdevices"):
        lines.append(("USB", _words(one.get("manufacturer"), one.get("name") or one.get("caption"))))
    lines += [("Guest", _words(one.get("name"), one.get("vmtype"))) for one in _list(content, "virtualmachines")]
    return InventorySection("Devices", "box", _several(lines))


def _security(content: Entry, own: Entry) -> InventorySection:
    found = _entry(own, "security")
    lines = [(key.replace("_", " ").capitalize(), _said(value)) for key, value in found.items()]
    lines += [("Antivirus", str(one.get("name", ""))) for one in _list(content, "antivirus")]
    return InventorySection("Security", "lock", tuple((label, text) for label, text in lines if text))


def _running(content: Entry, own: Entry) -> InventorySection:
    found = _list(content, "processes")
    return InventorySection("Processes", "play", (), _counted(len(found), "process", "processes") if found else "")


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{k.replace('_', ' ')} {_said(v)}" for k, v in value.items())
    if isinstance(value, list):
        return _listing(str(v.get("name", v)) if isinstance(v, Mapping) else str(v) for v in value)
    return str(value)


def _listing(names: Iterable[str], most: int = 6) -> str:
    found = [name for name in dict.fromkeys(names) if name]
    more = len(found) - most
    return ", ".join(found[:most]) + (f" and {more} more" if more > 0 else "")
