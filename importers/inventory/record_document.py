"""A computer of the register as an inventory in GLPI's format: what reading it would make of it is what it is.

The rows of sections go back to the fields that they are read from; values that these do not give go to their own place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from cmdb.model.declarations import RecordSection
from cmdb.model.observation import NamedReference
from cmdb.model.values import Value
from importers.inventory import constraints
from importers.inventory.fields import filled
from importers.inventory.section_source import SectionSource
from importers.inventory.section_sources import SOURCES

CLIENT = "Terrier"
Row = Mapping[str, Value]
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)")
VIRTUAL = "Virtual machine"
CHASSIS = {"laptop": "Laptop", "desktop": "Desktop", "server": "Rack Mount Chassis"}
"""Words of the format that lead back to the classes of computers."""
_MADE = ("interfaces", "addresses", "switch_ports", "neighbours", "connected_addresses", "software_details", "agent",
         "databases", "network_device", "cartridges", "supplies", "page_counters")  # fmt: skip
"""Sections that are written by functions of their own, or that no computer has."""
_OWN = {"disks": ("disks", "name"), "batteries": ("batteries", "name"), "licences": ("licences", "name")}
"""Sections with fields of Terrier's own → the list there, and the key by which its objects are known."""
_PLACES = {
    "name": ("hardware", "name"),
    "domain": ("hardware", "workgroup"),
    "uuid": ("hardware", "uuid"),
    "memory": ("hardware", "memory"),
    "serial_number": ("bios", "ssn"),
    "asset_tag": ("bios", "assettag"),
    "manufacturer": ("bios", "smanufacturer"),
    "model": ("bios", "smodel"),
    "bios_version": ("bios", "bversion"),
    "operating_system": ("operatingsystem", "name"),
    "os_version": ("operatingsystem", "version"),
    "os_installed_on": ("operatingsystem", "install_date"),
    "architecture": ("operatingsystem", "arch"),
}
"""Values of a computer → where the format has them."""
_DISK = re.compile(r"(?:(.*) )?(\d+) MiB")


@dataclass(frozen=True, slots=True)
class ComputerFacts:
    """What the register knows of a computer. References are names; ``observed`` is when it was last seen (ISO UTC)."""

    cls: str
    name: str
    values: Mapping[str, Value]
    sections: Mapping[str, Sequence[Row]]
    installed: Sequence[Mapping[str, str]] = ()
    """Its software: product, publisher, edition, version, scope, installed_on, origin."""
    observed: str = ""
    declared: Mapping[str, RecordSection] = field(default_factory=dict)


def record_document(facts: ComputerFacts) -> dict[str, Any]:
    """The inventory of a computer."""
    content: dict[str, Any] = {"versionclient": CLIENT}
    own: dict[str, Any] = {}
    offset = str(next((row.get("offset", "") for row in facts.sections.get("operating_system", ())), ""))
    for name, rows in facts.sections.items():
        if name in SOURCES and name not in _MADE and name in facts.declared:
            _add_section(content, own, facts.declared[name], rows, offset)
    _add_networks(content, own, facts)
    _add_databases(content, facts, offset)
    _add_software(content, own, facts, offset)
    document = {**_add_agent(content, facts), "action": "inventory", "itemtype": "Computer", "content": content}
    if facts.observed:
        own["scanned_at"] = facts.observed
    else:
        own["never_seen"] = True
    host = facts.values.get("host_name") or ""
    if host != facts.name:  # none is said, too: reading takes the name for it where nothing is
        own["host_name"] = host
    own["sections"] = sorted(name for name, rows in facts.sections.items() if rows)  # values make no rows of others
    content["terrier"] = own
    _add_values(document, facts)
    return document


def _add_section(
    content: dict[str, Any], own: dict[str, Any], section: RecordSection, rows: Sequence[Row], offset: str
) -> None:
    """The rows of a section as the list, or the one object, that they are read from."""
    source = SOURCES[section.name]
    entries = [_entry(section, source, row, offset) for row in rows]
    _RETURNED.get(section.name, _plain)(own, section.name, entries, rows)
    entries = [entry for entry in (_fitting(source.path, entry) for entry in entries) if entry]
    *above, name = source.path.split(".")
    into = own if above else content
    if section.identifies or section.volatile:
        if entries:
            into[name] = [*into.get(name, ()), *entries]
    elif entries:
        into[name] = {**into.get(name, {}), **entries[0]}


