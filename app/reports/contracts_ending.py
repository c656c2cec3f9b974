"""Contracts that end, and the last days to give notice."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.expiry_rows import ending
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one, attribute, day, left in ending(question, "contract", ("end", "cancel_by")):
        v = one.values
        label = question.schema.attribute(one.cls, attribute).label
        cells = (one.name, question.label(one.cls), v.get("number", ""), question.name(v.get("supplier")), label,
                 day.isoformat(), left, v.get("cost"), v.get("currency", ""))  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="contracts_ending",
    title=Message("Contracts ending"),
    description=Message("Contracts that end, or must be cancelled, within 180 days, or did in the last 30."),
    columns=(
        column(Message("Name")), column(Message("Kind")), column(Message("Number")), column(Message("Supplier")),
        column(Message("What ends")), column(Message("On"), "date"), column(Message("Days left"), "integer"),
        column(Message("Cost"), "money"), column(Message("Currency")),
    ),
    rows=_rows,
    group=Message("Money"),
)  # fmt: skip
