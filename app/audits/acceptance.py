"""Accepting an audit: one revision sets where and when everything was seen, and moves what was elsewhere.

Seeing is not taking: holder, home place and status stay. What that would change is proposed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.audits.records import require
from app.audits.running import state_edits
from app.audits.sheets import AuditSheet, audit_sheet
from app.work.about import CONCERNS
from app.work.lists import TASK
from cmdb.model import clock
from cmdb.model.audits import (
    ACCEPTED,
    FINISHED,
    MOVE,
    SEEN,
    Audit,
    AuditOutcome,
    AuditResult,
    AuditScan,
)
from cmdb.model.event_times import iso_time, milliseconds
from cmdb.model.messages import Message, counted, tr, trn
from cmdb.model.revision import Edit, Revision, ci
from cmdb.register import edits
from cmdb.register.events import EventTime, RecordsThen, with_events

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

SEEN_AT, SEEN_IN, SEEN_BY = "seen_in_person", "last_seen_place", "last_seen_by"
"""The attributes that say when, where and by whom a thing was last seen."""
_MOVED = (AuditOutcome.ELSEWHERE, AuditOutcome.OUTSIDE)
"""What is moved to where it was scanned, unless it was only seen there."""
_LISTED = 200
"""So many missing things are written out in a task; it concerns all of them."""


@dataclass(frozen=True, slots=True)
class AcceptancePlan:
    """What accepting would do, to be shown before."""

    seen: int
    moved: tuple[AuditResult, ...]
    """What was elsewhere and is moved to where it was scanned."""
    only_seen: tuple[AuditResult, ...]
    missing: tuple[AuditResult, ...]
    tasks: int
    """How many tasks list what is missing: one per holder, else per place."""


def plan_acceptance(reader: Reader, audit: str, choices: Mapping[str, str] | None = None) -> AcceptancePlan:
    """What accepting an audit would do. ``choices``: record → MOVE or SEEN, in place of what its scan says.

    Raises InvalidValue where it is not finished, NotFound.
    """
    require(reader, audit, FINISHED)
    return _planned(audit_sheet(reader, audit), choices or {})


def _planned(sheet: AuditSheet, choices: Mapping[str, str]) -> AcceptancePlan:
    seen = [one for one in sheet.results if one.scan is not None and one.record]
    elsewhere = [one for one in seen if one.outcome in _MOVED or (one.outcome not in _STAYING and _says(one, choices))]
    moved = tuple(one for one in elsewhere if _goes(one, choices))
    missing = tuple(one for one in sheet.results if one.outcome is AuditOutcome.MISSING)
    only = tuple(one for one in elsewhere if one not in moved)
    return AcceptancePlan(len(seen), moved, only, missing, len(_shared(missing)))


_STAYING = (AuditOutcome.FOUND, AuditOutcome.MISSING, AuditOutcome.EXCUSED, AuditOutcome.UNKNOWN)


def _says(one: AuditResult, choices: Mapping[str, str]) -> str:
    """What was chosen for a thing; "" for nothing."""
    return choices.get(one.record) or (one.scan.choice if one.scan is not None else "")


def _goes(one: AuditResult, choices: Mapping[str, str]) -> bool:
    """Whether a thing is moved to where it was scanned: also where nothing was chosen for what was elsewhere."""
    if one.scan is None or not one.scan.place:
        return False
    return _says(one, choices) == MOVE or (one.outcome in _MOVED and _says(one, choices) != SEEN)


def accept(
    reader: Reader, audit: str, author: str, *, choices: Mapping[str, str] | None = None, tasks: bool = True
) -> Revision:
    """A revision that accepts a finished audit. Raises InvalidValue where it is not finished, or accepted already.

    ``tasks``: what is missing is listed in tasks.
    """
    found = require(reader, audit, FINISHED)
    sheet = audit_sheet(reader, audit)
    plan = _planned(sheet, choices or {})
    now = clock.now()
    said = {ACCEPTED.lower(): now[:19] + "Z", "accepted_by": author}
    made = state_edits(reader.get(audit), ACCEPTED, said)
    records = reader.by_uid(one.record for one in sheet.results if one.scan is not None and one.record)
    seen = {one.record: one for one in sheet.results if one.scan is not None and one.record in records}
    places = reader.names({place_of(one) for one in seen.values()} - {""})
    for uid, one in seen.items():
        made += _seen(reader, found, records[uid], one, milliseconds(now), places)
    moved, guards = _moves(reader, found, [one for one in plan.moved if one.record in records], records, author)
    made += moved
    if tasks:
        for owner, missing in _shared(plan.missing).items():
            made += _task(reader, sheet, owner, missing, author)
    reason = counted(
        "{audit} accepted: {count} thing seen, {moved} moved, {missing} missing",
        "{audit} accepted: {count} things seen, {moved} moved, {missing} missing",
        len(seen), audit=found.number, moved=len(plan.moved), missing=len(plan.missing),
    )  # fmt: skip
    return Revision(made, author, reason=reason, guards=guards, decided_at=reader.number)


def place_of(one: AuditResult) -> str:
    """Where a thing was seen: where it was scanned, or where it was expected if no place was said; "" for neither."""
    place = one.scan.place if one.scan is not None else ""
    return place or (one.expected.place if one.expected is not None else "")


def _seen(
    reader: Reader, audit: Audit, record: CI, one: AuditResult, now: int, places: Collection[str]
) -> Iterator[Edit]:
    """What a person saw of a record: when, where, by whom, in what condition; nothing where it was seen later."""
    scan = one.scan
    known = reader.schema.cls(record.cls).attributes
    if scan is None or SEEN_AT not in known:
        return
    at = iso_time(when_seen(audit, scan, now))[:19] + "Z"
    before = record.text(SEEN_AT)
    if before and before >= at:
        return
    place = place_of(one)
    values: dict[str, Any] = {SEEN_AT: at, SEEN_IN: place if place in places else None, SEEN_BY: scan.by or None}
    condition = known.get("condition")
    if scan.condition and condition is not None and any(c.value == scan.condition for c in condition.choices):
        values["condition"] = scan.condition
    for name, value in values.items():
        if name in known and record.values.get(name) != value:
            yield Edit(ci(record.uid), name, record.values.get(name), value)


def when_seen(audit: Audit, scan: AuditScan, now: int) -> int:
    """When a thing was seen: a device whose clock is wrong is not believed beyond the time of the audit."""
    first = milliseconds(audit.started) if audit.started else 0
    last = milliseconds(audit.finished) + 999 if audit.finished else now
    return min(max(scan.at, min(first, last)), last, now)


def _moves(
    reader: Reader, audit: Audit, moved: Sequence[AuditResult], records: Mapping[str, CI], author: str
) -> tuple[list[Edit], tuple[Any, ...]]:
    """The edits that move things to where they were scanned, as of then: what was moved since stays where it is."""
    now = milliseconds(clock.now())
    then = RecordsThen(reader, [one.record for one in moved], now)
    places = reader.names({one.scan.place for one in moved if one.scan is not None})
    made: list[Edit] = []
    guards: list[Any] = []
    for one in moved:
        record, scan = records[one.record], one.scan
        known = reader.schema.cls(record.cls).attributes
        if scan is None or scan.place not in places or "location" not in known:
            continue
        if record.values.get("location") == scan.place:
            continue
        wanted = {"location": scan.place, "rack": None}
        changes = [
            Edit(ci(record.uid), name, record.values.get(name), value)
            for name, value in wanted.items()
            if name in known and record.values.get(name) != value
        ]
        at = when_seen(audit, scan, now)
        points = then.points.get(record.uid)
        told = with_events(
            Revision(changes, author),
            reader.schema,
            "move",
            [record.uid],
            EventTime(at, stated=True),
            lambda _, field, points=points, at=at: points is not None and points.is_late(field, at),  # type: ignore[misc]
        )
        made += told.edits
        guards += told.guards
    return made, tuple(guards)


# -- what is missing ------------------------------------------------------------------------------------------------


def _shared(missing: Iterable[AuditResult]) -> dict[str, list[AuditResult]]:
    """Holder, else place → what is missing of theirs; "" for what has neither."""
    found: dict[str, list[AuditResult]] = {}
    for one in missing:
        if one.expected is not None:
            found.setdefault(one.expected.holder or one.expected.place, []).append(one)
    return found


def _task(reader: Reader, sheet: AuditSheet, owner: str, missing: Sequence[AuditResult], author: str) -> list[Edit]:
    """The edits of a task that lists what is missing of a holder, or in a place."""
    name = tr("{audit}: missing, {owner}", audit=sheet.audit.number, owner=sheet.name(owner) or tr("no place"))
    lines = [_line(sheet, one) for one in missing[:_LISTED]]
    if len(missing) > _LISTED:
        lines.append(trn("and {count} more", "and {count} more", len(missing) - _LISTED))
    values = {"name": name, "what_to_do": "\n".join(lines)}
    there = reader.by_uid(one.record for one in missing)
    links = [(CONCERNS, one.record) for one in missing if one.record in there]
    return list(edits.create_linked(reader, TASK, values, links, author, Message("{name}", name=name)).edits)


def _line(sheet: AuditSheet, one: AuditResult) -> str:
    """A missing thing in a task: its name, tag, model and place."""
    item = one.expected
    if item is None:
        return ""
    parts = (item.name, item.tag, item.model, sheet.name(item.place))
    return " · ".join(part for part in parts if part)
