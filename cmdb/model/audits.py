"""Audits: what was expected, what was scanned, and what each of both came to. Only types; the rules are in
``cmdb.register.audits``.

The rows of an audit are records of the kind ``result``, by the audit's id and a code: the id of a record that is
expected, ``scan:`` and an id for a scan, ``closed:`` and the id of a place that was looked through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

AUDIT = "audit"
"""The class of audits."""
IN_PROGRESS = "In progress"
FINISHED = "Finished"
ACCEPTED = "Accepted"
DROPPED = "Dropped"
"""The states of an audit."""


class AuditOutcome(StrEnum):
    """What an expected item, or one that turned up besides, came to."""

    FOUND = "found"
    ELSEWHERE = "elsewhere"
    """Expected, and scanned in another place."""
    MISSING = "missing"
    """Expected, and not scanned; before the audit is finished: not scanned yet."""
    EXCUSED = "excused"
    OUTSIDE = "outside"
    """Scanned, and not expected: it comes from elsewhere."""
    RETIRED = "retired"
    """Scanned, not expected, and disposed of, as the register has it."""
    LOST = "lost"
    """Scanned, and it was reported lost."""
    UNKNOWN = "unknown"
    """A code by which no record, or more than one, is known."""


OF_EXPECTED = (AuditOutcome.FOUND, AuditOutcome.ELSEWHERE, AuditOutcome.MISSING, AuditOutcome.EXCUSED)
"""The outcomes of what was expected: their numbers add up to it."""
APART = (AuditOutcome.OUTSIDE, AuditOutcome.RETIRED, AuditOutcome.LOST, AuditOutcome.UNKNOWN)
"""The outcomes of what was not expected."""


class ScanMark(StrEnum):
    """What a scan says of a thing besides. It changes no outcome."""

    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    """Its label can't be read."""
    UNLABELLED = "unlabelled"
    """It has no label."""


MOVE, SEEN = "move", "seen"
"""What accepting does with a thing that was scanned in another place: it is moved there, or was only seen there."""


@dataclass(frozen=True, slots=True)
class AuditScope:
    """What an audit is of. All that is said holds at once; a scope without anything is the whole estate.

    ``place`` and ``owner`` are ids; a place has all that is below it. ``where`` is a query.
    """

    place: str = ""
    cls: str = ""
    owner: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Audit:
    """An audit's own record. Times are ISO UTC, "" where it has not come to that yet; ``by`` are names."""

    uid: str
    number: str
    name: str
    state: str
    scope: AuditScope
    blind: bool
    started: str
    started_by: str
    finished: str = ""
    finished_by: str = ""
    accepted: str = ""
    accepted_by: str = ""

    @property
    def running(self) -> bool:
        """Whether it is being scanned for."""
        return self.state == IN_PROGRESS

    @property
    def hidden(self) -> bool:
        """Whether what is expected, the numbers, and what a scan came to are kept back."""
        return self.blind and self.running


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why an expected item need not be found: it is at home, on loan, in repair."""

    why: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class ExpectedItem:
    """An item that an audit expects, as it was when the audit was started. ``place`` and ``holder`` are ids or "".

    ``within`` are its place and all places above it, from the inside out.
    """

    record: str
    name: str
    cls: str
    tag: str = ""
    serial: str = ""
    model: str = ""
    place: str = ""
    within: tuple[str, ...] = ()
    holder: str = ""
    excuse: Excuse | None = None


@dataclass(frozen=True, slots=True)
class AuditScan:
    """One scan. It is kept, whatever comes after it.

    ``at`` is when it was, in milliseconds since 1970 UTC; ``clock`` is what the device said, where its clock is wrong,
    else 0. ``code`` is as it was read, "" where
    the item was chosen from a list. ``record`` is the id of what it names, "" for none or several; ``read_as`` is how
    it was found: an attribute's name, or "". ``turned_up`` is what it counts as where it is not expected. ``choice``
    is MOVE or SEEN, "" for none made. ``by`` is a name, ``device`` is that of a computer.
    """

    id: str
    at: int
    code: str
    place: str = ""
    record: str = ""
    read_as: str = ""
    turned_up: AuditOutcome = AuditOutcome.UNKNOWN
    condition: str = ""
    marks: frozenset[ScanMark] = frozenset()
    choice: str = ""
    note: str = ""
    by: str = ""
    device: str = ""
    clock: int = 0
    withdrawn: bool = False

    @property
    def order(self) -> tuple[int, str]:
        """Scans of several devices are in the order of their times, those of one time in that of their ids."""
        return self.at, self.id


@dataclass(frozen=True, slots=True)
class ClosedPlace:
    """A place of an audit that somebody has looked through."""

    place: str
    by: str
    at: int


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What one thing came to: an expected item, a record that turned up besides, or an unknown code.

    ``scan`` is the one that stands, the last that was not withdrawn; ``scans`` are all of them, in order.
    """

    outcome: AuditOutcome
    expected: ExpectedItem | None = None
    scan: AuditScan | None = None
    scans: tuple[AuditScan, ...] = ()

    @property
    def record(self) -> str:
        """The record's id; "" for an unknown code."""
        if self.expected is not None:
            return self.expected.record
        return self.scan.record if self.scan is not None else ""

    @property
    def code(self) -> str:
        """The code that was read; "" for what was not scanned."""
        return self.scan.code if self.scan is not None else ""

    @property
    def room(self) -> str:
        """The place under which it is listed: where it was expected, otherwise where it was scanned."""
        if self.expected is not None:
            return self.expected.place
        return self.scan.place if self.scan is not None else ""


@dataclass(frozen=True, slots=True)
class AuditCounts:
    """Numbers of an audit, or of a place in it."""

    of: Mapping[AuditOutcome, int] = field(default_factory=dict)
    marks: Mapping[ScanMark, int] = field(default_factory=dict)
    scans: int = 0
    """All scans but the withdrawn ones."""

    def __getitem__(self, outcome: AuditOutcome) -> int:
        return self.of.get(outcome, 0)

    @property
    def expected(self) -> int:
        """How many items are expected."""
        return sum(self[one] for one in OF_EXPECTED)

    @property
    def checked(self) -> int:
        """How many of them need not be looked for any more."""
        return self.expected - self[AuditOutcome.MISSING]
