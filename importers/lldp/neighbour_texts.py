"""What lldpctl writes (keys and values, JSON in both forms, plain text) as neighbours of the inventory format."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cmdb.model.mac_addresses import canonical_mac
from importers.inventory.fields import filled, text

_LINE = re.compile(
    r"lldp\.(.{1,64}?)\.(via|rid|age|ttl|(?:chassis|port|vlan|ppvid|pi|lldp-med|unknown-tlvs|power)\b[^=]{0,80})=(.*)"
)
_INTERFACE = re.compile(r"Interface:\s+(.+?), via: \S+")
_PLAIN = re.compile(r"\s+(ChassisID|SysName|SysDescr|MgmtIP|PortID|PortDescr|Model):\s+(.*)")
_PLAIN_KEYS = {
    "SysName": "chassis.name", "SysDescr": "chassis.descr", "MgmtIP": "chassis.mgmt-ip", "PortDescr": "port.descr",
    "Model": "lldp-med.inventory.model",
}  # fmt: skip
_MOST = 10_000
"""Neighbours of a machine that are read."""

Said = dict[str, str]


def neighbours_of_text(text_: str) -> list[dict[str, Any]]:
    """The neighbours in keys and values, or in plain text."""
    lines = text_.splitlines()
    found = _of_keys(lines) if any(_LINE.match(line) for line in lines[:200]) else _of_plain(lines)
    return _made(found)


def neighbours_of_json(value: Any) -> list[dict[str, Any]]:
    """The neighbours in JSON, in the form for people (json) or that for programs (json0)."""
    return _made(_of_json(value))


def _made(found: Iterator[tuple[str, Said]]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for port, said in found:
        one = _neighbour(port, said)
        if len(one) > 1 and len(made) < _MOST:
            made.append(one)
    return made


def _neighbour(port: str, said: Mapping[str, str]) -> dict[str, Any]:
    """A neighbour from what is said of it, by the keys of lldpctl."""
    remote = said.get("port.ifname") or said.get("port.descr") or said.get("port.local") or said.get("port.mac", "")
    local = said.get("port.local", "")
    return filled(
        port=port,
        sysname=said.get("chassis.name", ""),
        sysmac=canonical_mac(said.get("chassis.mac", "")),
        ip=said.get("chassis.mgmt-ip", ""),
        sysdescr=said.get("chassis.descr", ""),
        ifdescr=remote,
        ifnumber=local if local.isdecimal() and len(local) < 10 else "",
        model=said.get("lldp-med.inventory.model", ""),
    )


def _of_keys(lines: list[str]) -> Iterator[tuple[str, Said]]:
    """A neighbour begins at its ``via``; a line without a key goes on with the value before it."""
    open_: dict[str, Said] = {}
    last: tuple[Said, str] | None = None
    for line in lines:
        match = _LINE.match(line)
        if match is None:
            if last is not None and line.strip() and not line.startswith("lldp."):
                said, key = last
                said[key] = f"{said[key]} {line.strip()}"[:4_000]
            continue
        port, key, value = match.groups()
        if key == "via" and port in open_:
            yield port, open_.pop(port)
        said = open_.setdefault(port, {})
        last = (said, key) if key not in said else None
        said.setdefault(key, value)
    yield from open_.items()


def _of_plain(lines: list[str]) -> Iterator[tuple[str, Said]]:
    port, said = "", Said()
    for line in lines:
        if begins := _INTERFACE.match(line):
            if port:
                yield port, said
            port, said = begins[1], Said()
        elif match := _PLAIN.fullmatch(line):
            key, value = match.groups()
            if key in ("ChassisID", "PortID"):
                kind, _, value = value.partition(" ")
                key = f"{'chassis' if key == 'ChassisID' else 'port'}.{kind}"
            said.setdefault(_PLAIN_KEYS.get(key, key), value.strip())
    if port:
        yield port, said


def _of_json(value: Any) -> Iterator[tuple[str, Said]]:
    for root in _listed(value.get("lldp") if isinstance(value, dict) else None):
        for listed in _listed(root.get("interface")):
            named = {text(listed, "name"): listed} if "name" in listed and "via" in listed else listed
            for port, one in named.items():
                for its in _listed(one):
                    yield port, _said_in_json(its)


def _listed(value: Any) -> list[dict[str, Any]]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]


def _said_in_json(one: Mapping[str, Any]) -> Said:
    said: Said = {}
    for place in ("chassis", "port"):
        for told in _listed(one.get(place)):
            its = told
            if (
                place == "chassis" and "id" not in told and len(told) == 1
            ):  # the form for people has the name as the key
                ((name, inner),) = told.items()
                said["chassis.name"] = name
                its = inner if isinstance(inner, dict) else {}
            _take_id(said, place, its)
            for key in ("name", "descr", "mgmt-ip"):
                if found := _first(its.get(key)):
                    said.setdefault(f"{place}.{key}", found)
    for med in _listed(one.get("lldp-med")):
        for inventory in _listed(med.get("inventory")):
            if found := _first(inventory.get("model")):
                said["lldp-med.inventory.model"] = found
    return said


def _take_id(said: Said, place: str, its: Mapping[str, Any]) -> None:
    for known in _listed(its.get("id")):
        if text(known, "type") and text(known, "value"):
            said.setdefault(f"{place}.{text(known, 'type')}", text(known, "value"))


def _first(value: Any) -> str:
    """The first text of a value: it, the first of a list, or what json0 has as its ``value``."""
    one = value[0] if isinstance(value, list) and value else value
    return text({"": one.get("value") if isinstance(one, dict) else one}, "")
