"""What is counted past the calendar stays in it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.calendar_bounds import days_after, in_local_zone, in_utc
from cmdb.model.formats import local_time
from cmdb.model.schema import Schema
from cmdb.model.values import parse


@pytest.fixture(params=["UTC", "Asia/Tokyo", "America/Lima"])
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@given(st.dates(), st.integers(-(10**30), 10**30))
def test_days_are_counted_within_the_calendar(day: date, days: int) -> None:
    try:
        wanted = day + timedelta(days=days)
    except OverflowError:
        wanted = date.max if days > 0 else date.min
    assert days_after(day, days) == wanted


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize("day", [datetime.min, datetime(1, 1, 2), datetime(2026, 3, 31, 4), datetime.max])
@pytest.mark.parametrize("ahead", [None, 0, 14, -12])
def test_times_are_in_a_zone_wherever_they_lie(day: datetime, ahead: int | None) -> None:
    moment = day if ahead is None else day.replace(tzinfo=timezone(timedelta(hours=ahead)))
    assert in_utc(moment).tzinfo is UTC
    assert abs(in_utc(moment).replace(tzinfo=None) - day) <= timedelta(days=1)
    assert in_local_zone(moment).tzinfo is not None


@pytest.mark.usefixtures("_zone")
@pytest.mark.parametrize("text", ["9999-12-31T23:59:59", "0001-01-01T00:00:00", "9999-12-31T23:59:59-12:00"])
def test_such_times_are_read_and_shown(text: str) -> None:
    value = parse(Schema.load().cls("laptop").attributes["last_seen"], text)
    assert isinstance(value, str)
    assert value[:4] in ("9999", "0001")
    assert local_time(value) is not None
