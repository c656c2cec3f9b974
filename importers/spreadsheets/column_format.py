"""The format of a whole column: the order of its dates, its decimal mark, its unit, its lost zeros."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from importers.spreadsheets.converters import CellNote, ColumnContext, is_identifier
from importers.spreadsheets.options import ReadOptions

_ORDERED = re.compile(r"\s*'?(\d{1,2})[-/](\d{1,2})[-/](?:\d{4}|\d{2})\b")
_COMMA = re.compile(r"[^\d]*\d+(?:\.\d{3})*,\d{1,2}(?!\d)[^\d]*")
_DOT = re.compile(r"[^\d]*\d+(?:,\d{3})*\.\d{1,2}(?!\d)[^\d]*")
_GROUPED = re.compile(r"[^\d]*\d{1,3}(?:\.\d{3})+[^\d]*")
#: No computer has so little memory (MiB) today: such numbers are GiB.
_LEAST_MEMORY = 256


def column_context(
    attribute: Attribute, cells: Iterable[Any], options: ReadOptions, fallback: ColumnContext, unit_known: bool = False
) -> ColumnContext:
    """How to read a column's cells. ``fallback`` is the format of the rest of the sheet."""
    kind = attribute.type
    if kind in ("date", "time"):
        return date_context((c for c in cells if type(c) is str), options, fallback)
    if kind in ("integer", "number", "money"):
        cells = list(cells)
        comma = decimal_comma((c for c in cells if type(c) is str), options, fallback.decimal_comma)
        unit = _memory_unit(cells) if attribute.name == "memory" and not unit_known else ""
        return replace(fallback, decimal_comma=comma, unit=unit)
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


def decimal_comma(cells: Iterable[str], options: ReadOptions, sheet: bool | None = None) -> bool | None:
    """Whether a column's numbers have decimal commas; None if this cannot be decided.

    ``sheet`` is what the other columns say: it settles whether 1.234 is more than a thousand.
    """
    if options.decimal_comma is not None:
        return options.decimal_comma
    comma = dot = grouped = 0
    for cell in cells:
        if _COMMA.fullmatch(cell):
            comma += 1
        elif _DOT.fullmatch(cell):
            dot += 1
        elif _GROUPED.fullmatch(cell):
            grouped += 1
    if comma and not dot:
        return True
    if dot and not comma:
        return False
    return True if grouped and sheet and not dot else None


def _memory_unit(cells: list[Any]) -> str:
    """GB where a column of plain numbers can be nothing else."""
    numbers = [
        float(str(cell).replace(",", "."))
        for cell in cells
        if isinstance(cell, float) or (isinstance(cell, str) and re.fullmatch(r"\s*\d+(?:[.,]\d+)?\s*", cell))
    ]
    return "GiB" if numbers and min(numbers) < _LEAST_MEMORY and max(numbers) <= 8192 else ""


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
