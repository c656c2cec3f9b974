"""What an unknown code of a scan is: the scan counts for a record, and the code finds that record from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.audits.rows import scan_record
from app.audits.scanning import change_scan
from app.codes.unknown_codes import leave, tie
from cmdb.model.audits import SEEN
from cmdb.model.revision import Revision

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


def code_names(reader: Reader, audit: str, scan: str, code: str, record: str, author: str) -> Revision:
    """A revision that says which record a scan and its code mean. Raises NotFound, InvalidValue."""
    if code:
        tied = tie(reader, [code], record, author)
        own = scan_record(audit, scan)
        if any(edit.record == own for edit in tied.edits):
            return tied  # It counts all scans of the code for the record, this one among them.
    counted = change_scan(reader, audit, scan, author, record=record)
    return _both(counted, tied, author, reader) if code else counted


def code_left(reader: Reader, audit: str, scan: str, code: str, author: str) -> Revision:
    """A revision that leaves a scan as it is: nothing is moved, and its code is not asked about again."""
    left = change_scan(reader, audit, scan, author, choice=SEEN)
    return _both(left, leave(reader, [code], author), author, reader) if code else left


def _both(scan: Revision, code: Revision, author: str, reader: Reader) -> Revision:
    edits = [*scan.edits, *code.edits]
    return Revision(edits, author, reason=code.reason, guards=(*scan.guards, *code.guards), decided_at=reader.number)
