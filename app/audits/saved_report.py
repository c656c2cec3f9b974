"""The report of an audit, written as it stands now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.audits.report import save_report
from app.audits.sheets import audit_sheet

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


def write_report_of(reader: Reader, uid: str, path: Path) -> int:
    """Writes the report of an audit in the format of the path's ending; returns its rows, of a PDF its pages.

    Raises NotFound, FileProblem, InvalidValue while the audit is hidden.
    """
    return save_report(reader.schema, audit_sheet(reader, uid), path)
