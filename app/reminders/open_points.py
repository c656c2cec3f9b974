"""What people are asked for: to sign receipts, to return what was lent, to find what audits miss."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from app.receipts.unsigned import unsigned
from cmdb.model.audits import AUDIT, FINISHED, AuditOutcome
from cmdb.model.records import CI
from cmdb.model.selection import Selection
from cmdb.model.state_tables import STATE

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

_HELD = "assigned_to is not empty"


@dataclass(slots=True)
class OpenPoints:
    """What a person is asked for."""

    person: CI
    to_sign: list[CI] = field(default_factory=list)
    """Receipts."""
    to_return: list[CI] = field(default_factory=list)
    """Things whose expected return is past."""
    to_find: list[CI] = field(default_factory=list)
    """Things that an audit did not find with the person."""


def open_points(reader: Reader, today: date, people: Collection[str] | None = None) -> list[OpenPoints]:
    """What people are asked for, by their names; of some people only, where these are named (ids)."""
    asked: dict[str, tuple[list[CI], list[CI], list[CI]]] = {}

    def of(person: str) -> tuple[list[CI], list[CI], list[CI]]:
        return asked.setdefault(person, ([], [], []))

    for receipt in unsigned(reader, today):
        of(receipt.record.text("signer"))[0].append(receipt.record)
    for one in reader.all(Selection("hardware", f"{_HELD} and expected_return < {today.isoformat()}")):
        of(one.text("assigned_to"))[1].append(one)
    for one in _missing(reader):
        of(one.text("assigned_to"))[2].append(one)
    wanted = asked.keys() if people is None else asked.keys() & set(people)
    known = reader.by_uid(wanted - {""}).values()
    found = [OpenPoints(one, *asked[one.uid]) for one in known if reader.schema.is_a(one.cls, "person")]
    return sorted(found, key=lambda one: (one.person.name.casefold(), one.person.uid))


def _missing(reader: Reader) -> list[CI]:
    """Things that audits which are not accepted yet did not find."""
    from app.audits.sheets import audit_sheet

    if AUDIT not in reader.schema.classes:
        return []
    missing: dict[str, None] = {}
    for audit in reader.all(Selection(AUDIT)):
        if audit.values.get(STATE) == FINISHED:
            results = audit_sheet(reader, audit.uid).results
            missing.update((one.record, None) for one in results if one.outcome is AuditOutcome.MISSING)
    known = reader.by_uid(missing)
    return [known[uid] for uid in missing if uid in known]
