"""The words of audits: what a thing came to, and the marks of scans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cmdb.model.audits import APART, OF_EXPECTED, AuditCounts, AuditOutcome, ScanMark
from cmdb.model.messages import Message

OUTCOMES: Mapping[AuditOutcome, Message] = {
    AuditOutcome.FOUND: Message("Found"), AuditOutcome.ELSEWHERE: Message("Elsewhere"),
    AuditOutcome.MISSING: Message("Missing"), AuditOutcome.EXCUSED: Message("Excused"),
    AuditOutcome.OUTSIDE: Message("From elsewhere"), AuditOutcome.RETIRED: Message("Was retired"),
    AuditOutcome.LOST: Message("Was lost"), AuditOutcome.UNKNOWN: Message("Unknown"),
}  # fmt: skip
MARKS: Mapping[ScanMark, Message] = {
    ScanMark.DAMAGED: Message("Damaged"), ScanMark.UNREADABLE: Message("Label unreadable"),
    ScanMark.UNLABELLED: Message("No label"),
}  # fmt: skip
_NOT_YET = Message("Not yet")


def outcome_word(outcome: AuditOutcome, *, running: bool = False) -> Message:
    """What a thing came to; what is missing while the audit is ``running`` is not scanned yet."""
    return _NOT_YET if running and outcome is AuditOutcome.MISSING else OUTCOMES[outcome]


def counted_outcomes(counts: AuditCounts, *, running: bool = False) -> Iterator[tuple[AuditOutcome, Message, int]]:
    """The outcomes with their numbers: all of what was expected, and of the others those that there are."""
    for one in OF_EXPECTED:
        yield one, outcome_word(one, running=running), counts[one]
    for one in APART:
        if counts[one]:
            yield one, OUTCOMES[one], counts[one]
