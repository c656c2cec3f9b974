"""Receipts that are to be signed."""

from __future__ import annotations

from collections.abc import Iterator

from app.receipts.unsigned import unsigned
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message
from cmdb.model.values import show


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    for one in unsigned(question.reader, question.today):
        question.control.check()
        values = one.record.values
        act = question.schema.attribute(one.record.cls, "action")
        cells = (values.get("number", ""), one.record.name, question.name(values.get("signer")),
                 show(act, values.get("action")), values.get("done_on"), one.age)  # fmt: skip
        yield ReportRow(cells, one.record.uid)


REPORT = Report(
    name="receipts_unsigned",
    title=Message("Not signed"),
    description=Message("Receipts of hand overs and returns that are to be signed, the oldest first."),
    columns=(
        column(Message("Number")), column(Message("Receipt")), column(Message("Person")),
        column(Message("What was done")),
        column(Message("On the day"), "date"), column(Message("Days since then"), "integer"),
    ),
    rows=_rows,
    group=Message("Needs attention"),
)  # fmt: skip
