"""What the cells of an OpenDocument spreadsheet show besides their values: errors, currencies, kept zeros, hidden rows.

The text that a cell shows stands beside its value. It is looked at only in files that hold anything of the kind.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from importers.spreadsheets.files.number_formats import NumberFormat, shown
from importers.spreadsheets.files.sheet_parts import SheetDetails

_SIZE = rb"[KMGT]i?B"
#: What makes it worth looking at each cell.
_SIGN = re.compile(
    rb'calcext:value-type="error"|office:currency="|table:visibility="(?:collapse|filter)"'
    rb'|office:value="\d+"[^<]*><text:p>(?:0\d|[A-Za-z]{1,10}[-_/#. ]?\d|\d+[-/]\d|\d+ ?' + _SIZE + rb")"
)
_TABLE = re.compile(rb'table:name="([^"]*)"')
_TOKEN = re.compile(
    rb"<table:table-(row|column)\b([^>]*)>|<table:(?:covered-)?table-cell\b([^>]*)>(?:<text:p\b[^>]*>([^<]*)</text:p>)?"
)
_REPEATED = re.compile(rb'(?:rows|columns)-repeated="(\d+)"')
_NUMBER = re.compile(rb'office:value="([-+\d.eE]+)"')
_CURRENCY = re.compile(rb'office:currency="([A-Z]{3})"')
_MEASURED = re.compile(r"[\d., \u00a0]+?[ \u00a0]?([KMGT]i?B)")
_IDENTIFIER = re.compile(r"0\d+|[A-Za-z]{1,10}[-_/#. ]?\d+|\d+(?:[-/]\d+)+")
_MOST_REPEATED = 1_000


def details_of(content: bytes) -> dict[str, SheetDetails]:
    """What the sheets show besides their values, by sheet name."""
    if _SIGN.search(content) is None:
        return {}
    found: dict[str, SheetDetails] = {}
    for table in content.split(b"<table:table ")[1:]:
        name = _TABLE.search(table)
        if name is not None:
            details = found[html.unescape(name[1].decode("utf-8", "replace"))] = SheetDetails()
            _read(table, details)
    return found


def _read(table: bytes, details: SheetDetails) -> None:
    row, rows, column, columns = -1, 1, 0, 0
    hidden: list[int] = []
    for kind, attributes, cell, text in _TOKEN.findall(table):
        if kind == b"row":
            row, column = row + rows, 0
            rows = _repeats(attributes)
            if b'table:visibility="' in attributes and rows <= _MOST_REPEATED:
                hidden.extend(range(row, row + rows))
                details.filtered = details.filtered or b'"filter"' in attributes
        elif kind == b"column":
            number = _repeats(attributes)
            if b'table:visibility="' in attributes and number <= _MOST_REPEATED:
                details.hidden_columns.extend(range(columns, columns + number))
            columns += number
        else:
            number = _repeats(cell) if b"repeated=" in cell else 1
            if text and number <= _MOST_REPEATED and rows <= _MOST_REPEATED:
                for words in _shown(cell, text):
                    for place in range(number):
                        for below in range(rows):
                            details.texts[row + below, column + place] = words
            column += number
    details.hidden_rows = hidden


def _repeats(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _shown(cell: bytes, text: bytes) -> Iterator[str]:
    """What a cell shows, if that is more than its value."""
    if b'calcext:value-type="error"' in cell:
        yield html.unescape(text.decode("utf-8", "replace"))
        return
    held = _NUMBER.search(cell)
    if held is None:
        return
    number = float(held[1])
    if currency := _CURRENCY.search(cell):
        yield _written(number, NumberFormat("money", word=currency[1].decode()))
        return
    words = html.unescape(text.decode("utf-8", "replace")).strip()
    if measured := _MEASURED.fullmatch(words):
        yield _written(number, NumberFormat("size", word=measured[1]))
    elif _IDENTIFIER.fullmatch(words) and number.is_integer():
        digits = re.sub(r"\D", "", words)
        if int(digits) == int(number):
            yield words


def _written(number: float, meaning: NumberFormat) -> str:
    """What a number with a unit or a currency shows."""
    words: str = shown(number, meaning)
    return words
