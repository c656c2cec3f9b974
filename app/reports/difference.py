"""What differs between two moments: every item, relationship, installation, group and assignment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.difference import KINDS
from cmdb.register.difference import Comparison
from cmdb.register.retention import remaining

#: Days back that is compared with where no moment is given.
DAYS = 30

_CHANGES = {"created": "Added", "deleted": "Removed", "changed": "Changed"}


def _since(question: ReportContext) -> int:
    """The revision to compare with: the one asked for, or the last of thirty days ago (at most what is kept)."""
    if question.since is not None:
        return question.since
    reader = question.reader
    then = reader.revision_at((question.today - timedelta(days=DAYS)).isoformat())
    return min(max(then, remaining(reader)[0]), reader.number)


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    comparison = Comparison(question.reader, _since(question), question.control)
    for line in comparison.lines():
        cls = question.schema.classes.get(line.cls)
        cells = (_CHANGES[line.change], KINDS[line.kind], cls.label if cls else line.cls, line.item, line.what,
                 line.then, line.now)  # fmt: skip
        yield ReportRow(cells, line.uid if line.there else "")


def _about(question: ReportContext) -> str:
    reader = question.reader
    return f"From {_moment(question, _since(question))} to {_moment(question, reader.number)}."


def _titled(question: ReportContext) -> str:
    return f"Difference {_since(question)} to {question.reader.number}"


def _moment(question: ReportContext, number: int) -> str:
    """A revision with its local time."""
    if not number:
        return "the beginning"
    recorded = datetime.fromisoformat(question.reader.recorded(number)).astimezone()
    return f"revision {number} ({recorded:%Y-%m-%d %H:%M})"


REPORT = Report(
    name="difference",
    title="Difference between two moments",
    description="What differs between two moments: what was added, removed and changed, then and now.",
    columns=(
        column("Change"), column("Kind"), column("Class"), column("Item"), column("What"), column("Then"),
        column("Now"),
    ),
    rows=_rows,
    group="Care",
    between=True,
    about=_about,
    titled=_titled,
)  # fmt: skip
