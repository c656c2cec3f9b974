"""What the sheets of an xls hold besides values, from its records (BIFF 5 and 8): errors, formats, hidden rows."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterator

from importers.spreadsheets.files.archive import MAX_COLUMNS
from importers.spreadsheets.files.compound_file import find_stream
from importers.spreadsheets.files.number_formats import BUILT_IN, NumberFormat, meaning_of
from importers.spreadsheets.files.sheet_parts import SheetDetails

_BOF, _EOF, _SHEET, _FORMAT, _STYLE, _PASSWORD = 0x809, 0x0A, 0x85, 0x41E, 0xE0, 0x2F
_NUMBER, _RK, _MANY_RK, _FORMULA, _ERROR, _ROW, _COLUMN, _FILTER = 0x203, 0x27E, 0xBD, 0x06, 0x205, 0x208, 0x7D, 0x9B
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip
_BIFF8 = 0x600
_MOST_COLUMNS = 256


#: Cells of text, whose records begin like those of numbers.
_SIZE, _CLAIM = 0x200, 10
"""The record of a sheet's size, and its bytes that count in BIFF 5 and 8."""
_MOST_CLAIMED = 100_000
_TEXTS = (0x204, 0xFD, 0xD6)
_STRINGS = 0xFC


class ImpossibleCells(ValueError):
    """Cells stand where none can be: the parser would make room for all that lie between."""


def details_of(data: bytes) -> tuple[dict[str, SheetDetails], bytes | None]:
    """By sheet name, and the file without claims of sizes that it cannot hold, where it has such: the parser of cells
    would make room for them.

    There is nothing of a file that is protected, which the parser says. Raises ImpossibleCells, and BrokenFile where
    the container is damaged.
    """
    found = find_stream(data, ("Workbook", "Book"))
    details: dict[str, SheetDetails] = {}
    claims: list[int] = []
    try:
        if found.content:
            book = _Book(found.content)
            details, claims = dict(book.sheets()), book.claims
        if not claims:
            return details, None
        honest = bytearray(data)
        for claim in claims:
            for byte in range(claim, claim + _CLAIM):
                honest[found.place(byte)] = 0
        return details, bytes(honest)
    except (struct.error, IndexError):
        return {}, None


def _records(book: bytes, place: int) -> Iterator[tuple[int, int, int]]:
    """The records of a substream, without those of others inside it: type, place and size."""
    depth = 0
    end = len(book) - 3
    while place < end:
        kind, size = struct.unpack_from("<HH", book, place)
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth == 0:
                return
        if depth == 1:
            yield kind, place + 4, size
        place += 4 + size


class _Book:
    """The workbook's stream."""

    def __init__(self, book: bytes) -> None:
        self._book = book
        self._sheets: list[tuple[str, int]] = []
        self.claims: list[int] = []
        """Where the sizes of sheets stand that are too large to be true."""
        codes = dict(BUILT_IN)
        styles: list[int] = []
        self._meanings: dict[int, NumberFormat] = {}
        wide = False
        for kind, place, size in _records(book, 0):
            if kind == _BOF:
                wide = struct.unpack_from("<H", book, place)[0] == _BIFF8
            elif kind == _PASSWORD:
                return
            elif kind == _STRINGS and struct.unpack_from("<I", book, place + 4)[0] > len(book):
                raise ImpossibleCells
            elif kind == _FORMAT:
                number = struct.unpack_from("<H", book, place)[0]
                codes[number] = _text(book[place + 2 : place + size], wide, 2 if wide else 1)
            elif kind == _STYLE:
                styles.append(struct.unpack_from("<H", book, place + 2)[0])
            elif kind == _SHEET and book[place + 5] == 0:
                start = struct.unpack_from("<I", book, place)[0]
                self._sheets.append((_text(book[place + 6 : place + size], wide, 1), start))
        known = {number: meaning_of(code) for number, code in codes.items()}
        self._meanings = {n: found for n, code in enumerate(styles) if (found := known.get(code)) is not None}

    def sheets(self) -> Iterator[tuple[str, SheetDetails]]:
        """What each sheet holds, with its name."""
        for name, start in self._sheets:
            yield name, self._read(start)

    def _read(self, start: int) -> SheetDetails:
        book, found, hidden = self._book, SheetDetails(), set[int]()
        for kind, place, size in _records(book, start):
            if kind in (_NUMBER, _RK, _FORMULA):
                row, column, style = struct.unpack_from("<HHH", book, place)
                if column >= _MOST_COLUMNS:
                    raise ImpossibleCells
                if kind == _FORMULA and book[place + 12 : place + 14] == b"\xff\xff":
                    if book[place + 6] == 2:
                        found.texts[row, column] = _ERRORS.get(book[place + 8], "#VALUE!")
                elif style in self._meanings:
                    self._note(found, row, column, style)
            elif kind in _TEXTS:
                if book[place + 3]:  # the column's upper byte
                    raise ImpossibleCells
            elif kind == _MANY_RK:
                row, column = struct.unpack_from("<HH", book, place)
                if column + (size - 6) // 6 > _MOST_COLUMNS:
                    raise ImpossibleCells
                for number in range((size - 6) // 6):
                    style = struct.unpack_from("<H", book, place + 4 + 6 * number)[0]
                    if style in self._meanings:
                        self._note(found, row, column + number, style)
            elif kind == _ERROR and book[place + 7]:
                row, column = struct.unpack_from("<HH", book, place)
                if column >= _MOST_COLUMNS:
                    raise ImpossibleCells
                found.texts[row, column] = _ERRORS.get(book[place + 6], "#VALUE!")
            elif kind == _ROW and book[place + 12] & 0x20:
                hidden.add(struct.unpack_from("<H", book, place)[0])
            elif kind == _COLUMN and book[place + 8] & 1:
                first, last = struct.unpack_from("<HH", book, place)
                found.hidden_columns.extend(range(first, min(last, _MOST_COLUMNS) + 1))
            elif kind == _SIZE and size >= _CLAIM:
                if _claimed(book[place : place + size]) > _MOST_CLAIMED:
                    self.claims.append(place)
            elif kind == _FILTER:
                found.filtered = True
        found.hidden_rows = sorted(hidden)
        found.hidden_columns.sort()
        return found

    def _note(self, found: SheetDetails, row: int, column: int, style: int) -> None:
        meaning: NumberFormat = self._meanings[style]
        found.formats.setdefault(meaning, array("Q")).append(row * MAX_COLUMNS + column)


def _claimed(record: bytes) -> int:
    """The cells of a sheet's claimed size."""
    first, last, left, right = struct.unpack_from("<IIHH" if len(record) >= 14 else "<HHHH", record)
    if first > last or left > right:
        return _MOST_CLAIMED + 1  # the parser would take it for very much
    return int((last - first) * (right - left))


def _text(data: bytes, wide: bool, counted: int) -> str:
    """A text after its length (of ``counted`` bytes), in BIFF 8 with a flag that tells two bytes per letter."""
    length = int.from_bytes(data[:counted], "little")
    if not wide:
        return data[counted : counted + length].decode("cp1252", "replace")
    start = counted + 1
    if data[counted] & 1:
        return data[start : start + 2 * length].decode("utf-16-le", "replace")
    return data[start : start + length].decode("latin-1")
