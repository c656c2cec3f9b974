"""Hardware that was expected back and is still with somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.fact_rules import day, overdue_returns
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    where = overdue_returns(question.schema, day(question.today))
    for one in question.all("hardware", where, sort="expected_return") if where else ():
        v = one.values
        late = (question.today - date.fromisoformat(one.text("expected_return"))).days
        cells = (one.name, question.label(one.cls), v.get("asset_tag", ""), question.name(v.get("assigned_to")),
                 v.get("assigned_on"), v.get("expected_return"), late)  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="overdue_returns",
    title=Message("Overdue returns"),
    description=Message("Hardware that was expected back before today and is still with somebody, the oldest first."),
    columns=(
        column(Message("Name")), column(Message("Class")), column(Message("Asset tag")),
        column(Message("Assigned to")), column(Message("Assigned on"), "date"),
        column(Message("Expected return"), "date"), column(Message("Days overdue"), "integer"),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
