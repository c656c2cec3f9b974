"""Computers in use that nothing has seen for a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.calendar_bounds import days_after
from cmdb.model.life_cycle import Phase
from cmdb.model.messages import Message

#: Days without a sighting after which a computer is stale.
DAYS = 30


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    before = days_after(question.today, -DAYS).isoformat()
    for one in question.all("computer", f"last_seen < {before} or last_seen is empty", sort="last_seen"):
        v = one.values
        if question.left(one) or question.phase(one) in (Phase.PLANNED, Phase.STOCK):
            continue
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
