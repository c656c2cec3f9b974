"""The tables of osquery about one host as an inventory document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from importers.discovery.firmware import of_firmware
from importers.inventory.fields import Entry, filled, identity, meaningful, text, whole
from importers.inventory.section_entries import program_of
from importers.inventory.written_days import day
from importers.osquery.results import HostResults
from importers.osquery.tables import TABLES

_MIB = 1 << 20
_NO_VOLUMES = frozenset({
    "autofs", "binfmt_misc", "bpf", "cgroup", "cgroup2", "configfs", "debugfs", "devfs", "devpts", "devtmpfs",
    "efivarfs", "fusectl", "hugetlbfs", "mqueue", "nsfs", "overlay", "proc", "pstore", "ramfs", "rpc_pipefs",
    "securityfs", "selinuxfs", "squashfs", "sysfs", "tmpfs", "tracefs",
})  # fmt: skip
_PROTOCOLS = {"6": "tcp", "17": "udp", "132": "sctp"}
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_LAPTOPS = ("8", "9", "10", "14", "30", "31", "32")
_SERVERS = ("17", "23", "28", "29")


def document_of_host(found: HostResults) -> dict[str, Any]:
    """The document of a host. Without ``system_info`` it is a part, which creates no computer."""
    system, release = _row(found, "system_info"), _row(found, "os_version")
    version = text(_row(found, "osquery_info"), "version")
    bios, hardware = _bios(found, system), _hardware(found, system)
    content: dict[str, Any] = {
        "versionclient": f"osquery {version}".strip(),
        "bios": bios,
        "hardware": hardware,
        "operatingsystem": _operating_system(found, release),
        "terrier": {"system": filled(product_version=text(system, "hardware_version"))},
    }
    own = content["terrier"]
    for table, use in TABLES.items():
        if table in found.tables and use.section:
            entries = [entry for row in found.tables[table] if (entry := _entry(table, row))]
            _into(content, use.section).extend(entries)
    for made in (_processors, _disks, _drives, _networks, _processes, _ports, _security):
        made(found, content)
    own["collectors"] = [_outcome(found)]
    known = text(hardware, "name") or meaningful(bios, "ssn", "serial_numbers") or identity(hardware, "uuid")
    document: dict[str, Any] = {"deviceid": known, "action": "inventory", "itemtype": "Computer"}
    if not system:
        document["partial"] = True
    return {**document, "content": {name: part for name, part in content.items() if part}}


def moment_of(found: HostResults) -> str:
    """When a host was seen (ISO UTC); "" where nothing says it."""
    seconds = found.seen or whole(_row(found, "time"), "unix_time") or 0
    return _moment(seconds).replace(" ", "T") + "Z" if 0 < seconds < 1 << 33 else ""


def _moment(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _row(found: HostResults, table: str) -> Entry:
    return next(iter(found.tables.get(table, ())), {})


def _into(content: dict[str, Any], section: str) -> list[dict[str, Any]]:
    """The list of a section, Terrier's own or the format's."""
    own = section.startswith("terrier.")
    place = content["terrier"] if own else content
    made: list[dict[str, Any]] = place.setdefault(section.removeprefix("terrier."), [])
    return made


def _entry(table: str, row: Entry) -> dict[str, Any]:
    """An entry of a table's section; empty where the row is of nothing that is there."""
    use = TABLES[table]
    entry: dict[str, Any] = {**filled(**{name: text(row, column) for name, column in use.fields.items()}), **use.fixed}
    change = _CHANGES.get(table)
    if change is not None and not change(entry, row):
        return {}
    if "install_date" in entry:
        entry["install_date"] = _installed_on(entry["install_date"])
    return {name: value for name, value in entry.items() if value != ""}


def _installed_on(written: str) -> str:
    """The day of "20240506", "5/6/2024", or of seconds since 1970."""
    seconds = whole({"": written}, "")
    return (
        _moment(seconds) if seconds and 8 < len(written) < 11 and seconds < 1 << 33 else day(written, month_first=True)
    )


def _installed(entry: dict[str, Any], row: Entry) -> bool:
    """Whether a package of Debian is installed: those that only left their settings are listed, too."""
    return not text(row, "status") or text(row, "status").split()[-1] == "installed"


