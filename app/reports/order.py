"""A report's rows, filtered by words and sorted. Rows are named by their places, so that none is copied."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.reports.model import ReportRow
from app.reports.report_run import ReportResult
from importers.tables.model import currency_places


def narrowed(result: ReportResult, words: Sequence[str]) -> list[int]:
    """The places of the rows in which all words (folded) occur."""
    return [place for place, text in enumerate(result.texts) if all(word in text for word in words)]


def ordered(result: ReportResult, places: Sequence[int], column: int, *, descending: bool = False) -> list[int]:
    """Some places by a column's values, not by its texts: numbers by size, before texts by letters, empty ones last.

    Amounts of money are sorted by currency first: those of different currencies aren't compared.
    """

    def empty(place: int) -> bool:
        return _cell(result.rows[place], column) in (None, "")

    filled = [place for place in places if not empty(place)]
    beside = currency_places(result.report.columns).get(column)

    def rank(place: int) -> tuple[bool, str, float | Decimal, str]:
        row = result.rows[place]
        return _rank(_cell(row, column), "" if beside is None else str(_cell(row, beside) or ""))

    filled.sort(key=rank, reverse=descending)
    return filled + [place for place in places if empty(place)]


def _cell(row: ReportRow, column: int) -> object:
    return row.cells[column]


def _rank(value: object, currency: str) -> tuple[bool, str, float | Decimal, str]:
    if isinstance(value, int | float | Decimal):
        return False, currency, value, ""
    return True, "", 0, str(value).casefold()
