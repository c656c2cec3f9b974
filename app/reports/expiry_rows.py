"""Rows of what ends within some time: shared by the reports on entitlements, warranties and contracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from app.reports.model import ReportContext
from cmdb.model.calendar_bounds import days_after
from cmdb.model.records import CI

#: The days ahead and back that the reports cover: a recent end may still need action.
AHEAD, BACK = 180, 30


def ending(question: ReportContext, cls: str, attributes: Sequence[str]) -> Iterator[tuple[CI, str, date, int]]:
    """(record, attribute, its date, days left) of what ends, or ended lately; the soonest first."""
    low, high = days_after(question.today, -BACK), days_after(question.today, AHEAD)
    found = []
    for attribute in attributes:
        where = f"{attribute} >= {low.isoformat()} and {attribute} <= {high.isoformat()}"
        for one in question.all(cls, where):
            if not question.left(one):
                day = date.fromisoformat(one.text(attribute))
                found.append((one, attribute, day, (day - question.today).days))
    yield from sorted(found, key=lambda f: (f[2], f[0].name.casefold(), f[0].uid))
