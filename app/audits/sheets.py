"""The sheet of an audit: what is expected, what was scanned, and what each came to. What a blind audit hides is hidden
here, for all that show it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audits.records import as_audit, audit_of, rows_of
from cmdb.model.audits import (
    AUDIT,
    Audit,
    AuditCounts,
    AuditResult,
    AuditScan,
    ClosedPlace,
    ExpectedItem,
)
from cmdb.model.selection import Selection
from cmdb.register.audits import by_room, counts, results

if TYPE_CHECKING:
    from app.item_search import Names
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class AuditSheet:
    """An audit as it stands. While it is hidden, ``results`` and the counts are empty, and ``scans`` are all there is
    to see: codes, times and places.
    """

    audit: Audit
    results: tuple[AuditResult, ...]
    """Expected items first, then what turned up besides."""
    counts: AuditCounts
    rooms: Mapping[str, AuditCounts]
    """Place (an id, "" for none) → its numbers."""
    closed: Mapping[str, ClosedPlace]
    """Places that were looked through."""
    scans: tuple[AuditScan, ...]
    """All scans, also withdrawn ones, the latest first."""
    names: Names
    """Class and name of every record, place and holder that is named, also of deleted ones; of what is expected as it
    was called when the audit was started.
    """

    def name(self, uid: str) -> str:
        """What a record that is named is called; "" for none."""
        return self.names.get(uid, ("", ""))[1]


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """An audit in a list. ``counts`` is None while it is hidden."""

    audit: Audit
    counts: AuditCounts | None
    place: str
    """The place's name."""


def audits(reader: Reader) -> list[AuditSummary]:
    """All audits, those in progress first, then the latest."""
    if AUDIT not in reader.schema.classes:
        return []
    found = [as_audit(reader, one) for one in reader.all(Selection(AUDIT))]
    found.sort(key=lambda one: (one.started, one.uid), reverse=True)
    found.sort(key=lambda one: not one.running)
    places = reader.last_names({one.scope.place for one in found} - {""})
    return [
        AuditSummary(one, None if one.hidden else _counted(reader, one), places.get(one.scope.place, ("", ""))[1])
        for one in found
    ]


def _counted(reader: Reader, audit: Audit) -> AuditCounts:
    rows = rows_of(reader, audit.uid)
    return counts(results(rows.expected.values(), rows.scans))


def audit_sheet(reader: Reader, uid: str) -> AuditSheet:
    """An audit as it stands. Raises NotFound, InvalidValue."""
    audit = audit_of(reader, uid)
    rows = rows_of(reader, uid)
    scans = tuple(sorted(rows.scans, key=lambda one: one.order, reverse=True))
    if audit.hidden:
        shown = tuple(without_result(one) for one in scans)
        named = _named(audit, (), shown)
        return AuditSheet(audit, (), AuditCounts(), {}, rows.closed, shown, reader.last_names(named | {*rows.closed}))
    found = tuple(results(sorted(rows.expected.values(), key=_by_name), scans))
    rooms = {place: counts(its) for place, its in by_room(found).items()}
    then = {item.record: (item.cls, item.name) for item in rows.expected.values()}
    named = (_named(audit, found, scans) | {*rows.closed}) - then.keys()
    names = {**then, **reader.last_names(named)}
    return AuditSheet(audit, found, counts(found), rooms, rows.closed, scans, names)


def without_result(scan: AuditScan) -> AuditScan:
    """A scan as a blind audit shows it: what was read and said, and nothing of what it is."""
    return AuditScan(
        scan.id, scan.at, scan.code, scan.place, condition=scan.condition, marks=scan.marks, note=scan.note,
        by=scan.by, device=scan.device, withdrawn=scan.withdrawn,
    )  # fmt: skip


def _by_name(item: ExpectedItem) -> tuple[str, str]:
    return item.name.casefold(), item.record


def _named(audit: Audit, found: Iterable[AuditResult], scans: Iterable[AuditScan]) -> set[str]:
    """The records that a sheet names."""
    named = {audit.scope.place, audit.scope.owner}
    for one in found:
        if one.expected is not None:
            named.update((one.expected.place, one.expected.holder))
    for scan in scans:
        named.update((scan.record, scan.place))
    return named - {""}
