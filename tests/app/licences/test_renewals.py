"""Renewals: the relevant day, and the urgency."""

from __future__ import annotations

from datetime import date, timedelta

from app.licences.renewals import Renewal, by_month

TODAY = date.today()


def day(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def test_renewals_name_the_day_that_matters() -> None:
    def make(ends: str, cancel_by: str) -> Renewal:
        return Renewal("u", "Lease", "Lease", "", ends, cancel_by, True, None, "", day(0))

    assert make(day(90), day(30)).act_by == day(30)
    assert make(day(90), day(-1)).act_by == day(90)
    assert make(day(90), day(-1)).too_late
    assert make(day(90), "").act_by == day(90)
    assert make("", day(10)).act_by == day(10)
    assert [make(day(n), "").tone for n in (10, 60, 200)] == ["bad", "warning", ""]


def test_renewals_fall_into_twelve_months() -> None:
    def make(name: str, ends: str) -> Renewal:
        return Renewal("u", name, "Lease", "", ends, "", True, None, "", "2026-11-29")

    found = by_month([make("soon", "2026-12-04"), make("far", "2027-11-01"), make("now", "2026-11-30")],
                     date(2026, 11, 29))  # fmt: skip
    assert list(found) == ["2026-11", "2026-12", *(f"2027-{n:02}" for n in range(1, 11))]
    assert {month: [one.name for one in due] for month, due in found.items() if due} == {
        "2026-11": ["now"],
        "2026-12": ["soon"],
    }
