"""Network: adapters with their addresses, which of them are built in, gateway, name servers, routes."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

from cmdb.model.mac_addresses import adapter_mac
from importers.captures.capture import Capture
from importers.captures.entries import text, whole
from importers.captures.subject import Subject
from importers.captures.windows._rows import Row, flag, rows
from importers.discovery.collector import Content, Section, present

#: MSFT_NetAdapter.NdisPhysicalMedium, by which a medium is more than Ethernet.
_WIFI, _BLUETOOTH = (1, 9), (10,)
_DIAL_UP = (8, 23, 24)  # ppp, and mobile networks
_ETHERNET = 6
_LOOPBACK = 24
_WIRELESS = 71
_STATES = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notpresent", 7: "lowerlayerdown"}
_AWAY = re.compile(r"^(USB|BTH|SWD|ROOT|VMBUS)\\", re.IGNORECASE)
_WITH_WINDOWS = "Microsoft"
_UNKNOWN_SPEED = (1 << 63) - 1


def _parse(capture: Capture) -> Content:
    configured = {whole(one, "InterfaceIndex"): one for one in rows(capture, "adapter-configuration")}
    networks: list[dict[str, Any]] = []
    own, leased = [], []
    seen = set()
    for one in rows(capture, "adapters"):
        number = whole(one, "InterfaceIndex")
        seen.add(number)
        base = _adapter(one)
        if base is None:
            continue
        told = configured.get(number, {})
        networks += _per_address(base, told)
        leased += _leased(told)
        name = base["description"]
        own.append({"name": name, **present(permanent_mac=adapter_mac(text(one, "PermanentAddress"))),
                    "built_in": _built_in(one, base)})  # fmt: skip
    for number, told in configured.items():
        if number not in seen and text(told, "Description"):
            networks += _per_address(
                present(description=text(told, "Description"), mac=adapter_mac(text(told, "MACAddress"))), told
            )
            leased += _leased(told)
    if not networks:
        return {}
    names = {whole(one, "InterfaceIndex"): _description(one) for one in rows(capture, "adapters")}
    hardware = _way_out(list(configured.values()))
    routes = [found for one in rows(capture, "routes") if (found := _route(one, names))]
    terrier = present(interfaces=own, routes=routes, leased_addresses=leased)
    return present(networks=networks, hardware=hardware, terrier=terrier)


def _description(one: Row) -> str:
    return text(one, "InterfaceDescription") or text(one, "Name")


def _adapter(one: Row) -> dict[str, Any] | None:
    """An adapter as an inventory has it. Those that Windows hides (filters, miniports) are left out."""
    if not _description(one) or flag(one, "Hidden"):
        return None
    speed = whole(one, "ReceiveLinkSpeed") or whole(one, "Speed") or 0
    listed = one.get("NetworkAddresses")
    current = next((str(mac) for mac in listed if isinstance(mac, str)), "") if isinstance(listed, list) else ""
    pnp = text(one, "PnPDeviceID")
    found = present(
        description=_description(one),
        mac=adapter_mac(current or text(one, "PermanentAddress")),
        type=_kind(one),
        mtu=whole(one, "MtuSize"),
        speed=str(speed // 1_000_000) if 1_000_000 <= speed < _UNKNOWN_SPEED else None,
        status=_STATES.get(whole(one, "InterfaceOperationalStatus") or 4),
        driver=text(one, "DriverName").rpartition("\\")[2].removesuffix(".sys"),
        manufacturer=_maker(one),
        pnpdeviceid=pnp,
        pciid=_pci(pnp),
    )
    found["virtualdev"] = flag(one, "Virtual") is True or flag(one, "HardwareInterface") is False
    return found


def _maker(one: Row) -> str:
    """Who made the driver; one that comes with Windows does not tell who made the adapter."""
    provider = text(one, "DriverProvider")
    return "" if provider == _WITH_WINDOWS and flag(one, "HardwareInterface") else provider


def _kind(one: Row) -> str:
    medium, kind = whole(one, "NdisPhysicalMedium"), whole(one, "InterfaceType")
    if medium in _WIFI or kind == _WIRELESS:
        return "wifi"
    if medium in _BLUETOOTH:
        return "bluetooth"
    if medium in _DIAL_UP:
        return "dialup"
    return {_ETHERNET: "ethernet", _LOOPBACK: "loopback"}.get(kind or 0, "")


def _built_in(one: Row, base: dict[str, Any]) -> bool:
    """Whether the adapter belongs to the machine: docks and dongles are moved between machines."""
    return (
        not base["virtualdev"]
        and base.get("type") not in ("bluetooth", "dialup", "loopback")
        and (not _AWAY.match(text(one, "PnPDeviceID")) or text(one, "PnPDeviceID").upper().startswith("VMBUS\\"))
    )


def _pci(pnp: str) -> str:
    """Numbers of maker and device, as inventories have them: "8086:A0F0"."""
    match = re.match(r"PCI\\VEN_([0-9A-F]{4})&DEV_([0-9A-F]{4})", pnp, re.IGNORECASE)
    return f"{match[1]}:{match[2]}".upper() if match else ""


def _texts(entry: Row, key: str) -> list[str]:
    found = entry.get(key)
    listed = found if isinstance(found, list) else [found]
    return [one.strip() for one in listed if isinstance(one, str) and one.strip()]


def _per_address(base: dict[str, Any], told: Row) -> list[dict[str, Any]]:
    """The adapter once per address, as the format has it."""
    gateway = next((one for one in _texts(told, "DefaultIPGateway") if ":" not in one), "")
    dhcp = text(told, "DHCPServer") if flag(told, "DHCPEnabled") else ""
    masks = _texts(told, "IPSubnet")
    entries = []
    for at, address in enumerate(_texts(told, "IPAddress")):
        network = _network(address, masks[at] if at < len(masks) else "")
        if network is None:
            continue
        version = "" if network.version == 4 else "6"
        more = {
            f"ipaddress{version}": address,
            f"ipmask{version}": str(network.netmask),
            f"ipsubnet{version}": str(network.network_address),
        }
        if not version:
            more.update(present(ipgateway=gateway, ipdhcp=dhcp))
        entries.append({**base, **more})
    return entries or [base]


def _network(address: str, mask: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """The network of an address; the mask is dotted for IPv4 and a number of bits for IPv6."""
    try:
        return ipaddress.ip_network(
            f"{address.partition('%')[0]}/{mask or ('64' if ':' in address else '32')}", strict=False
        )
    except ValueError:
        return None


def _leased(told: Row) -> list[str]:
    """The addresses that end: those of DHCP, and the temporary ones of IPv6."""
    dhcp = flag(told, "DHCPEnabled")
    addresses = _texts(told, "IPAddress")
    return [one for one in addresses if (not one.lower().startswith("fe80") if ":" in one else dhcp)]


def _way_out(configured: list[Row]) -> dict[str, Any]:
    """Gateway and name servers: of the adapter that has a gateway."""
    out = next((one for one in configured if _texts(one, "DefaultIPGateway")), {})
    gateways = _texts(out, "DefaultIPGateway")
    gateway = next((one for one in gateways if ":" not in one), next(iter(gateways), ""))
    return present(defaultgateway=gateway, dns="/".join(_texts(out, "DNSServerSearchOrder")))


def _route(one: Row, names: dict[int | None, str]) -> dict[str, Any]:
    """A route of IPv4 with a gateway, or to a network; those to the machine itself and to groups say nothing."""
    try:
        network = ipaddress.IPv4Network(text(one, "DestinationPrefix"), strict=False)
    except ValueError:
        return {}
    if network.prefixlen == 32 or network.is_loopback or network.is_multicast:
        return {}
    interface = names.get(whole(one, "InterfaceIndex")) or text(one, "InterfaceAlias")
    return present(
        interface=interface, destination=str(network.network_address), mask=str(network.netmask),
        gateway=text(one, "NextHop"), metric=whole(one, "RouteMetric"),
    )  # fmt: skip


SUBJECT = Subject(
    "network",
    _parse,
    ("adapters", "adapter-configuration", "routes"),
    (Section("networks"), Section("terrier.routes"), Section("hardware")),
)
