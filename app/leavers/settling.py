"""Settling what a leaver has: one sheet, one revision, which is undone as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.leavers.remaining import RemainingThings, is_marked_left, remaining
from app.verbs import known_verbs, make
from app.work.about import CONCERNS
from app.work.lists import TASK
from cmdb.model import clock
from cmdb.model.errors import InvalidValue
from cmdb.model.guards import FieldGuard
from cmdb.model.life_cycle import STATUS, Phase, statuses_in, statuses_set_by
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.state_tables import STATE, is_closed

if TYPE_CHECKING:
    from app.leavers.remaining import HeldItem, OwnedRecords
    from cmdb.model.guards import Guard
    from cmdb.model.records import CI
    from cmdb.model.values import Value
    from cmdb.model.verb import Values, VerbField
    from cmdb.store.reading.reader import Reader

EVERYTHING = "*"
"""In place of an attribute: all that names the leaver is handed to one person."""
LEAVE = "leave"
"""The verb that the status of people who left names."""


class LineOutcome(StrEnum):
    """What becomes of a thing that a leaver has."""

    RETURNED = "returned"
    MISSING = "missing"
    KEPT = "keeps"
    LATER = "later"


VERB_OF: Mapping[LineOutcome, str] = {
    LineOutcome.RETURNED: "take_back",
    LineOutcome.MISSING: "report_lost",
    LineOutcome.KEPT: "dispose",
}
"""The verb that does it with a thing; what is settled later stays as it is."""


FIELDS_OF: Mapping[LineOutcome, tuple[str, ...]] = {
    LineOutcome.RETURNED: ("place", "condition"),
    LineOutcome.KEPT: ("way", "method", "by", "media", "certificate", "exception"),
}
"""What is asked of a thing: fields of the verb that does it."""


def fields_of(outcome: LineOutcome) -> list[VerbField]:
    """The fields of the verb that are asked for a thing that this becomes of."""
    wanted = FIELDS_OF.get(outcome, ())
    return [one for one in known_verbs()[VERB_OF[outcome]].fields if one.name in wanted] if wanted else []


@dataclass(frozen=True)
class SettledLine:
    """What becomes of one thing, with the values of its verb: place and condition; the way and what was erased."""

    outcome: LineOutcome
    values: Values = field(default_factory=dict)


@dataclass(frozen=True)
class Settlement:
    """The answers of the sheet. What has no line, or is settled later, stays with the person, with a task."""

    lines: Mapping[str, SettledLine] = field(default_factory=dict)
    """Thing (its id) → what becomes of it."""
    on: str = ""
    """The last day (ISO); "": the one that the person's record has, otherwise today."""
    handed: Mapping[str, str] = field(default_factory=dict)
    """Attribute or relationship type → the person who takes over the records that name the leaver in it."""
    seats: bool = True
    """Whether the seats end."""
    due: str = ""
    """When the task is due."""
    note: str = ""


def last_day(found: RemainingThings, settlement: Settlement) -> str:
    """The last day of the person: as stated, else as on record, else today."""
    return settlement.on or found.person.text("end") or clock.today().isoformat()


def settled_revision(reader: Reader, uid: str, settlement: Settlement, author: str, at: str = "") -> Revision:
    """The revision that settles what a person has. Raises InvalidValue where somebody else has a thing meanwhile, or a
    value is missing; NotFound.
    """
    found = remaining(reader, uid)
    held = {one.record.uid: one for one in found.items}
    for gone in settlement.lines.keys() - held.keys():
        raise InvalidValue(
            Message("{item} isn't with {person} (any more).", item=reader.get(gone).name, person=found.person.name)
        )
    edits: list[Edit] = []
    guards: list[Guard] = []
    for revision in _of_lines(reader, settlement, author, at):
        edits.extend(revision.edits)
        guards.extend(revision.guards)
    left = clock.today().isoformat() >= last_day(found, settlement)
    edits += _of_person(reader, found, settlement, left=left)
    if settlement.seats and left:
        edits += _of_seats(reader, found)
    edits += _handed_over(reader, found, settlement)
    edits += _task(reader, found.person, list(_staying(found.items, settlement)), settlement, author)
    guards += [FieldGuard(one.record.uid, "assigned_to", one.record.values.get("assigned_to")) for one in found.items]
    return Revision(
        _joined(edits), author, reason=_reason(found.person, settlement), guards=tuple(guards), decided_at=reader.number
    )


def _joined(edits: Iterable[Edit]) -> list[Edit]:
    """The edits, each once."""
    found: dict[tuple[Record, str], Edit] = {}
    for edit in edits:
        found.setdefault((edit.record, edit.field), edit)
    return list(found.values())


def _reason(person: CI, settlement: Settlement) -> Message:
    text = Message("What {name} had is settled", name=person.name)
    return Message("{reason}: {note}", reason=text, note=settlement.note) if settlement.note else text


def _of_lines(reader: Reader, settlement: Settlement, author: str, at: str) -> Iterator[Revision]:
    """A revision for all things that the same is done with in the same way."""
    same: dict[tuple[str, tuple[tuple[str, Value], ...]], list[str]] = {}
    for uid, line in settlement.lines.items():
        verb = VERB_OF.get(line.outcome)
        if verb is not None:
            values = tuple(sorted((name, value) for name, value in line.values.items() if value is not None))
            same.setdefault((verb, values), []).append(uid)
    for (verb, values), uids in same.items():
        yield make(reader, known_verbs()[verb], uids, dict(values), author, at, every=True, together=False)


