"""What a person still has, owns and does: what must be settled when they leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.fact_rules import staying
from cmdb.model.errors import InvalidValue
from cmdb.model.life_cycle import STATUS, Phase, has_left, phase_of
from cmdb.model.messages import Message
from cmdb.model.selection import Selection
from cmdb.model.state_tables import STATE, is_closed

if TYPE_CHECKING:
    from datetime import date

    from cmdb.model.records import CI
    from cmdb.model.reservations import Reservation
    from cmdb.model.revision import Record
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

PERSON = "person"
_CUSTODY = "assigned_to"
_NO_OWNER = (_CUSTODY, "requester", "signer")
"""What names a person and is nobody else's to take over."""
_MOST_BETWEEN = 10
"""Steps of what is with another thing: a mouse with a monitor with a laptop."""


@dataclass(frozen=True, slots=True)
class HeldItem:
    """A thing that a person has; ``with_item``: the name of the thing that it is with, "" where they have it itself."""

    record: CI
    with_item: str = ""


@dataclass(frozen=True, slots=True)
class HeldSeat:
    """A licence that is assigned to a person, since a day."""

    licence: str
    name: str
    cls: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class OwnedRecords:
    """Records that name a person in one attribute: whose manager they are, what they own, what they are to do.

    ``attribute`` is its name, or that of a relationship type where ``links`` has the relationships.
    """

    attribute: str
    label: str
    records: tuple[CI, ...]
    links: tuple[tuple[str, str, str], ...] = ()
    """Type, source and target of relationships."""


@dataclass(frozen=True)
class RemainingThings:
    """What a person still has. ``software``: installations that name them as the user."""

    person: CI
    items: tuple[HeldItem, ...] = ()
    seats: tuple[HeldSeat, ...] = ()
    software: Mapping[Record, str] = field(default_factory=dict)
    owned: tuple[OwnedRecords, ...] = ()
    reservations: tuple[Reservation, ...] = ()

    @property
    def number(self) -> int:
        """How many things, seats and records there are; what they use goes with its machine."""
        return len(self.items) + len(self.seats) + sum(len(one.records) + len(one.links) for one in self.owned)


def remaining(reader: Reader, uid: str) -> RemainingThings:
    """What a person still has. Raises NotFound, and InvalidValue for what is no person."""
    from cmdb.store.reading.reservations import reservations_naming

    person = reader.get(uid)
    if not reader.schema.is_a(person.cls, PERSON):
        raise InvalidValue(
            Message(
                "{name} is of class {cls}: only people leave.",
                name=person.name,
                cls=reader.schema.cls(person.cls).label,
            )
        )
    return RemainingThings(
        person,
        tuple(_items(reader, uid)),
        tuple(_seats(reader, uid)),
        _software(reader, person),
        tuple(_owned(reader, person)),
        tuple(one for one in reservations_naming(reader, [uid]) if one.by == uid),
    )


def left(schema: Schema, person: CI, today: date) -> bool:
    """Whether a person has left: by their status, or because their last day is over."""
    over = person.text("end")
    return has_left(schema, person.cls, person.values.get(STATUS)) or (bool(over) and over < today.isoformat())


def is_marked_left(schema: Schema, person: CI) -> bool:
    """Whether the status says that a person has left."""
    return phase_of(schema, person.cls, person.values.get(STATUS)) in (Phase.LEAVING, Phase.GONE)


def _items(reader: Reader, uid: str) -> Iterator[HeldItem]:
    """What the person has, and what is with it, by name."""
    stays, seen = staying(reader.schema, "hardware"), {uid}
    holders: dict[str, str] = {uid: ""}
    for _ in range(_MOST_BETWEEN):
        found: dict[str, str] = {}
        for holder, name in holders.items():
            for one in reader.all(Selection("hardware", f"{_CUSTODY} = {holder} and {stays}")):
                if one.uid not in seen:
                    seen.add(one.uid)
                    found[one.uid] = one.name
                    yield HeldItem(one, name)
        holders = found


def _seats(reader: Reader, uid: str) -> Iterator[HeldSeat]:
    from cmdb.store.reading.naming import naming

    held = {key[0]: fields for key, fields in naming(reader, "assignment", [uid]).items() if key[1] == uid}
    known = reader.by_uid(held)
    for one in sorted(known.values(), key=lambda licence: (licence.name.casefold(), licence.uid)):
        yield HeldSeat(one.uid, one.name, one.cls, str(held[one.uid].get("since") or ""))


def _software(reader: Reader, person: CI) -> dict[Record, str]:
    """The installations that the person uses, with the product's name."""
    from cmdb.model.revision import Record
    from cmdb.store.reading.naming import naming

    found = naming(reader, "installation", [person.uid])
    return {Record("installation", key): key[3] for key, fields in found.items() if fields.get("user") == person.uid}


def _owned(reader: Reader, person: CI) -> Iterator[OwnedRecords]:
    """What names the person, besides the custody of things and what is only observed; work that is over names whom it
    names.
    """
    from cmdb.store.reading.naming import referring

    schema = reader.schema
    found: dict[str, list[CI]] = {}
    for one in reader.by_uid(sorted(referring(reader, [person.uid]))).values():
        for name in naming_attributes(schema, one, person.uid):
            found.setdefault(name, []).append(one)
    links: dict[str, list[tuple[str, str, str]]] = {}
    others: dict[str, set[str]] = {}
    for link in reader.relationships(person.uid):
        if link.inverse and not link.attribute and link.alone and not link.groups:
            links.setdefault(link.type, []).append((link.type, link.uid, person.uid))
            others.setdefault(link.type, set()).add(link.uid)
    for name, its in sorted(found.items()):
        label = schema.every_attribute[name].label
        yield OwnedRecords(name, label, tuple(sorted(its, key=lambda one: (one.name.casefold(), one.uid))))
    for kind, ends in sorted(links.items()):
        if schema.root_of(reader.get(ends[0][1]).cls) == "ci":
            yield OwnedRecords(kind, schema.relationships[kind].label, (), tuple(sorted(ends)))


def naming_attributes(schema: Schema, one: CI, uid: str) -> list[str]:
    """The attributes in which a record names a person as its owner, manager or the like; none of what is over."""
    known = schema.cls(one.cls).attributes
    if is_closed(schema, one.cls, one.values.get(STATE)) or _is_over(schema, one):
        return []
    return [
        name
        for name, value in one.values.items()
        if value == uid and name in known and name not in _NO_OWNER and known[name].type == "reference"
        and not known[name].measured
    ]  # fmt: skip


def _is_over(schema: Schema, one: CI) -> bool:
    """Whether a record has left itself: who managed it then is of no matter."""
    return STATUS in schema.cls(one.cls).attributes and phase_of(schema, one.cls, one.values.get(STATUS)) is Phase.GONE
