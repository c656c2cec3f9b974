"""Times of events near the calendar's first and last ones: they are written, so they have to be readable."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from cmdb.model.event_times import iso_time, milliseconds, moment_of, shown_time, stated_moment


@pytest.fixture(params=["UTC", "Pacific/Auckland", "America/Los_Angeles"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize(
    "text",
    ["0001-01-01", "0001-01-01T00:00", "0001-01-01T00:00+14:00", "0001-01-01T12:00-12:00", "0001-01-02", "9999-12-31",
     "9999-12-31T23:59:59.999999", "9999-12-31T23:59-12:00", "9999-12-31T00:00+14:00"],
)  # fmt: skip
def test_each_time_that_can_be_stated_can_be_read_again(text: str) -> None:
    stated = stated_moment(text)
    assert stated is not None
    at = milliseconds(stated)
    assert milliseconds(moment_of(at)) == at
    assert iso_time(at)
    assert shown_time(at)


@pytest.mark.usefixtures("zone")
@pytest.mark.parametrize("at", [-(1 << 62), 1 << 62])
def test_a_number_beyond_the_calendar_is_its_first_or_last_moment(at: int) -> None:
    assert iso_time(at)
    assert shown_time(at)
