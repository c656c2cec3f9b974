"""Network: interfaces with their addresses, which of them are built in, gateway, name servers, routes."""

from __future__ import annotations

import re
import socket
import struct
from typing import Any, NamedTuple

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux import _netlink

_NET = "/sys/class/net/"
_KINDS = {"1": "ethernet", "32": "infiniband", "772": "loopback", "512": "dialup"}
_STATES = {"up", "down", "dormant", "notpresent", "lowerlayerdown", "testing"}


class Route(NamedTuple):
    """A line of the IPv4 routing table; addresses dotted."""

    interface: str
    destination: str
    gateway: str
    mask: str
    metric: int


def routes(text: str) -> list[Route]:
    """The active routes of /proc/net/route, whose addresses are hexadecimal in the machine's byte order."""
    found = []
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) >= 8 and int(words[3], 16) & 1:
            found.append(Route(words[0], _dotted(words[1]), _dotted(words[2]), _dotted(words[7]), int(words[6])))
    return found


def ipv6_addresses(text: str) -> list[tuple[str, str, int]]:
    """Interface, address and prefix bits of each line of /proc/net/if_inet6."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) == 6:
            address = socket.inet_ntop(socket.AF_INET6, bytes.fromhex(words[0]))
            found.append((words[5], address, int(words[2], 16)))
    return found


def local_addresses(fib_trie: str) -> list[str]:
    """The machine's own IPv4 addresses by /proc/net/fib_trie, which does not name their interfaces."""
    found = re.findall(r"\|--\s+([\d.]+)\s*\n\s*/32 host LOCAL", fib_trie)
    return list(dict.fromkeys(found))


def name_servers(resolv_conf: str) -> list[str]:
    """The name servers of a resolv.conf, in order."""
    lines = (line.split() for line in resolv_conf.splitlines())
    return [words[1] for words in lines if len(words) > 1 and words[0] == "nameserver"]


def masked(family: int, address: str, bits: int) -> tuple[str, str]:
    """The mask and the network of an address with that number of network bits, as text."""
    size = 32 if family == socket.AF_INET else 128
    mask = (1 << size) - (1 << (size - bits))
    network = int.from_bytes(socket.inet_pton(family, address), "big") & mask
    return _shown(family, mask), _shown(family, network)


def _shown(family: int, number: int) -> str:
    return socket.inet_ntop(family, number.to_bytes(4 if family == socket.AF_INET else 16, "big"))


def _dotted(hexadecimal: str) -> str:
    return socket.inet_ntoa(struct.pack("=I", int(hexadecimal, 16)))


def _collect(probe: Probe) -> Content:
    table = routes(probe.read("/proc/net/route"))
    links = {link.name: link for link in _netlink.links(_netlink.ask(probe, _netlink.LINKS))}
    told = _netlink.addresses(_netlink.ask(probe, _netlink.ADDRESSES))
    addresses = _addresses(probe, told, {link.number: link.name for link in links.values()}, table)
    ways_out = [r for r in table if r.gateway != "0.0.0.0" and r.mask == "0.0.0.0"]
    gateways = {r.interface: r.gateway for r in reversed(ways_out)}
    networks: list[dict[str, Any]] = []
    own = []
    for name in probe.names(_NET):
        if not probe.exists(f"{_NET}{name}/address"):  # bonding_masters and the like
            continue
        base = _interface(probe, name)
        permanent = links[name].permanent if name in links else ""
        own.append({"name": name, **present(permanent_mac=permanent), "built_in": _built_in(probe, name, base)})
        networks.extend(_per_address(base, addresses.get(name, []), gateways.get(name, "")))
    if not networks:
        return {}
    default = min(ways_out, key=lambda r: r.metric, default=None)
    servers = name_servers(probe.read("/etc/resolv.conf"))
    if servers == ["127.0.0.53"]:  # the local resolver: the real ones are in another file
        servers = name_servers(probe.read("/run/systemd/resolve/resolv.conf")) or servers
    found: Content = {"networks": networks, "terrier": {"interfaces": own, "routes": [r._asdict() for r in table]}}
    leased = [one.address for one in told if not one.lasting]
    if leased:
        found["terrier"]["leased_addresses"] = leased
    hardware = present(defaultgateway=default.gateway if default else "", dns="/".join(servers))
    if hardware:
        found["hardware"] = hardware
    return found


