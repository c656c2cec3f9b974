"""What a worksheet's XML holds that the parser of cells leaves out, found in one pass: error values, formulas without
results, hidden rows and columns; and how far its cells reach, which decides whether it can be held.

The parser holds each sheet as a full rectangle.
"""

from __future__ import annotations

import re
import zipfile
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.files.archive import MAX_CELLS, MAX_COLUMNS, chunks, column_number
from importers.spreadsheets.files.number_formats import NumberFormat

NOT_CALCULATED = "#NOT CALCULATED!"
"""What stands in the cell of a formula whose result was not stored."""

#: Bytes of a piece that are looked at again with the next one, so that no cell is cut through.
_OVERLAP = 1024

_COLUMN = re.compile(rb"\sr=[\"']([A-Za-z]{1,99})\d")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?r=[\"'](\d+)")
_PLAIN_ROW = re.compile(rb'<row r="(\d+)"')
_LONE_CELL_ROW = re.compile(rb"\sr=[\"'][A-Za-z]{1,99}(\d{5,})")
#: A cell as programs usually write it, in a column beyond Z or a row with a number of at least so many digits.
_FAR_CELLS = [
    re.compile(rb' r="(?:([A-Za-z]{2,99})(?:(\d{%d,})|\d)|[A-Za-z](\d{%d,}))' % (digits, digits))
    for digits in range(30)
]
#: A cell with a row number of at least so many digits, in any spelling.
_ANY_CELL_ROWS = [re.compile(rb"\sr=[\"'][A-Za-z]{1,99}(\d{%d,})" % digits) for digits in range(30)]
_ERROR = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*?\bt=[\"']e[\"'][^>]*>.*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)
_ERROR_FIRST = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\bt=[\"']e[\"'][^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*>.*?<(?:\w+:)?v>([^<]*)<", re.DOTALL
)
#: A cell, its attributes in any order, that holds something.
_FILLED = re.compile(
    rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Za-z]{1,99})(\d{1,99})[\"'][^>/]*>(?:<(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>)?)?"
    rb"<(?:\w+:)?(?:v|is)>"
)
#: A formula's cell that ends without a value, or with an empty one.
_FORMULA = (
    rb"<(?:\w+:)?c\s[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
)
_NO_RESULT = re.compile(_FORMULA + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>")
_ZERO = re.compile(_FORMULA + rb"<(?:\w+:)?v>0\s*</(?:\w+:)?v>\s*</(?:\w+:)?c>")
#: A formula with a result that somebody calculated.
_RESULT = re.compile(rb"(?:</(?:\w+:)?f>|<(?:\w+:)?f\b[^>]*/>)\s*<(?:\w+:)?v>(?!0?\s*<)")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*?\bhidden=[\"'](?:1|true)[\"'])[^>]*?\br=[\"'](\d+)[\"'][^>]*[^>/]>")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_ATTRIBUTE = re.compile(rb"\b(\w+)=[\"']([^\"']*)[\"']")
_MOST_COLUMNS_HIDDEN = 1_000


@dataclass(slots=True)
class SheetDetails:
    """What a sheet holds besides its values. Rows and columns are 0-based."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    """(row, column) → what the cell shows instead of a value: ``#REF!``, or that a formula was not calculated."""
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    formats: dict[NumberFormat, array[int]] = field(default_factory=dict)
    """Formats that carry meaning → the cells that have them, each as row * ``MAX_COLUMNS`` + column."""
    filtered: bool = False
    """Whether rows are hidden by a filter."""


def scan_sheet(
    path: Path,
    raw: BinaryIO,
    info: zipfile.ZipInfo,
    formats: Mapping[int, NumberFormat],
    calculated_on_opening: bool = False,
) -> SheetDetails:
    """Looks a worksheet's part through. The usual spelling, in which only columns beyond Z matter, is searched faster.

    Where the workbook is to be calculated on opening, a formula whose result is 0 has none as long as no other has one:
    programs that don't calculate write it. Raises FileProblem for a sheet that is too large to be held.
    """
    found = SheetDetails()
    columns: set[bytes] = set()
    last_row = 0
    formula = data = b""
    formulas = calculated = False
    zeros: set[tuple[int, int]] = set()
    rows_hidden: set[int] = set()
    styled = _Styled(formats)
    tail = b""
    for piece in chunks(path, raw, info):
        data = tail + piece
        if not tail:
            found.hidden_columns = _hidden_columns(data)
            formula = b"</f>" if re.search(rb"<worksheet[\s>]", data[:4096]) else b":f>"
        single, lines = b"'" in data, b"\n" in data  # one byte alone is found much faster
        usual = not (single and b" r='" in data) and b"<row r=" in data and not (lines and b"\nr=" in data)
        if usual:
            last_row = _last_usual_row(data, last_row, columns)
        else:
            last_row = _last_row(data, last_row)
            columns.update(_COLUMN.findall(data))
        if b't="e"' in data or (not usual and b"t='e'" in data):
            for pattern in (_ERROR, _ERROR_FIRST):
                for column, row, value in pattern.findall(data):
                    found.texts[int(row) - 1, column_number(column.decode())] = value.decode("utf-8", "replace")
        formulas = formulas or formula in data
        if formulas:
            _formulas(data, found.texts)
            if calculated_on_opening and not calculated:
                calculated = _RESULT.search(data) is not None
                zeros.update(_places(_ZERO.findall(data)))
        if formats:
            styled.look(data, formula == b"</f>")
        if b"hidden=" in data:
            rows_hidden.update(int(row) - 1 for row in _HIDDEN_ROW.findall(data))
        tail = data[-_OVERLAP:]
    found.hidden_rows, found.filtered = sorted(rows_hidden), bool(rows_hidden) and b"filterColumn" in data
    if not calculated:
        found.texts.update(dict.fromkeys(zeros, NOT_CALCULATED))
    found.formats = styled.found()
    width = max((column_number(c.decode().upper()) for c in columns), default=25) + 1
    if width > MAX_COLUMNS or last_row * width > MAX_CELLS or 10 ** len(str(last_row)) * width > 4 * MAX_CELLS:
        rows_filled, columns_filled = _filled_extent(path, raw, info)
        rows_filled = max([rows_filled, *(row + 1 for row, _ in found.texts)])
        refuse_large(path, rows_filled, max([columns_filled, *(column + 1 for _, column in found.texts)]))
    return found


def _last_usual_row(data: bytes, known: int, columns: set[bytes]) -> int:
    """The last row that a piece of a sheet has, as programs usually write it, or the one that is known.

    Adds the columns beyond Z to ``columns``. A cell's own row counts for the parser, whatever the row says in which it
    stands.
    """
    last = _last_of(known, _PLAIN_ROW.findall(data))
    for column, long, lone in set(_FAR_CELLS[_longer(last)].findall(data)):
        columns.add(column or b"A")
        last = max(last, int(long or lone or 0))
    return last


def _last_row(data: bytes, known: int) -> int:
    """As ``_last_usual_row`` without the columns, in any spelling."""
    rows = _ROW.findall(data)
    last = _last_of(known, rows) if rows else max([known, *map(int, _LONE_CELL_ROW.findall(data))])
    return max([last, *map(int, _ANY_CELL_ROWS[_longer(last)].findall(data))])


def _last_of(known: int, rows: list[bytes]) -> int:
    return max(known, int(rows[-1]), int(max(rows, key=len))) if rows else known


def _longer(row: int) -> int:
    """One digit more than a row's number has, as far as patterns go."""
    return min(len(str(row)) + 1, len(_ANY_CELL_ROWS) - 1)


class _Styled:
    """Finds the cells with numbers that have one of some styles."""

    def __init__(self, formats: Mapping[int, NumberFormat]) -> None:
        self._formats = formats
        self._cells: dict[bytes, array[int]] = {b"%d" % style: array("Q") for style in formats}
        self._columns: dict[bytes, int] = {}
        rest = rb'c r="([A-Z]{1,3})(\d+)" s="(' + b"|".join(self._cells) + rb')"(?: t="n")?>'
        self._plain, self._prefixed = re.compile(b"<" + rest), re.compile(rb"<\w+:" + rest)

    def look(self, data: bytes, plain: bool) -> None:
        """Adds the cells in a piece of a part; ``plain``: the names of its elements have no prefix."""
        columns = self._columns
        for column, row, style in (self._plain if plain else self._prefixed).findall(data):
            if column not in columns:
                columns[column] = column_number(column.decode()) - MAX_COLUMNS
            self._cells[style].append(int(row) * MAX_COLUMNS + columns[column])

    def found(self) -> dict[NumberFormat, array[int]]:
        """The formats and their cells, each as row * ``MAX_COLUMNS`` + column."""
        found: dict[NumberFormat, array[int]] = {}
        for meaning, cells in zip(self._formats.values(), self._cells.values(), strict=True):
            if cells:
                found.setdefault(meaning, array("Q")).extend(cells)
        return found


def _formulas(data: bytes, texts: dict[tuple[int, int], str]) -> None:
    """Notes the cells of formulas without results.

    The searches for a plain text cost little, and nearly every workbook ends there.
    """
    bare = b"</f></c>" in data or b"<v></v>" in data or b"<v/>" in data or b"<v />" in data
    if bare or b"/></c>" in data or b":f>" in data:
        for place in _places(_NO_RESULT.findall(data)):
            texts.setdefault(place, NOT_CALCULATED)


def _places(cells: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[int, int]]:
    """Row and column of cells that were found by their names."""
    for column, row in cells:
        yield int(row) - 1, column_number(column.decode())


def _hidden_columns(start: bytes) -> list[int]:
    """The hidden columns; they stand before the rows."""
    head = start[: max(start.find(b"sheetData"), 0)]
    found: set[int] = set()
    for column in _COLUMNS.findall(head) if b"hidden=" in head else ():
        values = dict(_ATTRIBUTE.findall(column))
        if values.get(b"hidden") in (b"1", b"true") and values.get(b"min", b"").isdigit():
            first, last = int(values[b"min"]), int(values.get(b"max", values[b"min"]) or 0)
            found.update(range(first - 1, min(last, first + _MOST_COLUMNS_HIDDEN)))
    return sorted(found)


def _filled_extent(path: Path, raw: BinaryIO, info: zipfile.ZipInfo) -> tuple[int, int]:
    """The last row and column that hold a value: a claim, or a cell that only has a format, counts for nothing."""
    rows = columns = 0
    tail = b""
    for data in chunks(path, raw, info):
        data = tail + data
        seen: set[bytes] = set()
        for column, row in _FILLED.findall(data):
            rows = max(rows, int(row))
            seen.add(column)
        columns = max([columns, *(column_number(c.decode().upper()) + 1 for c in seen)])
        tail = data[-_OVERLAP:]
    return rows, columns


def refuse_large(path: Path, rows: int, columns: int) -> None:
    """Raises FileProblem for a sheet that the parser of cells would make too large."""
    if columns > MAX_COLUMNS:
        raise FileProblem(
            Message(
                "{file} has a sheet with {columns} columns; the limit is {limit}.",
                file=name_as_text(path),
                columns=columns,
                limit=MAX_COLUMNS,
            )
        )
    if rows * columns > MAX_CELLS:
        raise FileProblem(
            Message(
                "{file} has a sheet that spans {rows} rows and {columns} columns, too many to hold. "
                "Delete the stray cells far below or to the right.",
                file=name_as_text(path),
                rows=rows,
                columns=columns,
            )
        )


def ranges(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Sorted numbers as ranges, both ends included."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
