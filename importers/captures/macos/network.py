"""Network: interfaces with their addresses, which of them are built in, gateway, name servers, routes."""

from __future__ import annotations

import re
from ipaddress import IPv4Network, IPv6Network
from typing import Any, NamedTuple

from cmdb.model.mac_addresses import adapter_mac
from importers.captures.capture import Capture
from importers.captures.entries import text
from importers.captures.macos._answers import items, mapping
from importers.captures.subject import Subject
from importers.discovery.collector import Content, Section, present

_VIRTUAL = re.compile(r"(lo|gif|stf|utun|ipsec|bridge|awdl|llw|anpi|ap|vmnet|vmenet|feth|vlan|bond|p2p|XHC|pktap)\d")
#: Hardware ports as networksetup calls them, in any language: what is plugged in is no part of the Mac.
_OUTER = re.compile(r"usb|dock|thunderbolt|iphone|ipad|bluetooth|lan adapter|display", re.IGNORECASE)
_KINDS = (("bridge", "bridge"), ("lo", "loopback"), ("bond", "aggregate"), ("utun", ""), ("ipsec", ""))


class Port(NamedTuple):
    """A hardware port of networksetup: what it is called, its interface, and the address that it was made with."""

    name: str
    device: str
    mac: str


def ports(content: str) -> dict[str, Port]:
    """The ports of ``networksetup -listallhardwareports`` by interface. Its words may be of another language: of three
    lines the first is the name, the second the interface, the third the address.
    """
    found = {}
    for block in re.split(r"\n\s*\n", content):
        values = [line.partition(":")[2].strip() for line in block.splitlines() if ":" in line]
        if len(values) >= 3 and re.fullmatch(r"[a-zA-Z]+\d+", values[1]):
            found[values[1]] = Port(values[0], values[1], adapter_mac(values[2]))
    return found


def interfaces(content: str) -> dict[str, str]:
    """The blocks of ``ifconfig -a`` by interface."""
    found = {}
    for block in re.split(r"^(?=\S)", content, flags=re.MULTILINE):
        name, colon, rest = block.partition(": ")
        if colon and re.fullmatch(r"[A-Za-z]+\d+", name):
            found[name] = rest
    return found


def routes(content: str) -> list[dict[str, Any]]:
    """The routes of ``netstat -rn -f inet`` but those to single neighbours."""
    found = []
    for line in content.splitlines():
        words = line.split()
        if (
            len(words) < 4
            or words[0] == "Destination"
            or "H" in words[2]
            or not re.fullmatch(r"[A-Z][A-Za-z0-9]*", words[2])
        ):
            continue
        network = destination(words[0])
        gateway = words[1] if re.fullmatch(r"[\d.]{7,15}", words[1]) else "0.0.0.0"
        if network:
            found.append(
                {
                    "interface": words[3],
                    "destination": str(network.network_address),
                    "gateway": gateway,
                    "mask": str(network.netmask),
                    "metric": 0,
                }
            )
    return found


def destination(words: str) -> IPv4Network | None:
    """The network of "default", "192.168.1", "172.16/12" or "10.0.0.0/8": trailing zeros may be missing."""
    if words == "default":
        return IPv4Network("0.0.0.0/0")
    address, slash, bits = words.partition("/")
    parts = address.split(".")
    if not all(part.isdigit() for part in parts) or len(parts) > 4:
        return None
    bits = bits if slash else str(8 * len(parts))
    try:
        return IPv4Network(f"{'.'.join((parts + ['0'] * 4)[:4])}/{bits}", strict=False)
    except ValueError:
        return None


def name_servers(dns: str) -> list[str]:
    """The name servers of the first resolvers of ``scutil --dns``: those for every name."""
    general = re.split(r"^DNS configuration \(for scoped", dns, flags=re.MULTILINE)[0]
    found: list[str] = []
    for block in re.split(r"^resolver #\d+", general, flags=re.MULTILINE)[1:]:
        if not re.search(r"^[ \t]*(domain|port|options)\s*:", block, re.MULTILINE):
            found += re.findall(r"^[ \t]*nameserver\[\d+\]\s*:\s*(\S+)", block, re.MULTILINE)
    return list(dict.fromkeys(found))


