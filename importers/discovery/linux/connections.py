"""Listening ports and open connections, with the process, program, user and package at this end.

The kernel's socket tables name a socket by its inode; the open files of processes show the owner. Only root may read
those of other users' processes. Connections are grouped by their permanent ends: many temporary client ports of one
address are one line with a count. A watch looks again and again, and says when each was first and last seen.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

from importers.discovery.collector import Collector, Content, Section, present
from importers.discovery.host import Probe
from importers.discovery.linux._accounts import passwd
from importers.discovery.linux._packages import owners
from importers.discovery.linux._processes import program_of

_LISTEN, _ESTABLISHED, _UNCONNECTED = "0A", "01", "07"
#: States of connections that are being closed, or wait until the last packets are surely gone.
_ENDING = ("04", "05", "06", "08", "09", "0B")
#: A watch keeps as many sockets; more of them add no other ends.
_MOST_SOCKETS = 200_000
_MAPPED = b"\0" * 10 + b"\xff\xff"
_ELEVATE = "which programs own the ports and connections of other users"


class Socket(NamedTuple):
    """A line of a socket table. ``state`` is the kernel's number in hexadecimal."""

    protocol: str
    local: str
    local_port: int
    remote: str
    remote_port: int
    state: str
    uid: int
    inode: str


class _SeenSocket(NamedTuple):
    socket: Socket
    first: str
    last: str


class Program(NamedTuple):
    """The process that holds a socket."""

    pid: int
    name: str
    path: str


def table(protocol: str, text: str, *, ending: bool = False) -> list[Socket]:
    """The sockets of /proc/net/tcp, tcp6, udp or udp6 that listen or are connected; with ``ending`` also those of
    connections that are over, or nearly.
    """
    found = []
    wanted = {_LISTEN, _ESTABLISHED} if protocol == "tcp" else {_UNCONNECTED, _ESTABLISHED}
    if ending and protocol == "tcp":
        wanted.update(_ENDING)
    for line in text.splitlines()[1:]:
        words = line.split()
        if len(words) >= 10 and words[3] in wanted:
            local, local_port = _end(words[1])
            remote, remote_port = _end(words[2])
            found.append(Socket(protocol, local, local_port, remote, remote_port, words[3], int(words[7]), words[9]))
    return found


def _end(text: str) -> tuple[str, int]:
    """Address and port of ``0100007F:0016``: each four bytes of the address are in the machine's byte order."""
    address, _, port = text.partition(":")
    raw = b"".join(struct.pack("=I", int(address[at : at + 8], 16)) for at in range(0, len(address), 8))
    if raw.startswith(_MAPPED):
        raw = raw[12:]
    return socket.inet_ntop(socket.AF_INET if len(raw) == 4 else socket.AF_INET6, raw), int(port, 16)


def listening(sockets: Iterable[Socket]) -> list[Socket]:
    """The sockets that wait for others, each address and port once."""
    found: dict[tuple[str, str, int], Socket] = {}
    for one in sockets:
        if one.state in (_LISTEN, _UNCONNECTED) and one.remote_port == 0:
            found.setdefault((one.protocol, one.local, one.local_port), one)
    return sorted(found.values(), key=lambda s: (s.protocol, s.local_port, s.local))


def connections(sockets: Iterable[Socket], ports: set[tuple[str, int]]) -> dict[tuple[str, ...], list[Socket]]:
    """Connected sockets by what lasts of them.

    "in" with our address and port and the client's address; "out" with our address, theirs and their port.
    """
    found: dict[tuple[str, ...], list[Socket]] = {}
    for one in sockets:
        if one.state in (_LISTEN, _UNCONNECTED) or one.remote_port == 0:
            continue
        if (one.protocol, one.local_port) in ports:
            key = ("in", one.protocol, one.local, str(one.local_port), one.remote, "")
        else:
            key = ("out", one.protocol, one.local, "", one.remote, str(one.remote_port))
        found.setdefault(key, []).append(one)
    return found


def sockets_of(probe: Probe, *, ending: bool = False) -> list[Socket]:
    """The sockets of the machine, as ``table``."""
    found = []
    for protocol in ("tcp", "udp"):
        for suffix in ("", "6"):
            found += table(protocol, probe.read(f"/proc/net/{protocol}{suffix}"), ending=ending)
    return found


