"""The format of a whole column: the order of its dates, its decimal mark, its unit, its lost zeros."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.cell_findings import CellNote, ColumnContext
from importers.spreadsheets.cells.converters import is_identifier
from importers.spreadsheets.cells.decimal_marks import NumberEvidence, number_marks
from importers.spreadsheets.sheets.options import ReadOptions

_ORDERED = re.compile(r"\s*'?(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})\b")
_PLAIN = re.compile(r"\s*\d+(?:[.,]\d+)?\s*")
#: No computer has so little memory (MiB) today: such numbers are GiB.
_LEAST_MEMORY = 256
#: A plain number up to this is in GiB beside others that say so (64 GB, 256).
_MOST_MEMORY = 4096
_STATED = re.compile(r"\d\s*([kmgt])(?:i?b|o)\b", re.IGNORECASE)
#: Half of a column's sizes are above this only in a smaller unit: attribute → (number, unit), the largest first.
_SMALLER_UNITS = {
    "memory": ((4e9, "B"), (4e6, "KB")),
    "disk_size": ((2e10, "B"), (2e7, "KB"), (2e4, "MB")),
}


def column_context(
    attribute: Attribute, cells: Iterable[Any], evidence: NumberEvidence, options: ReadOptions, fallback: ColumnContext,
    unit_known: bool = False,
) -> ColumnContext:  # fmt: skip
    """How to read a column's cells. ``fallback`` is the format of the rest of the sheet, ``evidence`` that of its
    numbers.
    """
    kind = attribute.type
    if kind in ("date", "time"):
        return date_context((c for c in cells if type(c) is str), options, fallback)
    if kind in ("integer", "number", "money"):
        cells = list(cells)
        marks = number_marks(attribute, (c for c in cells if type(c) is str), evidence)
        unit = _unit_of(attribute.name, cells) if attribute.unit in ("MiB", "GiB") and not unit_known else ""
        return replace(fallback, decimal_comma=marks.comma, marks_sure=marks.sure, both_marks=marks.conflict, unit=unit)
    return fallback


def date_context(cells: Iterable[str], options: ReadOptions, fallback: ColumnContext) -> ColumnContext:
    """Whether 03/04/2024 begins with the day, by the column's dates that can be read in only one way."""
    if options.day_first is not None:
        return replace(fallback, day_first=options.day_first, sure=True, conflict=False)
    if options.year_first:
        fallback = replace(fallback, year_first=True)
    day = month = False
    for cell in cells:
        match = _ORDERED.match(cell)
        if match:
            day = day or int(match[1]) > 12
            month = month or int(match[2]) > 12
    if day and month:
        return replace(fallback, day_first=True, sure=False, conflict=True)
    if day or month:
        return replace(fallback, day_first=day, sure=True, conflict=False)
    return fallback


def _unit_of(name: str, cells: list[Any]) -> str:
    """The unit of a column of plain numbers that can't be in the attribute's own; "" where they can."""
    if name not in _SMALLER_UNITS:
        return ""
    numbers = sorted(
        float(str(cell).replace(",", "."))
        for cell in cells
        if isinstance(cell, float) or (isinstance(cell, str) and _PLAIN.fullmatch(cell))
    )
    if not numbers:
        return ""
    if name == "memory" and numbers[0] < _LEAST_MEMORY and numbers[-1] <= 8192:
        return "GiB"
    said = {match[1].casefold() for cell in cells if isinstance(cell, str) and (match := _STATED.search(cell))}
    if name == "memory" and said == {"g"} and numbers[-1] <= _MOST_MEMORY:
        return "GiB"
    middle = numbers[len(numbers) // 2]
    return next((unit for most, unit in _SMALLER_UNITS[name] if middle > most), "")


def lost_zeros(attribute: Attribute, values: Iterable[Any]) -> dict[str, CellNote]:
    """Identifiers that are shorter than the others, which all have the same number of digits: value → warning."""
    if attribute.type != "text":
        return {}
    digits = {v for v in {*values} if type(v) is str and v.isdigit()}
    if len(digits) < 3:
        return {}
    if not is_identifier(attribute) and not any(v.startswith("0") for v in digits):
        return {}
    width, count = Counter(map(len, digits)).most_common(1)[0]
    if width < 4 or count < 0.7 * len(digits) or (count == len(digits)):
        return {}
    return {
        v: CellNote(
            Message(
                "{attribute} {value} has {digits} digits where the others have {usual}: zeros at its front may be lost "
                "({suggested}?).",
                attribute=attribute.label,
                value=v,
                digits=len(v),
                usual=width,
                suggested=v.zfill(width),
            ),
            "leading-zeros",
        )
        for v in digits
        if len(v) < width and not v.startswith("0")
    }