def _released(entry: dict[str, Any], row: Entry) -> bool:
    epoch = text(row, "epoch")
    release = "-".join(filter(None, (text(row, "version"), text(row, "release"))))
    entry["version"] = f"{epoch}:{release}" if epoch not in ("", "0") else release
    return True


def _named(entry: dict[str, Any], row: Entry) -> bool:
    entry.setdefault("name", text(row, "name").removesuffix(".app"))
    return bool(entry["name"])


def _module(entry: dict[str, Any], row: Entry) -> bool:
    if not whole(entry, "capacity"):
        entry.pop("capacity", None)
        entry["type"] = "Empty slot"
    if whole(entry, "speed"):
        entry["speed"] = f"{entry['speed']} MT/s"
    return True


def _service(entry: dict[str, Any], row: Entry) -> bool:
    entry["program"] = program_of(entry.pop("+program", ""))
    for key in ("state", "start"):
        if key in entry:
            entry[key] = entry[key].lower().replace("_", " ")
    if entry.get("pid") == "0":
        del entry["pid"]
    return True


def _unit(entry: dict[str, Any], row: Entry) -> bool:
    if not entry.get("name", "").endswith(".service"):
        return False
    entry["name"] = entry["name"].removesuffix(".service")
    entry["state"] = "running" if entry.get("state") == "running" else "stopped"
    return True


def _person(entry: dict[str, Any], row: Entry) -> bool:
    return text(row, "type") in ("", "user", "active", "7") and bool(entry.get("login"))


def _disk(entry: dict[str, Any], row: Entry) -> bool:
    size = whole({"": entry.pop("+bytes", "")}, "")
    if size:
        entry["disksize"] = size // 1_000_000
    entry["name"] = entry.get("name", "").removeprefix("\\\\.\\")
    entry["type"] = "disk"
    return True


_CHANGES: Mapping[str, Callable[[dict[str, Any], Entry], bool]] = {
    "deb_packages": _installed, "rpm_packages": _released, "apps": _named, "memory_devices": _module,
    "services": _service, "systemd_units": _unit, "logged_in_users": _person, "disk_info": _disk,
}  # fmt: skip


def _bios(found: HostResults, system: Entry) -> dict[str, Any]:
    platform = _row(found, "platform_info")
    chassis = _row(found, "chassis_info")
    return filled(
        bmanufacturer=text(platform, "vendor"),
        bversion=text(platform, "version"),
        bdate=day(text(platform, "date"), month_first=True),
        smanufacturer=text(system, "hardware_vendor"),
        smodel=text(system, "hardware_model"),
        ssn=text(system, "hardware_serial"),
        mmanufacturer=text(system, "board_vendor"),
        mmodel=text(system, "board_model"),
        msn=text(system, "board_serial"),
        assettag=text(chassis, "smbios_tag"),
        enclosureserial=text(chassis, "serial"),
    )


def _hardware(found: HostResults, system: Entry) -> dict[str, Any]:
    memory = whole(system, "physical_memory")
    host = text(system, "hostname") or ("" if _UUID.fullmatch(found.host) else found.host)
    name, _, domain = host.partition(".")
    guest = of_firmware(
        text(system, "hardware_vendor"), text(system, "hardware_model"), text(_row(found, "platform_info"), "vendor")
    )
    return filled(
        name=name,
        workgroup=domain if domain != "local" else "",
        uuid=text(system, "uuid") or (found.host if _UUID.fullmatch(found.host) else ""),
        chassis_type=_chassis(text(_row(found, "chassis_info"), "chassis_types")),
        vmsystem=guest or ("Physical" if text(system, "hardware_vendor") else ""),
        memory=memory // _MIB if memory else None,
    )


def _chassis(types: str) -> str:
    """The kind of chassis by the number that Windows gives: words of later versions stay."""
    number = types.split(",")[0].strip(" {}[]\"'")
    return "Laptop" if number in _LAPTOPS else "Rack Mount Chassis" if number in _SERVERS else (
        "" if number.isdecimal() else number
    )  # fmt: skip


