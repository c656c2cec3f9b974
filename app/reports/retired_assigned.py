"""Items that have left the estate by their status, and are still assigned or seen by a scan."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in question.all("hardware", "phase = leaving or phase = gone"):
        v = one.values
        if not v.get("assigned_to"):
            continue
        cells = (one.name, question.label(one.cls), question.status(one), v.get("asset_tag", ""),
                 question.name(v["assigned_to"]), one.text("last_seen")[:10] or None)  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="retired_assigned",
    title=Message("Retired, still assigned"),
    description=Message("Equipment that is retired or disposed of and still assigned to a person."),
    columns=(
        column(Message("Asset")), column(Message("Class")), column(Message("Status")), column(Message("Asset tag")),
        column(Message("Assigned to")), column(Message("Last seen"), "date"),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
