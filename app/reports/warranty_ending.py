"""Hardware whose warranty ends."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.expiry_rows import ending
from app.reports.model import Report, ReportContext, ReportRow, column


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one, _, day, left in ending(question, "hardware", ("warranty_until",)):
        v = one.values
        cells = (one.name, question.label(one.cls), v.get("asset_tag", ""), v.get("serial_number", ""),
                 question.name(v.get("model")), question.name(v.get("assigned_to")), question.name(v.get("location")),
                 day.isoformat(), left)  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="warranty_ending",
    title="Warranties ending",
    description="Hardware whose warranty ends within 180 days, or ended in the last 30.",
    columns=(
        column("Name"), column("Class"), column("Asset tag"), column("Serial number"), column("Model"),
        column("Assigned to"), column("Location"), column("Warranty until", "date"), column("Days left", "integer"),
    ),
    rows=_rows,
)  # fmt: skip
