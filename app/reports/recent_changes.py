"""The journal of the last thirty days."""

from __future__ import annotations

from collections.abc import Iterator

from app.moments import what, who
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.calendar_bounds import days_after
from cmdb.model.claims import source_text
from cmdb.model.formats import Plain
from cmdb.model.journal import RevisionHeader
from cmdb.model.messages import Message

#: The days back that the report covers.
DAYS = 30


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    from cmdb.register.revision_titles import titled

    since = days_after(question.today, -DAYS).isoformat()
    before: int | None = None
    while True:
        page = question.reader.revisions(limit=200, before=before)
        for one in titled(question.reader, page):
            if one.recorded[:10] < since and one.time[:10] < since:
                return
            if one.time[:10] >= since:
                yield ReportRow((one.number, one.time, who(one), source_text(one.source), what(one), one.created,
                                 one.updated, one.deleted, _undo(one)))  # fmt: skip
        if not page:
            return
        before = page[-1].number
        question.control.check()


def _undo(one: RevisionHeader) -> Message | str:
    """The revision that a revision undoes, or that undid it."""
    if one.undone_by:
        return Message("undone by {number}", number=Plain(one.undone_by))
    return Message("undoes {number}", number=Plain(one.undoes)) if one.undoes else ""


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
    group=Message("Changes"),
)  # fmt: skip
