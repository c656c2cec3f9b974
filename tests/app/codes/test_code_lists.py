"""Lists of codes: pasted, files of any table, and the memory of scanners."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from app.codes.code_lists import CodeList, codes_in_file, codes_of, pasted_codes
from cmdb.model.errors import FileProblem

OPTICON = "8710841030181,003278,14:41:03,23/11/2009\n8710841090246,003278,14:41:04,24/11/2009\n"
OPTICON_WITH_NUMBERS = "A10244,12,003278,14:41:03,23/11/2009\nA10245,2,003278,14:41:04,23/11/2009\n"
ZEBRA = "11/23/2009,14:41:03,Code 128,A10244\n11/24/2009,14:41:04,QR Code,A10245\n"
CIPHERLAB = "A10244\t20091123144103\nA10245\t20091123144104\n"
PADDED = (
    "A10244            ,CODE-39      ,14:41:03,23/11/2009\r\nA10245            ,CODE-39      ,14:41:04,23/11/2009\r\n"
)


def told(found: CodeList) -> list[str]:
    return [one.code for one in found.codes]


def at(day: int, second: int, month: int = 11) -> int:
    return int(datetime(2009, month, day, 14, 41, second).astimezone().timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (OPTICON_WITH_NUMBERS, ["A10244", "A10245"]),
        (CIPHERLAB, ["A10244", "A10245"]),
        (PADDED, ["A10244", "A10245"]),
    ],
)
def test_the_memory_of_a_scanner_is_read_with_its_times(text: str, codes: list[str]) -> None:
    found = pasted_codes(text)
    assert told(found) == codes
    assert [one.at for one in found.codes] == [at(23, 3), at(23, 4)]
    assert not found.problems


def test_the_order_of_day_and_month_is_seen_from_all_rows() -> None:
    assert [one.at for one in pasted_codes(OPTICON).codes] == [at(23, 3), at(24, 4)]
    assert [one.at for one in pasted_codes(ZEBRA).codes] == [at(23, 3), at(24, 4)]
    assert told(pasted_codes(ZEBRA)) == ["A10244", "A10245"]


def test_a_pasted_list_is_a_code_in_a_line_and_keeps_repeated_ones() -> None:
    found = pasted_codes("A1\n\n  A2 \nhttps://a.example/ht/A3?x=1&y=2\nA1\n")
    assert told(found) == ["A1", "A2", "https://a.example/ht/A3?x=1&y=2", "A1"]
    assert [one.row for one in found.codes] == [1, 3, 4, 5]
    assert pasted_codes(" \n").codes == ()


def test_a_table_with_headings_says_place_condition_and_note() -> None:
    text = "Raum;Barcode;Zustand;Bemerkung;Zeitstempel\nR1;A1;gut;;2009-11-23T14:41:03\nR1;;gut;;\n"
    text += "R2;A2;;kratzer;nonsense\n"
    found = pasted_codes(text)
    first, second = found.codes
    assert (first.code, first.place, first.condition, first.at) == ("A1", "R1", "gut", at(23, 3))
    assert (second.place, second.note, second.at) == ("R2", "kratzer", 0)
    assert len(found.problems) == 1 or len(found.problems) == 2
    assert "Row 3 has no code." in map(str, found.problems)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_file_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "SCANNED.TXT"
    path.write_bytes("A10244\r\nGERÄT-7\r\nA10246\r\n".encode(encoding))
    assert told(codes_in_file(path)) == ["A10244", "GERÄT-7", "A10246"]


def test_a_workbook_with_numbers_and_times(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Tag", "Location", "Date"], [10244, "R1", datetime(2009, 11, 23, 14, 41, 3)], ["A2", None, None]):
        sheet.append(row)
    path = tmp_path / "list.xlsx"
    book.save(path)
    found = codes_in_file(path)
    assert told(found) == ["10244", "A2"]
    assert found.codes[0].place == "R1"


def test_what_is_no_list_is_refused_with_one_line(tmp_path: Path) -> None:
    picture = tmp_path / "label.txt"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    with pytest.raises(FileProblem, match="picture"):
        codes_in_file(picture)
    with pytest.raises(FileProblem, match="no file"):
        codes_in_file(tmp_path / "none.txt")
    (tmp_path / "empty.txt").write_bytes(b"")
    with pytest.raises(FileProblem, match="empty"):
        codes_in_file(tmp_path / "empty.txt")
    with pytest.raises(FileProblem, match="at most"):
        codes_of([["A"]] * 100_001)


@given(st.text(max_size=200))
def test_no_text_fails(text: str) -> None:
    for one in pasted_codes(text).codes:
        assert one.code


@given(st.lists(st.lists(st.text(max_size=12), max_size=4), max_size=6))
def test_no_table_fails(rows: list[list[str]]) -> None:
    assert len(codes_of(rows).codes) <= len(rows)
