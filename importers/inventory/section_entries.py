"""The entries of an inventory that are rows of sections, with what its other entries say of the same things."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping
from locale import windows_locale
from typing import Any

from importers.inventory.fields import Entry, mapping, objects, text, whole

#: Ports that are given out anew at every start of a program (from Linux's lowest; IANA's are higher).
_EPHEMERAL = range(32_768, 65_536)
#: What Android says where a program may not ask, and of what.
_HIDDEN = ("<unknown ssid>", "02:00:00:00:00:00")
_HIDDEN_FROM_APPS = ("mac", "wifi_ssid", "wifi_bssid")


def entries(content: Entry, section: str, path: str) -> list[Entry]:
    """The rows of a section as its source lists them, each an object with the format's keys; ours begin with "+"."""
    made = _MADE.get(section)
    found = made(content) if made is not None else _plain(content, path)
    return [one for one in found if one]


def _plain(content: Entry, path: str) -> Iterator[Entry]:
    """The list of objects at a path, or the one object."""
    *above, name = path.split(".")
    for key in above:
        content = mapping(content, key)
    found = content.get(name)
    if isinstance(found, dict):
        yield found
    else:
        yield from objects(content, name)


def _own(content: Entry, name: str, key: str) -> dict[str, Entry]:
    """Terrier's own list of that name, by a key of its objects; those that don't say it are of nothing."""
    return {said: one for one in objects(mapping(content, "terrier"), name) if (said := text(one, key))}


def _bios(content: Entry) -> Iterator[Entry]:
    own = mapping(mapping(content, "terrier"), "system")
    yield {
        **mapping(content, "bios"),
        **{f"+{key}": own[key] for key in ("firmware", "family", "tpm", "product_number") if key in own},
    }


def _disks(content: Entry) -> Iterator[Entry]:
    own, health = _own(content, "disks", "name"), _own(content, "disk_health", "name")
    for one in objects(content, "storages"):
        name = text(one, "name")
        more = {**own.get(name, {}), **health.get(name, {})}
        size = whole(more, "bytes")
        exact = {"disksize": size / 1_000_000} if size else {}
        also = ("medium", "removable", "health", "hours", "temperature", "wear")
        yield {**one, **exact, **{f"+{key}": more[key] for key in also if key in more}}


def _batteries(content: Entry) -> Iterator[Entry]:
    own = _own(content, "batteries", "name")
    for one in objects(content, "batteries"):
        more = own.get(text(one, "name"), {})
        yield {**one, **{f"+{key}": more[key] for key in ("charge", "cycles", "state") if key in more}}


def _volumes(content: Entry) -> Iterator[Entry]:
    own = _own(content, "volumes", "mount")
    for one in objects(content, "drives"):
        more = own.get(text(one, "type"), {})
        exact = {
            key: size / (1 << 20) for key, name in (("total", "total_bytes"), ("free", "free_bytes"))
            if (size := whole(more, name)) is not None
        }  # fmt: skip
        yield {**one, **exact}


def _interfaces(content: Entry) -> Iterator[Entry]:
    """Each interface once: the format repeats it for each of its addresses. One that is called as its address, and of
    which nothing else is known, stands for the address alone.
    """
    own = _own(content, "interfaces", "name")
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for one in objects(content, "networks"):
        key = (text(one, "description"), text(one, "mac").lower())
        if one.keys() == {"description", "ipaddress"} and key[0] == one["ipaddress"]:
            continue
        more = own.get(key[0], {})
        into = found.setdefault(key, {f"+{name}": more[name] for name in ("permanent_mac", "built_in") if name in more})
        for name, value in one.items():
            if not (name in _HIDDEN_FROM_APPS and value in _HIDDEN):
                into.setdefault(name, value)
    yield from found.values()


