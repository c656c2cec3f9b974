"""Files of every format, cut short or changed anywhere: each is read, or refused in one line, and soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import FileProblem
from importers.spreadsheets import open_file
from importers.tables import Column, Table, write
from tests.importers.spreadsheets.files.test_container import xlsb
from tests.importers.spreadsheets.files.test_xls_details import CELLS, book_of, compound
from tests.laws import examples

ROWS = [[f"T-{number}", f"name {number}", f"Größe {number}"] for number in range(40)]
Read = Callable[[bytes], None]


def made(folder: Path, kind: str) -> bytes:
    """A good file of a format."""
    path = folder / f"good.{kind}"
    if kind == "xlsx":
        with xlsxwriter.Workbook(path) as book:
            sheet, zeros = book.add_worksheet("L"), book.add_format({"num_format": "0000"})
            for number, row in enumerate(ROWS):
                sheet.write_row(number, 0, row)
                sheet.write_number(number, 3, number, zeros)
                sheet.write_formula(number, 4, "=1+1", None, 2)
    elif kind == "ods":
        write(path, [Table("L", [Column("a", "Tag"), Column("b", "Name"), Column("c", "Size")], ROWS)])
    elif kind == "xlsb":
        xlsb(path, [(row, column, 1.5) for row in range(9) for column in range(3)])
    elif kind == "xls":
        path.write_bytes(compound(book_of(CELLS)))
    else:
        path.write_text("\n".join(";".join(row) for row in ROWS), encoding=kind)
    return path.read_bytes()


@pytest.fixture(scope="module", params=["xlsx", "ods", "xlsb", "xls", "utf-8", "utf-16", "cp1252", "cp932"])
def good(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    kind = request.param
    if kind == "cp932":
        return "名前;場所\n".encode(kind) * 30
    return made(tmp_path_factory.mktemp("good"), kind)


@pytest.fixture(scope="module")
def look(tmp_path_factory: pytest.TempPathFactory) -> Read:
    path = tmp_path_factory.mktemp("bad") / "x.csv"

    def read(data: bytes) -> None:
        path.write_bytes(data)
        begun = time.process_time()
        try:
            for sheet in open_file(path).sheets:
                width = {len(row) for row in sheet.rows}
                assert len(width) <= 1
        except FileProblem as problem:
            assert "\n" not in str(problem)  # noqa: PT017
            assert len(str(problem)) < 300  # noqa: PT017
        assert time.process_time() - begun < 2

    return read


def test_cut_short_at_every_thousandth_byte(good: bytes, look: Read) -> None:
    for end in range(0, len(good), 1000):
        look(good[:end])
    look(good + b"\0" * 700)
    look(good + good)


@examples(20, soak=3000)
@given(st.data())
def test_changed_anywhere(good: bytes, look: Read, data: st.DataObject) -> None:
    changed = bytearray(good)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(good) - 1))
        piece = data.draw(st.binary(min_size=1, max_size=6))
        changed[place : place + len(piece)] = piece
    look(bytes(changed))
