"""The differences between two moments: every item, relationship, installation, group and assignment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from app.reports.model import Report, ReportContext, ReportRow, column
from cmdb.model.calendar_bounds import days_after
from cmdb.model.difference import KINDS
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.register.difference import Comparison
from cmdb.register.retention import remaining

#: Days back that is compared with where no moment is given.
DAYS = 30

_CHANGES = {"created": Message("Added"), "deleted": Message("Removed"), "changed": Message("Changed")}


def _since(question: ReportContext) -> int:
    """The revision to compare with: the given one, or the last one thirty days ago (as far as the history is kept)."""
    if question.since is not None:
        return question.since
    reader = question.reader
    then = reader.revision_at(days_after(question.today, -DAYS).isoformat())
    return min(max(then, remaining(reader)[0]), reader.number)


def _rows(question: ReportContext) -> Iterator[ReportRow]:
    comparison = Comparison(question.reader, _since(question), question.control, ordered=True)
    for line in comparison.lines():
        cls = question.schema.classes.get(line.cls)
        cells = (_CHANGES[line.change], KINDS[line.kind], cls.label if cls else line.cls, line.item, line.what,
                 line.then, line.now)  # fmt: skip
        yield ReportRow(cells, line.uid if line.there else "")


def _about(question: ReportContext) -> Message:
    then, now = _since(question), question.reader.number
    first, last = _moment(question, then), _moment(question, now)
    return Message("From {first} to {last}.", first=first, last=last)


def _titled(question: ReportContext) -> Message:
    return Message("Difference {then} to {now}", then=Plain(_since(question)), now=Plain(question.reader.number))


def _moment(question: ReportContext, number: int) -> Message:
    """A revision with its local time."""
    if not number:
        return Message("the beginning")
    recorded = datetime.fromisoformat(question.reader.recorded(number))
    return Message("revision {number} ({time})", number=Plain(number), time=recorded)


REPORT = Report(
    name="difference",
    title=Message("Difference between two moments"),
    description=Message("What differs between two moments: what was added, removed and changed, then and now."),
    columns=(
        column(Message("Change")), column(Message("Kind")), column(Message("Class")), column(Message("Item")),
        column(Message("What")), column(Message("Then")), column(Message("Now")),
    ),
    rows=_rows,
    group=Message("Changes"),
    between=True,
    about=_about,
    titled=_titled,
)  # fmt: skip
