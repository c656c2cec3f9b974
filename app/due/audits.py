"""Audits: the places in which a person should look at things again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.audits.intervals import next_audits
from app.due.model import DueQuestion, DueRow, DueSource
from cmdb.model.messages import Message, counted


def _rows(question: DueQuestion) -> Iterator[DueRow]:
    """A row for each place, and one for what is in none: an audit is of a place, and may have a thousand items."""
    places: dict[str, list[date]] = {}
    for item, when in next_audits(question.reader, question.until, question.today):
        question.control.check()
        places.setdefault(item.text("location"), []).append(when)
    names = question.reader.last_names([uid for uid in places if uid])
    for uid, days in places.items():
        cls, name = names.get(uid, ("", ""))
        what = counted("Audit of {count} item", "Audit of {count} items", len(days))
        if not uid:
            what = counted("Audit of {count} item without a place", "Audit of {count} items without a place", len(days))
        yield DueRow(min(days), "audit", what, uid, cls, name, key=f"{uid or 'nowhere'}.audit")


SOURCES = (DueSource("audit", Message("Audit"), _rows),)
