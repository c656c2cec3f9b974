"""A report's rows, filtered by words and sorted. Rows are named by their places, so that none is copied."""

from __future__ import annotations

from collections.abc import Sequence

from app.reports.model import ReportRow
from app.reports.report_run import ReportResult


def narrowed(result: ReportResult, words: Sequence[str]) -> list[int]:
    """The places of the rows in which all words (folded) occur."""
    return [place for place, text in enumerate(result.texts) if all(word in text for word in words)]


def ordered(result: ReportResult, places: Sequence[int], column: int, *, descending: bool = False) -> list[int]:
    """Some places by a column's values, not by its texts: numbers by size, before texts by letters, empty ones last."""

    def empty(place: int) -> bool:
        return _cell(result.rows[place], column) in (None, "")

    filled = [place for place in places if not empty(place)]
    filled.sort(key=lambda place: _rank(_cell(result.rows[place], column)), reverse=descending)
    return filled + [place for place in places if empty(place)]


def _cell(row: ReportRow, column: int) -> object:
    return row.cells[column]


def _rank(value: object) -> tuple[bool, float, str]:
    if isinstance(value, int | float):
        return False, float(value), ""
    return True, 0.0, str(value).casefold()
