"""Entitlements and agreements that end, and maintenance that runs out."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.expiry_rows import ending
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


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
    title=Message("Entitlements ending"),
    description=Message("Licences, maintenance and agreements that end within 180 days, or ended in the last 30."),
    group=Message("Licences"),
    columns=(
        column(Message("Name")), column(Message("Kind")), column(Message("What ends")), column(Message("On"), "date"),
        column(Message("Days left"), "integer"), column(Message("Product")), column(Message("Quantity"), "integer"),
        column(Message("Agreement")), column(Message("Cost"), "money"), column(Message("Currency")),
    ),
    rows=_rows,
)  # fmt: skip