def _operating_system(found: HostResults, release: Entry) -> dict[str, Any]:
    kernel, installed = _row(found, "kernel_info"), whole(release, "install_date")
    name = text(release, "name")
    windows = name.startswith("Microsoft Windows")
    return filled(
        name="Windows" if windows else name,
        full_name=name if windows else " ".join(filter(None, (name, text(release, "version")))),
        version=text(release, "version"),
        arch=text(release, "arch"),
        install_date=_moment(installed) if installed and installed < 1 << 33 else "",
        kernel_version=text(kernel, "version"),
    )


def _processors(found: HostResults, content: dict[str, Any]) -> None:
    """The processors, by what the system says of all where they are not listed."""
    system = _row(found, "system_info")
    name = text(system, "cpu_brand")
    if name and not content.get("cpus"):
        sockets, cores = whole(system, "cpu_sockets") or 0, whole(system, "cpu_physical_cores")
        logical = whole(system, "cpu_logical_cores")
        one: dict[str, Any] = {"name": name}
        if sockets and cores:
            one["core"] = cores // sockets
        content["cpus"] = [dict(one) for _ in range(min(sockets, 64) or 1)]
        content["terrier"]["processors"] = filled(sockets=sockets or None, logical=logical)


def _disks(found: HostResults, content: dict[str, Any]) -> None:
    for row in found.tables.get("block_devices", ()):
        name = text(row, "name").removeprefix("/dev/")
        if text(row, "parent") or re.match(r"(?:loop|ram|zram|sr|dm-|md)\d", name):
            continue
        size, block = whole(row, "size"), whole(row, "block_size")
        _into(content, "storages").append(
            filled(
                name=name, model=text(row, "model"), manufacturer=text(row, "vendor"), type="disk",
                disksize=size * block // 1_000_000 if size and block else None,
            )
        )  # fmt: skip


def _drives(found: HostResults, content: dict[str, Any]) -> None:
    own = content["terrier"]
    for row in found.tables.get("mounts", ()):
        if text(row, "type") in _NO_VOLUMES:
            continue
        size = whole(row, "blocks_size") or 0
        blocks, available = whole(row, "blocks") or 0, whole(row, "blocks_available") or 0
        _into(content, "drives").append(
            filled(
                type=text(row, "path"), volumn=text(row, "device"), filesystem=text(row, "type"),
                total=size * blocks // _MIB or None, free=size * available // _MIB,
            )
        )  # fmt: skip
        own.setdefault("volumes", []).append(
            filled(mount=text(row, "path"), total_bytes=size * blocks or None, free_bytes=size * available)
        )
    encrypted = {text(r, "drive_letter"): text(r, "protection_status") for r in found.tables.get("bitlocker_info", ())}
    for row in found.tables.get("logical_drives", ()):
        letter, total, free = text(row, "device_id"), whole(row, "size"), whole(row, "free_space")
        status = encrypted.get(letter)
        _into(content, "drives").append(
            filled(
                letter=letter, filesystem=text(row, "file_system"), description=text(row, "description"),
                total=total // _MIB if total else None, free=free // _MIB if free is not None else None,
                systemdrive=text(row, "boot_partition") == "1",
                encrypt_status={"1": "Yes", "0": "No"}.get(status or ""), encrypt_name="BitLocker" if status else "",
            )
        )  # fmt: skip


def _networks(found: HostResults, content: dict[str, Any]) -> None:
    """The interfaces, one entry for each address."""
    listed = {text(one, "description"): one for one in content.get("networks", ())}
    addresses = found.tables.get("interface_addresses", ())
    if not listed and not addresses:
        return
    entries = []
    for one in listed.values():
        friendly = one.pop("+friendly", "")
        its = [row for row in addresses if text(row, "interface") == text(one, "description")]
        if friendly:
            one["description"] = friendly
        if re.fullmatch(r"lo\d*", text(one, "description")):
            one["type"] = "loopback"
        entries += [{**one, **_address(row)} for row in its] or [one]
    for row in addresses:
        if text(row, "interface") not in listed:
            entries.append({"description": text(row, "friendly_name") or text(row, "interface"), **_address(row)})
    content["networks"] = entries


