"""Entitlements and agreements that end, and maintenance that runs out."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.expiry_rows import ending
from app.reports.model import Report, ReportContext, ReportRow, column


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for cls, attributes in (("entitlement", ("end", "maintenance_until")), ("agreement", ("end", "cancel_by"))):
        for one, attribute, day, left in ending(question, cls, attributes):
            v = one.values
            label = question.schema.attribute(one.cls, attribute).label
            cells = (one.name, question.label(one.cls), label, day.isoformat(), left, v.get("product", ""),
                     v.get("quantity"), question.name(v.get("agreement")), v.get("cost"),
                     v.get("currency", ""))  # fmt: skip
            yield ReportRow(cells, one.uid)


REPORT = Report(
    name="entitlements_ending",
    title="Entitlements ending",
    description="Licences, maintenance and agreements that end within 180 days, or ended in the last 30.",
    group="Licences",
    columns=(
        column("Name"), column("Kind"), column("What ends"), column("On", "date"), column("Days left", "integer"),
        column("Product"), column("Quantity", "integer"), column("Agreement"), column("Cost", "money"),
        column("Currency"),
    ),
    rows=_rows,
)  # fmt: skip
