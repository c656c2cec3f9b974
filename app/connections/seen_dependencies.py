"""The dependencies that scans see in connections, the records that stand for their ends, and what was said of them."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from app.connections.joined import Connection, JoinedConnection, ServiceEnd, UnknownEnd, join
from app.connections.known_services import KnownService, KnownServices, known_services
from app.connections.neighbours import Neighbour, unlinked_neighbours
from app.connections.sockets import connections, machine_sockets
from cmdb.model.control import Control
from cmdb.model.gc_pause import gc_paused
from cmdb.model.messages import Message, tr
from cmdb.model.revision import Record

if TYPE_CHECKING:
    from app.answer_cache import AnswerCache
    from app.jobs import Jobs
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

KIND = "dependency"
"""The kind of decisions about what connections say."""
OPEN, ACCEPTED, DISMISSED = "open", "accepted", "dismissed"
_DEPENDS = ("depends_on", "uses", "stores_data_on")
_NAMESPACE = uuid.UUID("5f0f5a3e-0f6b-5b52-8a35-6f2c1d0a7b11").bytes


@dataclass(frozen=True, slots=True)
class DependencyEnd:
    """A record that depends, or is depended on: one that is there (``uid``), or one to be made on ``machine``."""

    end: ServiceEnd
    name: str
    cls: str
    uid: str = ""
    port: int | None = None
    """The port at which an instance that is to be made answers, if it is one."""


class SeenDependency(NamedTuple):
    """One thing that depends on another, as connections say, and what was said of it: open, accepted or dismissed.

    ``between_services``: both ends are programs that serve others, and neither serves administration.
    """

    id: str
    client: DependencyEnd
    server: DependencyEnd
    ports: tuple[str, ...]
    seen: str
    state: str = OPEN
    between_services: bool = False


@dataclass(frozen=True, slots=True)
class UnknownAddress:
    """An address that no machine of the register has, or that several have: an end of connections.

    ``names`` are of the machines that have connections with it (``used_by`` are their ids); ``service`` is what answers
    there by its port.
    """

    id: str
    end: UnknownEnd
    names: tuple[str, ...]
    service: str
    state: str = OPEN


class SeenNeighbour(NamedTuple):
    """A neighbour of devices that is no record, or one that is not linked with all of them.

    ``names`` are the devices and ports where it was seen, in the order of its places.
    """

    id: str
    end: Neighbour
    names: tuple[str, ...]
    state: str = OPEN


@dataclass(frozen=True, slots=True)
class SeenConnections:
    """All that connections say. ``machines`` is the number of machines of which connections are known."""

    dependencies: tuple[SeenDependency, ...]
    unknown: tuple[UnknownAddress, ...]
    machines: int
    neighbours: tuple[SeenNeighbour, ...] = ()


def found_connections(remembered: AnswerCache, reader: Reader, jobs: Jobs) -> SeenConnections:
    """What connections say at the reader's moment; a job, once per revision. Raises Cancelled."""

    def look(control: Control) -> SeenConnections:
        with reader.cancellable(control):
            return seen_connections(reader, control)

    key = "connections_with_draft" if reader.draft else "connections"
    return remembered.get(key, reader.moment, lambda: jobs.run(Message("Joining connections"), look))


def seen_connections(reader: Reader, control: Control | None = None) -> SeenConnections:
    """The dependencies that connections say, those between services first, the latest first. Raises Cancelled."""
    with gc_paused():
        return _seen_connections(reader, control or Control())


def _seen_connections(reader: Reader, control: Control) -> SeenConnections:
    services = known_services()
    machines = machine_sockets(reader, control)
    serving = {name for name, one in services.by_program.items() if not one.administration}
    told: set[str] = set()

    def said() -> Iterator[tuple[str, Sequence[Connection]]]:
        for uid, its in connections(reader, control):
            if its:
                told.add(uid)
            yield uid, its

    joined, unknown = join(machines, said(), serving, control.check)
    decisions = known_decisions(reader)
    ends = _Ends(reader, services, joined, unknown, decisions)
    decided = decided_between(decisions)
    dependencies = [_dependency(ends, one, decisions, decided) for one in joined]
    dependencies.sort(key=lambda one: one.seen, reverse=True)
    dependencies.sort(key=lambda one: not one.between_services)
    addresses = [_address(ends, services, one, decisions) for one in unknown]
    beside = _neighbours(reader, unlinked_neighbours(reader, control), decisions)
    return SeenConnections(tuple(dependencies), tuple(addresses), len(told), tuple(beside))


