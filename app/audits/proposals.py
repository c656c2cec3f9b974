"""What an audit suggests and doesn't do: lost and retired things that turned up, and what is missing again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.audits.records import as_audit, require
from app.audits.rows import told_apart
from app.audits.sheets import audit_sheet
from app.verbs import known_verbs
from cmdb.model.audits import ACCEPTED, AUDIT, FINISHED, Audit, AuditOutcome, AuditResult
from cmdb.register.audits import results

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader

OFFERED = {AuditOutcome.LOST: "report_found", AuditOutcome.RETIRED: "take_back", AuditOutcome.MISSING: "report_lost"}
"""What a thing came to → the verb that is offered."""
RUNNING = 2
"""What is missing in so many audits one after another is proposed to be lost."""


@dataclass(frozen=True, slots=True)
class AuditProposal:
    """A verb that an audit suggests for a record: back to stock, report lost."""

    verb: str
    """The verb's name, or "" where it can't be done with the record as it is: a person has to look."""
    result: AuditResult
    times: int = 1
    """How many audits running it was missing in."""


def proposals(reader: Reader, audit: str) -> list[AuditProposal]:
    """What an audit that is finished suggests besides. Raises InvalidValue where it is not, NotFound."""
    found = require(reader, audit, FINISHED, ACCEPTED)
    sheet = audit_sheet(reader, audit)
    turned_up = [one for one in sheet.results if one.outcome in (AuditOutcome.LOST, AuditOutcome.RETIRED)]
    missing = {one.record: one for one in sheet.results if one.outcome is AuditOutcome.MISSING}
    times = missing_before(reader, found, missing)
    again = [(one, 1 + times[record]) for record, one in missing.items() if 1 + times[record] >= RUNNING]
    records = reader.by_uid({one.record for one in turned_up} | missing.keys())
    wanted = [*((one, 1) for one in turned_up), *again]
    return [
        AuditProposal(_possible(reader, OFFERED[one.outcome], records[one.record]), one, number)
        for one, number in wanted
        if one.record in records
    ]


def _possible(reader: Reader, name: str, record: CI) -> str:
    verb = known_verbs().get(name)
    if verb is None or not verb.applies_to(reader.schema, record.cls) or verb.reason(reader.schema, record):
        return ""
    return name


def missing_before(reader: Reader, audit: Audit | None, records: Collection[str]) -> dict[str, int]:
    """Record → in how many audits before this one (None: until now) it was missing, one after another."""
    from cmdb.store.reading.audit_results import results_about

    of: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
    for uid, code, fields in results_about(reader, records):
        if audit is None or uid != audit.uid:
            of.setdefault(uid, []).append((code, fields))
    earlier = [one for one in _audits(reader, of) if audit is None or _order(one) < _order(audit)]
    times = dict.fromkeys(records, 0)
    running = set(records)
    for one in sorted(earlier, key=_order, reverse=True):
        told = told_apart(of[one.uid])
        for result in results(told.expected.values(), told.scans):
            if result.record not in running:
                continue
            if result.outcome is AuditOutcome.MISSING:
                times[result.record] += 1
            elif result.outcome is not AuditOutcome.EXCUSED:
                running.discard(result.record)
    return times


def _order(audit: Audit) -> tuple[str, str]:
    """Ids tell what was started first within a second."""
    return audit.started, audit.uid


def _audits(reader: Reader, uids: Collection[str]) -> Iterator[Audit]:
    """Those of some audits that were finished or accepted."""
    for record in reader.by_uid(uids).values():
        if reader.schema.is_a(record.cls, AUDIT):
            found = as_audit(reader, record)
            if found.state in (FINISHED, ACCEPTED):
                yield found
