"""Events of verbs: what a verb did to which field of which record, and when it happened.

A revision says when something was recorded, an event when it happened. One that happened before what is known of a
field already is *late*: it changes the past, not the record's present value.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmdb.model import clock
from cmdb.model.errors import InvalidValue
from cmdb.model.event_times import milliseconds, moment_of, stated_moment
from cmdb.model.field_points import SAID_AT_FIRST, TRACKED, RecordPoints
from cmdb.model.formats import moment
from cmdb.model.guards import HistoryGuard
from cmdb.model.messages import Message
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.model.schema import Schema

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_LEADING = ("assigned_to", "status", "state", "location")
"""The field, of those that a verb changes, that its other values go with: they are late if it is."""


@dataclass(frozen=True)
class EventTime:
    """When a verb was done, in milliseconds since 1970 UTC; ``stated``: a person said so, and it may be long ago."""

    at: int
    stated: bool


def event_time(reader: Reader, at: str) -> EventTime:
    """The time that an ISO date or time means; now for "" and for today. Raises InvalidValue for the future."""
    last = reader.last_recorded()
    # The clock may have been set back: what is done now happens after all that is recorded.
    now = max(milliseconds(clock.now()), milliseconds(last) if last else 0)
    stated = stated_moment(at)
    if stated is None:
        return EventTime(now, stated=False)
    found = milliseconds(stated)
    if found > now:
        raise InvalidValue(
            Message(
                "{when} is in the future. State when it happened: today or an earlier day. What is still to be done "
                "is a task.",
                when=moment(stated),
            )
        )
    return EventTime(found, stated=True)


class RecordsThen:
    """The records of a register, some of them with the tracked values that they had at a time.

    Of those, ``points`` tells what happened to them. A verb that was done then is decided on these values.
    """

    def __init__(self, reader: Reader, uids: Iterable[str], at: int) -> None:
        self.reader = reader
        """The register as it is now."""
        self._at = at
        self.points: Mapping[str, RecordPoints] = reader.field_points(uids, TRACKED)

    @property
    def schema(self) -> Schema:
        """The estate's classes."""
        return self.reader.schema

    def get(self, uid: str) -> CI:
        """One record. Raises NotFound."""
        return self._then(self.reader.get(uid))

    def by_uid(self, uids: Iterable[str]) -> dict[str, CI]:
        """Those of the records that exist, by id."""
        return {uid: self._then(one) for uid, one in self.reader.by_uid(uids).items()}

    def linked(self, kind: str, sources: Collection[int]) -> dict[int, list[int]]:
        """The targets of relationships of a type today, by source (all ids inner)."""
        return self.reader.linked(kind, sources)

    def linked_to(self, kind: str, targets: Collection[int]) -> dict[int, list[int]]:
        """The sources of relationships of a type today, by target (all ids inner)."""
        return self.reader.linked_to(kind, targets)

    def outer(self, ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
        """Inner id → (id, class, name)."""
        return self.reader.outer(ids)

    def is_late(self, uid: str, field: str) -> bool:
        """Whether something is known of a field of a record after the time: what happened to it since; or that it came
        into the register with somebody, before today.
        """
        points = self.points.get(uid)
        return points is not None and (points.is_late(field, self._at) or self._came_with(points, field))

    def _came_with(self, points: RecordPoints, field: str) -> bool:
        if field not in SAID_AT_FIRST or not points.fields["assigned_to"] or milliseconds(points.since) <= self._at:
            return False
        day = moment_of(milliseconds(points.since)).date()
        return points.fields["assigned_to"][0].after is not None and day < clock.today()

    def _then(self, one: CI) -> CI:
        points = self.points.get(one.uid)
        late = [f for f in TRACKED if points is not None and points.is_late(f, self._at)]
        if points is None or not late:
            return one
        values = dict(one.values)
        for name in late:
            value = points.value_at(name, self._at)
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value
        return replace(one, values=values)


def with_events(revision: Revision, schema: Schema, verb: str, uids: Collection[str], when: EventTime,
                is_late: Callable[[str, str], bool]) -> Revision:  # fmt: skip
    """The revision of a verb on some records, with its events; what is late is in the events alone."""
    told = list(_told(revision.edits, frozenset(uids)))
    left: set[str] = set()
    of: dict[str, dict[str, Edit]] = {uid: {} for uid in uids}
    for edit in told:
        of[edit.record.key[0]][edit.field] = edit
    for uid, its in of.items():
        leading = next((name for name in _LEADING if name in its), "")
        if leading and is_late(uid, leading):
            left.add(uid)
    edits = [edit for edit in revision.edits if not _stays_away(edit, of, left, is_late)]
    concerned = {part for edit in revision.edits for part in edit.record.key} & of.keys()
    events = [_event(schema, verb, when.at, uid, edit) for uid, its in of.items() for edit in its.values()]
    events += [_event(schema, verb, when.at, uid, None) for uid, its in of.items() if not its and uid in concerned]
    guards = tuple(HistoryGuard(uid) for uid in uids) if when.stated else ()
    return replace(revision, edits=[*edits, *events], guards=(*revision.guards, *guards))


def _told(edits: Iterable[Edit], uids: Collection[str]) -> Iterator[Edit]:
    """The edits of tracked fields of the records that the verb was done with."""
    for edit in edits:
        if edit.record.kind == "ci" and edit.field in TRACKED and edit.record.key[0] in uids:
            yield edit


def _stays_away(
    edit: Edit, of: Mapping[str, Mapping[str, Edit]], left: Collection[str], is_late: Callable[[str, str], bool]
) -> bool:
    """Whether a record's present value stays, as the verb was done before what is known of it."""
    uid = edit.record.key[0]
    if edit.record.kind != "ci" or not edit.field or edit.field == "class" or uid not in of:
        return False
    return uid in left or (edit.field in of[uid] and is_late(uid, edit.field))


def _event(schema: Schema, verb: str, at: int, uid: str, edit: Edit | None) -> Edit:
    """The edit that writes an event: of a change of a field, or of what changed no field."""
    fields: dict[str, object] = {"record": uid, "at": at, "what": verb}
    if edit is not None:
        fields["field"] = edit.field
        found = schema.every_attribute.get(edit.field)
        suffix = "_ref" if found is not None and found.type == "reference" else ""
        for name, value in (("before", edit.before), ("after", edit.after)):
            if value is not None:
                fields[name + suffix] = value
    return Edit(Record("event", (new_id(),)), "", None, fields)
