"""Lengths of time in columns of dates: a warranty of 36 months, counted from the purchase."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.header_units import duration_word
from importers.spreadsheets.columns.mapping import ColumnUse

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


def counted_dates(
    table: SheetTable, use: ColumnUse, attribute: Attribute, starts: Sequence[str | None], only: Sequence[int] | None
) -> list[Any]:
    """The dates of a column that counts months or years from the rows' ``starts``; dates in it stand for themselves.

    Where a row has no start its cell is left out.
    """
    unit, start = counts_from(use)
    cells = table.cells[use.index] if only is None else [table.cells[use.index][i] for i in only]
    converter = Converter(attribute, schema=table.schema)
    label = table.schema.every_attribute[start].label
    message = Message("{attribute} counts from “{start}”, which is blank.", attribute=attribute.label, start=label)
    no_start = CellError(message, "duration", code="duration.no-start")
    known: dict[tuple[Any, Any], Any] = {}
    values = []
    for pair in zip(cells, starts, strict=True):
        if pair not in known:
            known[pair] = _end(converter, pair, unit, no_start)
        values.append(known[pair])
    return table.without_bad(use, values, cells, only, table.may_lack(attribute))


def _end(converter: Converter, pair: tuple[Any, Any], unit: str, no_start: CellError) -> Any:
    cell, start = pair
    if cell == "" or (isinstance(cell, str) and not cell.strip()):
        return None
    if end_after(date(2000, 1, 1), cell, unit) is None:
        return converter(cell)
    return no_start if start is None else str(end_after(date.fromisoformat(start), cell, unit))
