"""What the licence numbers alone don't say: exempt, unknown, ineligible, stale, retired but seen, …"""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.compliance import positions
from app.reports.model import Report, ReportContext, ReportRow, column


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for line in positions(question).exceptions:
        yield ReportRow((line.kind, line.product, line.subject, line.fact, line.text), line.subject_id)


REPORT = Report(
    name="licence_exceptions",
    title="Licence exceptions",
    description="Copies that are exempt, facts that are missing, and purchases that count nothing.",
    group="Licences",
    columns=(column("Kind"), column("Product"), column("Of"), column("Fact"), column("What", width=60)),
    rows=_rows,
)
