"""The parts of a binary workbook (xlsb), from their records: sheets' names, what cells show, and how far they reach.

The parser of cells holds each sheet as a full rectangle, and leaves errors and formats out.
"""

from __future__ import annotations

import struct
import zipfile
from array import array
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.regular_files import name_as_text
from importers.spreadsheets.files.archive import MAX_COLUMNS, unpack
from importers.spreadsheets.files.number_formats import BUILT_IN, NumberFormat, meaning_of
from importers.spreadsheets.files.sheet_parts import SheetDetails, refuse_large

_ROW, _SHEET, _FORMAT, _STYLE, _COLUMNS, _BEGIN_STYLES, _END_STYLES = 0, 156, 44, 47, 60, 617, 618
_CELLS = range(2, 12)
"""Types of the records of cells with values: RK, error, boolean, real, text, shared text, and the same of formulas."""
_NUMBERS, _ERRORS = (2, 5, 9), (3, 11)
_ERROR_WORDS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
#: Bytes of a cell's column and style. The parser does not look whether a record has them.
_LEAST = 8
_MOST_COLUMNS_HIDDEN = 1_000


def records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """The records of a part: type, place and size."""
    place, end = 0, len(data)
    while place < end:
        kind = data[place]
        place += 1
        if kind & 0x80 and place < end:
            kind = (kind & 0x7F) | (data[place] & 0x7F) << 7
            place += 1
        size = shift = 0
        while place < end:
            byte = data[place]
            place += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 21:
                break
        if place + size <= end:
            yield kind, place, size
        place += size


def sheet_names(workbook: bytes) -> dict[str, str]:
    """The names of the sheets, by the id of their relationship."""
    found: dict[str, str] = {}
    for kind, place, size in records(workbook):
        if kind == _SHEET and size >= 16:
            rid, after = _text(workbook, place + 8)
            found[rid] = _text(workbook, after)[0]
    return found


def formats_of_styles(styles: bytes) -> dict[int, NumberFormat]:
    """The cell styles (by their number) whose format carries meaning."""
    codes = dict(BUILT_IN)
    used: list[int] = []
    in_cells = False
    for kind, place, size in records(styles):
        if kind == _FORMAT and size >= 6:
            codes[struct.unpack_from("<H", styles, place)[0]] = _text(styles, place + 2)[0]
        elif kind in (_BEGIN_STYLES, _END_STYLES):
            in_cells = kind == _BEGIN_STYLES
        elif kind == _STYLE and in_cells and size >= 4:
            used.append(struct.unpack_from("<H", styles, place + 2)[0])
    known = {number: meaning_of(code) for number, code in codes.items()}
    return {place: found for place, number in enumerate(used) if (found := known.get(number)) is not None}


def scan_binary_sheet(
    path: Path, raw: BinaryIO, info: zipfile.ZipInfo, formats: Mapping[int, NumberFormat]
) -> SheetDetails:
    """What a sheet holds besides values. Raises FileProblem for one that is too large to be held."""
    data = b"".join(unpack(path, raw, info))
    found = SheetDetails()
    row = rows = columns = 0
    for kind, place, size in records(data):
        if kind in _CELLS:
            if size < _LEAST:
                raise FileProblem(
                    Message("{file} is damaged, or is not the spreadsheet it seems to be.", file=name_as_text(path))
                )
            column = int.from_bytes(data[place : place + 4], "little")
            if column >= columns:
                columns = column + 1
            if row >= rows:
                rows = row + 1
            if kind in _ERRORS and size >= 9:
                found.texts[row, column] = _ERROR_WORDS.get(data[place + 8], "#VALUE!")
            elif formats and kind in _NUMBERS:
                meaning = formats.get(int.from_bytes(data[place + 4 : place + 7], "little"))
                if meaning is not None and column < MAX_COLUMNS:
                    found.formats.setdefault(meaning, array("Q")).append(row * MAX_COLUMNS + column)
        elif kind == _ROW and size >= 12:
            row = int.from_bytes(data[place : place + 4], "little")
            if data[place + 11] & 0x10:
                found.hidden_rows.append(row)
        elif kind == _COLUMNS and size >= 18 and data[place + 16] & 1:
            first, last = struct.unpack_from("<II", data, place)
            found.hidden_columns.extend(range(first, min(last, first + _MOST_COLUMNS_HIDDEN) + 1))
    refuse_large(path, rows, columns)
    return found


def _text(data: bytes, place: int) -> tuple[str, int]:
    """A text of two bytes per letter after its length, and the place behind it."""
    length = int.from_bytes(data[place : place + 4], "little")
    end = place + 4 + 2 * min(length, len(data))
    return data[place + 4 : end].decode("utf-16-le", "replace"), end
