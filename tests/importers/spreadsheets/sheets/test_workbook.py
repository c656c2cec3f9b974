from __future__ import annotations

import io
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import FileProblem
from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import ReadOptions, open_file, read_files, reopen
from importers.spreadsheets.files.encoding import decode
from importers.spreadsheets.files.text import find_delimiter, read_text
from tests.laws import examples

HEAD = "Name;Location;Cost\n"


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-16-le", "utf-16-le"),
     ("utf-16-be", "utf-16-be"), ("cp1252", "cp1252"), ("mac_roman", "mac_roman")],
)  # fmt: skip
def test_encodings_are_detected(text: Callable[..., Path], encoding: str, seen: str) -> None:
    book = open_file(text(HEAD + "pc-1;Köln, Büro Süd;1,5\npc-2;Genève;2\npc-3;Größe;3\n", encoding=encoding))
    assert book.options.encoding == seen
    assert book.sheets[0].rows[1] == ["pc-1", "Köln, Büro Süd", "1,5"]
    assert book.sheets[0].rows[2][1] == "Genève"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_are_detected(text: Callable[..., Path], end: str) -> None:
    book = open_file(text(f'Name,Notes{end}a,"two{end}lines"{end}b,x{end}'))
    assert book.line_end == end
    assert book.sheets[0].rows == [["Name", "Notes"], ["a", f"two{end}lines"], ["b", "x"]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_delimiters_are_detected(text: Callable[..., Path], delimiter: str) -> None:
    rows = [["Name", "Purchase cost", "Notes"], ["a", "10", "x"], ["b", "20", "y"]]
    book = open_file(text("\n".join(delimiter.join(r) for r in rows)))
    assert book.options.delimiter == delimiter
    assert book.sheets[0].rows == rows


def test_a_semicolon_wins_over_decimal_commas() -> None:
    assert find_delimiter("Name;Cost\na;1,50\nb;2,75\n") == ";"


def test_excels_separator_line_is_obeyed_and_keeps_row_numbers(text: Callable[..., Path]) -> None:
    sheet = open_file(text("sep=;\nName;Cost\na;1\n")).sheets[0]
    assert sheet.header_row == 2
    assert sheet.preview() == [(3, ["a", "1"])]


def test_mixed_encodings_are_read_line_by_line() -> None:
    found = decode("x.csv", "Name\nKöln\nGrün\n".encode() + "Süd\n".encode("cp1252"))
    assert found.text == "Name\nKöln\nGrün\nSüd\n"
    assert (found.encoding.name, found.mixed) == ("utf-8", (4,))


def test_title_rows_above_the_header_are_passed_over(xlsx: Callable[..., Path]) -> None:
    path = xlsx(
        [["Our servers"], ["as of", "", "2024"], [], ["Name", "Serial number", "Model", "Notes"], ["a", 1, "m", "n"]]
    )
    sheet = open_file(path).sheets[0]
    assert sheet.header_row == 4
    assert sheet.headers == ["Name", "Serial number", "Model", "Notes"]


def test_a_known_header_is_found_below_a_wide_preamble(text: Callable[..., Path]) -> None:
    path = text("Report:,Assets\nName,Serial number\nsrv,1\n")
    assert open_file(path).sheets[0].header_row == 1
    assert open_file(path, known=lambda w: w in ("Name", "Serial number")).sheets[0].header_row == 2


def test_everything_detected_can_be_changed(text: Callable[..., Path]) -> None:
    book = open_file(text("x;y\nName;Cost\na;1\n", encoding="cp1252"))
    changed = reopen(book, delimiter=",", header_row=2, encoding="cp1252")
    assert changed.sheets[0].headers == ["Name;Cost"]
    with pytest.raises(FileProblem, match="no row 9"):
        _ = reopen(book, header_row=9).sheets[0].headers
    with pytest.raises(FileProblem, match="no text encoding “klingon”"):
        reopen(book, encoding="klingon")


def test_the_content_counts_and_not_the_ending(xlsx: Callable[..., Path], text: Callable[..., Path]) -> None:
    assert open_file(xlsx([["Name"], ["a"]], "really.csv")).kind == "xlsx"
    assert open_file(text("Name,Cost\na,1\n", "really.xlsx")).kind == "text"


def test_sheets_are_found_by_name(xlsx: Callable[..., Path]) -> None:
    book = open_file(xlsx({"Servers": [["Name"]], "People": [["Name"]]}))
    assert book.sheet("people").name == "People"
    with pytest.raises(FileProblem, match=r"no sheet “Hosts”\. Sheets: Servers, People"):
        book.sheet("Hosts")


# -- bad input ------------------------------------------------------------------------------------------------------


def problem(path: Path) -> str:
    begun = time.perf_counter()
    with pytest.raises(FileProblem) as caught:
        cells_of(path)
    assert time.perf_counter() - begun < 2
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 250
    return message


def cells_of(path: Path) -> list[list[list[Any]]]:
    return [sheet.rows for sheet in open_file(path).sheets]


def rezip(path: Path, change: dict[str, bytes | None], **more: bytes) -> Path:
    """The workbook with some parts replaced (None: left out) or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = change.get(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        for name, data in more.items():
            new.writestr(name, data)
    path.write_bytes(made.getvalue())
    return path


SHEET = "xl/worksheets/sheet1.xml"


def sheet_of(*cells: str) -> bytes:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return (
        f'<?xml version="1.0"?><worksheet xmlns="{space}"><sheetData>{"".join(cells)}</sheetData></worksheet>'.encode()
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "a picture"),
        (bytes(range(256)) * 20, "binary data"),
        (b"<!DOCTYPE html><html><table><tr><td>Name</td></tr></table></html>", "web page"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "XML"),
        (b'{"a": 1}', "JSON"),
        (b"PK\x03\x04 nothing more", "damaged or was cut short"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le"), "password"),
    ],
)
def test_what_is_no_spreadsheet_is_said_in_one_line(text: Callable[..., Path], content: bytes, said: str) -> None:
    assert said in problem(text(content, "book.xlsx"))


def test_missing_files_and_folders(tmp_path: Path) -> None:
    assert "no file" in problem(tmp_path / "gone.xlsx")
    assert "folder" in problem(tmp_path)


def test_truncated_workbooks(xlsx: Callable[..., Path]) -> None:
    path = xlsx([["Name", "Notes"]] + [[f"n{i}", f"note {i}"] for i in range(200)])
    whole = path.read_bytes()
    for share in (0.2, 0.5, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * share)])
        assert "damaged or was cut short" in problem(path)


def test_zip_bombs(xlsx: Callable[..., Path]) -> None:
    path = rezip(xlsx([["Name"]]), {SHEET: sheet_of("<row>" + " " * (100 << 20) + "</row>")})
    assert "suspiciously tightly" in problem(path)


def test_a_directory_that_lies_about_sizes(xlsx: Callable[..., Path]) -> None:
    path = xlsx([["Name"], ["x" * 3000]])
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo(SHEET)
        real = archive.read(SHEET)
    short = real[:50]
    raw = path.read_bytes()
    directory = raw.index(b"PK\x01\x02")
    entry = raw.rindex(SHEET.encode(), directory) - 46
    lie = (
        zlib.crc32(short).to_bytes(4, "little") + info.compress_size.to_bytes(4, "little") + (50).to_bytes(4, "little")
    )
    path.write_bytes(raw[: entry + 16] + lie + raw[entry + 28 :])
    assert "more than it declares" in problem(path)


def test_xml_entities(xlsx: Callable[..., Path]) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + sheet_of()[21:]
    assert "XML entities" in problem(rezip(xlsx([["Name"]]), {SHEET: bomb}))


@pytest.mark.parametrize("quote", ['"', "'"])
def test_stray_cells_far_away(xlsx: Callable[..., Path], quote: str) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert "too many to hold" in problem(rezip(xlsx([["Name"]]), {SHEET: sheet_of(cells.replace('"', quote))}))


def test_a_million_columns(xlsx: Callable[..., Path], text: Callable[..., Path]) -> None:
    cell = '<row r="1"><c r="BDWGN1"><v>1</v></c></row>'
    assert "columns; the limit is 16,384" in problem(rezip(xlsx([["Name"]]), {SHEET: sheet_of(cell)}))
    assert "columns; the limit is 16,384" in problem(text(",".join(["a"] * 1_000_000), "wide.csv"))


def test_protected_and_foreign_archives(xlsx: Callable[..., Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "photos.xlsx", "w") as archive:
        archive.writestr("a.txt", "hello")
    assert "not a spreadsheet" in problem(tmp_path / "photos.xlsx")
    with zipfile.ZipFile(tmp_path / "b.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m:encryption-data/>")
        archive.writestr("content.xml", "xxx")
    assert "password" in problem(tmp_path / "b.ods")
    assert "damaged" in problem(rezip(xlsx([["Name"]]), {SHEET: b"<worksheet><sheetData><row>"}))
    assert "damaged" in problem(rezip(xlsx([["Name"]]), {"xl/workbook.xml": b"<a/>", SHEET: None}))


def ods(path: Path, rows: str) -> Path:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="S">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<m/>")
    return path


def test_repeated_ods_cells(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    blank = '<table:table-cell table:number-columns-repeated="16383"/>'
    ordinary = ods(
        tmp_path / "good.ods",
        f"<table:table-row>{cell}{blank}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048574"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row>',
    )
    assert open_file(ordinary).sheets[0].rows == [["a"]]
    far = f'<table:table-row table:number-rows-repeated="1000000">{blank}{cell}</table:table-row>'
    assert "too many to hold" in problem(ods(tmp_path / "far.ods", far))
    wide = cell.replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="900000" ')
    assert "too many to hold" in problem(ods(tmp_path / "wide.ods", f"<table:table-row>{wide}</table:table-row>"))
    gap = f'<table:table-row table:number-rows-repeated="1000000">{blank}</table:table-row>'
    rows = f"<table:table-row>{blank}{cell}</table:table-row>{gap}<table:table-row>{cell}</table:table-row>"
    assert "too many to hold" in problem(ods(tmp_path / "gap.ods", rows))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.write(b"Name,Cost\n")
        file.truncate(4 << 30)
    assert "too large" in problem(path) or "binary" in problem(path)
    with path.open("wb") as file:
        file.write(b"Name,Cost\n" * 10_000)
        file.truncate(4 << 30)
    assert "too large" in problem(path)


def test_text_that_turns_binary(text: Callable[..., Path]) -> None:
    assert "binary data" in problem(text(b"Name,Cost\na,1\n" * 10_000 + b"\0\1\2" * 1000))


def test_error_values_of_formulas_are_seen(xlsx: Callable[..., Path], tmp_path: Path) -> None:

    with xlsxwriter.Workbook(tmp_path / "f.xlsx") as book:
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["Name", "Model", "Total"])
        sheet.write_formula(1, 0, '="srv"&1', None, "srv1")
        sheet.write_formula(1, 1, "=VLOOKUP(1,2)", None, "#N/A")
        sheet.write_formula(1, 2, "=#REF!", None, "#REF!")
    assert open_file(tmp_path / "f.xlsx").sheets[0].rows[1] == ["srv1", "#N/A", "#REF!"]


@examples(25, soak=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bin"
    for start in (b"", b"PK\x03\x04", b"Name,Cost\n"):
        path.write_bytes(start + data)
        try:
            assert all(isinstance(s.rows, list) for s in open_file(path).sheets)
        except FileProblem as problem:
            assert str(problem)  # noqa: PT017


cells = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8)


@examples(25, soak=300)
@given(st.lists(st.lists(cells, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_text_tables_come_back(rows: list[list[str]], delimiter: str) -> None:
    import csv

    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    width = max(map(len, rows))
    table = read_text("x.csv", out.getvalue().encode("utf-8-sig"), delimiter=delimiter)
    assert table.rows == [r + [""] * (width - len(r)) for r in rows]


def test_options_survive_in_the_workbook(text: Callable[..., Path]) -> None:
    book = open_file(text("Name\na\n"), ReadOptions(day_first=False, clear_blanks=True))
    assert book.sheets[0].options.day_first is False
    assert book.options.clear_blanks


def test_where_no_sheet_can_be_read_few_reasons_are_told(xlsx: Callable[..., Path]) -> None:
    schema = Schema.load()
    with pytest.raises(FileProblem, match=r"^All sheets of book\.xlsx are empty\.$"):
        read_files([xlsx({name: [] for name in "abc"})], schema)
    with pytest.raises(FileProblem) as caught:
        read_files([xlsx({name: [["x", "y"], [1, 2]] for name in "abcdef"})], schema)
    assert len(caught.value.details) == 3
    assert caught.value.details[-1] == "3 more sheets."


def test_hidden_sheets_are_said_and_read_if_named(tmp_path: Path) -> None:
    schema = Schema.load()
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("Laptops", "Servers"):
            book.add_worksheet(name).write_column(0, 0, ["Name", name])
        book.get_worksheet_by_name("Servers").hide()
    [reading] = read_files([path], schema)
    assert [(p.sheet, p.code, p.severity) for p in reading.problems] == [("Servers", "hidden.sheet", "warning")]
    [named] = read_files([path], schema, Options(sheet="servers"))
    assert ([o.values["name"] for o in named.observations], named.problems) == (["Servers"], [])


def test_a_mark_of_encodings_that_a_program_took_for_letters_is_no_part_of_the_first_header(
    xlsx: Callable[..., Path], schema: Schema
) -> None:
    [reading] = read_files([xlsx({"Laptops": [["ï»¿Serial", "Notes"], ["S1", "MÃ¼nchen"]]})], schema)
    assert reading.headers[0] == "Serial"
    assert [one.values["serial_number"] for one in reading.observations] == ["S1"]
    assert [(p.code, p.severity) for p in reading.problems] == [("encoding.garbled", "warning")]
