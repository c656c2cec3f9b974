"""Exceptions that the licence numbers don't show: exempt, unknown, ineligible, stale, retired but seen, …"""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.compliance import positions
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.licences.labels import EXCEPTIONS, FACTS
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for line in positions(question).exceptions:
        yield ReportRow((line.kind, line.product, line.subject, line.fact, line.text), line.subject_id)


REPORT = Report(
    name="licence_exceptions",
    title=Message("Licence exceptions"),
    description=Message("Copies that are exempt, facts that are missing, and purchases that count nothing."),
    group=Message("Licences"),
    columns=(
        column(Message("Kind"), labels=EXCEPTIONS), column(Message("Product")), column(Message("Of")),
        column(Message("Fact"), labels=FACTS),
        column(Message("What"), width=60),
    ),
    rows=_rows,
)  # fmt: skip
