"""Dates, times, counts and amounts as people read them, in the user's locale."""

from __future__ import annotations

from cmdb.model.formats import day as day
from cmdb.model.formats import moment as moment
from cmdb.model.formats import money as money
from cmdb.model.formats import number
from cmdb.model.relative_times import ago as ago
from cmdb.model.relative_times import until as until


def count(value: int) -> str:
    """A whole number with the locale's separators: "2,514"."""
    return number(value)


def plural(number: int, one: str, many: str = "") -> str:
    """A counted noun: "1 computer", "2,514 computers"; ``many`` where an s is not enough."""
    return f"{count(number)} {one if number == 1 else many or one + 's'}"
