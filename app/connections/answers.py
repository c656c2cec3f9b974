"""What a person says of dependencies, addresses and neighbours that connections show: accepted, dismissed, or open
again. One revision each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.connections.neighbours import CONNECTED, link_fields
from app.connections.seen_dependencies import (
    ACCEPTED,
    DISMISSED,
    KIND,
    DependencyEnd,
    SeenDependency,
    SeenNeighbour,
    UnknownAddress,
    decided_between,
    decision,
    known_decisions,
)
from cmdb.model.formats import day
from cmdb.model.guards import CreationGuard
from cmdb.model.messages import counted, tr
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.text_forms import canonical_ip

if TYPE_CHECKING:
    from app.connections.joined import ServiceEnd
    from app.connections.neighbours import Neighbour, PortSighting
    from cmdb.store.reading.reader import Reader


def accept(reader: Reader, chosen: Sequence[SeenDependency], author: str) -> Revision:
    """Makes the relationships, and the instances that are not there yet, each running on its machine.

    What was accepted meanwhile, and ends whose machine is gone, are left out.
    """
    return _Acceptance(reader, chosen, author).revision()


Candidate = SeenDependency | UnknownAddress | SeenNeighbour


def dismiss(reader: Reader, chosen: Sequence[Candidate], author: str) -> Revision:
    """Remembers that these are none: they are not proposed again."""
    answers = {one.id: {"outcome": DISMISSED, "name": _name(one), **_between(one)} for one in chosen}
    edits = list(_answered(reader, answers))
    reason = counted("{count} connection dismissed", "{count} connections dismissed", len(chosen))
    return Revision(edits, author, reason=reason)


def propose_again(reader: Reader, chosen: Sequence[Candidate], author: str) -> Revision:
    """Forgets what was said: they are proposed again."""
    known = known_decisions(reader)
    decided = decided_between(known)
    ends = [(one.client.end, one.server.end) for one in chosen if isinstance(one, SeenDependency)]
    said = dict.fromkeys([*(one.id for one in chosen), *(uid for both in ends for uid in decided.get(both, ()))])
    edits = [Edit(decision(uid), "", known[uid], None) for uid in said if uid in known]
    reason = counted("{count} connection open again", "{count} connections open again", len(edits))
    return Revision(edits, author, reason=reason)


def make_records(reader: Reader, chosen: Sequence[UnknownAddress], author: str, cls: str) -> Revision:
    """A record of a class for each address, named by it. Raises SchemaError for an unknown class."""
    reader.schema.cls(cls)
    edits = [
        Edit(ci(new_id()), "", None, {"class": cls, "name": one.end.address, "ip_address": one.end.address})
        for one in chosen
    ]
    reason = counted("{count} address made a record", "{count} addresses made records", len(edits))
    return Revision(edits, author, reason=reason, guards=(CreationGuard(),), decided_at=reader.number)


def accept_neighbours(reader: Reader, chosen: Sequence[SeenNeighbour], author: str, cls: str) -> Revision:
    """A record for each neighbour that is none yet, connected to where it was seen.

    It is of the class that its description tells, else of ``cls``. The sources that saw it state the links, so these
    end as what a source sees no more. Devices that are gone meanwhile are left out. Raises SchemaError for an unknown
    class.
    """
    reader.schema.cls(cls)
    there = reader.by_uid({uid for one in chosen for uid in (one.end.uid, *(p.device for p in one.end.places)) if uid})
    made: list[Edit] = []
    links: dict[tuple[str, ...], list[PortSighting]] = {}
    for one in chosen:
        uid = one.end.uid if one.end.uid in there else new_id()
        places = [place for place in one.end.places if place.device in there]
        if uid not in there and places:
            made.append(Edit(ci(uid), "", None, _values_of_neighbour(reader, one.end, one.end.cls or cls)))
        for place in places:
            links.setdefault((CONNECTED, *sorted((uid, place.device))), []).append(place)
    present = reader.records_of("relationship", [Record("relationship", key) for key in links])
    edits = [
        Edit(Record("relationship", key), "", None, link_fields(places))
        for key, places in links.items()
        if key not in present
    ]
    answers = {one.id: {"outcome": ACCEPTED, "name": _name(one)} for one in chosen}
    reason = counted("{count} neighbour accepted", "{count} neighbours accepted", len(chosen))
    edits = [*made, *edits, *_answered(reader, answers)]
    return Revision(edits, author, reason=reason, guards=(CreationGuard(),), decided_at=reader.number)


def _values_of_neighbour(reader: Reader, one: Neighbour, cls: str) -> dict[str, Any]:
    known = reader.schema.cls(cls).attributes
    said = {
        "name": one.name, "serial_number": one.serial, "mac_address": one.mac, "ip_address": canonical_ip(one.address),
    }  # fmt: skip
    return {"class": cls, **{name: value for name, value in said.items() if value and name in known}}


class _Acceptance:
    def __init__(self, reader: Reader, chosen: Sequence[SeenDependency], author: str) -> None:
        self._reader, self._author = reader, author
        ends = [end for one in chosen for end in (one.client, one.server)]
        self._there = reader.by_uid({end.uid or end.end.machine for end in ends})
        self._chosen = [one for one in chosen if self._is_there(one.client) and self._is_there(one.server)]
        self._made: dict[ServiceEnd, str] = {}
        self._edits: list[Edit] = []

    def _is_there(self, one: DependencyEnd) -> bool:
        return (one.uid or one.end.machine) in self._there

    def revision(self) -> Revision:
        answers: dict[str, Mapping[str, Any]] = {}
        links: dict[Record, str] = {}
        for one in self._chosen:
            client, server = self._record(one.client), self._record(one.server)
            note = tr("Connections to {ports}, seen until {day}", ports=", ".join(one.ports), day=day(one.seen[:10]))
            links.setdefault(Record("relationship", ("depends_on", client, server)), note)
            both = ((one.client.end, client), (one.server.end, server))
            ends = [[list(end), uid] for end, uid in both if end.is_service]
            answers[one.id] = {"outcome": ACCEPTED, "name": _name(one), "ends": ends, **_between(one)}
        present = self._reader.records_of("relationship", links)
        left = {record: note for record, note in links.items() if record.key not in present}
        self._edits += [Edit(record, "", None, {"note": note}) for record, note in left.items()]
        self._edits += _answered(self._reader, answers)
        reason = counted("{count} dependency accepted", "{count} dependencies accepted", len(answers))
        guards, decided_at = (CreationGuard(),), self._reader.number
        return Revision(self._edits, self._author, reason=reason, guards=guards, decided_at=decided_at)

    def _record(self, one: DependencyEnd) -> str:
        """The id of the record of an end, which is made once if it is not there."""
        if one.uid:
            return one.uid
        if one.end not in self._made:
            uid = self._made[one.end] = new_id()
            values: dict[str, Any] = {"class": one.cls, "name": one.name}
            if "port" in self._reader.schema.cls(one.cls).attributes and one.port is not None:
                values["port"] = one.port
            self._edits.append(Edit(ci(uid), "", None, values))
            self._edits.append(Edit(Record("relationship", ("runs_on", uid, one.end.machine)), "", None, {}))
        return self._made[one.end]


def _answered(reader: Reader, answers: Mapping[str, Mapping[str, Any]]) -> Iterable[Edit]:
    """The edits that remember what was said, in place of what was said before."""
    known = reader.records_of("decision", [decision(uid) for uid in answers])
    for uid, fields in answers.items():
        record, before = decision(uid), known.get((uid,))
        wanted = {"kind": KIND, "state": "done", **fields}
        if before is None:
            yield Edit(record, "", None, wanted)
            continue
        for name in sorted({*before, *wanted}):
            if before.get(name) != wanted.get(name):
                yield Edit(record, name, before.get(name), wanted.get(name))


def _between(one: Candidate) -> dict[str, Any]:
    """The ends of a dependency as a decision keeps them."""
    return {"between": [list(one.client.end), list(one.server.end)]} if isinstance(one, SeenDependency) else {}


def _name(one: Candidate) -> str:
    if isinstance(one, SeenNeighbour):
        return one.end.name
    if isinstance(one, UnknownAddress):
        return one.end.address
    return tr("{client} depends on {server}", client=one.client.name, server=one.server.name)
