"""Network: interfaces with their addresses, which of them are built in, gateway, name servers, routes."""

from __future__ import annotations

import re
import socket
from typing import Any

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.hardware_names import MakerNames
from importers.discovery.host import Probe
from importers.discovery.linux import _ethtool, _netlink
from importers.discovery.linux._routes import Route, attached, masked, routes, routes_6, told_routes

_NET = "/sys/class/net/"
_KINDS = {"1": "ethernet", "32": "infiniband", "772": "loopback", "512": "dialup"}
#: Kinds of interfaces that software makes, by the kernel's names, in the format's words.
_MADE = {"bridge": "bridge", "bond": "aggregate", "team": "aggregate"}
_PCI = r"[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]"
_LOOPBACK = 0x8  # IFF_LOOPBACK
_STATES = {"up", "down", "dormant", "notpresent", "lowerlayerdown", "testing"}


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


def _collect(probe: Probe) -> Content:
    links = {link.name: link for link in _netlink.links(_netlink.ask(probe, _netlink.LINKS))}
    numbers = {link.number: link.name for link in links.values()}
    table = _routes(probe, numbers)
    told = _netlink.addresses(_netlink.ask(probe, _netlink.ADDRESSES))
    addresses = _addresses(probe, told, numbers, table)
    ways_out = sorted((route for route in table if route.way_out), key=lambda route: (":" in route.mask, route.metric))
    gateways = {route.interface: route.gateway for route in reversed(ways_out) if ":" not in route.mask}
    networks: list[dict[str, Any]] = []
    own = []
    makers: MakerNames | None = None
    for name in sorted({*links, *(n for n in probe.names(_NET) if probe.exists(f"{_NET}{n}/address"))}):
        base, more = _interface(probe, name, links.get(name), links)
        own.append({"name": name, **more})
        mac = more.get("permanent_mac") or base.get("mac")
        if mac and not base.get("virtualdev"):
            makers = makers or MakerNames.of_adapters(probe)
            base.update(present(manufacturer=makers.of_mac(mac)))
        networks.extend(_per_address(base, addresses.get(name, []), gateways.get(name, "")))
    if not networks:
        return {}
    servers = name_servers(probe.read("/etc/resolv.conf"))
    if servers == ["127.0.0.53"]:  # the local resolver: the real ones are in another file
        servers = name_servers(probe.read("/run/systemd/resolve/resolv.conf")) or servers
    found: Content = {"networks": networks, "terrier": {"interfaces": own, "routes": [r._asdict() for r in table]}}
    leased = [one.address for one in told if not one.lasting]
    if leased:
        found["terrier"]["leased_addresses"] = leased
    hardware = present(defaultgateway=ways_out[0].gateway if ways_out else "", dns="/".join(servers))
    if hardware:
        found["hardware"] = hardware
    return found


def _routes(probe: Probe, names: dict[int, str]) -> list[Route]:
    """The routes as the kernel told, else from /proc."""
    told = told_routes(_netlink.routes(_netlink.ask(probe, _netlink.ROUTES)), names)
    return told or [*routes(probe.read("/proc/net/route")), *routes_6(probe.read("/proc/net/ipv6_route"))]


def _addresses(
    probe: Probe, told: list[_netlink.Address], names: dict[int, str], table: list[Route]
) -> dict[str, list[tuple[int, str, int]]]:
    """Interface → its addresses (family, address, bits): as the kernel told, else from /proc."""
    found: dict[str, list[tuple[int, str, int]]] = {}
    for one in told:
        family = socket.AF_INET6 if ":" in one.address else socket.AF_INET
        found.setdefault(names.get(one.interface, ""), []).append((family, one.address, one.bits))
    if told:
        return found
    for address in local_addresses(probe.read("/proc/net/fib_trie")):
        interface, bits = attached(address, table)
        found.setdefault(interface, []).append((socket.AF_INET, address, bits))
    for interface, address, bits in ipv6_addresses(probe.read("/proc/net/if_inet6")):
        found.setdefault(interface, []).append((socket.AF_INET6, address, bits))
    return found


def _interface(
    probe: Probe, name: str, link: _netlink.NetworkInterface | None, links: dict[str, _netlink.NetworkInterface]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """An interface in the format's form, and what it has no place for: by /sys, else as kernel and driver tell."""
    if not probe.exists(f"{_NET}{name}/address"):
        return _told(probe, link, links) if link else ({}, {})
    base = _NET + name
    where = probe.resolved(base)
    speed = probe.number(base + "/speed")
    slaves = [n[len("lower_") :] for n in probe.names(base) if n.startswith("lower_")] or probe.names(base + "/brif")
    pci = re.findall(r"/([0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])/", where)
    mac = probe.value(base + "/address")
    virtual = "/devices/virtual/" in where
    found = present(
        description=name,
        mac=mac if re.fullmatch(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", mac) and mac.strip("0:") else "",
        mtu=probe.number(base + "/mtu"),
        speed=str(speed) if speed and speed > 0 else None,
        status=_state(probe.value(base + "/operstate"), probe.value(base + "/flags")),
        type=_kind(probe, base),
        driver=probe.link(base + "/device/driver").rpartition("/")[2],
        pcislot=pci[-1].partition(":")[2] if pci else None,
        slaves=",".join(slaves),
        virtualdev=virtual,
    )
    built_in = not virtual and "/usb" not in where and not _behind_thunderbolt(probe, where)
    return found, present(permanent_mac=link.permanent if link else "", built_in=built_in)


def _told(
    probe: Probe, link: _netlink.NetworkInterface, links: dict[str, _netlink.NetworkInterface]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """As ``_interface``, without /sys: many containers have none."""
    adapter = _ethtool.adapter(probe, link.name)
    virtual = None
    if link.kind or link.flags & _LOOPBACK:
        virtual = True
    elif link.bus or re.fullmatch(_PCI, adapter.slot) or adapter.slot.startswith("usb-"):
        virtual = False
    slot = link.slot if link.bus == "pci" else adapter.slot
    usb = link.bus == "usb" or adapter.slot.startswith("usb-")
    found = present(
        description=link.name,
        mac=link.mac,
        mtu=link.mtu,
        speed=str(adapter.speed) if adapter.speed else None,
        status=_state(link.state, f"{link.flags:#x}"),
        type=_MADE.get(link.kind) or _KINDS.get(str(link.hardware), ""),
        driver="" if virtual else adapter.driver,
        firmware=adapter.firmware,
        pcislot=slot.partition(":")[2] if re.fullmatch(_PCI, slot) else None,
        slaves=",".join(sorted(one.name for one in links.values() if one.master == link.number)),
        virtualdev=virtual,
    )
    built_in = False if virtual or usb else None  # whether a slot is one of a dock is known to /sys only
    return found, present(permanent_mac=link.permanent or adapter.permanent, built_in=built_in)


def _state(state: str, flags: str) -> str:
    """The format's word for a state. Loopback and tunnels do not know theirs: it is told by their flag."""
    if state == "unknown" and re.fullmatch(r"0x[0-9a-f]+", flags):
        return "up" if int(flags, 16) & 1 else "down"
    return state if state in _STATES else ""


def _kind(probe: Probe, base: str) -> str:
    if probe.exists(base + "/wireless") or probe.exists(base + "/phy80211"):
        return "wifi"
    if probe.exists(base + "/bridge"):
        return "bridge"
    if probe.exists(base + "/bonding") or probe.exists(base + "/team"):
        return "aggregate"
    return _KINDS.get(probe.value(base + "/type"), "")


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
