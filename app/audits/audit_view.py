"""An audit as a page shows it: rooms, rows with what is odd first, and the last scans, all in words.

It is worked out in a worker, so that a window only has to paint it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.audits.shown_audit import ODD_FIRST, AuditShown, ExpectedRow, RoomShown, ScanShown, Verdict
from cmdb.model.audits import ACCEPTED, AUDIT, FINISHED, IN_PROGRESS, SEEN, AuditOutcome, ScanMark
from cmdb.model.clock import moment
from cmdb.model.formats import clock, clock_with_seconds, local_time
from cmdb.model.messages import Message, tr
from cmdb.model.state_tables import STATE
from cmdb.model.values import label_of

if TYPE_CHECKING:
    from app.audits.scanning import ScanAnswer
    from app.audits.sheets import AuditSheet
    from app.codes.resolve import ReadCode
    from app.item_search import Names
    from cmdb.model.audits import Audit, AuditResult, AuditScan
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader

_BETWEEN = " · "
LISTED = 25
"""Scans that the page lists."""
_VERDICTS: Mapping[AuditOutcome, Verdict] = {
    AuditOutcome.FOUND: Verdict.FOUND,
    AuditOutcome.ELSEWHERE: Verdict.ELSEWHERE,
    AuditOutcome.MISSING: Verdict.MISSING,
    AuditOutcome.EXCUSED: Verdict.EXCUSED,
    AuditOutcome.OUTSIDE: Verdict.OUTSIDE,
    AuditOutcome.RETIRED: Verdict.RETIRED,
    AuditOutcome.LOST: Verdict.LOST,
    AuditOutcome.UNKNOWN: Verdict.UNKNOWN,
}
_ORDER = {verdict: place for place, verdict in enumerate(ODD_FIRST)}
_MOVABLE = (AuditOutcome.ELSEWHERE, AuditOutcome.OUTSIDE)
_TONES = {IN_PROGRESS: "accent", FINISHED: "warning", ACCEPTED: "good"}


def shown_audit(reader: Reader, uid: str, place: str | None = None) -> AuditShown:
    """An audit in words. ``place`` is where the next scans are made; None: where the last one was. Raises NotFound."""
    from app.audits.sheets import audit_sheet

    sheet = audit_sheet(reader, uid)
    audit = sheet.audit
    if place is None:
        place = next((one.place for one in sheet.scans if not one.withdrawn), "") or audit.scope.place
    words = _Words(reader, sheet.names)
    rows = sorted(
        (_row(words, sheet, one) for one in sheet.results),
        key=lambda one: (_ORDER[one.shown_verdict], one.name.casefold()),
    )
    in_rooms: dict[str, list[ExpectedRow]] = defaultdict(list)
    for one in rows:
        in_rooms[one.room].append(one)
    counts = Counter(one.verdict for one in rows)
    counts[Verdict.DAMAGED] = sum(one.damaged for one in rows)
    return AuditShown(
        audit.uid, audit.name, audit.number, words.state(audit.state), _TONES.get(audit.state, "neutral"),
        _about(audit), audit.running, audit.state == FINISHED, audit.state == ACCEPTED, audit.hidden,
        _rooms(words, sheet, place, in_rooms), tuple(rows), {room: tuple(its) for room, its in in_rooms.items()},
        _scans(reader, words, sheet), place, words.name(place), sheet.counts.expected, +counts,
    )  # fmt: skip


def answer_shown(reader: Reader, answer: ScanAnswer, names: Names) -> ScanShown:
    """What a scan came to, in words, before the whole audit is looked at again."""
    words = _Words(reader, names)
    if answer.scan is None:
        return _no_thing(words, answer.read)
    earlier = [one for one in answer.earlier if not one.withdrawn]
    expected = answer.expected.place if answer.expected is not None else ""
    verdict = Verdict.NOTED if answer.outcome is None else _VERDICTS[answer.outcome]
    if answer.several:
        verdict = Verdict.SEVERAL
    shown = _scan(words, answer.scan, verdict, answer.record, expected, answer.several)
    changes: dict[str, Any] = {}
    if answer.remark is not None:
        changes["reason"] = " · ".join(filter(None, (shown.reason, str(answer.remark))))
    if earlier:
        changes["again"] = _time(earlier[-1].at)
    return _replaced(shown, changes)


def _no_thing(words: _Words, read: ReadCode | None) -> ScanShown:
    """What was read and is no thing to be found: a place, a person, a test code."""
    record = read.record if read is not None else None
    code = read.code if read is not None else ""
    at = clock_with_seconds(moment())
    if record is None or read is None:
        return ScanShown("", code, at, Verdict.NOTED, tr("a code for trying a scanner"))
    is_place = read.kind == "place"
    reason = tr("the next scans are made here") if is_place else tr("a person: an audit looks for hardware")
    verdict = Verdict.PLACE if is_place else Verdict.NOTED
    icon = words.icon(record.cls)
    return ScanShown("", code, at, verdict, reason, record.name, record.uid, record.cls, icon, _lines(words, record))


def _replaced(shown: ScanShown, changes: Mapping[str, Any]) -> ScanShown:
    return replace(shown, **changes) if changes else shown


class _Words:
    """Names and words of what an audit is about."""

    def __init__(self, reader: Reader, names: Names) -> None:
        self.schema: Schema = reader.schema
        self._names = dict(names)
        self._reader = reader

    def learn(self, uids: Iterable[str]) -> None:
        """Reads the names of further records."""
        missing = {uid for uid in uids if uid and uid not in self._names}
        if missing:
            self._names.update(self._reader.last_names(missing))

    def name(self, uid: str) -> str:
        """A record's name; "" for none."""
        if uid:
            self.learn([uid])
        return self._names.get(uid, ("", ""))[1]

    def cls(self, uid: str) -> str:
        """A record's class; "" where it is not known."""
        return self._names.get(uid, ("", ""))[0]

    def is_place(self, uid: str) -> bool:
        """Whether a record is a place."""
        cls = self.cls(uid)
        return cls in self.schema.classes and self.schema.is_a(cls, "place")

    def icon(self, cls: str) -> str:
        """The icon of a class."""
        return self.schema.cls(cls).icon if cls in self.schema.classes else ""

    def state(self, state: str) -> str:
        """The word of an audit's state."""
        return label_of(self.schema.attribute(AUDIT, STATE), state)

    def status(self, one: CI) -> tuple[str, str]:
        """The word and the colour of a record's status."""
        attribute = self.schema.cls(one.cls).attributes.get("status") if one.cls in self.schema.classes else None
        value = one.text("status")
        for choice in attribute.choices if attribute is not None else ():
            if choice.value == value:
                return str(choice.label), choice.tone
        return value, "neutral"


