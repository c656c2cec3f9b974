"""Intervals of reservations: half-open, in any order, and how much is reserved at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import InvalidValue
from cmdb.model.intervals import Interval
from cmdb.model.reservations import (
    Reservation,
    most_at_once,
    reservation_of,
    shown_days,
    shown_interval,
    stated_interval,
)

HOURS = 30


def at(hour: int) -> str:
    """A moment of two days, as it is stored."""
    return f"2027-01-{hour // 24 + 1:02}T{hour % 24:02}:00:00Z"


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, HOURS - 1))
    end = draw(st.integers(start + 1, HOURS) | st.none())
    return Interval(at(start), "" if end is None else at(end))


SOME = st.lists(st.tuples(intervals(), st.integers(1, 3)), max_size=5)


@given(intervals(), intervals())
def test_two_intervals_overlap_where_some_moment_is_in_both(one: Interval, other: Interval) -> None:
    both = any(one.has(at(hour)) and other.has(at(hour)) for hour in range(HOURS))
    assert one.overlaps(other) is other.overlaps(one) is both


@given(SOME, intervals())
def test_the_most_at_once_is_that_of_the_fullest_moment_in_any_order(
    some: list[tuple[Interval, int]], during: Interval
) -> None:
    its = [Reservation(str(n), "model", one, quantity=quantity) for n, (one, quantity) in enumerate(some)]
    fullest = max(
        sum(one.quantity for one in its if one.during.has(at(hour))) for hour in range(HOURS) if during.has(at(hour))
    )
    assert most_at_once(its, during) == most_at_once(reversed(its), during) == fullest


@given(intervals(), st.integers(1, 9), st.text(max_size=3), st.sampled_from(["", "ann"]))
def test_what_is_stored_says_the_same(during: Interval, quantity: int, note: str, by: str) -> None:
    one = Reservation("id", "laptop", during, by, quantity, note)
    assert reservation_of("id", one.fields()) == one


def test_a_day_that_is_stated_as_the_end_is_the_last_one() -> None:
    first, second = stated_interval("2027-01-04", "2027-01-08"), stated_interval("2027-01-09", "2027-01-09")
    assert not first.overlaps(second)
    assert first.overlaps(stated_interval("2027-01-08", ""))
    assert shown_days(first) == ("2027-01-04", "2027-01-08")
    assert [str(shown_interval(one)) for one in (first, second)] == ["4 Jan 2027 – 8 Jan 2027", "9 Jan 2027"]
    for start, end in (("2027-01-04", "2027-01-03"), ("soon", ""), ("", "2027-13-01")):
        with pytest.raises(InvalidValue):
            stated_interval(start, end)
