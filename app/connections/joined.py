"""Joins the connections of machines with the listening ports of others. Pure; order changes nothing."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

_EVERYWHERE = frozenset(("", "*", "::", "0.0.0.0"))


class Listener(NamedTuple):
    """A port at which a program waits for others. ``address`` may be one that stands for all."""

    protocol: str
    address: str
    port: int
    program: str


class Connection(NamedTuple):
    """One or several connections of the same ends, seen from one of them.

    ``port`` is the serving end's: ours with ``inward``, else theirs. ``program`` is ours; "" where it is not known.
    ``seen`` is an ISO time (UTC).
    """

    inward: bool
    protocol: str
    remote: str
    port: int
    program: str
    seen: str


@dataclass(frozen=True, slots=True)
class MachineSockets:
    """Where a machine is reached, and what waits there."""

    uid: str
    addresses: frozenset[str]
    listeners: tuple[Listener, ...] = ()


class ServiceEnd(NamedTuple):
    """An end of a dependency: a program on a machine. Without ``program`` it is what answers at ``port``
    (``protocol/port``), or the machine itself where that is "" too.
    """

    machine: str
    program: str
    port: str = ""

    @property
    def is_service(self) -> bool:
        """Whether it is a program that serves others, and not the machine itself."""
        return bool(self.program or self.port)


_Ends = tuple[ServiceEnd, ServiceEnd]
"""A client and what it uses."""


class JoinedConnection(NamedTuple):
    """A program of one machine that uses a program of another, at these ports (``protocol/port``), last ``seen``."""

    client: ServiceEnd
    server: ServiceEnd
    ports: tuple[str, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class UnknownEnd:
    """An address that is no known machine's, or (``machines``) that several have: what it is used for, and by whom.

    ``ports`` are ours that it uses, or its that we use; ``serves`` says that we use it at least once.
    """

    address: str
    ports: tuple[str, ...]
    used_by: tuple[str, ...]
    serves: bool
    seen: str
    machines: tuple[str, ...] = ()


def join(
    machines: Iterable[MachineSockets],
    connections: Iterable[tuple[str, Iterable[Connection]]],
    services: Collection[str] = (),
    check: Callable[[], None] = lambda: None,
) -> tuple[list[JoinedConnection], list[UnknownEnd]]:
    """The uses of one machine's programs by another's, and the ends that are no machine's.

    ``connections`` are those of each machine, by its id; they are read once, and not kept. A client is named by its
    program where that serves others itself, on its machine or as one of ``services`` (names of programs); else it is
    what a person runs there, and the machine is the client. What a machine says to itself is left out. ``check`` is
    called often, and may raise.
    """
    found = _Join({one.uid: one for one in machines}, services)
    for uid, its in connections:
        check()
        found.add(uid, its)
    return found.all()


@lru_cache(1 << 14)
def _port(protocol: str, port: int) -> str:
    return f"{protocol}/{port}"


@lru_cache(1 << 16)
def reaches_others(address: str) -> bool:
    """Whether other machines can be meant by an address: not one of a loop back, of one link, or of a group."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return not (found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified)