def _entry(section: RecordSection, source: SectionSource, row: Row, offset: str) -> dict[str, Any]:
    """A row by the fields of the format; fields that begin with "+" still have to be put in their places."""
    found: dict[str, Any] = {}
    for column, place in source.fields.items():
        value = row.get(column)
        if value is None:
            continue
        key, factor = place if isinstance(place, tuple) else (place, 1)
        if section.columns[column].type == "time":
            value = _local(str(value), offset)
        found[key] = int(value) // factor if factor > 1 and isinstance(value, int) else value
    return found


def _local(moment: str, offset: str) -> str:
    """A moment in UTC as the format has it: the time at an offset, by default here."""
    found = _OFFSET.fullmatch(offset)
    try:
        utc = datetime.fromisoformat(moment)
        if found is None:
            return utc.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        ahead = timedelta(hours=int(found[2]), minutes=int(found[3]))
        return utc.astimezone(timezone(ahead if found[1] == "+" else -ahead)).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError):
        return moment


# -- fields that stand in Terrier's own part --------------------------------------------------------------------------


def _plain(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    """A section with all of its fields in the format; of one with more, those go to Terrier's list of its things."""
    listed = []
    for entry, row in zip(entries, rows, strict=True):
        more = {key.removeprefix("+"): entry.pop(key) for key in [*entry] if key.startswith("+")}
        size = row.get("size")
        if name == "disks" and isinstance(size, int):
            more["bytes"] = size
        if name in _OWN:
            listed.append({_OWN[name][1]: entry.get(_OWN[name][1], ""), **more})
    exact = any(set(one) - {"name", "bytes"} or one.get("bytes", 0) % 1_000_000 for one in listed)
    if listed and exact:
        own[_OWN[name][0]] = listed


def _bios(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        more = {key.removeprefix("+"): entry.pop(key) for key in [*entry] if key.startswith("+")}
        if more:
            own.setdefault("system", {}).update(more)


def _volumes(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    sizes = (("size", "total_bytes"), ("free", "free_bytes"))
    listed = [
        {"mount": row.get("mount", ""), **{key: row[column] for column, key in sizes if column in row}} for row in rows
    ]
    if any(isinstance(v, int) and v % (1 << 20) for one in listed for v in one.values()):
        own["volumes"] = listed


def _system(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        zone, offset = entry.pop("+time_zone", None), str(entry.pop("+offset", ""))
        if zone and not any(constraints.value_problems("", offset, "offset")):
            entry["timezone"] = {"name": zone, "offset": offset}
        machine = entry.pop("+machine_id", None)
        if machine:
            own["machine_id"] = machine
        more = {key.removeprefix("+"): entry.pop(key) for key in [*entry] if key.startswith("+")}
        if more:
            own["operating_system"] = more


def _listening(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        port = entry.pop("+port", None) or entry.pop("+ephemeral_port", None)
        entry.pop("+ephemeral_port", None)
        if port is not None:
            entry["port"] = port


def _processes(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        entry["cmd"] = entry.pop("+program", "")
        line = entry.pop("+command_line", None)
        if line and "pid" in entry:
            own.setdefault("command_lines", []).append({"pid": entry["pid"], "command_line": line})


def _security(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        pending = {key.removeprefix("+"): entry.pop(key) for key in [*entry] if key.startswith("+")}
        if pending:
            entry["pending"] = pending


def _guests(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        system, disks = entry.pop("+operating_system", None), entry.pop("+disks", None)
        if system:
            entry["operatingsystem"] = {"full_name": system}
        listed = [_DISK.fullmatch(one) for one in str(disks).split(", ")] if disks else []
        if listed and all(listed):
            entry["drives"] = [filled(volumn=one[1], total=int(one[2])) for one in listed if one]


def _environment(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        entry["val"] = ""  # the format wants one; the register keeps none, as it may be a secret


def _members(own: dict[str, Any], name: str, entries: list[dict[str, Any]], rows: Sequence[Row]) -> None:
    for entry in entries:
        if isinstance(entry.get("members"), str):
            entry["members"] = entry["members"].split(", ")


_RETURNED = {
    "bios": _bios,
    "volumes": _volumes,
    "operating_system": _system,
    "listening_ports": _listening,
    "processes": _processes,
    "security": _security,
    "guests": _guests,
    "environment": _environment,
    "groups": _members,
}
"""Section → what puts the fields that the format has elsewhere into their places."""


# -- what stands together ---------------------------------------------------------------------------------------------


def _add_networks(content: dict[str, Any], own: dict[str, Any], facts: ComputerFacts) -> None:
    """Each interface, and again for each of its addresses."""
    declared = facts.declared.get("interfaces")
    if declared is None:
        return
    found: list[dict[str, Any]] = []
    interfaces: list[dict[str, Any]] = []
    addresses: dict[str, list[Row]] = {}
    for row in facts.sections.get("addresses", ()):
        addresses.setdefault(str(row.get("interface", "")), []).append(row)
    for row in facts.sections.get("interfaces", ()):
        entry = _entry(declared, SOURCES["interfaces"], row, "")
        more = {key.removeprefix("+"): entry.pop(key) for key in [*entry] if key.startswith("+")}
        if more:
            interfaces.append({"name": row.get("name", ""), **more})
        its = addresses.pop(str(row.get("name", "")), [])
        found += [{**entry, **_address(one)} for one in its] or [entry]
    for name, rest in addresses.items():
        found += [{"description": name, **_address(one)} for one in rest]
    leased = [
        row["leased_address"]
        for row in facts.sections.get("addresses", ())
        if "leased_address" in row and not (row.get("version") == "4" and row.get("dhcp_server"))
    ]
    if found:
        content["networks"] = [_fitting("networks", one) for one in found]
    if interfaces:
        own["interfaces"] = interfaces
    if leased:
        own["leased_addresses"] = leased


def _address(row: Row) -> dict[str, Any]:
    six = "6" if row.get("version") == "6" else ""
    found: dict[str, Any] = {}
    for column, key in (("address", "ipaddress"), ("mask", "ipmask"), ("subnet", "ipsubnet")):
        value = row.get(column) or row.get(f"leased_{column}")
        if value:
            found[f"{key}{six}"] = value
    gateway = row.get("gateway") or row.get("leased_gateway")
    if gateway and not six:
        found["ipgateway"] = gateway
    if row.get("dhcp_server"):
        found["ipdhcp"] = row["dhcp_server"]
    return found


def _add_databases(content: dict[str, Any], facts: ComputerFacts, offset: str) -> None:
    """The databases of each server within it."""
    servers = {str(one.get("name", "")): one for one in content.get("databases_services", ())}
    declared = facts.declared.get("databases")
    for row in facts.sections.get("databases", ()) if declared is not None else ():
        entry = _entry(declared, SOURCES["databases"], row, offset) if declared is not None else {}
        server = servers.get(str(entry.pop("+server", "")))
        if server is not None:
            server.setdefault("databases", []).extend(filter(None, [_fitting("databases_services.databases", entry)]))


def _add_software(content: dict[str, Any], own: dict[str, Any], facts: ComputerFacts, offset: str) -> None:
    """The products that are installed, with what else was seen of them, and what was seen besides products.

    The format has no editions: they are in the name, and in Terrier's own part, by which the product comes back.
    """
    declared = facts.declared.get("software_details")
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    again: list[dict[str, Any]] = []
    for row in facts.sections.get("software_details", ()) if declared is not None else ():
        entry = _entry(declared, SOURCES["software_details"], row, offset) if declared is not None else {}
        key = tuple(str(row.get(n, "")) for n in ("user", "publisher", "name", "version"))
        if key in found:
            again.append(entry)
        else:
            found[key] = entry
    for one in facts.installed:
        product, edition = one["product"], one.get("edition", "")
        name = product if edition.casefold() in product.casefold() else f"{product} {edition}"
        key = (one.get("scope", ""), one.get("publisher", ""), name, one.get("version", ""))
        if edition:
            told = filled(name=name, publisher=one.get("publisher"), version=one.get("version"), product=product)
            own.setdefault("editions", []).append({**told, "edition": edition})
        plain = filled(
            name=name, version=one.get("version"), publisher=one.get("publisher"), username=one.get("scope"),
            install_date=one.get("installed_on"), **{"from": one.get("origin")},
        )  # fmt: skip
        found[key] = {**plain, **found.get(key, {})}
    if found:
        content["softwares"] = [_fitting("softwares", {"name": "", **one}) for one in (*found.values(), *again)]


def _add_agent(content: dict[str, Any], facts: ComputerFacts) -> dict[str, Any]:
    """The root of the document: by what the agent that saw the computer called it."""
    agent = dict(next(iter(facts.sections.get("agent", ())), {}))
    content["versionclient"] = str(agent.pop("client", CLIENT))
    if agent.get("user") or facts.observed:
        content["accesslog"] = filled(
            logdate=_local(facts.observed, _offset(content)) or None, userid=agent.pop("user", None)
        )
        if "logdate" not in content["accesslog"]:
            del content["accesslog"]
    root = filled(deviceid=str(agent.pop("device_id", "")) or facts.name, tag=agent.pop("tag", None))
    fields = SOURCES["agent"].fields
    told = {str(fields[column]): value for column, value in agent.items() if column in fields}
    provider = _fitting("versionprovider", told)
    if provider:
        content["versionprovider"] = provider
    return root


def _offset(content: Mapping[str, Any]) -> str:
    zone = content.get("operatingsystem", {}).get("timezone", {})
    return str(zone.get("offset", ""))


# -- values -----------------------------------------------------------------------------------------------------------


def _add_values(document: dict[str, Any], facts: ComputerFacts) -> None:
    """Puts values that reading the document would not give, or would give otherwise, in their places."""
    from importers.inventory import reading

    content = document["content"]
    content.setdefault("hardware", {}).setdefault("name", facts.name)
    if facts.cls == "virtual_machine":
        content["hardware"].setdefault("vmsystem", VIRTUAL)
    elif facts.cls in CHASSIS:
        content["hardware"].setdefault("chassis_type", CHASSIS[facts.cls])
    told = reading(document).observations
    read = told[0].values if told else {}
    for name, (section, key) in _PLACES.items():
        value = facts.values.get(name)
        given = read.get(name)
        if value is None or value == given or isinstance(given, NamedReference):  # makers go by another name here
            continue
        content.setdefault(section, {}).update(_fitting(section, {key: value}))
    sockets, cores = facts.values.get("processor_sockets"), facts.values.get("cores_per_processor")
    if "cpus" not in content and isinstance(sockets, int) and 0 < sockets < 1 << 10:
        one = filled(name=facts.values.get("processor_model"), core=cores)
        content["cpus"] = [dict(one) for _ in range(sockets)]
    if "networks" not in content and (facts.values.get("mac_address") or facts.values.get("ip_address")):
        reached = {"mac": facts.values.get("mac_address"), "ipaddress": facts.values.get("ip_address")}
        # nobody knows the interface's name; GLPI drops one that has neither a name nor a MAC address
        one = filled(description=None if reached["mac"] else reached["ipaddress"], **reached)
        content["networks"] = [_fitting("networks", one)]
    for section in [name for name in ("bios", "operatingsystem") if content.get(name) == {}]:
        del content[section]


def _fitting(path: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An object with the types of the format. What the format would refuse is left out. A text that it requires and
    nobody knows is an empty one; an object that lacks something else that it requires is empty.
    """
    shape = constraints.SECTIONS.get(f"*{path}") or constraints.SECTIONS.get(path) or {}
    kinds = {key.rstrip("!"): kind for key, kind in shape.items()}
    found = dict(_typed(entry, kinds))
    required = {key.rstrip("!"): kind for key, kind in shape.items() if key.endswith("!")}
    if found:
        found = {**{key: "" for key, kind in required.items() if kind == "text"}, **found}
    return found if all(key in found for key in required) else {}


def _typed(entry: Mapping[str, Any], kinds: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for key, value in entry.items():
        kind = kinds.get(key, "")
        if kind == "texts" and isinstance(value, str):
            value = value.split(", ")
        elif kind == "text" and not isinstance(value, str):
            value = str(value)
        if not kind or not any(constraints.value_problems(key, value, kind)):
            yield key, value
