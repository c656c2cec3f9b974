"""Scanning for an audit: codes become scans, one or thousands in one revision; a scan is changed or taken back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.audits.named_scans import turned_up_as
from app.audits.records import merged_places, require
from app.audits.rows import KIND, fields_of_scan, places_in, scan_record, told_apart
from app.audits.running import in_state
from app.audits.scanned_commands import ScannedCommands
from app.codes.commands import CodeCommand
from app.codes.resolve import LONGEST, ReadCode, resolve_all
from app.codes.unknown_codes import UnknownScan, asked
from cmdb.model import clock
from cmdb.model.audits import FINISHED, IN_PROGRESS, MOVE, SEEN, Audit, AuditOutcome, AuditScan, ExpectedItem, ScanMark
from cmdb.model.characters import visible
from cmdb.model.errors import InvalidValue, NotFound
from cmdb.model.event_times import iso_time, milliseconds
from cmdb.model.messages import Message, counted
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.register.audits import of_expected, of_other

if TYPE_CHECKING:
    from app.codes.keyboards import Typing
    from app.item_search import Names
    from cmdb.model.control import Control
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

_EARLY = 24 * 3_600_000
"""A scan that says it was so much earlier than the audit, in milliseconds, is of a clock that is wrong."""
_LATE = 300_000
"""A scan that says it will be so much later than now is of a clock that is wrong."""
BROKEN = frozenset({"Damaged", "Broken"})
"""The conditions of what is marked as damaged."""
MOST_OF_NOTE = 2_000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class CodeRead:
    """A code that was read, and what was said with it. A code that names a place is the place of those after it.

    ``at`` is in milliseconds since 1970 UTC, 0 for now; ``record`` is an id where the item was chosen by hand.
    """

    code: str
    at: int = 0
    record: str = ""
    condition: str = ""
    marks: frozenset[ScanMark] = frozenset()
    choice: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """What a scan came to. Of a hidden audit only the scan is said."""

    scan: AuditScan | None
    """None for what is no thing to be found: a place, a person, a command, a test code."""
    outcome: AuditOutcome | None = None
    """None where it is hidden, and where there is no scan."""
    expected: ExpectedItem | None = None
    record: CI | None = None
    """The record as it is now."""
    several: tuple[CI, ...] = ()
    """The records that a code may mean where there are several: one is to be chosen."""
    earlier: tuple[AuditScan, ...] = ()
    """Earlier scans of the same thing that were not withdrawn, the latest first."""
    remark: Message | None = None
    """What is odd about it: a clock that is wrong, a code that is too long."""
    read: ReadCode | None = None
    """How the code was read, where it is no thing to be found."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """The revision that records scans, and what they came to, in their order."""

    revision: Revision
    answers: tuple[ScanAnswer, ...]
    place: str
    """The place (an id) of the next scan: the last one that was scanned."""
    names: Names
    """Class and name of the places and holders that are named."""


def record_scans(
    reader: Reader,
    audit: str,
    reads: Sequence[CodeRead],
    author: str,
    *,
    place: str = "",
    device: str = "",
    typing: Typing | None = None,
    control: Control | None = None,
) -> Scanned:
    """Records codes that were read in a place. Raises NotFound, InvalidValue where the audit is over, Cancelled.

    ``typing``: how this computer types what its scanner reads.
    """
    found = require(reader, audit, IN_PROGRESS)
    if place and not reader.names([place]):
        raise NotFound(Message("The place of the scan is gone. Scan a room's label, or choose another place."))
    codes = [one.code for one in reads if not one.record]
    taken = _Taken(reader, found, author, device, reads)
    plain, place = _in_turn(reader, reads, resolve_all(reader, codes, typing, control), taken, place)
    answers, scans = taken.answers(plain)
    made = [Edit(scan_record(audit, one.id), "", None, fields_of_scan(one)) for one in scans]
    made += asked(reader, _unknown(reader, plain))
    reason = _reason(found, scans)
    revision = Revision(made, author, reason=reason, guards=in_state(found), decided_at=reader.number)
    named_ids = {place, *(one.scan.place for one in answers if one.scan is not None)}
    for answer in answers:
        if answer.expected is not None:
            named_ids.update((answer.expected.place, answer.expected.holder))
        if answer.record is not None:
            named_ids.update((answer.record.text("location"), answer.record.text("assigned_to")))
    return Scanned(revision, tuple(answers), place, reader.last_names(named_ids - {""}))


_Plain = list[tuple["CodeRead", "ReadCode | None", "AuditScan | None"]]
"""What was read, what it means, and its scan; None for what is no thing to be found."""


def _in_turn(
    reader: Reader, reads: Sequence[CodeRead], resolved: Sequence[ReadCode], taken: _Taken, place: str
) -> tuple[_Plain, str]:
    """The scans of what was read, in turn: places and commands are for what comes after them. Also the last place."""
    chosen = reader.by_uid({one.record for one in reads if one.record})
    commands = ScannedCommands(reader.schema)
    meant = iter(resolved)
    plain: _Plain = []
    for given in reads:
        condition, choice = commands.said(given.condition, given.choice)
        one = replace(given, condition=condition, choice=choice)
        what = None if one.record else next(meant)
        if what is not None and what.kind == "place":
            place = what.named[0].record.uid
        if what is not None and what.command is CodeCommand.UNDO:
            _take_back(plain)
        elif what is not None and what.command is not None:
            commands.take(what.command)
        named = chosen.get(one.record) if what is None else what.record
        if one.record and named is None:
            raise NotFound(Message("The item that was chosen is gone meanwhile."))
        is_thing = what is None or what.kind in ("item", "several", "unknown")
        plain.append((one, what, taken.scan(one, what, named, place) if is_thing else None))
    return plain, place


def _take_back(plain: _Plain) -> None:
    """Takes back the last scan that counts."""
    for at in range(len(plain) - 1, -1, -1):
        one, what, scan = plain[at]
        if scan is not None and not scan.withdrawn:
            plain[at] = (one, what, replace(scan, withdrawn=True))
            return


def _unknown(
    reader: Reader, read: Sequence[tuple[CodeRead, ReadCode | None, AuditScan | None]]
) -> Iterator[UnknownScan]:
    """The scans of codes that nobody knows, which are asked about."""
    unknown = (scan for _, what, scan in read if scan is not None and what is not None and what.kind == "unknown")
    scans = [scan for scan in unknown if not scan.withdrawn]
    names = reader.names({scan.place for scan in scans if scan.place})
    for one in scans:
        name = names[one.place][1] if one.place in names else ""
        time = iso_time(one.at)
        yield UnknownScan(one.code, time, name, one.place, one.by, one.device)


def _reason(audit: Audit, scans: Sequence[AuditScan]) -> Message:
    if len(scans) == 1 and scans[0].code:
        return Message("{audit}: {code} scanned", audit=audit.number, code=scans[0].code)
    return counted("{audit}: {count} code scanned", "{audit}: {count} codes scanned", len(scans), audit=audit.number)


class _Taken:
    """Makes scans of what was read, and says what they come to with those that are there."""

    def __init__(self, reader: Reader, audit: Audit, author: str, device: str, reads: Sequence[CodeRead]) -> None:
        self._reader, self._audit = reader, audit
        self._author, self._device = visible(author), visible(device)
        self._now = milliseconds(clock.now())
        self._started = milliseconds(audit.started) if audit.started else 0
        self._next = self._now - len(reads)
        self._said = self._same = 0
        self._remarks: dict[str, Message] = {}

    def scan(self, one: CodeRead, what: ReadCode | None, named: CI | None, place: str) -> AuditScan:
        """The scan of a code, of ``named`` if it means one record."""
        uid, schema = new_id(), self._reader.schema
        at, said = self._time(one, uid)
        if len(one.code) > LONGEST:
            self._remarks[uid] = Message("The code is longer than {count} characters; the rest was left out.",
                                         count=LONGEST)  # fmt: skip
        return AuditScan(
            uid,
            at,
            what.code if what is not None else visible(one.code)[:LONGEST],
            place,
            named.uid if named is not None else "",
            what.named[0].attribute if what is not None and named is not None else "",
            turned_up_as(schema, named) if named is not None else AuditOutcome.UNKNOWN,
            one.condition,
            marked(one.marks, one.condition),
            one.choice,
            visible(one.note)[:MOST_OF_NOTE],
            self._author,
            self._device,
            said,
        )

    def _time(self, one: CodeRead, uid: str) -> tuple[int, int]:
        """When a code was read, and what the device said where its clock is wrong. What is read at once, or within one
        second of a device's memory, is in its order.
        """
        self._next += 1
        if not one.at:
            return self._next, 0
        if not self._started - _EARLY <= one.at <= self._now + _LATE:
            self._remarks[uid] = Message("The clock of the scanner is wrong: it counts as scanned now.")
            return self._next, one.at
        self._same = self._same + 1 if one.at == self._said else 0
        self._said = one.at
        return one.at + self._same, 0

    def answers(
        self, read: Sequence[tuple[CodeRead, ReadCode | None, AuditScan | None]]
    ) -> tuple[list[ScanAnswer], list[AuditScan]]:
        """What the scans come to, and the scans as they are kept: after all that there are of the same thing."""
        records = {scan.record for _, _, scan in read if scan is not None and scan.record}
        expected, earlier = self._known(records)
        now = self._reader.by_uid(records)
        found: list[ScanAnswer] = []
        kept: list[AuditScan] = []
        for one, what, scan in read:
            if scan is None:
                found.append(ScanAnswer(None, read=what))
                continue
            before = earlier[scan.record] if scan.record else []
            if before and not one.at and scan.order <= before[-1].order:
                scan = replace(scan, at=before[-1].at + 1)
            kept.append(scan)
            if scan.record:
                before.append(scan)
            found.append(self._answer(scan, what, expected, before, now))
        return found, kept

    def _answer(
        self,
        scan: AuditScan,
        what: ReadCode | None,
        expected: Mapping[str, ExpectedItem],
        scans: Sequence[AuditScan],
        now: Mapping[str, CI],
    ) -> ScanAnswer:
        from app.audits.sheets import without_result

        remark = self._remarks.get(scan.id)
        if self._audit.hidden:
            return ScanAnswer(without_result(scan), remark=remark)
        item = expected.get(scan.record)
        ordered = sorted(scans or [scan], key=lambda its: its.order)
        result = of_expected(item, ordered) if item is not None else of_other(ordered)
        several = what.named if what is not None and what.kind == "several" else ()
        return ScanAnswer(
            scan,
            result.outcome if result is not None else None,
            item,
            now.get(scan.record),
            tuple(one.record for one in several),
            tuple(its for its in reversed(ordered) if its.id != scan.id and not its.withdrawn),
            remark,
        )

    def _known(self, records: Collection[str]) -> tuple[dict[str, ExpectedItem], dict[str, list[AuditScan]]]:
        """What the audit expects of some records, and their scans so far, in order."""
        from cmdb.store.reading.audit_results import results_about

        uid = self._audit.uid
        rows = {code: fields for _, code, fields in results_about(self._reader, records, uid)}
        told = told_apart(rows.items(), merged_places(self._reader, places_in(rows.values())))
        scans: dict[str, list[AuditScan]] = defaultdict(list)
        for scan in sorted(told.scans, key=lambda one: one.order):
            scans[scan.record].append(scan)
        return {item.record: item for item in told.expected.values()}, scans


def marked(marks: frozenset[ScanMark], condition: str) -> frozenset[ScanMark]:
    """The marks of a scan, with what its condition says."""
    return marks | {ScanMark.DAMAGED} if condition in BROKEN else marks


def change_scan(
    reader: Reader,
    audit: str,
    scan: str,
    author: str,
    *,
    place: str | None = None,
    record: str | None = None,
    condition: str | None = None,
    marks: frozenset[ScanMark] | None = None,
    choice: str | None = None,
    note: str | None = None,
) -> Revision:
    """Says something else of a scan (an id): another place, its condition, which record an unknown code names.

    Raises NotFound, InvalidValue where the audit was accepted or dropped.
    """
    found, present, fields = _scan(reader, audit, scan)
    if choice not in (None, "", MOVE, SEEN):
        raise InvalidValue(Message("A thing is moved, or it was only seen."))
    after = present
    if place is not None:
        after = replace(after, place=place)
    if record is not None:
        named = reader.get(record) if record else None
        up = turned_up_as(reader.schema, named) if named is not None else AuditOutcome.UNKNOWN
        after = replace(after, record=record, turned_up=up)
    if condition is not None:
        after = replace(after, condition=condition, marks=marked(after.marks - {ScanMark.DAMAGED}, condition))
    if marks is not None:
        after = replace(after, marks=marked(marks, after.condition))
    if choice is not None:
        after = replace(after, choice=choice)
    if note is not None:
        after = replace(after, note=visible(note)[:MOST_OF_NOTE])
    reason = Message("{audit}: scan changed", audit=found.number)
    return _changed(reader, found, scan_record(audit, scan), fields, after, author, reason)


def withdraw_scan(reader: Reader, audit: str, scan: str, author: str) -> Revision:
    """Takes a scan back: it is kept, and counts for nothing. Raises NotFound, InvalidValue."""
    found, present, fields = _scan(reader, audit, scan)
    reason = Message("{audit}: scan of {code} taken back", audit=found.number, code=present.code)
    after = replace(present, withdrawn=True)
    return _changed(reader, found, scan_record(audit, scan), fields, after, author, reason)


def _scan(reader: Reader, audit: str, scan: str) -> tuple[Audit, AuditScan, Mapping[str, Any]]:
    """An audit that is not over, one of its scans, and its fields."""
    found = require(reader, audit, IN_PROGRESS, FINISHED)
    record = scan_record(audit, scan)
    fields = reader.records_of(KIND, [record]).get(record.key)
    if fields is None:
        raise NotFound(Message("This scan was taken back meanwhile."))
    return found, told_apart([(record.key[1], fields)]).scans[0], fields


def _changed(
    reader: Reader,
    audit: Audit,
    record: Record,
    fields: Mapping[str, Any],
    after: AuditScan,
    author: str,
    reason: Message,
) -> Revision:
    wanted = fields_of_scan(after)
    made = [
        Edit(record, name, fields.get(name), wanted.get(name))
        for name in ("record", "extra")
        if fields.get(name) != wanted.get(name)
    ]
    return Revision(made, author, reason=reason, guards=in_state(audit), decided_at=reader.number)
