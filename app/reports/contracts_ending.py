"""Contracts that end, and the last days to give notice."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.expiry_rows import ending
from app.reports.model import Report, ReportContext, ReportRow, column


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one, attribute, day, left in ending(question, "contract", ("end", "cancel_by")):
        v = one.values
        label = question.schema.attribute(one.cls, attribute).label
        cells = (one.name, question.label(one.cls), v.get("number", ""), question.name(v.get("supplier")), label,
                 day.isoformat(), left, v.get("cost"), v.get("currency", ""))  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="contracts_ending",
    title="Contracts ending",
    description="Contracts that end, or must be cancelled, within 180 days, or did in the last 30.",
    columns=(
        column("Name"), column("Kind"), column("Number"), column("Supplier"), column("What ends"), column("On", "date"),
        column("Days left", "integer"), column("Cost", "money"), column("Currency"),
    ),
    rows=_rows,
    group="Money",
)  # fmt: skip