def _of_person(reader: Reader, found: RemainingThings, settlement: Settlement, *, left: bool) -> Iterator[Edit]:
    """The last day where the record has none or another one is stated; and that they left, once it is over."""
    schema, person = reader.schema, found.person
    known, end = schema.cls(person.cls).attributes, last_day(found, settlement)
    if "end" in known and person.text("end") != end:
        yield Edit(ci(person.uid), "end", person.values.get("end"), end)
    words = statuses_set_by(schema, person.cls, LEAVE) or statuses_in(schema, person.cls, Phase.GONE)
    if left and words and not is_marked_left(schema, person):
        yield Edit(ci(person.uid), STATUS, person.values.get(STATUS), words[0])


def _of_seats(reader: Reader, found: RemainingThings) -> Iterator[Edit]:
    """Seats end, nobody uses the software, and nothing is kept for the person."""
    seats = [Record("assignment", (one.licence, found.person.uid)) for one in found.seats]
    for record in seats:
        fields = reader.records_of("assignment", [record])[record.key]
        yield Edit(record, "", fields, None)
    for record in found.software:
        yield Edit(record, "user", found.person.uid, None)
    for one in found.reservations:
        yield Edit(Record("reservation", (one.uid,)), "", one.fields(), None)


def _handed_over(reader: Reader, found: RemainingThings, settlement: Settlement) -> Iterator[Edit]:
    """What the person owned or was to do is somebody else's."""
    for other in settlement.handed.values():
        if other == found.person.uid:
            raise InvalidValue(Message("{name} leaves: hand it to somebody else.", name=found.person.name))
    everything = settlement.handed.get(EVERYTHING, "")
    for one in found.owned:
        other = settlement.handed.get(one.attribute, everything)
        if other:
            yield from _to(reader, one, reader.get(other), found.person.uid)


def _to(reader: Reader, owned: OwnedRecords, other: CI, leaver: str) -> Iterator[Edit]:
    for one in owned.records:
        # Nobody manages themselves: then it is left blank.
        yield Edit(ci(one.uid), owned.attribute, leaver, None if one.uid == other.uid else other.uid)
    links = reader.records_of("relationship", [Record("relationship", key) for key in owned.links])
    for (kind, source, target), fields in links.items():
        yield Edit(Record("relationship", (kind, source, target)), "", {}, None)
        if source != other.uid:
            yield Edit(Record("relationship", (kind, source, other.uid)), "", None, dict(fields))


def _staying(items: Sequence[HeldItem], settlement: Settlement) -> Iterator[HeldItem]:
    """What stays with the person: what is not settled, and is with nothing that is."""
    going = {uid for uid, line in settlement.lines.items() if line.outcome in VERB_OF}
    for one in items:  # What is with another thing comes after that.
        if one.with_item and one.record.uid not in settlement.lines and one.record.text("assigned_to") in going:
            going.add(one.record.uid)
        if one.record.uid not in going:
            yield one


# -- the task for what stays ----------------------------------------------------------------------------------------


def task_name(person: CI) -> str:
    """The name of the task for what a leaver still has."""
    return str(Message("Settle what {name} still has", name=person.name))


def open_task(reader: Reader, person: CI) -> CI | None:
    """The task for what a leaver still has, if it is open."""
    if TASK not in reader.schema.classes:
        return None
    about = reader.outer(reader.sources_of(CONCERNS, person.id))
    for one in reader.by_uid(uid for uid, cls, _ in about.values() if cls == TASK).values():
        if one.name == task_name(person) and not is_closed(reader.schema, one.cls, one.values.get(STATE)):
            return one
    return None


def _task(reader: Reader, person: CI, stay: Sequence[HeldItem], settlement: Settlement, author: str) -> Iterator[Edit]:
    """What is not settled is a task about the person and these things; nothing left: the task is done."""
    present = open_task(reader, person)
    if TASK not in reader.schema.classes or (present is None and not stay):
        return
    if present is not None and not stay:
        yield from make(reader, known_verbs()["complete"], [present.uid], {}, author, every=True).edits
        return
    uid = present.uid if present is not None else new_id()
    if present is None:
        due = {"due": settlement.due} if settlement.due else {}
        yield Edit(ci(uid), "", None, {"class": TASK, "name": task_name(person), **due})
    about = {person.uid, *(one.record.uid for one in stay)}
    linked = reader.linked(CONCERNS, [present.id]).get(present.id, ()) if present is not None else ()
    there = {end for end, _, _ in reader.outer(linked).values()}
    for gone in sorted(there - about):
        yield Edit(Record("relationship", (CONCERNS, uid, gone)), "", {}, None)
    for new in sorted(about - there):
        yield Edit(Record("relationship", (CONCERNS, uid, new)), "", None, {})
    if present is not None and settlement.due and present.text("due") != settlement.due:
        yield Edit(ci(uid), "due", present.values.get("due"), settlement.due)


def said(found: RemainingThings, settlement: Settlement) -> Message:
    """What is told afterwards: how many things were settled, and how many stay."""
    number = sum(one.outcome is not LineOutcome.LATER for one in settlement.lines.values())
    return counted(
        "{count} thing of {name} settled", "{count} things of {name} settled", number, name=found.person.name
    )
