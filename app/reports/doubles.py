"""Records that look like one thing."""

from __future__ import annotations

from collections.abc import Iterator

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message, chain


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from app.doubles import doubles

    for pair in doubles(question.reader, control=question.control).pairs:
        one, other = pair.first, pair.second
        cells = (one.name, question.label(one.cls), one.values.get("asset_tag", ""), other.name,
                 question.label(other.cls), other.values.get("asset_tag", ""), pair.score,
                 chain(pair.evidence), one.uid, other.uid)  # fmt: skip
        yield ReportRow(cells, one.uid)


REPORT = Report(
    name="doubles",
    title=Message("Doubles"),
    description=Message("Pairs of records that look like one thing, with what speaks for it and against it."),
    columns=(
        column(Message("Name")), column(Message("Class")), column(Message("Asset tag")),
        column(Message("Looks like")), column(Message("Its class")), column(Message("Its asset tag")),
        column(Message("Points"), "integer"), column(Message("Evidence"), width=60), column(Message("Id")),
        column(Message("Its id")),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
