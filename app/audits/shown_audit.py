"""What the page shows of an audit, as plain data: its rooms, what is expected in them, its scans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.audits.words import MARKS, OUTCOMES, outcome_word
from cmdb.model.audits import AuditOutcome, ScanMark
from cmdb.model.messages import Message, in_context


class Verdict(StrEnum):
    """What a scan, or what is expected, turned out to be."""

    FOUND = "found"
    ELSEWHERE = "elsewhere"
    OUTSIDE = "outside"
    MISSING = "missing"
    UNKNOWN = "unknown"
    SEVERAL = "several"
    RETIRED = "retired"
    LOST = "lost"
    DAMAGED = "damaged"
    EXCUSED = "excused"
    NOT_YET = "not_yet"
    PLACE = "place"
    NOTED = "noted"


WORDS: Mapping[Verdict, Message] = {
    Verdict.FOUND: OUTCOMES[AuditOutcome.FOUND],
    Verdict.ELSEWHERE: OUTCOMES[AuditOutcome.ELSEWHERE],
    Verdict.OUTSIDE: OUTCOMES[AuditOutcome.OUTSIDE],
    Verdict.MISSING: OUTCOMES[AuditOutcome.MISSING],
    Verdict.UNKNOWN: OUTCOMES[AuditOutcome.UNKNOWN],
    Verdict.SEVERAL: in_context("audit", "Several"),
    Verdict.RETIRED: OUTCOMES[AuditOutcome.RETIRED],
    Verdict.LOST: OUTCOMES[AuditOutcome.LOST],
    Verdict.DAMAGED: MARKS[ScanMark.DAMAGED],
    Verdict.EXCUSED: OUTCOMES[AuditOutcome.EXCUSED],
    Verdict.NOT_YET: outcome_word(AuditOutcome.MISSING, running=True),
    Verdict.PLACE: in_context("audit", "Place"),
    Verdict.NOTED: in_context("audit", "Noted"),
}
"""The word of each."""

TONES: Mapping[Verdict, str] = {
    Verdict.FOUND: "good",
    Verdict.ELSEWHERE: "warning",
    Verdict.OUTSIDE: "warning",
    Verdict.MISSING: "bad",
    Verdict.UNKNOWN: "warning",
    Verdict.SEVERAL: "warning",
    Verdict.DAMAGED: "warning",
    Verdict.LOST: "warning",
    Verdict.PLACE: "accent",
}
"""Its colour; all others are neutral."""

ODD_FIRST = (
    Verdict.MISSING, Verdict.ELSEWHERE, Verdict.OUTSIDE, Verdict.SEVERAL, Verdict.UNKNOWN, Verdict.LOST,
    Verdict.RETIRED, Verdict.DAMAGED, Verdict.NOT_YET, Verdict.EXCUSED, Verdict.FOUND,
)  # fmt: skip
"""The order in a room: what is odd stands first, what was found last."""


def tone(verdict: Verdict) -> str:
    """The colour of a verdict."""
    return TONES.get(verdict, "neutral")


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """A row of the list: something that is expected in a room, or that turned up there."""

    key: str
    room: str
    name: str
    about: str
    verdict: Verdict
    icon: str = ""
    uid: str = ""
    damaged: bool = False

    @property
    def shown_verdict(self) -> Verdict:
        """What its pill says: damage is said of what was found."""
        return Verdict.DAMAGED if self.damaged and self.verdict is Verdict.FOUND else self.verdict


@dataclass(frozen=True, slots=True)
class RoomShown:
    """A room and how far it is."""

    uid: str
    name: str
    expected: int = 0
    checked: int = 0
    odd: Mapping[Verdict, int] = field(default_factory=dict)
    closed: str = ""
    """The time at which it was closed, as it is shown; "" for one that is open."""
    begun: bool = False


@dataclass(frozen=True, slots=True)
class ScanShown:
    """A scan with its verdict."""

    key: str
    code: str
    time: str
    verdict: Verdict
    reason: str = ""
    name: str = ""
    """The name of what it names; "" for an unknown code."""
    uid: str = ""
    cls: str = ""
    icon: str = "barcode"
    lines: tuple[str, ...] = ()
    """What it is, and who has it."""
    status: str = ""
    status_tone: str = "neutral"
    read: str = ""
    """What of it was read ("asset tag A10244")."""
    again: str = ""
    """The time of its first scan, where it was scanned before."""
    place: str = ""
    """The id of the place where it was scanned."""
    move: bool = True
    moved_to: str = ""
    """The name of the place that it moves to; "" where it is only seen."""
    can_move: bool = False
    condition: str = ""
    note: str = ""
    settled: str = ""
    """What was answered ("an item was made"); "" while it waits."""
    choices: tuple[tuple[str, str], ...] = ()
    """The items (id, name) of which one is meant, where a code names several."""


@dataclass(frozen=True, slots=True)
class AuditShown:
    """An audit as the page shows it."""

    uid: str
    name: str
    number: str = ""
    state: str = ""
    state_tone: str = "accent"
    about: str = ""
    running: bool = True
    finished: bool = False
    accepted: bool = False
    blind: bool = False
    """Whether list, numbers and results are hidden now."""
    rooms: tuple[RoomShown, ...] = ()
    rows: tuple[ExpectedRow, ...] = ()
    """What is odd first."""
    in_rooms: Mapping[str, tuple[ExpectedRow, ...]] = field(default_factory=dict)
    """The rows of each room, in the same order."""
    scans: tuple[ScanShown, ...] = ()
    """The latest first."""
    place: str = ""
    place_name: str = ""
    expected: int = 0
    counts: Mapping[Verdict, int] = field(default_factory=dict)

    @property
    def more(self) -> int:
        """What turned up and was not expected."""
        return len(self.rows) - self.expected
