"""Devices that an agent asked over the network (SNMP), in XML, as inventory documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from importers.agent_xml.computer_inventory import client_of, values_of
from importers.agent_xml.renamed_fields import FIELDS
from importers.inventory.written_days import day
from importers.xml_documents import XmlElement

_TYPES: Mapping[str, str] = {
    "1": "Computer", "2": "Networking", "3": "Printer", "computer": "Computer", "networking": "Networking",
    "networkequipment": "Networking", "printer": "Printer", "storage": "Storage", "power": "Power", "pdu": "Power",
    "phone": "Phone", "video": "Video", "kvm": "KVM",
}  # fmt: skip
_ITEM_TYPES = {"Computer": "Computer", "Printer": "Printer", "Phone": "Phone"}
#: Field of the XML → field of ``network_device``, the first that is there.
_DEVICE: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "snmphostname", "dnshostname", "netbiosname"), "manufacturer": ("manufacturer",),
    "model": ("model",), "serial": ("serial",), "assettag": ("assettag",), "firmware": ("firmware",),
    "description": ("comments", "description"), "location": ("location",), "contact": ("contact",),
    "mac": ("mac", "macaddr"), "ram": ("ram",), "memory": ("memory",), "cpu": ("cpu",), "uptime": ("uptime",),
    "credentials": ("credentials",),
}  # fmt: skip
_PORT: Mapping[str, str] = {"ifinoctets": "ifinbytes", "ifoutoctets": "ifoutbytes"}
_LISTED = ("firmwares", "modems", "simcards", "sensors", "powersupplies", "cartridges")
_KNOWN = frozenset({
    *_LISTED, "info", "ports", "components", "network_components", "consumables", "pagecounters", "error",
})  # fmt: skip


def device_documents(
    request: XmlElement, content: XmlElement, agent: str
) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The document of each device, and the names of what the format has no place for.

    The request names the agent only: its id and the device are the source together.
    """
    client = client_of(request, content) or content.said("moduleversion") or "unknown"
    for device in content.named("device"):
        info = device.first("info")
        said = values_of(info if info is not None else device)
        if isinstance(said, dict):
            unknown = {one.name for one in device.children if info is not None and one.name.casefold() not in _KNOWN}
            yield _document(device, said, agent, client, discovered=info is None), sorted(unknown)


def _document(device: XmlElement, said: dict[str, Any], agent: str, client: str, *, discovered: bool) -> dict[str, Any]:
    kind = _TYPES.get(str(said.get("type", "")).casefold(), "Unmanaged")
    own = {ours: _first(said, theirs) for ours, theirs in _DEVICE.items()}
    own = {name: value for name, value in own.items() if value}
    addresses = _listed(values_under(said, "ips", "ip")) or _listed(said.get("ip"))
    known = str(own.get("serial") or own.get("mac") or own.get("name") or next(iter(addresses), "device"))
    content: dict[str, Any] = {"versionclient": client, "network_device": {"type": kind, **own, "ips": addresses}}
    for name in _LISTED:
        if found := [entry for one in device.named(name) if (entry := _entry(name, one))]:
            content[name] = found
    for name, inner in (("components", "component"), ("network_components", ""), ("consumables", "consumable")):
        if found := [_entry("network_components", one) for one in _inner(device, name, inner)]:
            content["consumables" if inner == "consumable" else "network_components"] = found
    if counters := device.first("pagecounters"):
        content["pagecounters"] = values_of(counters)
    if ports := [_port(one) for one in _inner(device, "ports", "port")]:
        content["network_ports"] = ports
    if errors := [_entry("error", one) for one in device.named("error")]:
        content["error"] = errors
    if kind == "Computer":
        _describe_computer(content, own, said, addresses)
    document: dict[str, Any] = {"deviceid": f"{known} {agent}".strip(), "action": "netinventory", "content": content}
    document["itemtype"] = _ITEM_TYPES.get(kind, "Unmanaged" if kind == "Unmanaged" else "NetworkEquipment")
    if discovered:
        document["action"] = "netdiscovery"
        if kind == "Computer":
            document["partial"] = True
    return document


def _describe_computer(
    content: dict[str, Any], own: Mapping[str, Any], said: Mapping[str, Any], addresses: list[str]
) -> None:
    """What is said of a computer, where the format has it of computers."""
    content["hardware"] = {"name": own.get("name", ""), "workgroup": _first(said, ("workgroup",))}
    content["bios"] = {
        "ssn": own.get("serial", ""), "smanufacturer": own.get("manufacturer", ""), "smodel": own.get("model", ""),
    }  # fmt: skip
    if "mac" in own:
        content["networks"] = [{"mac": own["mac"], "ipaddress": next(iter(addresses), "")}]


def values_under(said: Mapping[str, Any], *names: str) -> Any:
    """What stands under a path of fields; None where nothing does."""
    found: Any = said
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _first(said: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := said.get(name), str) and value), "")


def _listed(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one]


def _inner(device: XmlElement, name: str, inner: str) -> Iterator[XmlElement]:
    for one in device.named(name):
        yield from one.named(inner) if inner else (one,)


def _entry(section: str, element: XmlElement) -> dict[str, Any]:
    said = values_of(element)
    if not isinstance(said, dict):
        return {}
    renamed = FIELDS.get(section, {})
    entry = {renamed.get(name, name): value for name, value in said.items() if value != ""}
    if section == "firmwares" and isinstance(entry.get("date"), str):
        entry["date"] = day(entry["date"], month_first=True)
    return entry


def _port(element: XmlElement) -> dict[str, Any]:
    """A port with its lists as the format has them."""
    said = values_of(element)
    if not isinstance(said, dict):
        return {}
    port: dict[str, Any] = {_PORT.get(n, n): value for n, value in said.items() if isinstance(value, str) and value}
    if vlans := element.first("vlans"):
        port["vlans"] = [one for vlan in vlans.named("vlan") if isinstance(one := values_of(vlan), dict)]
    if members := _listed(values_under(said, "aggregate", "port")):
        port["aggregate"] = members
    addresses = _listed(values_under(said, "ips", "ip")) or _listed(said.get("ip"))
    if addresses:
        port["ips"] = addresses
    if connections := element.first("connections"):
        if connections.said("cdp"):
            port["lldp"] = connections.said("cdp") == "1"
        port["connections"] = [values_of(one) for one in connections.named("connection") if one.children]
    return port
