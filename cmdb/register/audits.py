"""What an audit came to: worked out of what was expected and of all scans, in whatever order they came in.

Nothing is kept of it. The scans of several devices are put together by adding them; each thing is counted once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cmdb.model.audits import (
    AuditCounts,
    AuditOutcome,
    AuditResult,
    AuditScan,
    ExpectedItem,
    ScanMark,
)


def results(expected: Iterable[ExpectedItem], scans: Iterable[AuditScan]) -> list[AuditResult]:
    """What each expected item came to, in their order; then what turned up besides, in the order of its first scan."""
    of_records: dict[str, list[AuditScan]] = defaultdict(list)
    of_codes: dict[str, list[AuditScan]] = defaultdict(list)
    for scan in sorted(scans, key=lambda one: one.order):
        if scan.record:
            of_records[scan.record].append(scan)
        else:
            of_codes[thing_of(scan)].append(scan)
    items = list(expected)
    wanted = {item.record for item in items}
    found = [of_expected(item, of_records.get(item.record, ())) for item in items]
    others = (its for its in (*_besides(of_records, wanted), *of_codes.values()))
    apart = (one for its in others if (one := of_other(its)) is not None)
    return found + sorted(apart, key=lambda one: one.scans[0].order)


def _besides(of_records: Mapping[str, list[AuditScan]], wanted: set[str]) -> Iterator[list[AuditScan]]:
    return (its for record, its in of_records.items() if record not in wanted)


def thing_of(scan: AuditScan) -> str:
    """What an unknown code stands for: scans of the same code are of one thing, those without a code of one each."""
    return scan.code.strip().casefold() or scan.id


def of_expected(item: ExpectedItem, scans: Sequence[AuditScan]) -> AuditResult:
    """What an expected item came to by all scans of it, in their order."""
    scan = standing(scans)
    if scan is not None:
        outcome = AuditOutcome.FOUND if is_there(item, scan.place) else AuditOutcome.ELSEWHERE
    else:
        outcome = AuditOutcome.EXCUSED if item.excuse is not None else AuditOutcome.MISSING
    return AuditResult(outcome, item, scan, tuple(scans))


def of_other(scans: Sequence[AuditScan]) -> AuditResult | None:
    """What something came to that was not expected, by all scans of it, in their order; None: all were withdrawn."""
    scan = standing(scans)
    if scan is None:
        return None
    return AuditResult(scan.turned_up if scan.record else AuditOutcome.UNKNOWN, None, scan, tuple(scans))


def standing(scans: Sequence[AuditScan]) -> AuditScan | None:
    """The scan that counts: the last that was not withdrawn."""
    return next((one for one in reversed(scans) if not one.withdrawn), None)


def is_there(item: ExpectedItem, place: str) -> bool:
    """Whether a scan in a place (an id, "" where none was said) finds an item where it was expected.

    A place that holds the expected one says less, and nothing else.
    """
    return not place or place in item.within


def counts(found: Iterable[AuditResult]) -> AuditCounts:
    """The numbers of results. A mark counts once for each thing, by the scan that stands."""
    of: Counter[AuditOutcome] = Counter()
    marks: Counter[ScanMark] = Counter()
    scans = 0
    for one in found:
        of[one.outcome] += 1
        scans += sum(not scan.withdrawn for scan in one.scans)
        if one.scan is not None:
            marks.update(one.scan.marks)
    return AuditCounts(of, marks, scans)


def by_room(found: Iterable[AuditResult]) -> dict[str, list[AuditResult]]:
    """Place (an id, "" for none) → the results that are listed under it."""
    rooms: dict[str, list[AuditResult]] = defaultdict(list)
    for one in found:
        rooms[one.room].append(one)
    return dict(rooms)
