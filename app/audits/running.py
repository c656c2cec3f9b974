"""The course of an audit: it is started, places are closed, items are excused, it is finished or dropped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.audits.records import require
from app.audits.rows import (
    closed_record,
    expected_record,
    fields_of_closed,
    fields_of_expected,
)
from cmdb.model import clock
from cmdb.model.audits import (
    AUDIT,
    DROPPED,
    FINISHED,
    IN_PROGRESS,
    Audit,
    AuditScope,
    ExpectedItem,
)
from cmdb.model.characters import visible
from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.event_times import milliseconds
from cmdb.model.guards import FieldGuard, Guard
from cmdb.model.messages import Message, counted, tr
from cmdb.model.phase import Phase
from cmdb.model.query import quote
from cmdb.model.revision import Edit, Revision, ci
from cmdb.model.selection import Selection
from cmdb.model.state_tables import STATE
from cmdb.register import edits

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

EXPECTED_PHASES = (Phase.STOCK, Phase.LIVE, Phase.LEAVING)
"""What is in one of these phases is expected where it is."""
HARDWARE = "hardware"
"""The class of what is looked for: what somebody can see."""
_PLACE = "location"


def selection_of(schema: Schema, scope: AuditScope) -> Selection:
    """The items that an audit of a scope expects. Raises InvalidValue for a class that nobody can see, SchemaError."""
    cls = schema.find_class(scope.cls).name if scope.cls else HARDWARE
    if not schema.is_a(cls, HARDWARE):
        raise InvalidValue(Message("An audit looks for hardware; {cls} is none.", cls=schema.cls(cls).label))
    parts = [" or ".join(f"phase = {phase}" for phase in EXPECTED_PHASES)]
    if scope.place:
        parts.append(f"{_PLACE} within {quote(scope.place)}")
    if scope.owner:
        owner = quote(scope.owner)
        ways = ("assigned_to", "department", "assigned_to.department")
        parts.append(" or ".join(f"{way} = {owner}" for way in ways))
    if scope.where.strip():
        parts.append(scope.where)
    return Selection(cls, " and ".join(f"({part})" for part in parts))


def number_expected(reader: Reader, scope: AuditScope) -> int:
    """How many items an audit of a scope would expect. Raises QueryError, InvalidValue."""
    return reader.count(selection_of(reader.schema, scope))


def start(reader: Reader, scope: AuditScope, author: str, *, name: str = "", blind: bool = False) -> Revision:
    """A revision that starts an audit; its id is the first edit's. Raises QueryError, NotFound, InvalidValue where
    nothing is in the scope.
    """
    expected = list(_expected(reader, scope))
    if not expected:
        raise InvalidValue(Message("Nothing is expected there: no hardware in stock, in use or leaving."))
    now = clock.now()
    name = visible(name).strip() or _name(reader, scope)
    values: dict[str, Any] = {
        "name": name, STATE: IN_PROGRESS, "opened": _second(now), "started_by": author, "blind": blind or None,
        "scope_place": scope.place or None, "scope_owner": scope.owner or None,
        "scope_class": reader.schema.find_class(scope.cls).name if scope.cls else None,
        "scope_filter": scope.where.strip() or None,
    }  # fmt: skip
    reason = (
        Message("{name} started", name=name)
        if blind
        else counted("{name} started: {count} item expected", "{name} started: {count} items expected", len(expected),
                     name=name)
    )  # fmt: skip
    made = list(edits.create(reader.schema, AUDIT, values, author, reason).edits)
    audit, at = made[0].record.key[0], milliseconds(now)
    made += [Edit(expected_record(audit, one.record), "", None, fields_of_expected(one, at)) for one in expected]
    return Revision(made, author, reason=reason, decided_at=reader.number)


def _expected(reader: Reader, scope: AuditScope) -> Iterator[ExpectedItem]:
    items = list(reader.all(selection_of(reader.schema, scope)))
    named = {one.text(field) for one in items for field in ("model", "assigned_to")} - {""}
    names = reader.names(named)
    above = _places_above(reader, {one.text(_PLACE) for one in items} - {""})
    for one in items:
        place = one.text(_PLACE)
        yield ExpectedItem(
            one.uid, one.name, one.cls, one.text("asset_tag"), one.text("serial_number"),
            names.get(one.text("model"), ("", ""))[1], place, above.get(place, ()), one.text("assigned_to"),
        )  # fmt: skip


def _places_above(reader: Reader, places: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Place → itself and what it lies in, from the inside out; a circle ends where it began."""
    known: dict[str, str] = {}
    frontier = set(places)
    while frontier:
        found = reader.by_uid(frontier)
        known.update((uid, found[uid].text(_PLACE) if uid in found else "") for uid in frontier)
        frontier = {above for uid in frontier if (above := known[uid])} - known.keys()
    return {place: tuple(_upward(place, known)) for place in known}


def _upward(place: str, above: Mapping[str, str]) -> Iterator[str]:
    seen: set[str] = set()
    while place and place not in seen:
        seen.add(place)
        yield place
        place = above.get(place, "")


