"""What somebody should look at first: the next sample for an audit."""

from __future__ import annotations

from collections.abc import Iterator

from app.audits.sampling import next_sample
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.audits import AuditScope
from cmdb.model.formats import listing
from cmdb.model.messages import Message

SIZE = 50
"""The number of items that are listed."""


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in next_sample(question.reader, AuditScope(), SIZE, question.today):
        question.control.check()
        v = one.record.values
        why = listing((str(reason) for reason in one.reasons), "unit")
        cells = (one.record.name, one.points, why, question.label(one.record.cls), v.get("asset_tag", ""),
                 question.name(v.get("location")), question.name(v.get("assigned_to")))  # fmt: skip
        yield ReportRow(cells, one.record.uid)


REPORT = Report(
    name="audit_sample",
    title=Message("Next sample"),
    description=Message("The 50 items at which somebody should look first, with the reasons, for an audit of a part."),
    columns=(
        column(Message("Name")), column(Message("Points"), "integer"), column(Message("Why"), width=60),
        column(Message("Class")), column(Message("Asset tag")), column(Message("Location")),
        column(Message("Assigned to")),
    ),
    rows=_rows,
    group=Message("Needs attention"),
    subject=("points", "why"),
)  # fmt: skip
