"""What an xls shows besides values. The files are made here, record by record."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import FileProblem
from importers.spreadsheets import open_file
from importers.spreadsheets.files.compound_file import BrokenFile
from importers.spreadsheets.files.xls_details import ImpossibleCells, details_of
from tests.laws import examples


def record(kind: int, *parts: bytes) -> bytes:
    payload = b"".join(parts)
    return struct.pack("<HH", kind, len(payload)) + payload


def compound(book: bytes, name: str = "Workbook") -> bytes:
    """A compound file with one stream."""
    book = book.ljust(4096, b"\0")
    book += b"\0" * (-len(book) % 512)
    count = len(book) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, count + 2), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)

    def entry(title: str, kind: int, child: int, start: int, size: int) -> bytes:
        letters = title.encode("utf-16-le").ljust(64, b"\0")
        links = struct.pack("<HBBIII", 2 * len(title) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return letters + links + bytes(36) + struct.pack("<III", start, size, 0)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(book))
    return header + table + directory.ljust(512, b"\0") + book


FORMATS = ["General", "00000", '0 "GB"', "#,##0 [$€-407]", "[>=100]yyyy;0"]


def book_of(cells: bytes, wide: bool = True, rows: tuple[int, int] = (0, 9)) -> bytes:
    """A workbook's stream with one sheet; style n has the format n of ``FORMATS``."""
    start = record(0x809, struct.pack("<HHHHII", 0x600 if wide else 0x500, 5, 0, 0, 0, 0)[: 16 if wide else 8])
    for number, code in enumerate(FORMATS):
        words = code.encode("latin-1" if code.isascii() else "utf-16-le" if wide else "cp1252")
        if wide:
            length = struct.pack("<HHB", 164 + number, len(code), int(not code.isascii()))
        else:
            length = struct.pack("<HB", 164 + number, len(code))
        start += record(0x41E, length, words)
    styles = b"".join(
        record(0xE0, struct.pack("<HH", 0, 164 + n), bytes(16 if wide else 12)) for n in range(len(FORMATS))
    )
    name = b"\x05\x00Stock" if wide else b"\x05Stock"
    begin = len(start) + len(styles) + len(record(0x85, bytes(6), name)) + 4
    sheet = record(0x809, struct.pack("<HHHHII", 0x600 if wide else 0x500, 0x10, 0, 0, 0, 0)[: 16 if wide else 8])
    size = record(0x200, struct.pack("<IIHHH", *rows, 0, 9, 0) if wide else struct.pack("<HHHHH", 0, 9, 0, 9, 0))
    globals_ = start + styles + record(0x85, struct.pack("<IH", begin, 0), name) + record(0x0A)
    return globals_ + sheet + size + cells + record(0x0A)


def number(row: int, column: int, style: int, value: float) -> bytes:
    return record(0x203, struct.pack("<HHHd", row, column, style, value))


CELLS = (
    record(0x208, struct.pack("<HHHHHHHH", 1, 0, 9, 0, 0, 0, 0x20, 0))
    + record(0x7D, struct.pack("<HHHHHH", 3, 4, 0, 0, 1, 0))
    + number(0, 0, 1, 42)
    + record(0xBD, struct.pack("<HHHIHIH", 0, 1, 2, 16 << 2 | 2, 3, 5 << 2 | 2, 2))
    + number(0, 3, 4, 50)
    + number(0, 4, 4, 45_000)
    + record(0x205, struct.pack("<HHHBB", 1, 0, 0, 0x2A, 1))
    + record(0x06, struct.pack("<HHH", 1, 1, 0), b"\x02\0\x07\0\0\0\xff\xff", bytes(8))
)


@pytest.mark.parametrize("wide", [True, False], ids=["biff8", "biff5"])
def test_cells_are_what_they_show(tmp_path: Path, wide: bool) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(compound(book_of(CELLS, wide), "Workbook" if wide else "Book"))
    [sheet] = open_file(path).sheets
    first, second = sheet.rows
    assert first[:4] == ["00042", "16 GB", "5 EUR", 50]
    assert str(first[4]) == "2023-03-15"
    assert second == ["#N/A", "#DIV/0!", "", "", ""]
    assert (sheet.details.hidden_rows, sheet.hidden_columns) == ([1], [3, 4])


@examples(40, soak=3000)
@given(st.integers(0, 9000), st.binary(max_size=8))
def test_a_damaged_file_shows_nothing_or_something(place: int, bytes_: bytes) -> None:
    data = compound(book_of(CELLS))
    for broken in (data[:place], data[:place] + bytes_ + data[place + len(bytes_) :]):
        with suppress(ImpossibleCells, BrokenFile):
            assert isinstance(details_of(broken), tuple)


def test_cells_where_none_can_be_are_refused(tmp_path: Path) -> None:
    many = record(0xBD, struct.pack("<HHHIH", 0, 255, 0, 6, 256), struct.pack("<IH", 6, 0))
    for cells in (number(0, 65_535, 0, 1), record(0xFD, struct.pack("<HHHI", 0, 256, 0, 0)), many):
        path = tmp_path / "x.xls"
        path.write_bytes(compound(book_of(number(0, 0, 0, 1) + cells)))
        with pytest.raises(FileProblem, match="is damaged"):
            open_file(path)


@pytest.mark.parametrize("rows", [(0, 0xFFFFFFFF), (9, 0), (0, 65_536)])
def test_a_claimed_size_counts_for_nothing(tmp_path: Path, rows: tuple[int, int]) -> None:
    path = tmp_path / "x.xls"
    path.write_bytes(compound(book_of(number(0, 0, 0, 1.5) + number(4, 3, 0, 2.5), rows=rows)))
    [sheet] = open_file(path).sheets
    assert (len(sheet.rows), sheet.rows[0], sheet.rows[4][3]) == (5, [1.5, "", "", ""], 2.5)
