"""Scanning for an audit: codes become scans, one or thousands in one revision; a scan is changed or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.audits import AuditOutcome, AuditScan, ExpectedItem, ScanMark
from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.item_search import Names
    from cmdb.model.records import CI
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader


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

    scan: AuditScan
    outcome: AuditOutcome | None = None
    """None where it is hidden."""
    expected: ExpectedItem | None = None
    record: CI | None = None
    """The record as it is now."""
    several: tuple[CI, ...] = ()
    """The records that a code may mean where there are several: one is to be chosen."""
    earlier: tuple[AuditScan, ...] = ()
    """Earlier scans of the same thing that were not withdrawn, the latest first."""
    remark: Message | None = None
    """What is odd about it: a clock that is wrong, a code that is too long."""


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
    reader: Reader, audit: str, reads: Sequence[CodeRead], author: str, *, place: str = "", device: str = ""
) -> Scanned:
    """Records codes that were read in a place. Raises NotFound, InvalidValue where the audit is over."""
    raise NotImplementedError


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
    """Says something else of a scan (an id): another place, its condition, which record an unknown code names."""
    raise NotImplementedError


def withdraw_scan(reader: Reader, audit: str, scan: str, author: str) -> Revision:
    """Takes a scan back: it is kept, and counts for nothing."""
    raise NotImplementedError
