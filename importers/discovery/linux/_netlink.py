"""The kernel's own list of interfaces, addresses and routes (rtnetlink(7)): asking needs no rights and no /sys."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import NamedTuple

from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
from importers.discovery.host import Probe

LINKS, ADDRESSES, ROUTES = 18, 22, 26  # RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE
_NEW_LINK, _NEW_ADDRESS, _NEW_ROUTE, _DONE, _ERROR = 16, 20, 24, 3, 2
_ROOT_MATCH_REQUEST = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_IFLA_ADDRESS, _IFLA_IFNAME, _IFLA_MTU, _IFLA_MASTER, _IFLA_OPERSTATE = 1, 3, 4, 10, 16
_IFLA_LINKINFO, _IFLA_PERM_ADDRESS, _IFLA_PARENT_DEV_NAME, _IFLA_PARENT_DEV_BUS_NAME = 18, 54, 56, 57
_IFLA_INFO_KIND = 1
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_RTA_DST, _RTA_OIF, _RTA_GATEWAY, _RTA_PRIORITY, _RTA_TABLE = 1, 4, 5, 6, 15
_PERMANENT = 0x80  # IFA_F_PERMANENT
_MAIN_TABLE, _UNICAST = 254, 1
_STATES = ("unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up")


class Address(NamedTuple):
    """An address of an interface (by its number), with the number of bits of its network.

    ``lasting``: it was set by hand; leased and temporary ones end.
    """

    interface: int
    address: str
    bits: int
    lasting: bool = True


class NetworkInterface(NamedTuple):
    """An interface and its number; ``permanent`` is the MAC it was built with, "" where the driver does not tell.

    ``hardware`` is the kernel's number for what the link is (ARPHRD); ``kind`` the name of a kind that is made by
    software ("bridge", "vlan"), "" of real adapters; ``bus`` and ``slot`` are where a real one is plugged in, by
    kernels that tell; ``master`` is the number of the bridge or bond that it is a part of, 0 of none.
    """

    number: int
    name: str
    mac: str
    permanent: str = ""
    hardware: int = 0
    flags: int = 0
    mtu: int | None = None
    state: str = ""
    kind: str = ""
    bus: str = ""
    slot: str = ""
    master: int = 0


class NetworkRoute(NamedTuple):
    """A route of the main table: interface by its number, gateway "" where the network is attached directly."""

    interface: int
    family: int
    destination: str
    bits: int
    gateway: str
    metric: int


def ask(probe: Probe, what: int) -> bytes:
    """The kernel's answer, whole; nothing if it is not the running machine, or netlink is not permitted."""
    if not probe.host.live or not hasattr(socket, "AF_NETLINK"):
        return b""
    try:
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as channel:
            channel.settimeout(2.0)
            channel.sendto(struct.pack("=IHHIIB3x", 20, what, _ROOT_MATCH_REQUEST, 1, 0, 0), (0, 0))
            answer = b""
            while True:
                chunk = channel.recv(1 << 16)
                answer += chunk
                if not chunk or any(kind in (_DONE, _ERROR) for kind, _ in messages(chunk)):
                    return answer
    except OSError as error:
        probe.notes.append(Message("{program}: {reason}", program="netlink", reason=reason_of(error)))
        return b""


def messages(answer: bytes) -> Iterator[tuple[int, bytes]]:
    """The messages of an answer: type and body."""
    at = 0
    while at + 16 <= len(answer):
        length, kind = struct.unpack_from("=IH", answer, at)
        if length < 16 or at + length > len(answer):
            return
        yield kind, answer[at + 16 : at + length]
        at += (length + 3) & ~3


def addresses(answer: bytes) -> list[Address]:
    """The IPv4 and IPv6 addresses in an answer to ``ADDRESSES``."""
    found = []
    for kind, body in messages(answer):
        if kind != _NEW_ADDRESS or len(body) < 8:
            continue
        family, bits, flags, _, interface = struct.unpack_from("=BBBBI", body)
        fields = _attributes(body, 8)
        address = _address(family, fields.get(_IFA_LOCAL) or fields.get(_IFA_ADDRESS, b""))
        if address:
            found.append(Address(interface, address, bits, bool(flags & _PERMANENT)))
    return found


def links(answer: bytes) -> list[NetworkInterface]:
    """The interfaces in an answer to ``LINKS``."""
    found = []
    for kind, body in messages(answer):
        if kind == _NEW_LINK and len(body) >= 16:
            hardware, number, flags = struct.unpack_from("=2xHiI", body)
            fields = _attributes(body, 16)
            state = fields.get(_IFLA_OPERSTATE, b"")
            found.append(
                NetworkInterface(
                    number=number,
                    name=_text(fields.get(_IFLA_IFNAME, b"")),
                    mac=_mac(fields.get(_IFLA_ADDRESS, b"")),
                    permanent=_mac(fields.get(_IFLA_PERM_ADDRESS, b"")),
                    hardware=hardware,
                    flags=flags,
                    mtu=_number(fields.get(_IFLA_MTU, b"")),
                    state=_STATES[state[0]] if state and state[0] < len(_STATES) else "",
                    kind=_text(_attributes(fields.get(_IFLA_LINKINFO, b""), 0).get(_IFLA_INFO_KIND, b"")),
                    bus=_text(fields.get(_IFLA_PARENT_DEV_BUS_NAME, b"")),
                    slot=_text(fields.get(_IFLA_PARENT_DEV_NAME, b"")),
                    master=_number(fields.get(_IFLA_MASTER, b"")) or 0,
                )
            )
    return found


def routes(answer: bytes) -> list[NetworkRoute]:
    """The routes to other machines in an answer to ``ROUTES``: of the main table, in the kernel's order."""
    found = []
    for kind, body in messages(answer):
        if kind != _NEW_ROUTE or len(body) < 12:
            continue
        family, bits, table, how = struct.unpack_from("=BB2xB2xB", body)
        fields = _attributes(body, 12)
        size = {socket.AF_INET: 4, socket.AF_INET6: 16}.get(family)
        out = _number(fields.get(_RTA_OIF, b""))
        if size is None or bits > size * 8 or how != _UNICAST or out is None:
            continue
        if (_number(fields.get(_RTA_TABLE, b"")) or table) == _MAIN_TABLE:
            destination = _address(family, fields.get(_RTA_DST, bytes(size)))
            gateway = _address(family, fields.get(_RTA_GATEWAY, b""))
            metric = _number(fields.get(_RTA_PRIORITY, b"")) or 0
            found.append(NetworkRoute(out, family, destination, bits, gateway, metric))
    return found


def _attributes(body: bytes, at: int) -> dict[int, bytes]:
    found = {}
    while at + 4 <= len(body):
        length, kind = struct.unpack_from("=HH", body, at)
        if length < 4 or at + length > len(body):
            break
        found[kind & 0x3FFF] = body[at + 4 : at + length]
        at += (length + 3) & ~3
    return found


def _address(family: int, raw: bytes) -> str:
    known = (family, len(raw)) in ((socket.AF_INET, 4), (socket.AF_INET6, 16))
    return socket.inet_ntop(family, raw) if known else ""


def _number(raw: bytes) -> int | None:
    return int(struct.unpack("=I", raw)[0]) if len(raw) == 4 else None


def _text(raw: bytes) -> str:
    return raw.rstrip(b"\0").decode("utf-8", "replace")


def _mac(raw: bytes) -> str:
    return raw.hex(":") if len(raw) == 6 and any(raw) else ""
