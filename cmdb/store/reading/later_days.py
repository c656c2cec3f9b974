"""A day some months after another one, in SQL: as ``cmdb.model.calendar_bounds.months_after`` counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, cast, func


def later_day(dialect: str, day: ColumnElement[Any], months: ColumnElement[Any]) -> ColumnElement[Any]:
    """The ISO day so many months after an ISO day: the last of a month that has no such day. NULL where one is."""
    number = cast(months, Integer)
    if dialect == "postgresql":
        later = cast(func.substr(day, 1, 10), Date) + func.make_interval(0, number)
        return func.to_char(later, "YYYY-MM-DD")

    def step(by: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.printf("%+d months", by)

    # SQLite goes on into the next month where this one has no such day.
    last = func.date(day, "start of month", step(number + 1), "-1 day")
    return func.min(func.date(day, step(number)), last)
