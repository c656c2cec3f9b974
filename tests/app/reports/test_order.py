"""Filtering and sorting a report's rows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.reports.model import Report, ReportRow, column
from app.reports.order import narrowed, ordered
from app.reports.report_run import ReportResult
from cmdb.model.messages import Message

REPORT = Report("r", Message("R"), Message("What it is."), (column(Message("Value")),), lambda q: ())
VALUES = st.none() | st.just("") | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)


def result(values: list[object]) -> ReportResult:
    return ReportResult(REPORT, [ReportRow((value,)) for value in values], [str(value).casefold() for value in values])


@given(st.lists(VALUES, max_size=12), st.booleans())
def test_every_row_stays_and_empty_ones_stand_last(values: list[object], down: bool) -> None:
    found = ordered(result(values), range(len(values)), 0, descending=down)
    assert sorted(found) == list(range(len(values)))
    said = [values[place] for place in found]
    filled = [value for value in said if value not in (None, "")]
    assert said[: len(filled)] == filled
    numbers = [float(value) for value in filled if isinstance(value, int | float)]
    assert numbers == sorted(numbers, reverse=down)


def test_rows_have_all_the_words() -> None:
    found = result(["A laptop in Rotterdam", "a server in Rotterdam", "A laptop"])
    assert narrowed(found, ["laptop", "rotter"]) == [0]
    assert narrowed(found, []) == [0, 1, 2]