def _name(reader: Reader, scope: AuditScope) -> str:
    """What an audit is called where nobody says so: by its scope. It is not its place's name, which finds the place."""
    parts = [name for uid in (scope.place, scope.owner) if uid for _, name in (_named(reader, uid),)]
    if scope.cls:
        parts.append(str(reader.schema.find_class(scope.cls).plural))
    if scope.where.strip() and not parts:
        parts.append(scope.where.strip())
    return tr("Audit of {what}", what=", ".join(parts)) if parts else tr("Audit of everything")


def _named(reader: Reader, uid: str) -> tuple[str, str]:
    found = reader.names([uid]).get(uid)
    if found is None:
        raise NotFound(Message("There is no such record."))
    return found


def excuse(reader: Reader, audit: str, records: Sequence[str], why: str, author: str) -> Revision:
    """Says why expected items (ids) need not be found; "" takes that back. Raises NotFound for one that is not
    expected, InvalidValue.
    """
    found = require(reader, audit, IN_PROGRESS, FINISHED)
    why = " ".join(visible(why).split())
    wanted = [expected_record(audit, uid) for uid in dict.fromkeys(records)]
    present = reader.records_of("result", wanted)
    made: list[Edit] = []
    for record in wanted:
        fields: Any = present.get(record.key)
        if fields is None:
            name = reader.last_names([record.key[1]]).get(record.key[1], ("", ""))[1]
            raise NotFound(Message("{audit} does not expect {name}.", audit=found.number, name=name))
        before = fields["extra"]
        after = {name: value for name, value in before.items() if name != "excuse"}
        if why:
            after["excuse"] = {"why": why, "by": author, "at": milliseconds(clock.now())}
        if after != before:
            made.append(Edit(record, "extra", before, after))
    reason = (
        counted("{audit}: {count} item excused, {why}", "{audit}: {count} items excused, {why}", len(made),
                audit=found.number, why=why)
        if why
        else Message("{audit}: expected again", audit=found.number)
    )  # fmt: skip
    return Revision(made, author, reason=reason, guards=in_state(found), decided_at=reader.number)


def close_place(reader: Reader, audit: str, place: str, author: str) -> Revision:
    """Says that a place was looked through."""
    found = require(reader, audit, IN_PROGRESS)
    _, name = _named(reader, place)
    record = closed_record(audit, place)
    there = reader.records_of("result", [record])
    fields = fields_of_closed(author, milliseconds(clock.now()))
    made = [] if there else [Edit(record, "", None, fields)]
    reason = Message("{audit}: {place} looked through", audit=found.number, place=name)
    return Revision(made, author, reason=reason, guards=in_state(found), decided_at=reader.number)


def reopen_place(reader: Reader, audit: str, place: str, author: str) -> Revision:
    """Says that a place is looked through once more."""
    found = require(reader, audit, IN_PROGRESS)
    record = closed_record(audit, place)
    there = reader.records_of("result", [record])
    made = [Edit(record, "", dict(fields), None) for fields in there.values()]
    name = reader.last_names([place]).get(place, ("", ""))[1]
    reason = Message("{audit}: {place} is looked through again", audit=found.number, place=name)
    return Revision(made, author, reason=reason, guards=in_state(found), decided_at=reader.number)


def finish(reader: Reader, audit: str, author: str) -> Revision:
    """Ends the scanning: what was not scanned is missing."""
    found = require(reader, audit, IN_PROGRESS)
    values = {"finished": _second(clock.now()), "finished_by": author}
    return _led(found, FINISHED, values, author, Message("{audit} finished", audit=found.number), reader)


def resume(reader: Reader, audit: str, author: str) -> Revision:
    """Takes a finished audit up again."""
    found = require(reader, audit, FINISHED)
    values = {"finished": None, "finished_by": None}
    return _led(found, IN_PROGRESS, values, author, Message("{audit} taken up again", audit=found.number), reader)


def drop(reader: Reader, audit: str, author: str, reason: str = "") -> Revision:
    """Ends an audit of which nothing is taken over."""
    found = require(reader, audit, IN_PROGRESS, FINISHED)
    values = {"reason": visible(reason).strip() or None}
    return _led(found, DROPPED, values, author, Message("{audit} dropped", audit=found.number), reader)


def _led(found: Audit, state: str, values: Mapping[str, Any], author: str, reason: Message, reader: Reader) -> Revision:
    """A revision that leads an audit into another state, with some values."""
    own = reader.get(found.uid)
    made = state_edits(own, state, values)
    return Revision(made, author, reason=reason, decided_at=reader.number)


def state_edits(own: CI, state: str, values: Mapping[str, Any]) -> list[Edit]:
    """The edits that lead an audit into another state."""
    wanted = {STATE: state, **values}
    return [
        Edit(ci(own.uid), name, own.values.get(name), value)
        for name, value in wanted.items()
        if own.values.get(name) != value
    ]


def in_state(found: Audit) -> tuple[Guard, ...]:
    """What a revision of an audit's rows rests on: that the audit is still in its state."""
    return (FieldGuard(found.uid, STATE, found.state),)


def _second(moment: str) -> str:
    return moment[:19] + "Z"
