"""Lengths of time in columns of dates: a warranty of 36 months, counted from the purchase."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from importers.spreadsheets.header_units import duration_word
from importers.spreadsheets.mapping import ColumnUse

#: Attribute → the attributes that begin what it ends, the best first.
START_OF = {
    "warranty_until": ("purchase_date",),
    "maintenance_until": ("start",),
    "end": ("start",),
}
_LENGTH = re.compile(r"(\d{1,3}(?:[.,]\d{1,2})?)\s*[- ]?\s*([^\W\d_]+\.?)?")
_MONTHS_AT_LEAST = 12
_SHARE = 0.3
"""Where so many of a column's values are lengths, the others may be dates."""
_MOST = {"months": 600, "years": 50, "weeks": 2600, "days": 18_250}


def counts_from(use: ColumnUse) -> tuple[str, str]:
    """The unit that a column counts in and the attribute that it counts from; "" where it does not count."""
    for transform in use.transforms:
        unit, _, start = transform.partition(":")
        if unit in _MOST:
            return unit, start
    return "", ""


def duration_unit(values: Sequence[str], said: str) -> str | None:
    """The unit of a column's lengths of time: ``said`` by its header, else as its values show it.

    None where they are none; "" where they may be months or years.
    """
    if not values:
        return said or None
    matches = [_LENGTH.fullmatch(value.strip()) for value in values]
    found = [m for m in matches if m is not None and (not m[2] or duration_word(m[2]))]
    if len(found) < _SHARE * len(values):
        return None
    if said:
        return said
    numbers = [float(m[1].replace(",", ".")) for m in found if not m[2]]
    if not numbers:
        return "months"
    return "months" if max(numbers) >= _MONTHS_AT_LEAST else ""


def end_after(start: date, cell: Any, unit: str) -> date | None:
    """The day that a length of time from ``start`` ends on; ``unit`` is that of plain numbers. None if it is none."""
    match = _LENGTH.fullmatch(f"{cell:g}" if isinstance(cell, float) else str(cell).strip())
    if match is None:
        return None
    unit = duration_word(match[2]) if match[2] else unit
    number = float(match[1].replace(",", "."))
    if unit not in _MOST or number > _MOST[unit]:
        return None
    if unit in ("days", "weeks"):
        return start + timedelta(days=round(number * (7 if unit == "weeks" else 1)))
    months = start.year * 12 + start.month - 1 + round(number * (12 if unit == "years" else 1))
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
