"""The scans of a code that nobody knew: when it is said whose it is, they are scans of that record."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from app.audits.records import as_audit
from app.audits.rows import fields_of_scan, scan_record, told_apart
from app.audits.running import in_state
from cmdb.model.audits import AUDIT, FINISHED, IN_PROGRESS, AuditOutcome
from cmdb.model.life_cycle import LOST, STATUS, phase_of, statuses_set_by
from cmdb.model.name_keys import name_key
from cmdb.model.phase import Phase
from cmdb.model.revision import Edit
from cmdb.model.selection import Selection

if TYPE_CHECKING:
    from cmdb.model.guards import Guard
    from cmdb.model.records import CI
    from cmdb.model.schema import Schema
    from cmdb.store.reading.reader import Reader


def named_scans(
    reader: Reader, codes: Collection[str], record: str, turned_up: AuditOutcome
) -> tuple[list[Edit], tuple[Guard, ...]]:
    """The edits by which the scans of codes become those of a record (an id), in all audits that are not over, and what
    must still hold then. ``turned_up``: what the record counts as where it is not expected.
    """
    from cmdb.store.reading.audit_results import results_of

    wanted = set(map(name_key, codes))
    edits: list[Edit] = []
    guards: list[Guard] = []
    audits = [as_audit(reader, one) for one in reader.all(Selection(AUDIT))] if AUDIT in reader.schema.classes else []
    for audit in audits:
        if audit.state not in (IN_PROGRESS, FINISHED):
            continue
        results = results_of(reader, audit.uid)
        for scan in told_apart(results.items()).scans:
            if scan.record or name_key(scan.code) not in wanted:
                continue
            own = scan_record(audit.uid, scan.id)
            before, after = results[own.key[1]], fields_of_scan(replace(scan, record=record, turned_up=turned_up))
            changed = [name for name in ("record", "extra") if before.get(name) != after.get(name)]
            edits += [Edit(own, name, before.get(name), after.get(name)) for name in changed]
            guards += in_state(audit)
    return edits, tuple(dict.fromkeys(guards))


def turned_up_as(schema: Schema, record: CI) -> AuditOutcome:
    """What a record counts as where it is not expected: it was lost, it is retired, or it comes from elsewhere."""
    status = record.values.get(STATUS)
    if status is not None and str(status) in statuses_set_by(schema, record.cls, LOST):
        return AuditOutcome.LOST
    phase = phase_of(schema, record.cls, status) if schema.root_of(record.cls) == "ci" else Phase.LIVE
    return AuditOutcome.RETIRED if phase in (Phase.LEAVING, Phase.GONE) else AuditOutcome.OUTSIDE
