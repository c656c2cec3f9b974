"""Joins the connections of machines with the listening ports of others. Pure; order changes nothing."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

_EVERYWHERE = ("", "*", "::", "0.0.0.0")


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
    """What is known of a machine's part in the network."""

    uid: str
    addresses: frozenset[str]
    listeners: tuple[Listener, ...] = ()
    connections: tuple[Connection, ...] = ()


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


@dataclass(frozen=True, slots=True)
class JoinedConnection:
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
    services: Collection[str] = (),
    check: Callable[[], None] = lambda: None,
) -> tuple[list[JoinedConnection], list[UnknownEnd]]:
    """The uses of one machine's programs by another's, and the ends that are no machine's.

    A client is named by its program where that serves others itself, on its machine or as one of ``services`` (names of
    programs); else it is what a person runs there, and the machine is the client. What a machine says to itself is left
    out. ``check`` is called often, and may raise.
    """
    return _Join({one.uid: one for one in machines}, services).all(check)


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
        for one in known.values():
            for address in one.addresses:
                if reaches_others(address):
                    self._at[address].append(one.uid)
        self._uses: dict[tuple[ServiceEnd, ServiceEnd], tuple[set[str], str]] = {}
        self._told: dict[tuple[str, str, str], set[tuple[ServiceEnd, ServiceEnd]]] = defaultdict(set)
        """What clients say themselves: client machine, server machine, ``protocol/port`` → the ends."""
        self._unknown: dict[str, tuple[set[str], set[str], bool, str]] = {}

    def all(self, check: Callable[[], None]) -> tuple[list[JoinedConnection], list[UnknownEnd]]:
        """See ``join``."""
        for inward in (False, True):  # first what clients say: only they name their program
            for one in self._known.values():
                check()
                for connection in one.connections:
                    if connection.inward is inward and reaches_others(connection.remote):
                        self._place(one, connection)
        joined = [
            JoinedConnection(client, server, tuple(sorted(ports)), seen)
            for (client, server), (ports, seen) in self._uses.items()
        ]
        unknown = [
            UnknownEnd(
                address, tuple(sorted(ports)), tuple(sorted(by)), serves, seen, tuple(sorted(self._at.get(address, ())))
            )
            for address, (ports, by, serves, seen) in self._unknown.items()
        ]
        joined.sort(key=lambda one: (one.client, one.server))
        unknown.sort(key=lambda one: (-len(one.used_by), one.address))
        return joined, unknown

    def _place(self, own: MachineSockets, connection: Connection) -> None:
        if connection.remote in own.addresses:
            return
        others = [uid for uid in self._at.get(connection.remote, ()) if uid != own.uid]
        port = f"{connection.protocol}/{connection.port}"
        if connection.inward:
            self._used(own, connection, others, port)
        else:
            self._using(own, connection, others, port)

    def _using(self, own: MachineSockets, connection: Connection, others: list[str], port: str) -> None:
        """The machine uses another one."""
        waiting = [uid for uid in others if _listener(self._known[uid], connection) is not None]
        server = waiting[0] if len(waiting) == 1 else others[0] if len(others) == 1 else ""
        if not server:
            self._note(own, connection, port, serves=True)
            return
        listener = _listener(self._known[server], connection)
        program = listener.program if listener is not None else ""
        ends = (
            ServiceEnd(own.uid, connection.program if self._serves(own, connection.program) else ""),
            ServiceEnd(server, program, "" if program else port),
        )
        self._told[own.uid, server, port].add(ends)
        self._use(ends, port, connection.seen)

    def _used(self, own: MachineSockets, connection: Connection, others: list[str], port: str) -> None:
        """The machine is used by another one."""
        if len(others) != 1:
            self._note(own, connection, port, serves=False)
            return
        server = ServiceEnd(own.uid, connection.program, "" if connection.program else port)
        for ends in self._told.get((others[0], own.uid, port), {(ServiceEnd(others[0], ""), server)}):
            self._use(ends, port, connection.seen)

    def _use(self, ends: tuple[ServiceEnd, ServiceEnd], port: str, seen: str) -> None:
        ports, before = self._uses.get(ends, (set(), ""))
        ports.add(port)
        self._uses[ends] = (ports, max(before, seen))

    def _note(self, own: MachineSockets, connection: Connection, port: str, *, serves: bool) -> None:
        ports, by, before, seen = self._unknown.get(connection.remote, (set(), set(), False, ""))
        ports.add(port)
        by.add(own.uid)
        self._unknown[connection.remote] = (ports, by, before or serves, max(seen, connection.seen))

    def _serves(self, own: MachineSockets, program: str) -> bool:
        return program in self._services or (bool(program) and any(one.program == program for one in own.listeners))


def _listener(server: MachineSockets, connection: Connection) -> Listener | None:
    """The program that waits at the far end of a connection: one that names the address before one that takes all."""
    fits = [
        one
        for one in server.listeners
        if (one.protocol, one.port) == (connection.protocol, connection.port)
        and one.address in (*_EVERYWHERE, connection.remote)
    ]
    return max(fits, key=lambda one: (one.address == connection.remote, one.program), default=None)
