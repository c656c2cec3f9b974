"""The sheet of an audit: what is expected, what was scanned, and what each came to. What a blind audit hides is hidden
here, for all that show it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cmdb.model.audits import Audit, AuditCounts, AuditResult, AuditScan, ClosedPlace

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
    """Class and name of every record, place and holder that is named, also of deleted ones."""


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """An audit in a list. ``counts`` is None while it is hidden."""

    audit: Audit
    counts: AuditCounts | None
    place: str
    """The place's name."""


def audits(reader: Reader) -> list[AuditSummary]:
    """All audits, those in progress first, then the latest."""
    raise NotImplementedError


def audit_sheet(reader: Reader, uid: str) -> AuditSheet:
    """An audit as it stands. Raises NotFound."""
    raise NotImplementedError