def _addresses(content: Entry) -> Iterator[Entry]:
    """A row for each address. One that was leased changes all the time; it is in columns of its own."""
    listed = mapping(content, "terrier").get("leased_addresses")
    leased = {text({"": one}, "") for one in listed} if isinstance(listed, list) else set()
    for one in objects(content, "networks"):
        for version, suffix in (("4", ""), ("6", "6")):
            gateway = text(one, "ipgateway") if version == "4" else ""
            stated = [part for part in re.split(r"[,;\s]+", text(one, f"ipaddress{suffix}")) if part]
            if not stated and version == "4" and text(one, "ipsubnet"):
                stated = [""]
            yield from (_address(one, version, suffix, address, gateway, leased) for address in stated)


def _address(
    one: Entry, version: str, suffix: str, address: str, gateway: str, leased: Container[str]
) -> dict[str, Any]:
    lease = address in leased or (version == "4" and text(one, "ipdhcp") not in ("", "0.0.0.0"))
    prefix = "+leased_" if lease else "+"
    return {
        "description": one.get("description") if one.get("description") != address else None,
        "+version": version,
        f"{prefix}address": address,
        f"{prefix}mask": one.get(f"ipmask{suffix}"),
        f"{prefix}subnet": one.get(f"ipsubnet{suffix}"),
        f"{prefix}gateway": gateway,
        "+dhcp_server": one.get("ipdhcp") if version == "4" else None,
    }


def _ports(content: Entry) -> Iterator[Entry]:
    for one in objects(content, "network_ports"):
        vlans = [_vlan(mapping(vlan, "vlan") or vlan) for vlan in objects(one, "vlans")]
        yield {**one, "+vlans": ", ".join(vlan for vlan in vlans if vlan)}


def _vlan(vlan: Entry) -> str:
    """A VLAN in words of the format: "206 storage tagged"."""
    number, tagged = text(vlan, "id") or text(vlan, "number"), text(vlan, "tagged") == "1"
    return " ".join(filter(None, (number, text(vlan, "name"), "tagged" if tagged else "")))


def _port_name(port: Entry) -> str:
    return text(port, "ifname") or text(port, "ifdescr") or text(port, "ifnumber")


def _connections_of(content: Entry) -> Iterator[tuple[str, Entry]]:
    for port in objects(content, "network_ports"):
        listed = port.get("connections")
        for one in listed if isinstance(listed, list) else [listed]:
            if isinstance(one, dict):
                yield _port_name(port), one
            elif isinstance(one, str):
                yield _port_name(port), {"mac": one}


def _neighbours(content: Entry) -> Iterator[Entry]:
    """The devices that told a port who they are (LLDP, CDP)."""
    for port, one in _connections_of(content):
        if any(text(one, key) for key in ("sysname", "sysmac", "sysdescr", "ifdescr", "ip", "ifnumber", "model")):
            yield {**one, "+port": port}
    for one in objects(mapping(content, "terrier"), "neighbours"):
        yield {**one, "+port": text(one, "port")}


def _connected(content: Entry) -> Iterator[Entry]:
    """The hardware addresses that a port has seen frames of."""
    for port, one in _connections_of(content):
        listed = one.get("mac")
        for mac in listed if isinstance(listed, list) else [listed]:
            if isinstance(mac, str):
                yield {"mac": mac, "+port": port}


def _system(content: Entry) -> Iterator[Entry]:
    own = mapping(content, "terrier")
    told, system = mapping(own, "operating_system"), mapping(content, "operatingsystem")
    zone = mapping(system, "timezone")
    yield {
        **system,
        "+time_zone": zone.get("name"),
        "+offset": zone.get("offset"),
        "+machine_id": own.get("machine_id"),
        **{f"+{key}": told[key] for key in told},
    }


def _hardware(content: Entry) -> Iterator[Entry]:
    """The system; Windows tells its language by a number, 1033, which has a name, en-US."""
    for one in _plain(content, "hardware"):
        number = whole(one, "winlang")
        name = windows_locale.get(number, "") if number else ""
        yield {**one, "winlang": name.replace("_", "-")} if name else one