def _parse(capture: Capture) -> Content:
    table = routes(capture.content("routes"))
    known = ports(capture.content("ports"))
    gateways = {one["interface"]: one["gateway"] for one in reversed(table) if _leads_out(one)}
    networks: list[dict[str, Any]] = []
    own, leased = [], []
    services = {text(one, "interface"): one for one in items(capture, "network")}
    for name, block in interfaces(capture.content("interfaces")).items():
        port = known.get(name)
        virtual = bool(_VIRTUAL.match(name))
        base = _interface(name, block, port, virtual)
        built_in = not virtual and port is not None and not _OUTER.search(port.name)
        own.append({"name": name, **present(permanent_mac=port.mac if port else ""), "built_in": built_in})
        networks += _per_address(base, block, gateways.get(name, ""))
        service = services.get(name, {})
        if "DHCP" in text(mapping(service, "IPv4"), "ConfigMethod").upper():
            leased += re.findall(r"^[ \t]*inet ([\d.]+)", block, re.MULTILINE)
        leased += re.findall(
            r"^[ \t]*inet6 ([0-9a-fA-F:]{2,45})\S* .*\b(?:autoconf|temporary|dynamic)\b", block, re.MULTILINE
        )
    if not networks:
        return {}
    ways_out = [one for one in table if _leads_out(one)]
    found: Content = {"networks": networks, "terrier": {"interfaces": own, "routes": table}}
    if leased:
        found["terrier"]["leased_addresses"] = leased
    hardware = present(
        defaultgateway=ways_out[0]["gateway"] if ways_out else "", dns="/".join(name_servers(capture.content("dns")))
    )
    if hardware:
        found["hardware"] = hardware
    return found


def _leads_out(route: dict[str, Any]) -> bool:
    return bool(route["mask"] == "0.0.0.0" and route["gateway"] != "0.0.0.0")


def _interface(name: str, block: str, port: Port | None, virtual: bool) -> dict[str, Any]:
    mac = re.search(r"^[ \t]*ether ([0-9a-f:]{17})", block, re.MULTILINE)
    mtu = re.search(r"\bmtu (\d{1,6})", block)
    media = re.search(r"^[ \t]*media: .*?\((\d{1,6})(G?)base", block, re.MULTILINE | re.IGNORECASE)
    active = re.search(r"^[ \t]*status: (\S+)", block, re.MULTILINE)
    up = "UP" in block.partition(">")[0].partition("<")[2].split(",")
    kind = next((kind for prefix, kind in _KINDS if name.startswith(prefix)), None)
    if kind is None:
        wireless = port is not None and re.search(r"wi-?fi|airport|wlan", port.name, re.IGNORECASE)
        kind = "wifi" if wireless else "ethernet" if mac else ""
    return present(
        description=name,
        model=port.name if port else "",
        mac=adapter_mac(mac[1]) if mac else "",
        mtu=int(mtu[1]) if mtu else None,
        speed=str(int(media[1]) * (1000 if media[2] else 1)) if media else None,
        status="up" if up and (not active or active[1] == "active") else "down",
        type=kind,
        virtualdev=virtual,
    )


def _per_address(base: dict[str, Any], block: str, gateway: str) -> list[dict[str, Any]]:
    """The interface once per address, as the format has it."""
    entries = []
    for address, mask in re.findall(r"^[ \t]*inet ([\d.]+)(?: -->\s\S+)? netmask 0x([0-9a-f]{8})", block, re.MULTILINE):
        bits = bin(int(mask, 16)).count("1")
        try:
            network = IPv4Network(f"{address}/{bits}", strict=False)
        except ValueError:
            continue
        shown = {"ipaddress": address, "ipmask": str(network.netmask), "ipsubnet": str(network.network_address)}
        entries.append({**base, **shown, **present(ipgateway=gateway)})
    for address, digits in re.findall(
        r"^[ \t]*inet6 ([0-9a-fA-F:]{2,45})\S*(?: -->\s\S+)? prefixlen (\d{1,3})", block, re.MULTILINE
    ):
        try:
            wide = IPv6Network(f"{address}/{digits}", strict=False)
        except ValueError:
            continue
        entries.append(
            {**base, "ipaddress6": address, "ipmask6": str(wide.netmask), "ipsubnet6": str(wide.network_address)}
        )
    return entries or [base]


SUBJECT = Subject(
    "network",
    _parse,
    ("interfaces", "ports", "routes", "dns", "network"),
    (Section("networks"), Section("terrier.routes"), Section("hardware")),
)
