"""What is due: what ends, comes back, or is to be done, in one list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.due import due, due_sources
from app.due.calendar_file import ENDING, write_calendar
from app.due.model import DAYS, DueRow, asked
from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.messages import Message


def found(question: ReportContext) -> list[DueRow]:
    """What is due within the days that the report tells."""
    return due(asked(question.reader, DAYS, question.today, question.control))


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    kinds = {one.name: one.title for one in due_sources()}
    for row in found(question):
        left = (row.day - question.today).days
        cells = (row.name, row.what, row.day.isoformat(), left, kinds[row.kind],
                 question.label(row.cls) if row.cls else "", question.name(row.who))  # fmt: skip
        yield ReportRow(cells, row.uid)


def _calendar(question: ReportContext, path: Path) -> int:
    rows = found(question)
    kinds = {one.name: str(one.title) for one in due_sources()}
    return write_calendar(rows, kinds, {row.who: question.name(row.who) for row in rows if row.who}, path)


REPORT = Report(
    name="due",
    title=Message("Due"),
    description=Message("What ends, comes back, or is to be done within 30 days, and what is overdue."),
    columns=(
        column(Message("Name")), column(Message("What")), column(Message("On"), "date"),
        column(Message("Days left"), "integer"), column(Message("Kind")), column(Message("Class")),
        column(Message("Who")),
    ),
    rows=_rows,
    group=Message("Needs attention"),
    subject=("what", "on", "days_left"),
    save={ENDING: _calendar},
)  # fmt: skip