def _neighbours(
    reader: Reader, found: Sequence[Neighbour], decisions: Mapping[str, Mapping[str, Any]]
) -> Iterator[SeenNeighbour]:
    called = reader.names({place.device for one in found for place in one.places})
    told = Counter(name.casefold() for one in found for name in one.names)
    for one in found:
        first, *others = (name.casefold() for name in one.names)
        # It may have been decided before a better name was told, and a name that several have is nobody's.
        ids = [decision_id("neighbour", name) for name in (first, *(name for name in others if told[name] == 1))]
        uid = next((each for each in ids if each in decisions), ids[0])
        names = (
            tr("{device}: {port}", device=called[p.device][1], port=p.port) if p.port else called[p.device][1]
            for p in one.places
            if p.device in called
        )
        yield SeenNeighbour(uid, one, tuple(names), DISMISSED if uid in decisions else OPEN)


def known_decisions(reader: Reader) -> dict[str, Mapping[str, Any]]:
    """What was said of connections, by the ids of the decisions."""
    return {key[0]: fields for key, fields in reader.records("decision").items() if fields.get("kind") == KIND}


def decision_id(*parts: str) -> str:
    """The id of the decision about a dependency, an address or a neighbour: a UUID of version 5.

    It is made of its bytes: there is one for each connection, and ``uuid5`` takes three times as long.
    """
    found = bytearray(hashlib.sha1(_NAMESPACE + "\n".join(parts).encode(), usedforsecurity=False).digest()[:16])
    found[6], found[8] = found[6] & 0x0F | 0x50, found[8] & 0x3F | 0x80
    word = found.hex()
    return f"{word[:8]}-{word[8:12]}-{word[12:16]}-{word[16:20]}-{word[20:]}"


def decision(uid: str) -> Record:
    """The record of a decision."""
    return Record("decision", (uid,))


def decided_between(decisions: Mapping[str, Mapping[str, Any]]) -> dict[tuple[ServiceEnd, ...], list[str]]:
    """What was decided of dependencies, by their ends as they are now: machines are merged after it was decided."""
    found: dict[tuple[ServiceEnd, ...], list[str]] = {}
    for uid, fields in decisions.items():
        if between := fields.get("between"):
            found.setdefault(tuple(ServiceEnd(*end) for end in between), []).append(uid)
    return found


def _dependency(
    ends: _Ends,
    one: JoinedConnection,
    decisions: Mapping[str, Mapping[str, Any]],
    decided: Mapping[tuple[ServiceEnd, ...], Sequence[str]],
) -> SeenDependency:
    uid = min(decided.get((one.client, one.server), ()), default=decision_id(*one.client, *one.server))
    client = ends.record(one.client, (), serving=False)
    server = ends.record(one.server, one.ports, serving=True)
    between = bool(one.client.program) and not ends.administration(one.server, one.ports)
    # Of what was accepted, and whose relationship somebody took away again, nobody is asked once more.
    state = ACCEPTED if ends.linked(client.uid, server.uid) else DISMISSED if uid in decisions else OPEN
    return SeenDependency(uid, client, server, one.ports, one.seen, state, between)


def _address(
    ends: _Ends, services: KnownServices, one: UnknownEnd, decisions: Mapping[str, Mapping[str, Any]]
) -> UnknownAddress:
    uid = decision_id(one.address)
    known = next((found for port in one.ports if (found := services.by_port.get(port))), None) if one.serves else None
    names = tuple(sorted(ends.name(machine) for machine in one.used_by))
    state = DISMISSED if uid in decisions else OPEN
    return UnknownAddress(uid, one, names, known.label if known is not None else "", state)


