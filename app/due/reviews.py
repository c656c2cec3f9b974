"""Questions that wait for a decision: they are due today."""

from __future__ import annotations

from collections.abc import Iterator

from app.due.model import DueQuestion, DueRow, DueSource
from app.reviews.open_questions import open_number
from cmdb.model.messages import Message, counted


def _rows(question: DueQuestion) -> Iterator[DueRow]:
    number = open_number(question.reader)
    if number and question.today <= question.until:
        what = counted("{count} question waits for a decision", "{count} questions wait for a decision", number)
        yield DueRow(question.today, "review", what, key="reviews")


SOURCES = (DueSource("review", Message("Review"), _rows),)
