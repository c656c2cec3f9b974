"""Hardware whose warranty ends."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.expiry_rows import ending
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one, _, day, left in ending(question, "hardware", ("warranty_until",)):
        v = one.values
        cells = (one.name, question.label(one.cls), v.get("asset_tag", ""), v.get("serial_number", ""),
                 question.name(v.get("model")), question.name(v.get("assigned_to")), question.name(v.get("location")),
                 day.isoformat(), left)  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="warranty_ending",
    title=Message("Warranties ending"),
    description=Message("Hardware whose warranty ends within 180 days, or ended in the last 30."),
    columns=(
        column(Message("Name")), column(Message("Class")), column(Message("Asset tag")),
        column(Message("Serial number")), column(Message("Model")), column(Message("Assigned to")),
        column(Message("Location")), column(Message("Warranty until"), "date"), column(Message("Days left"), "integer"),
    ),
    rows=_rows,
)  # fmt: skip
