"""The moment with which a report about two moments compares, and both of them in words."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cmdb.model.calendar_bounds import days_after
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.register.retention import remaining

if TYPE_CHECKING:
    from app.reports.model import ReportContext

#: Days back that is compared with where no moment is given.
DAYS = 30


def compared_with(question: ReportContext) -> int:
    """The revision to compare with: the given one, or the last one thirty days ago (as far as the history is kept)."""
    if question.since is not None:
        return question.since
    reader = question.reader
    then = reader.revision_at(days_after(question.today, -DAYS).isoformat())
    return min(max(then, remaining(reader)[0]), reader.number)


def about_moments(question: ReportContext) -> Message:
    """From which moment to which a report is."""
    first, last = _moment(question, compared_with(question)), _moment(question, question.reader.number)
    return Message("From {first} to {last}.", first=first, last=last)


def _moment(question: ReportContext, number: int) -> Message:
    """A revision with its local time."""
    if not number:
        return Message("the beginning")
    recorded = datetime.fromisoformat(question.reader.recorded(number))
    return Message("revision {number} ({time})", number=Plain(number), time=recorded)
