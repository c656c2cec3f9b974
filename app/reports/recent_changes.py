"""The journal of the last thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from app.moments import what
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message

#: Days back that the report looks.
DAYS = 30


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.register.revision_titles import titled

    since = (question.today - timedelta(days=DAYS)).isoformat()
    before: int | None = None
    while True:
        page = question.reader.revisions(limit=200, before=before)
        for one in titled(question.reader, page):
            if one.recorded[:10] < since and one.time[:10] < since:
                return
            if one.time[:10] >= since:
                state = f"undone by {one.undone_by}" if one.undone_by else f"undoes {one.undoes}" if one.undoes else ""
                yield ReportRow((one.number, one.time, one.author, one.source, what(one), one.created, one.updated,
                           one.deleted, state))  # fmt: skip
        if not page:
            return
        before = page[-1].number
        question.control.check()


REPORT = Report(
    name="recent_changes",
    title=Message("Changes of the last 30 days"),
    description=Message("The revisions of the last thirty days: who changed how much, from which source, and why."),
    columns=(
        column(Message("Revision"), "integer"), column(Message("Time"), "time"), column(Message("Author")),
        column(Message("Source")), column(Message("Reason")), column(Message("Created"), "integer"),
        column(Message("Updated"), "integer"), column(Message("Deleted"), "integer"), column(Message("Undo")),
    ),
    rows=_rows,
    group=Message("Care"),
)  # fmt: skip