def _addresses(
    probe: Probe, told: list[_netlink.Address], names: dict[int, str], table: list[Route]
) -> dict[str, list[tuple[int, str, int]]]:
    """Interface → its addresses (family, address, bits): as netlink told, else from /proc."""
    found: dict[str, list[tuple[int, str, int]]] = {}
    for one in told:
        family = socket.AF_INET6 if ":" in one.address else socket.AF_INET
        found.setdefault(names.get(one.interface, ""), []).append((family, one.address, one.bits))
    if told:
        return found
    for address in local_addresses(probe.read("/proc/net/fib_trie")):
        interface, bits = _by_route(address, table)
        found.setdefault(interface, []).append((socket.AF_INET, address, bits))
    for interface, address, bits in ipv6_addresses(probe.read("/proc/net/if_inet6")):
        found.setdefault(interface, []).append((socket.AF_INET6, address, bits))
    return found


def _by_route(address: str, table: list[Route]) -> tuple[str, int]:
    """The interface whose directly attached network contains an address, and the bits of that network."""
    number = _number(address)
    best = ("lo", 8) if address.startswith("127.") else ("", 32)
    narrowest = -1
    for route in table:
        bits = _number(route.mask).bit_count()
        attached = route.gateway == "0.0.0.0" and number & _number(route.mask) == _number(route.destination)
        if attached and bits > narrowest:
            best, narrowest = (route.interface, bits), bits
    return best


def _number(address: str) -> int:
    return int.from_bytes(socket.inet_aton(address), "big")


def _interface(probe: Probe, name: str) -> dict[str, Any]:
    base = _NET + name
    where = probe.resolved(base)
    speed = probe.number(base + "/speed")
    state = probe.value(base + "/operstate")
    if state == "unknown":  # loopback and tunnels, by their flag
        state = "up" if int(probe.value(base + "/flags") or "0", 16) & 1 else "down"
    slaves = [n[len("lower_") :] for n in probe.names(base) if n.startswith("lower_")] or probe.names(base + "/brif")
    pci = re.findall(r"/([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])/", where)
    mac = probe.value(base + "/address")
    found = present(
        description=name,
        mac=mac if re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", mac) else "",
        mtu=probe.number(base + "/mtu"),
        speed=str(speed) if speed and speed > 0 else None,
        status=state if state in _STATES else "unknown",
        type=_kind(probe, base),
        driver=probe.link(base + "/device/driver").rpartition("/")[2],
        pcislot=pci[-1].partition(":")[2] if pci else None,
        slaves=",".join(slaves),
    )
    found["virtualdev"] = "/devices/virtual/" in where
    return found


def _kind(probe: Probe, base: str) -> str:
    if probe.exists(base + "/wireless") or probe.exists(base + "/phy80211"):
        return "wifi"
    if probe.exists(base + "/bridge"):
        return "bridge"
    if probe.exists(base + "/bonding") or probe.exists(base + "/team"):
        return "aggregate"
    return _KINDS.get(probe.value(base + "/type"), "")


def _built_in(probe: Probe, name: str, facts: dict[str, Any]) -> bool:
    """Whether the adapter belongs to the machine: docks and dongles are moved between machines."""
    if facts["virtualdev"]:
        return False
    where = probe.resolved(_NET + name)
    return "/usb" not in where and not _behind_thunderbolt(probe, where)


def _behind_thunderbolt(probe: Probe, where: str) -> bool:
    """Whether a PCI device or a bridge above it is marked as external (a Thunderbolt or USB4 dock)."""
    at = where
    while at.startswith("/sys/devices/pci"):
        if probe.value(at + "/removable") == "removable":
            return True
        at = at.rpartition("/")[0]
    return False


def _per_address(base: dict[str, Any], addresses: list[tuple[int, str, int]], gateway: str) -> list[dict[str, Any]]:
    """The interface once per address, as the format has it."""
    entries = []
    for family, address, bits in addresses:
        mask, network = masked(family, address, bits)
        if family == socket.AF_INET:
            entry = {**base, "ipaddress": address, "ipmask": mask, "ipsubnet": network, **present(ipgateway=gateway)}
        else:
            entry = {**base, "ipaddress6": address, "ipmask6": mask, "ipsubnet6": network}
        entries.append(entry)
    return entries or [base]


COLLECTOR = Collector(
    "network",
    _collect,
    sections=(
        Section("networks"),
        Section("terrier.routes"),
        Section("hardware"),
    ),
)