def _about(audit: Audit) -> str:
    kind = Message("Blind") if audit.blind else Message("Open list")
    at = local_time(audit.started)
    since = Message("since {time}", time=clock(at)) if at is not None else None
    parts = [kind, *([audit.started_by] if audit.started_by else []), *([since] if since is not None else [])]
    return " · ".join(map(str, parts))


def _time(at: int) -> str:
    """The time of a scan, in the machine's zone; "" for one that no clock can show."""
    try:
        found = local_time(datetime.fromtimestamp(at / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return ""
    return clock_with_seconds(found) if found is not None else ""


# -- rooms and rows ---------------------------------------------------------------------------------------------------


def _row(words: _Words, sheet: AuditSheet, one: AuditResult) -> ExpectedRow:
    expected, scan = one.expected, one.scan
    verdict = _VERDICTS[one.outcome]
    room = expected.place if expected is not None else one.room
    if one.outcome is AuditOutcome.MISSING and sheet.audit.running and room not in sheet.closed:
        verdict = Verdict.NOT_YET
    cls = expected.cls if expected is not None else words.cls(one.record)
    name = expected.name if expected is not None else words.name(one.record) or one.code
    parts: list[str] = []
    if expected is not None:
        parts = [expected.tag or expected.serial, expected.model]
    if one.outcome is AuditOutcome.ELSEWHERE and scan is not None:
        parts[1:] = [tr("is in {place}", place=words.name(scan.place))]
    elif one.outcome is AuditOutcome.EXCUSED and expected is not None and expected.excuse is not None:
        parts[1:] = [expected.excuse.why]
    elif one.outcome is AuditOutcome.UNKNOWN:
        parts = [tr("no item has this code")]
    elif expected is None:
        parts = [one.code]
    damaged = scan is not None and (ScanMark.DAMAGED in scan.marks)
    return ExpectedRow(
        one.record or one.code, room, name, " · ".join(filter(None, parts)), verdict,
        words.icon(cls) or "barcode", one.record, damaged,
    )  # fmt: skip


def _rooms(
    words: _Words, sheet: AuditSheet, place: str, in_rooms: Mapping[str, Sequence[ExpectedRow]]
) -> tuple[RoomShown, ...]:
    scanned = {one.place for one in sheet.scans if not one.withdrawn}
    known = dict.fromkeys([*sheet.rooms, *in_rooms, *sheet.closed, *([place] if place else [])])
    words.learn(known)
    found = []
    for uid in known:
        counts, rows = sheet.rooms.get(uid), in_rooms.get(uid, ())
        odd = Counter(one.shown_verdict for one in rows)
        for calm in (Verdict.FOUND, Verdict.NOT_YET, Verdict.EXCUSED):
            del odd[calm]
        closed = sheet.closed.get(uid)
        when = _minute(closed.at) if closed is not None else ""
        found.append(
            RoomShown(
                uid, words.name(uid) if uid else tr("Without a place"),
                counts.expected if counts is not None else 0, counts.checked if counts is not None else 0,
                dict(odd), when, uid in scanned,
            )
        )  # fmt: skip
    shared = _shared_beginning([one.name for one in found if one.uid and one.uid != sheet.audit.scope.place])
    found = [_replaced_room(one, shared) for one in found]
    return tuple(sorted(found, key=lambda one: (not one.uid, one.name.casefold())))


def _shared_beginning(names: Sequence[str]) -> str:
    """What all names begin with and cards need not say ("Rotterdam · "); "" for nothing."""
    parts = {name.partition(_BETWEEN)[0] for name in names if _BETWEEN in name}
    return f"{parts.pop()}{_BETWEEN}" if len(names) > 1 and len(parts) == 1 and all(map(_has_parts, names)) else ""


def _has_parts(name: str) -> bool:
    return _BETWEEN in name


def _replaced_room(room: RoomShown, beginning: str) -> RoomShown:
    return replace(room, name=room.name.removeprefix(beginning)) if beginning else room


def _minute(at: int) -> str:
    try:
        found = local_time(datetime.fromtimestamp(at / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        found = None
    return clock(found) if found is not None else "–"


# -- scans ------------------------------------------------------------------------------------------------------------


def _scans(reader: Reader, words: _Words, sheet: AuditSheet) -> tuple[ScanShown, ...]:
    scans = [one for one in sheet.scans if not one.withdrawn][:LISTED]
    records = reader.by_uid({one.record for one in scans if one.record})
    unknown = [one.code for one in scans if not one.record and one.code]
    several = _several(reader, unknown)
    by_scan = {scan.id: result for result in sheet.results for scan in result.scans}
    first = {scan.id: result.scans for result in sheet.results for scan in result.scans}
    found = []
    for one in scans:
        result = by_scan.get(one.id)
        verdict = Verdict.NOTED if result is None else _VERDICTS[result.outcome]
        choices = several.get(one.code, ()) if not one.record else ()
        expected = result.expected.place if result is not None and result.expected is not None else ""
        shown = _scan(words, one, Verdict.SEVERAL if choices else verdict, records.get(one.record), expected, choices)
        before = next((other for other in first.get(one.id, ()) if not other.withdrawn), one)
        found.append(_replaced(shown, {"again": _time(before.at)} if before.id != one.id else {}))
    return tuple(found)


def _several(reader: Reader, codes: list[str]) -> dict[str, tuple[CI, ...]]:
    """The records that codes may mean, of those that name several."""
    from app.codes.resolve import resolve_all

    if not codes:
        return {}
    read = resolve_all(reader, codes)
    return {
        code: tuple(named.record for named in one.named)
        for code, one in zip(codes, read, strict=True)
        if len(one.named) > 1
    }


def _scan(
    words: _Words, scan: AuditScan, verdict: Verdict, record: CI | None, expected: str, several: Sequence[CI]
) -> ScanShown:
    place = scan.place
    status, colour = words.status(record) if record is not None else ("", "neutral")
    here = words.name(place)
    elsewhere = verdict in (Verdict.ELSEWHERE, Verdict.OUTSIDE)
    damaged = ScanMark.DAMAGED in scan.marks
    return ScanShown(
        scan.id, scan.code, _time(scan.at), verdict,
        _reason(words, verdict, here, expected, record, len(several)),
        record.name if record is not None else words.name(scan.record), scan.record,
        record.cls if record is not None else "", words.icon(record.cls) if record is not None else "barcode",
        _lines(words, record), status, colour, _read(words.schema, scan, record), "", place,
        scan.choice != SEEN, "", elsewhere, "damaged" if damaged else scan.condition.casefold(), scan.note, "",
        tuple((one.uid, one.name) for one in several),
    )  # fmt: skip


def _reason(words: _Words, verdict: Verdict, here: str, expected: str, record: CI | None, several: int) -> str:
    is_in = words.name(record.text("location")) if record is not None else ""

    def outside() -> str:
        if not is_in:
            return tr("not expected; the register says no place")
        return tr("not expected; the register has it in {place}", place=is_in)

    def elsewhere() -> str:
        return tr("expected in {place}, scanned in {here}", place=words.name(expected) or "–", here=here or "–")

    told: Mapping[Verdict, Callable[[], str]] = {
        Verdict.FOUND: lambda: tr("as expected in {place}", place=here) if here else tr("as expected"),
        Verdict.ELSEWHERE: elsewhere,
        Verdict.OUTSIDE: outside,
        Verdict.RETIRED: lambda: tr("retired, and still here"),
        Verdict.LOST: lambda: tr("it was reported lost, and it is here"),
        Verdict.UNKNOWN: lambda: tr("no item has this code"),
        Verdict.SEVERAL: lambda: tr("{count} items have this code", count=several),
    }
    return told[verdict]() if verdict in told else ""


def _lines(words: _Words, record: CI | None) -> tuple[str, ...]:
    """What a record is, and who has it."""
    if record is None:
        return ()
    cls = words.schema.cls(record.cls)
    serial = record.text("serial_number")
    what = [str(cls.label), words.name(record.text("model")), tr("serial {number}", number=serial) if serial else ""]
    holder, seen = words.name(record.text("assigned_to")), record.text("last_seen")
    who: list[object] = []
    if holder:
        who.append(Message("{person} has it", person=holder))
    if at := local_time(seen) if seen else None:
        from cmdb.model.formats import day

        who.append(Message("last seen {day}", day=day(at.date(), year=False)))
    return tuple(filter(None, (" · ".join(filter(None, what)), " · ".join(map(str, who)))))


def _read(schema: Schema, scan: AuditScan, record: CI | None) -> str:
    """What of a record was read."""
    if record is None or not scan.code:
        return ""
    attribute = schema.cls(record.cls).attributes.get(scan.read_as) if scan.read_as else None
    return f"{str(attribute.label).lower()} {scan.code}" if attribute is not None else scan.code
