"""Routes and masks: the tables of /proc/net, and the kernel's answer where it gave one. Pure functions."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from importers.discovery.linux import _netlink

_UP, _REJECT, _LOCAL, _ANYCAST, _CACHE = 1, 0x200, 0x80000000, 0x100000, 0x1000000  # flags of routes: RTF_UP, …
_NOWHERE = {socket.AF_INET: "0.0.0.0", socket.AF_INET6: "::"}


class Route(NamedTuple):
    """A line of the routing table. Addresses as they are usually written; a gateway of zeros is a network that is
    attached directly.
    """

    interface: str
    destination: str
    gateway: str
    mask: str
    metric: int

    @property
    def way_out(self) -> bool:
        """Whether it leads to all other networks through a gateway."""
        nowhere = _NOWHERE.values()
        return self.gateway not in nowhere and self.destination in nowhere and self.mask in nowhere


def routes(text: str) -> list[Route]:
    """The active routes of /proc/net/route, whose addresses are hexadecimal in the machine's byte order."""
    found = []
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) >= 8 and int(words[3], 16) & _UP:
            found.append(Route(words[0], _dotted(words[1]), _dotted(words[2]), _dotted(words[7]), int(words[6])))
    return found


def routes_6(text: str) -> list[Route]:
    """The active routes of /proc/net/ipv6_route to other machines; those within a link alone are left out."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if len(words) != 10 or words[9] == "lo":
            continue
        flags = int(words[8], 16)
        if flags & _UP and not flags & (_REJECT | _LOCAL | _ANYCAST | _CACHE):
            destination, gateway = (socket.inet_ntop(socket.AF_INET6, bytes.fromhex(words[at])) for at in (0, 4))
            mask, _ = masked(socket.AF_INET6, destination, int(words[1], 16))
            found.append(Route(words[9], destination, gateway, mask, int(words[5], 16)))
    return [route for route in found if not _within_link(route)]


def told_routes(told: Iterable[_netlink.NetworkRoute], names: Mapping[int, str]) -> list[Route]:
    """The routes of the kernel's answer; those within a link alone are left out."""
    found = []
    for one in told:
        nowhere = _NOWHERE[socket.AddressFamily(one.family)]
        mask, _ = masked(one.family, nowhere, one.bits)
        name = names.get(one.interface, "")
        found.append(Route(name, one.destination or nowhere, one.gateway or nowhere, mask, one.metric))
    return [route for route in found if not _within_link(route)]


def masked(family: int, address: str, bits: int) -> tuple[str, str]:
    """The mask and the network of an address with that number of network bits, as text."""
    size = 32 if family == socket.AF_INET else 128
    mask = (1 << size) - (1 << (size - bits))
    network = int.from_bytes(socket.inet_pton(family, address), "big") & mask
    return _shown(family, mask), _shown(family, network)


def attached(address: str, table: Iterable[Route]) -> tuple[str, int]:
    """The interface whose directly attached network contains an IPv4 address, and the bits of that network."""
    number = _number(address)
    best = ("lo", 8) if address.startswith("127.") else ("", 32)
    narrowest = -1
    for route in table:
        if ":" in route.mask or route.gateway != "0.0.0.0":
            continue
        bits = bin(_number(route.mask)).count("1")
        if number & _number(route.mask) == _number(route.destination) and bits > narrowest:
            best, narrowest = (route.interface, bits), bits
    return best


def _within_link(route: Route) -> bool:
    return route.destination.startswith(("fe80:", "ff")) and route.gateway == "::"


def _shown(family: int, number: int) -> str:
    return socket.inet_ntop(family, number.to_bytes(4 if family == socket.AF_INET else 16, "big"))


def _dotted(hexadecimal: str) -> str:
    return socket.inet_ntoa(struct.pack("=I", int(hexadecimal, 16)))


def _number(address: str) -> int:
    return int.from_bytes(socket.inet_aton(address), "big")
