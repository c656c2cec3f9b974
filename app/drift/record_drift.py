"""The drift of one record, with the scans that it can be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.drift.differences import SectionDrift, drift_of
from app.drift.scan_history import RecordScan, scans_of

if TYPE_CHECKING:
    from cmdb.register.difference import Show
    from cmdb.store.reading.reader import Reader


@dataclass(frozen=True)
class RecordDrift:
    """What differs of a record since the revision ``then``; None where there is no scan to compare with."""

    uid: str
    scans: tuple[RecordScan, ...]
    """The newest first."""
    then: int | None
    sections: tuple[SectionDrift, ...] = ()

    @property
    def compared(self) -> RecordScan | None:
        """The scan that it is compared with, if it is one."""
        return next((one for one in self.scans if one.number == self.then), None)


def record_drift(reader: Reader, uid: str, then: int | None = None, show: Show | None = None) -> RecordDrift:
    """What differs between ``then``, by default the scan before the last one, and the reader's moment.

    ``show`` words values. Raises UserError where that revision is no longer kept.
    """
    scans = tuple(scans_of(reader, uid))
    if then is None and len(scans) > 1:
        then = scans[1].number
    if then is None:
        return RecordDrift(uid, scans, None)
    return RecordDrift(uid, scans, then, tuple(drift_of(reader, uid, then, show)))
