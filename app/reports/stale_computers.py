"""Computers in use that nothing has seen for a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.fact_rules import stale
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in question.all("computer", stale(question.schema, question.today), sort="last_seen"):
        v = one.values
        seen = one.text("last_seen")[:10]
        days = (question.today - date.fromisoformat(seen)).days if seen else None
        cells = (one.name, question.label(one.cls), question.status(one), v.get("asset_tag", ""), seen or None, days,
                 question.name(v.get("assigned_to")), question.name(v.get("location")),
                 v.get("operating_system", ""))  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="stale_computers",
    title=Message("Stale computers"),
    description=Message("Computers in use that were not seen for 30 days, or never."),
    columns=(
        column(Message("Computer")), column(Message("Class")), column(Message("Status")), column(Message("Asset tag")),
        column(Message("Last seen"), "date"), column(Message("Days ago"), "integer"), column(Message("Assigned to")),
        column(Message("Location")), column(Message("Operating system")),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
