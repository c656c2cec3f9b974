"""Cells of dates and numbers as texts that can be read in only one way, also without the rest of their column."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from decimal import Decimal
from typing import Any

from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.cell_findings import ColumnContext
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.sheets.workbook import cell_text
from importers.tables.cells import unescape

_DATE = re.compile(r"\s*'?\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})\s*")
_NUMBER = re.compile(r"\s*[-+]?\d{1,3}[.,]\d{3}\s*")


def exact_texts(cells: Sequence[Any], numbers: Container[int]) -> list[str]:
    """A row's cells as texts; in columns of ``numbers`` one of three decimals gets a zero, because 1.125 as a text may
    be a thousand, too.
    """
    texts = [cell_text(cell) for cell in cells]
    return [
        f"{text}0"
        if index in numbers and isinstance(cells[index], float) and _NUMBER.fullmatch(text)
        else unescape(text)
        for index, text in enumerate(texts)
    ]


def plain_text(text: str, attribute: Attribute, context: ColumnContext) -> str:
    """The text of a cell. If it can be read in two ways, it is written as its column was read: a date as 2024-03-31, a
    number without marks between its digits.
    """
    if attribute.type == "date":
        if not _DATE.fullmatch(text):
            return text
        value = Converter(attribute, context)(text)
        return value if isinstance(value, str) else text
    if attribute.type == "time" or not _NUMBER.fullmatch(text):
        return text
    value = Converter(attribute, context)(text)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return text
    said = f"{Decimal(str(value)).normalize():f}"
    whole, _, decimals = said.partition(".")
    if not decimals:
        return whole
    return f"{whole}{',' if context.decimal_comma else '.'}{decimals if len(decimals) != 3 else decimals + '0'}"