def _address(row: Entry) -> dict[str, Any]:
    address = text(row, "address").partition("%")[0]
    suffix = "6" if ":" in address else ""
    return filled(**{f"ipaddress{suffix}": address, f"ipmask{suffix}": text(row, "mask")})


def _logins(found: HostResults) -> dict[str, str]:
    return {text(row, "uid"): text(row, "username") for row in found.tables.get("users", ())}


def _processes(found: HostResults, content: dict[str, Any]) -> None:
    """Processes by their programs: their arguments can hold secrets."""
    logins = _logins(found)
    for one in content.get("processes", ()):
        uid = one.pop("+uid", "")
        one["user"] = logins.get(uid, uid)
        one["cmd"] = one.get("cmd") or f"[{one.get('+name', '')}]"
        one.pop("+name", None)


def _ports(found: HostResults, content: dict[str, Any]) -> None:
    """Ports on which a program listens, and open connections, with the programs where they are listed."""
    by_pid = {text(row, "pid"): row for row in found.tables.get("processes", ())}
    logins, listening = _logins(found), set()
    for row in found.tables.get("listening_ports", ()):
        port, protocol = whole(row, "port"), _PROTOCOLS.get(text(row, "protocol"), "")
        if port and protocol:
            listening.add((protocol, port))
            _into(content, "terrier.listening_ports").append(
                filled(protocol=protocol, address=text(row, "address"), port=port, **_owner(row, by_pid, logins))
            )
    for row in found.tables.get("process_open_sockets", ()):
        remote, protocol = whole(row, "remote_port"), _PROTOCOLS.get(text(row, "protocol"), "")
        local = whole(row, "local_port")
        if not remote or not protocol:
            continue
        within = (protocol, local) in listening
        ends = {"local_port": local} if within else {"remote_port": remote}
        _into(content, "terrier.connections").append(
            filled(
                direction="in" if within else "out", protocol=protocol, local_address=text(row, "local_address"),
                remote_address=text(row, "remote_address"), **ends, **_owner(row, by_pid, logins),
            )
        )  # fmt: skip


def _owner(row: Entry, by_pid: Mapping[str, Entry], logins: Mapping[str, str]) -> dict[str, Any]:
    process = by_pid.get(text(row, "pid"), {})
    uid = text(process, "uid")
    return {
        "pid": whole(row, "pid"), "process": text(process, "name"), "program": text(process, "path"),
        "user": logins.get(uid, uid),
    }  # fmt: skip


def _security(found: HostResults, content: dict[str, Any]) -> None:
    for row in found.tables.get("windows_security_products", ()):
        if text(row, "type") == "Antivirus":
            _into(content, "antivirus").append(
                filled(
                    name=text(row, "name"), enabled=text(row, "state") == "On",
                    uptodate=text(row, "signatures_up_to_date") in ("1", "Up-to-date"),
                )
            )  # fmt: skip


#: Sections of which a file may lack a part that another table lists: each package manager has a table of its own.
_NEVER_WHOLE = ("softwares", "")
#: Tables whose entries are made apart → their section.
_OTHERS: Mapping[str, str] = {
    "mounts": "drives", "logical_drives": "drives", "block_devices": "storages",
    "listening_ports": "terrier.listening_ports", "process_open_sockets": "terrier.connections",
    "windows_security_products": "antivirus",
}  # fmt: skip


def _outcome(found: HostResults) -> dict[str, Any]:
    """What was seen whole: the sections of the tables that are."""
    sections = {**{table: use.section for table, use in TABLES.items()}, **_OTHERS}
    complete = {sections[table] for table in found.whole if table in sections}
    outcome = {"name": "osquery", "state": "collected", "complete": sorted(complete.difference(_NEVER_WHOLE))}
    listed = {table for table in found.listed if found.tables.get(table)}  # one without rows may be of no use here
    managers = {
        use.fixed["from"]
        for table, use in TABLES.items()
        if table in listed and use.section == "softwares" and "release_type" not in use.fixed
    }
    return {**outcome, "package_managers": sorted(managers)} if managers else outcome
