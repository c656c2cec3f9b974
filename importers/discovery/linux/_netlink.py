"""The kernel's own list of interfaces and addresses (rtnetlink(7)): asking needs no rights, parsing is on bytes."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from typing import NamedTuple

from cmdb.model.messages import Message
from cmdb.model.system_errors import reason_of
from importers.discovery.host import Probe

LINKS, ADDRESSES = 18, 22  # RTM_GETLINK, RTM_GETADDR
_NEW_LINK, _NEW_ADDRESS, _DONE, _ERROR = 16, 20, 3, 2
_ROOT_MATCH_REQUEST = 0x301  # NLM_F_REQUEST | NLM_F_DUMP
_IFLA_ADDRESS, _IFLA_IFNAME, _IFLA_PERM_ADDRESS = 1, 3, 54
_IFA_ADDRESS, _IFA_LOCAL = 1, 2
_PERMANENT = 0x80  # IFA_F_PERMANENT


class Address(NamedTuple):
    """An address of an interface (by its number), with the number of bits of its network.

    ``lasting``: it was set by hand; leased and temporary ones end.
    """

    interface: int
    address: str
    bits: int
    lasting: bool = True


class NetworkInterface(NamedTuple):
    """An interface and its number; ``permanent`` is the MAC it was built with, "" where the driver does not tell."""

    number: int
    name: str
    mac: str
    permanent: str


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
        raw = fields.get(_IFA_LOCAL) or fields.get(_IFA_ADDRESS, b"")
        if (family, len(raw)) in ((socket.AF_INET, 4), (socket.AF_INET6, 16)):
            found.append(Address(interface, socket.inet_ntop(family, raw), bits, bool(flags & _PERMANENT)))
    return found


def links(answer: bytes) -> list[NetworkInterface]:
    """The interfaces in an answer to ``LINKS``."""
    found = []
    for kind, body in messages(answer):
        if kind == _NEW_LINK and len(body) >= 16:
            (number,) = struct.unpack_from("=i", body, 4)
            fields = _attributes(body, 16)
            name = fields.get(_IFLA_IFNAME, b"").rstrip(b"\0").decode("utf-8", "replace")
            mac, permanent = fields.get(_IFLA_ADDRESS, b""), fields.get(_IFLA_PERM_ADDRESS, b"")
            found.append(NetworkInterface(number, name, _mac(mac), _mac(permanent)))
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


def _mac(raw: bytes) -> str:
    return raw.hex(":") if len(raw) == 6 and any(raw) else ""
