from __future__ import annotations

from datetime import date, datetime, timedelta

from cmdb.model.formats import day
from cmdb.model.relative_times import ago, until


def test_dates_are_read_as_people_write_them() -> None:
    today = date(2026, 11, 22)
    local = datetime(2026, 11, 22, 9, 12).astimezone()
    assert ago(local.isoformat(), today).startswith("today ")
    assert ago((local - timedelta(days=1)).isoformat(), today).startswith("yesterday ")
    assert ago((local - timedelta(days=3)).isoformat(), today) == "19 Nov"
    assert ago("2025-03-01T12:00:00Z", today) == "1 Mar 2025"
    assert day("2026-12-12") == "12 Dec 2026"
    assert day("soon") == "soon"
    assert [until(d, today) for d in ("2026-11-22", "2026-11-23", "2026-11-10", "2027-05-22", "2031-01-01")] == [
        "today", "in 1 day", "12 days ago", "in 6 months", "in 4 years",
    ]  # fmt: skip
