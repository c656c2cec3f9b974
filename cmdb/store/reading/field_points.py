"""Reads at which points fields of records changed: from their versions, and from the events about them.

A change without an event counts when it was recorded; one with an event when it happened. What an undo takes back, and
the undo, are no points. The value after the last point is the value that the record has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.event_times import milliseconds, moment_of
from cmdb.model.field_points import FOREVER, IMPORTED, SAID_AT_FIRST, FieldPoint, RecordPoints, in_order
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, Identities, chunks, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS, Root


@dataclass(slots=True)
class _Record:
    """The versions of one record: (revision, the values of the fields), and what is said of it by events."""

    uid: str = ""
    cls: str = ""
    name: str = ""
    versions: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    ended: int = 0
    """The revision that deleted it; 0 while it exists."""
    events: list[Any] = field(default_factory=list)
    told: set[tuple[int, str]] = field(default_factory=set)
    """The revisions that wrote, or had written, an event, and the field that it is about."""
    moved: set[str] = field(default_factory=set)
    """The fields of which a merge, which ended the record, gave events to another one."""


class FieldHistory:
    """The points of fields as the register knew them at a revision (``number``); it knows nothing up to ``kept``."""

    def __init__(self, connection: Connection, fields: Sequence[str], number: int, kept: int) -> None:
        self._connection = connection
        self._fields = tuple(fields)
        self._number, self._kept = number, kept
        self._ids = Identities(connection, ever=True)
        self._headers: dict[int, tuple[str, int]] = {}
        """Revision → when it was recorded, and which one it undoes."""

    def of(self, inner: Collection[int]) -> dict[str, RecordPoints]:
        """Id → the points of each record, by their inner ids. Those that the register did not know are left out."""
        found: dict[str, RecordPoints] = {}
        for batch in chunks(sorted(inner), IN_CHUNK):
            records: dict[int, _Record] = defaultdict(_Record)
            for root in ROOTS:
                self._versions(root, [one for one in batch if root.first_id <= one <= root.last_id], records)
            self._events(records)
            self._look_up(records.values())
            found.update((one.uid, self._points(one)) for one in records.values())
        return found

    # -- rows -------------------------------------------------------------------------------------------------------

    def _versions(self, root: Root, batch: list[int], records: dict[int, _Record]) -> None:
        if not batch:
            return
        typed = [name for name in self._fields if name in root.columns]
        extra = any(name not in root.columns for name in self._fields)
        names = ["id", "uid", "class", "name", "revision", *typed, *(["extra"] if extra else [])]
        rows: list[Any] = []
        for table, ended in ((root.table, False), (root.past, True)):
            c = table.c
            statement = select(*(c[n] for n in names), *([c.ended] if ended else []))
            statement = statement.where(in_values(c.id, batch), c.revision <= self._number)
            if ended:
                statement = statement.where(c.ended > self._kept)
            rows += self._connection.execute(statement).all()
        rows.sort(key=lambda row: row.revision)
        refers = [name for name in typed if name in root.references]
        self._ids.want_outer({v for row in rows for name in refers if (v := getattr(row, name)) is not None})
        for row in rows:
            record = records[row.id]
            record.uid, record.cls, record.name = row.uid, row[2], row.name or ""
            values = {
                n: self._ids.outer.get(v) if n in refers else v for n in typed if (v := getattr(row, n)) is not None
            }
            if extra and row.extra:
                own = load(row.extra)
                values.update((n, own[n]) for n in self._fields if n not in root.columns and n in own)
            record.versions.append((row.revision, values))
            gone = row.ended if len(row) > len(names) else 0
            record.ended = gone if gone <= self._number else 0

    def _events(self, records: dict[int, _Record]) -> None:
        """What is said of the records by events, and was: those that an undo took back say that a change had one."""
        names = ("uid", "record", "at", "what", "field", "before", "after", "before_ref", "after_ref", "revision")
        found: list[tuple[Any, bool]] = []
        for table in (tables.event, tables.event_version):
            c = table.c
            past = table is tables.event_version
            statement = select(*(c[n] for n in names), *([c.ended] if past else []))
            statement = statement.where(in_values(c.record, records), c.revision <= self._number)
            rows = self._connection.execute(statement).all()
            found += [(row, not past or row.ended > self._number) for row in rows]
        self._ids.want_outer({v for row, _ in found for v in (row.before_ref, row.after_ref) if v is not None})
        for row, holds in found:
            if row.field in self._fields:
                records[row.record].told.add((row.revision, row.field))
                if holds:
                    records[row.record].events.append(row)
                elif row.ended == records[row.record].ended:
                    records[row.record].moved.add(row.field)

    def _look_up(self, records: Iterable[_Record]) -> None:
        wanted: set[int] = set()
        for one in records:
            wanted.update(number for number, _ in one.versions)
            wanted.update(row.revision for row in one.events)
            wanted.add(one.ended)
        r = tables.revision.c
        for batch in chunks(wanted - self._headers.keys(), IN_CHUNK):
            statement = select(r.number, r.recorded, r.undoes).where(in_values(r.number, batch))
            self._headers.update((number, (at, undoes)) for number, at, undoes in self._connection.execute(statement))

    # -- points -----------------------------------------------------------------------------------------------------

    def _points(self, record: _Record) -> RecordPoints:
        return RecordPoints(
            record.uid,
            record.cls,
            record.name,
            self._recorded(record.versions[0][0]),
            self._recorded(record.ended) if record.ended else "",
            {name: self._of_field(record, name) for name in self._fields},
        )

    def _of_field(self, record: _Record, name: str) -> list[FieldPoint]:
        first, values = record.versions[0]
        value = values.get(name)
        # Where an event of the first version says since when it is so, nothing is known of the time before. The first
        # that is kept may be newer than events, of which the earliest says what was before.
        own = [self._of_event(row) for row in record.events if row.field == name]
        before_all = min((one for one in own if one.revision <= first), key=lambda one: one.order, default=None)
        began = None if (first, name) in record.told else value
        if before_all is not None:
            began = before_all.before
        points = [FieldPoint(FOREVER, first, "", None, began, self._recorded(first))]
        if self._came_with(record, name, own):
            at = self._recorded(first)
            points.append(FieldPoint(milliseconds(at), first, "", None, value, at))
        changes: dict[int, tuple[Any, Any]] = {}
        for number, values in record.versions[1:]:
            before, value = value, values.get(name)
            if before != value:
                changes[number] = (before, value)
        void = self._void(changes)
        for number, (before, after) in changes.items():
            if number not in void and (number, name) not in record.told:
                at = self._recorded(number)
                points.append(FieldPoint(milliseconds(at), number, "", before, after, at))
        points = in_order([*points, *own])
        last = points[-1]
        if last.after != value and name not in record.moved:
            # What was taken back in another order than it was done counts when it was taken back.
            number = max(changes, default=first)
            at = self._recorded(number)
            points.append(
                FieldPoint(max(milliseconds(at), last.at), max(number, last.revision), "", last.after, value, at)
            )
        return points

    def _came_with(self, record: _Record, name: str, own: Iterable[FieldPoint]) -> bool:
        """Whether what a thing came into the register with is known from then on.

        It is where a verb that was entered on a later day tells of an earlier time.
        """
        number, values = record.versions[0]
        if name not in SAID_AT_FIRST or values.get("assigned_to") is None or (number, "assigned_to") in record.told:
            return False
        came = milliseconds(self._recorded(number))
        return any(
            one.at < came and one.what != IMPORTED and _day(one.recorded) > _day(self._recorded(number)) for one in own
        )

    def _void(self, changes: Mapping[int, tuple[Any, Any]]) -> set[int]:
        """The revisions whose change of a field was taken back, and those that took it back."""
        void: set[int] = set()
        undone: set[int] = set()
        for number in sorted(changes, reverse=True):
            target = self._headers[number][1]
            if target in changes and changes[number] == changes[target][::-1]:
                void.add(number)
                if number not in undone:
                    undone.add(target)
        return void | undone

    def _of_event(self, row: Any) -> FieldPoint:
        before, after = (
            self._ids.outer.get(ref) if ref is not None else None if text is None else load(text)
            for ref, text in ((row.before_ref, row.before), (row.after_ref, row.after))
        )
        return FieldPoint(row.at, row.revision, row.uid, before, after, self._recorded(row.revision), row.what)

    def _recorded(self, number: int) -> str:
        return self._headers[number][0]


def _day(recorded: str) -> date:
    """The local day of a recorded time."""
    return moment_of(milliseconds(recorded)).date()