def _listening(content: Entry) -> Iterator[Entry]:
    for one in objects(mapping(content, "terrier"), "listening_ports"):
        yield {**one, "+ephemeral_port" if whole(one, "port") in _EPHEMERAL else "+port": one.get("port")}


def _processes(content: Entry) -> Iterator[Entry]:
    """Programs without their arguments, which can hold secrets, unless the scan was asked for them."""
    asked = _own(content, "command_lines", "pid")
    for one in objects(content, "processes"):
        command = text(asked.get(text(one, "pid"), {}), "command_line")
        yield {**one, "+program": program_of(text(one, "cmd")), "+command_line": command}


def program_of(command: str) -> str:
    """The program of a command line, without its arguments."""
    command = command.strip()
    if command.startswith("["):  # a thread of the kernel
        return command.partition("]")[0] + "]"
    if command[:1] in ("'", '"'):
        return command[1:].partition(command[0])[0]
    lower = command.lower()
    for ending in (".exe ", ".com "):  # Windows paths have spaces
        if ending in lower:
            return command[: lower.index(ending) + 4]
    return command.partition(" ")[0]


def _security(content: Entry) -> Iterator[Entry]:
    own = mapping(mapping(content, "terrier"), "security")
    pending = mapping(own, "pending")
    yield {**own, **{f"+{key}": value for key, value in pending.items()}}


def _licences(content: Entry) -> Iterator[Entry]:
    own = _own(content, "licences", "name")
    for one in objects(content, "licenseinfos"):
        more = own.get(text(one, "name"), {})
        yield {**one, **{f"+{key}": more[key] for key in ("channel", "status") if key in more}}


def _guests(content: Entry) -> Iterator[Entry]:
    for one in objects(content, "virtualmachines"):
        system = one.get("operatingsystem")
        named = text(system, "full_name") or text(system, "name") if isinstance(system, dict) else system
        disks = (" ".join(filter(None, (text(disk, "volumn"), _mebibytes(disk)))) for disk in objects(one, "drives"))
        yield {**one, "+operating_system": named, "+disks": ", ".join(disks)}


def _mebibytes(disk: Entry) -> str:
    return f"{total} MiB" if (total := text(disk, "total")) else ""


def _servers(content: Entry) -> Iterator[Entry]:
    """Databases' servers. Older agents list them with their instances."""
    yield from objects(content, "databases_services")
    for server in objects(content, "databases_servers"):
        name = text(server, "name")
        instances = objects(server, "instances")
        for one in instances:
            yield {**server, **one, "name": " ".join(filter(None, (name, text(one, "name"))))}
        if not instances:
            yield server


def _databases(content: Entry) -> Iterator[Entry]:
    for server in objects(content, "databases_services"):
        for one in objects(server, "databases"):
            yield {**one, "+server": text(server, "name")}


def _cartridges(content: Entry) -> Iterator[Entry]:
    """Some agents list names and values, others an object that has the name for its key."""
    for one in objects(content, "cartridges"):
        if "name" in one or "value" in one:
            yield one
        else:
            yield from ({"name": name, "value": value} for name, value in one.items())


def _agent(content: Entry) -> Iterator[Entry]:
    yield {
        **mapping(content, "versionprovider"),
        "+versionclient": content.get("versionclient"),
        "+deviceid": content.get("+deviceid"),
        "+tag": content.get("+tag"),
        "+userid": mapping(content, "accesslog").get("userid"),
    }


_MADE: Mapping[str, Callable[[Entry], Iterator[Entry]]] = {
    "bios": _bios,
    "batteries": _batteries,
    "disks": _disks,
    "volumes": _volumes,
    "interfaces": _interfaces,
    "addresses": _addresses,
    "switch_ports": _ports,
    "neighbours": _neighbours,
    "connected_addresses": _connected,
    "system": _hardware,
    "operating_system": _system,
    "listening_ports": _listening,
    "processes": _processes,
    "security": _security,
    "licences": _licences,
    "guests": _guests,
    "database_servers": _servers,
    "databases": _databases,
    "cartridges": _cartridges,
    "agent": _agent,
}