class _Ends:
    """The records that stand for the ends: looked up together."""

    def __init__(
        self,
        reader: Reader,
        services: KnownServices,
        joined: Sequence[JoinedConnection],
        unknown: Iterable[UnknownEnd],
        decisions: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._services, self._schema = services, reader.schema
        machines = {end.machine for one in joined for end in (one.client, one.server)}
        self._names = reader.names({*machines, *(uid for one in unknown for uid in one.used_by)})
        self._known = _remembered(decisions)
        inner = reader.inner(machines)
        running = reader.linked_to("runs_on", inner.values())
        by_id = {one.id: one for one in reader.many(sorted({i for its in running.values() for i in its}))}
        self._running = {
            uid: [by_id[i] for i in running.get(number, ()) if i in by_id] for uid, number in inner.items()
        }
        ids = {**inner, **{one.uid: one.id for one in by_id.values()}}
        self._links = {
            (source, target)
            for kind in _DEPENDS
            for source, targets in reader.linked(kind, ids.values()).items()
            for target in targets
        }
        self._ids = ids
        self._of: dict[tuple[ServiceEnd, Sequence[str], bool], DependencyEnd] = {}
        self._administers: dict[tuple[ServiceEnd, Sequence[str]], bool] = {}

    def name(self, uid: str) -> str:
        return self._names.get(uid, ("", uid))[1]

    def administration(self, end: ServiceEnd, ports: Sequence[str]) -> bool:
        key = (end, ports)
        found = self._administers.get(key)
        if found is None:
            known = self._service(end, ports)
            found = self._administers[key] = known is not None and known.administration
        return found

    def linked(self, client: str, server: str) -> bool:
        """Whether the register says already that one depends on the other, or uses it."""
        return (self._ids.get(client, -1), self._ids.get(server, -1)) in self._links

    def record(self, end: ServiceEnd, ports: Sequence[str], *, serving: bool) -> DependencyEnd:
        """The record of an end: the machine, the instance that runs on it, or one to be made."""
        key = (end, ports, serving)
        found = self._of.get(key)
        if found is None:
            found = self._of[key] = self._record(end, ports, serving)
        return found

    def _record(self, end: ServiceEnd, ports: Sequence[str], serving: bool) -> DependencyEnd:
        cls, name = self._names.get(end.machine, ("", ""))
        if not end.is_service:
            return DependencyEnd(end, name, cls, end.machine)
        there = self._there(end, ports)
        if there is not None:
            return DependencyEnd(end, there.name, there.cls, there.uid)
        known = self._service(end, ports)
        label = known.label if known is not None else end.program or end.port
        made = known.cls if known is not None and known.cls in self._schema.classes else "application"
        port = int(ports[0].partition("/")[2]) if serving and len(ports) == 1 else None
        return DependencyEnd(end, tr("{service} on {machine}", service=label, machine=name), made, port=port)

    def _service(self, end: ServiceEnd, ports: Sequence[str]) -> KnownService | None:
        found = (self._services.of(end.program, port) for port in (end.port, *ports))
        return next((one for one in found if one is not None), None)

    def _there(self, end: ServiceEnd, ports: Sequence[str]) -> CI | None:
        """The instance on the machine that was accepted before, has the port, or is called so; None of several."""
        running = self._running.get(end.machine)
        if not running:
            return None
        before = self._known.get(end)
        for one in running:
            if one.uid == before:
                return one
        numbers = {int(port.partition("/")[2]) for port in ports}
        known = self._service(end, ports)
        words = {end.program, *(known.words if known is not None else ())} - {""}
        for fits in (
            [one for one in running if one.values.get("port") in numbers],
            [one for one in running if any(word in _called(one) for word in words)],
        ):
            if len(fits) == 1:
                return fits[0]
        return None


def _called(one: CI) -> str:
    return f"{one.name} {one.text('engine')}".casefold()


def _remembered(decisions: Mapping[str, Mapping[str, Any]]) -> dict[ServiceEnd, str]:
    """The records that were accepted as ends."""
    found = {}
    for fields in decisions.values():
        for end, uid in fields.get("ends", ()):
            found[ServiceEnd(*end)] = str(uid)
    return found
