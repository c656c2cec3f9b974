"""People who left and still have something."""

from __future__ import annotations

from collections.abc import Iterator

from app.leavers.leaver_list import leavers
from app.leavers.settling import open_task
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in leavers(question.reader, question.today, question.control):
        task = open_task(question.reader, one.person)
        v = one.person.values
        cells = (one.person.name, v.get("end"), one.items, one.seats, one.owned, question.name(v.get("manager")),
                 task.text("number") if task is not None else "")  # fmt: skip
        yield ReportRow(cells, one.person.uid)


REPORT = Report(
    name="leavers",
    title=Message("Leavers"),
    description=Message("People who left and still have things or seats, or whom records name."),
    columns=(
        column(Message("Person")), column(Message("Left on"), "date"), column(Message("Things"), "integer"),
        column(Message("Seats"), "integer"), column(Message("Named in"), "integer"), column(Message("Manager")),
        column(Message("Task")),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