def _collect(probe: Probe) -> Content:
    sockets = sockets_of(probe)
    waiting = listening(sockets)
    links = connections(sockets, {(s.protocol, s.local_port) for s in waiting})
    if not waiting and not links:
        return {}
    programs = programs_of(probe, {s.inode for s in waiting} | {group[0].inode for group in links.values()})
    packages = owners(probe, {program.path for program in programs.values()})
    users = {account.uid: account.login for account in passwd(probe.read("/etc/passwd"))}
    own: dict[str, Any] = {}
    if waiting:
        own["listening_ports"] = [
            {
                "protocol": s.protocol,
                "address": s.local,
                "port": s.local_port,
                **who(s, programs, packages, users),
            }
            for s in waiting
        ]
    if links:
        own["connections"] = [
            {**ends(key), "count": len(group), **who(group[0], programs, packages, users)}
            for key, group in sorted(links.items())
        ]
    return {"terrier": own}


def ends(key: tuple[str, ...]) -> dict[str, Any]:
    """The ends of a connection by what lasts of them, as ``connections`` has it."""
    direction, protocol, local, local_port, remote, remote_port = key
    return present(
        direction=direction, protocol=protocol, local_address=local, remote_address=remote,
        local_port=int(local_port) if local_port else None, remote_port=int(remote_port) if remote_port else None,
    )  # fmt: skip


def who(one: Socket, programs: dict[str, Program], packages: dict[str, str], users: dict[int, str]) -> dict[str, Any]:
    """The user, process, program and package of a socket, as far as they are known."""
    program = programs.get(one.inode)
    found: dict[str, Any] = {"user": users.get(one.uid, str(one.uid))}
    if program:
        package = packages.get(program.path)
        found.update(present(pid=program.pid, process=program.name, program=program.path, package=package))
    return found


def programs_of(probe: Probe, inodes: set[str]) -> dict[str, Program]:
    """Socket inode → the first process that holds it. Stops as soon as every socket's owner is known."""
    wanted = {f"socket:[{inode}]": inode for inode in inodes if inode != "0"}
    found: dict[str, Program] = {}
    for pid in sorted((n for n in probe.names("/proc") if n.isdigit()), key=int):
        if not wanted:
            break
        base = f"/proc/{pid}/fd/"
        for name in probe.names(base, _ELEVATE):
            inode = wanted.pop(probe.link(base + name, _ELEVATE), None)
            if inode is not None:
                found[inode] = Program(int(pid), probe.value(f"/proc/{pid}/comm"), program_of(probe, pid))
    if not wanted and _ELEVATE in probe.elevate:
        probe.elevate.remove(_ELEVATE)  # nothing is missing
    return found


class ConnectionWatch:
    """The connections that were there at any of several looks, by the ends that last, with when they were seen.

    A socket's program is looked for when the socket is first seen: a short one is gone at the end. What was closed
    between two looks is still in the kernel's table where this end closed it, without its program.
    """

    def __init__(self, probe: Probe) -> None:
        self._probe = probe
        self._seen: dict[tuple[object, ...], _SeenSocket] = {}
        self._programs: dict[str, Program] = {}
        self._ports: set[tuple[str, int]] = set()

    def look(self, moment: str) -> None:
        """Looks which connections there are."""
        sockets = sockets_of(self._probe, ending=True)
        self._ports |= {(one.protocol, one.local_port) for one in listening(sockets)}
        new = set()
        for one in sockets:
            if one.state in (_LISTEN, _UNCONNECTED) or one.remote_port == 0:
                continue
            known = self._seen.get(one[:5])
            if known is not None:
                self._seen[one[:5]] = known._replace(last=moment)
            elif len(self._seen) < _MOST_SOCKETS:
                self._seen[one[:5]] = _SeenSocket(one, moment, moment)
                new.add(one.inode)
        if new - {"0"}:
            self._programs.update(programs_of(self._probe, new))

    def content(self) -> Content:
        """The connections of all looks."""
        seen = {one.socket: one for one in self._seen.values()}
        packages = owners(self._probe, {program.path for program in self._programs.values()})
        users = {account.uid: account.login for account in passwd(self._probe.read("/etc/passwd"))}
        rows = []
        for key, group in sorted(connections(seen, self._ports).items()):
            shown = next((one for one in group if one.inode in self._programs), group[0])
            times = [seen[one] for one in group]
            rows.append(
                {
                    **ends(key),
                    "count": len(group),
                    "first_seen": min(one.first for one in times),
                    "last_seen": max(one.last for one in times),
                    **(who(shown, self._programs, packages, users) if shown.inode != "0" else {}),
                }
            )
        return {"connections": rows} if rows else {}


COLLECTOR = Collector(
    "ports and connections",
    _collect,
    sections=(
        Section("terrier.listening_ports", _ELEVATE),
        Section("terrier.connections", _ELEVATE),
    ),
    watched=ConnectionWatch,
)
