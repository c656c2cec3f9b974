"""What accepting an audit would do, in words, row by row: for a page that shows it before it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.audits.acceptance import plan_acceptance
from app.audits.proposals import proposals
from cmdb.model.audits import AuditOutcome
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.audits.proposals import AuditProposal
    from cmdb.model.audits import AuditResult
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A record that was elsewhere: where it is in the register, where it was scanned, and whether it moves there."""

    uid: str
    name: str
    was: str
    scanned: str
    moves: bool
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ProposedVerb:
    """A verb that is suggested for a record, and why; no verb where a person has to look."""

    uid: str
    cls: str
    name: str
    why: Message
    verb: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class AcceptanceShown:
    """What accepting would do."""

    seen: int
    """How many records were seen: when, where and by whom is set."""
    rows: tuple[MovedRow, ...] = ()
    proposals: tuple[ProposedVerb, ...] = ()
    missing: int = 0
    tasks: int = 0

    @property
    def moved(self) -> int:
        """How many records are moved."""
        return sum(one.moves for one in self.rows)


_WHY: Mapping[AuditOutcome, Message] = {
    AuditOutcome.RETIRED: Message("retired, and still here"),
    AuditOutcome.LOST: Message("it was reported lost, and it is here"),
    AuditOutcome.UNKNOWN: Message("no item has this code"),
}


def acceptance_shown(reader: Reader, uid: str, choices: Mapping[str, str] | None = None) -> AcceptanceShown:
    """What accepting a finished audit would do. ``choices`` as for ``accept``. Raises NotFound, InvalidValue."""
    plan, offered = plan_acceptance(reader, uid, choices), proposals(reader, uid)
    records = reader.by_uid({one.record for one in (*plan.moved, *plan.only_seen) if one.record}
                            | {one.result.record for one in offered if one.result.record})  # fmt: skip
    places = {one.scan.place for one in (*plan.moved, *plan.only_seen) if one.scan is not None}
    places |= {record.text("location") for record in records.values()}
    names = reader.last_names({one for one in places if one})

    def place(found: str) -> str:
        return names.get(found, ("", ""))[1] or "–"

    def icon(cls: str) -> str:
        return reader.schema.cls(cls).icon if cls in reader.schema.classes else ""

    def row(one: AuditResult, *, moves: bool) -> MovedRow:
        record = records.get(one.record)
        was = record.text("location") if record is not None else ""
        name = record.name if record is not None else one.expected.name if one.expected is not None else one.code
        scanned = one.scan.place if one.scan is not None else ""
        return MovedRow(one.record, name, place(was), place(scanned), moves, icon(record.cls) if record else "")

    def proposed(one: AuditProposal) -> ProposedVerb:
        result = one.result
        record = records.get(result.record)
        name = record.name if record is not None else result.expected.name if result.expected else result.code
        why = _WHY.get(result.outcome, Message("missing for the {times}. time running", times=one.times))
        return ProposedVerb(
            result.record, record.cls if record else "", name, why, one.verb, icon(record.cls) if record else ""
        )

    rows = [row(one, moves=True) for one in plan.moved] + [row(one, moves=False) for one in plan.only_seen]
    return AcceptanceShown(
        plan.seen, tuple(sorted(rows, key=lambda one: one.name.casefold())), tuple(map(proposed, offered)),
        len(plan.missing), plan.tasks,
    )  # fmt: skip