class _Join:
    def __init__(self, known: Mapping[str, MachineSockets], services: Collection[str]) -> None:
        self._known, self._services = known, services
        self._at: dict[str, list[str]] = defaultdict(list)
        self._waiting: dict[tuple[str, str, int], list[Listener]] = defaultdict(list)
        """What waits on a machine, by protocol and port."""
        for one in known.values():
            for address in one.addresses:
                if reaches_others(address):
                    self._at[address].append(one.uid)
            for listener in one.listeners:
                self._waiting[one.uid, listener.protocol, listener.port].append(listener)
        self._uses: dict[_Ends, tuple[tuple[str, ...], str]] = {}
        self._unknown: dict[str, tuple[set[str], set[str], bool, str]] = {}
        self._inward: dict[tuple[str, str, str, int, str], str] = {}
        """What servers say, kept until all clients have spoken, as only they name their program: machine, protocol,
        address, port, program → when it was seen last."""

    def add(self, uid: str, connections: Iterable[Connection]) -> None:
        """Takes in what a machine says."""
        own = self._known.get(uid)
        if own is None:
            return
        serving = {one.program for one in own.listeners} - {""}
        for one in connections:
            if one.remote in own.addresses or not reaches_others(one.remote):
                continue
            if one.inward:
                key = (uid, one.protocol, one.remote, one.port, one.program)
                self._inward[key] = max(one.seen, self._inward.get(key, ""))
            else:
                self._using(own, one, one.program in serving or one.program in self._services)

    def all(self) -> tuple[list[JoinedConnection], list[UnknownEnd]]:
        """See ``join``."""
        said = [
            (self._known[uid], Connection(True, protocol, remote, port, program, seen))
            for (uid, protocol, remote, port, program), seen in self._inward.items()
        ]
        self._inward.clear()
        told = self._told(said)
        for own, connection in said:
            self._used(own, connection, told)
        joined = [JoinedConnection(*ends, tuple(sorted(ports)), seen) for ends, (ports, seen) in self._uses.items()]
        unknown = [
            UnknownEnd(
                address, tuple(sorted(ports)), tuple(sorted(by)), serves, seen, tuple(sorted(self._at.get(address, ())))
            )
            for address, (ports, by, serves, seen) in self._unknown.items()
        ]
        joined.sort()  # by their ends, which stand first and are each there once
        unknown.sort(key=lambda one: (-len(one.used_by), one.address))
        return joined, unknown

    def _others(self, own: MachineSockets, address: str) -> list[str]:
        return [uid for uid in self._at.get(address, ()) if uid != own.uid]

    def _using(self, own: MachineSockets, connection: Connection, named: bool) -> None:
        """The machine uses another one. ``named``: its program serves others itself."""
        others, port = self._others(own, connection.remote), _port(connection.protocol, connection.port)
        waiting = [uid for uid in others if self._listener(uid, connection) is not None] if len(others) > 1 else others
        server = waiting[0] if len(waiting) == 1 else others[0] if len(others) == 1 else ""
        if not server:
            self._note(own, connection, port, serves=True)
            return
        listener = self._listener(server, connection)
        program = listener.program if listener is not None else ""
        ends = (
            ServiceEnd(own.uid, connection.program if named else ""),
            ServiceEnd(server, program, "" if program else port),
        )
        self._use(ends, port, connection.seen)

    def _told(self, said: Iterable[tuple[MachineSockets, Connection]]) -> dict[tuple[str, str, str], list[_Ends]]:
        """What clients say of what these servers say: client machine, server machine, ``protocol/port`` → the ends."""
        found: dict[tuple[str, str, str], list[_Ends]] = {
            (other, own.uid, _port(one.protocol, one.port)): []
            for own, one in said
            for other in self._others(own, one.remote)
        }
        for ends, (ports, _) in self._uses.items() if found else ():
            for port in ports:
                its = found.get((ends[0].machine, ends[1].machine, port))
                if its is not None:
                    its.append(ends)
        return found

    def _used(
        self, own: MachineSockets, connection: Connection, told: Mapping[tuple[str, str, str], Sequence[_Ends]]
    ) -> None:
        """The machine is used by another one."""
        others, port = self._others(own, connection.remote), _port(connection.protocol, connection.port)
        if len(others) != 1:
            self._note(own, connection, port, serves=False)
            return
        server = ServiceEnd(own.uid, connection.program, "" if connection.program else port)
        for ends in told[others[0], own.uid, port] or [(ServiceEnd(others[0], ""), server)]:
            self._use(ends, port, connection.seen)

    def _use(self, ends: _Ends, port: str, seen: str) -> None:
        ports, before = self._uses.get(ends, ((), ""))
        if port not in ports or seen > before:
            self._uses[ends] = (ports if port in ports else (*ports, port), max(before, seen))

    def _note(self, own: MachineSockets, connection: Connection, port: str, *, serves: bool) -> None:
        ports, by, before, seen = self._unknown.get(connection.remote, (set(), set(), False, ""))
        ports.add(port)
        by.add(own.uid)
        self._unknown[connection.remote] = (ports, by, before or serves, max(seen, connection.seen))

    def _listener(self, server: str, connection: Connection) -> Listener | None:
        """What waits at the far end of a connection: one that names the address before one that takes all."""
        fits = [
            one
            for one in self._waiting.get((server, connection.protocol, connection.port), ())
            if one.address in _EVERYWHERE or one.address == connection.remote
        ]
        return max(fits, key=lambda one: (one.address == connection.remote, one.program), default=None)
