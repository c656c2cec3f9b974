"""Workbooks as other programs write them: parts under other names, sheets without cells, claims that nothing holds."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from cmdb.model.errors import FileProblem
from importers.spreadsheets import SheetReading, open_file
from importers.spreadsheets.files.sheet_parts import NOT_CALCULATED
from importers.spreadsheets.sheets.opening import _without_nuls

ROWS = [["Asset tag", "Name"], ["T-1", "one"]]
SHEET = "xl/worksheets/sheet1.xml"
Write = Callable[..., Path]


def packed(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """The workbook with its parts changed, under any names."""
    with zipfile.ZipFile(path) as old:
        parts = change({name: old.read(name) for name in old.namelist()})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            info = zipfile.ZipInfo("x")
            info.filename = name
            new.writestr(info, data)
    return path


def in_root(parts: dict[str, bytes]) -> dict[str, bytes]:
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"xl/", b"")
    return {name.removeprefix("xl/"): data for name, data in parts.items()}


def renamed(parts: dict[str, bytes]) -> dict[str, bytes]:
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"xl/workbook.xml", b"other/Book.xml")
    names = {"xl/workbook.xml": "other/Book.xml", "xl/_rels/workbook.xml.rels": "other/_rels/Book.xml.rels"}
    return {names.get(name, name.replace("xl/", "other/")): data for name, data in parts.items()}


def in_utf16(parts: dict[str, bytes]) -> dict[str, bytes]:
    return {**parts, SHEET: parts[SHEET].decode().replace("UTF-8", "UTF-16").encode("utf-16")}


def claiming_strings(parts: dict[str, bytes]) -> dict[str, bytes]:
    strings = parts["xl/sharedStrings.xml"]
    for count in (b'uniqueCount="4"', b'count="4"'):
        assert count in strings
        strings = strings.replace(count, count.replace(b"4", b"4294967295"))
    return {**parts, "xl/sharedStrings.xml": strings}


def with_sheet(kind: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        relation = f'<Relationship Id="rId9" Type="http://x/relationships/{kind}" Target="{kind}s/sheet1.xml"/>'
        rels, book = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
        parts[rels] = parts[rels].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
        parts[book] = parts[book].replace(b"</sheets>", b'<sheet name="Odd" sheetId="9" r:id="rId9"/></sheets>')
        return {**parts, f"xl/{kind}s/sheet1.xml": b"<x/>"}

    return change


def in_sheet(old: bytes, new: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        assert old in parts[SHEET]
        return {**parts, SHEET: parts[SHEET].replace(old, new)}

    return change


FAR = b'<row r="1048576" ht="30"><c r="A1048576" s="0"/><c r="XFD1048576" s="0"/></row>'


@pytest.mark.parametrize(
    "change",
    [
        claiming_strings, in_root, renamed, in_utf16,
        with_sheet("dialogsheet"), with_sheet("xlMacrosheet"), with_sheet("chartsheet"),
        lambda parts: {name.replace("/", "\\"): data for name, data in parts.items()},
        lambda parts: {f"/{name}": data for name, data in parts.items()},
        in_sheet(b'<dimension ref="A1:B2"/>', b'<dimension ref="A1:XFD1048576"/>'),
        in_sheet(b"</sheetData>", FAR + b"</sheetData>"),
    ],
    ids=["claimed", "root", "renamed", "utf-16", "dialog", "macro", "chart", "back", "slash", "dimension", "formats"],
)  # fmt: skip
def test_what_spreadsheet_programs_open_is_read(
    xlsx: Write, change: Callable[[dict[str, bytes]], dict[str, bytes]]
) -> None:
    book = open_file(packed(xlsx(ROWS), change))
    assert [(sheet.name, sheet.rows) for sheet in book.sheets] == [("Sheet1", ROWS)]


@pytest.mark.parametrize("cell", [b'<c r="D2" t="e">', b"<c t='e' r='D2'>"])
def test_an_error_is_seen_in_a_package_with_back_slashes(xlsx: Write, cell: bytes) -> None:
    change = in_sheet(b"</row></sheetData>", cell + b"<v>#N/A</v></c></row></sheetData>")
    path = packed(packed(xlsx(ROWS), change), lambda parts: {n.replace("/", "\\"): d for n, d in parts.items()})
    assert open_file(path).sheets[0].rows == [["Asset tag", "Name", "", ""], ["T-1", "one", "", "#N/A"]]


def record(kind: int, payload: bytes = b"") -> bytes:
    first = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return first + bytes([len(payload)]) + payload


def text(words: str) -> bytes:
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


FORMATS = ["General", "00000", "#,##0 [$€-407]"]


def styles() -> bytes:
    """The part of styles: style n has the format n of ``FORMATS``."""
    codes = b"".join(record(44, struct.pack("<H", 164 + n) + text(code)) for n, code in enumerate(FORMATS))
    used = b"".join(record(47, struct.pack("<HH", 0, 164 + n) + bytes(12)) for n in range(len(FORMATS)))
    return codes + record(617, struct.pack("<I", len(FORMATS))) + used + record(618)


def xlsb(path: Path, cells: list[tuple[int, int, float]], style: int = 0, more: bytes = b"", hidden: int = 0) -> Path:
    """A binary workbook with these numbers, all of one style, and more records behind."""
    names = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("Sheet1"))
    rows = [
        record(0, struct.pack("<IIHBBBI", row, 0, 300, 0, hidden, 0, 0))
        + record(5, struct.pack("<IId", column, style, number))
        for row, column, number in cells
    ]
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    space = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    one = f'<Relationship Id="rId%d" Type="{office}/%s" Target="%s"/>'
    main = one % (1, "officeDocument", "xl/workbook.bin")
    parts = one % (1, "worksheet", "worksheets/sheet1.bin") + one % (2, "styles", "styles.bin")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("_rels/.rels", f"<Relationships {space}>{main}</Relationships>")
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships {space}>{parts}</Relationships>")
        archive.writestr("xl/styles.bin", styles())
        archive.writestr("xl/workbook.bin", record(131) + record(143) + names + record(144) + record(132))
        size = record(148, struct.pack("<IIII", 0, 9, 0, 9))
        sheet = record(129) + size + record(145) + b"".join(rows) + more + record(146) + record(130)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def test_binary_workbooks_are_read_and_bounded(tmp_path: Path) -> None:
    book = open_file(xlsb(tmp_path / "x.xlsb", [(0, 0, 1.5), (1, 1, 2.0)]))
    assert (book.kind, book.sheets[0].rows) == ("xlsb", [[1.5, ""], ["", 2.0]])
    with pytest.raises(FileProblem, match="spans 1,048,576 rows and 16,384 columns, too many to hold"):
        open_file(xlsb(tmp_path / "y.xlsb", [(0, 0, 1.0), (1_048_575, 16_383, 2.0)]))


def test_cells_of_a_binary_workbook_that_are_cut_short_are_refused(tmp_path: Path) -> None:
    short = record(5, struct.pack("<I", 0xA4022C3E) + b"\0")
    with pytest.raises(FileProblem, match="is damaged"):
        open_file(xlsb(tmp_path / "x.xlsb", [(0, 0, 1.5)], more=short))


def test_cells_of_binary_workbooks_are_what_they_show(tmp_path: Path) -> None:
    error = record(3, struct.pack("<IIB", 2, 0, 0x2A))
    sheet = open_file(xlsb(tmp_path / "x.xlsb", [(0, 0, 42.0), (1, 1, 7.0)], 1, error, hidden=0x10)).sheets[0]
    assert sheet.rows == [["00042", "", ""], ["", "00007", "#N/A"]]
    assert sheet.details.hidden_rows == [0, 1]
    assert open_file(xlsb(tmp_path / "y.xlsb", [(0, 0, 1.5)], 2)).sheets[0].rows == [["1.5 EUR"]]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("Index/Document.iwa", "x.zip is not a spreadsheet: it is a document of Apple Numbers"),
        ("word/document.xml", "it is a Word document"),
        ("stock.csv", "x.zip is a zip archive, but not a spreadsheet."),
    ],
)
def test_other_archives_are_named(tmp_path: Path, part: str, said: str) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr(part, b"x")
    with pytest.raises(FileProblem, match=said):
        open_file(tmp_path / "x.zip")


FORMULAS = (
    b'<row r="2"><c r="A2" t="inlineStr"><is><t>T-1</t></is></c><c r="B2"><f>A2&amp;"x"</f></c></row>'
    b'<row r="3"><c r="A3"><f t="shared" ref="A3:A4" si="0">"T-"&amp;2</f><v></v></c>'
    b'<c r="B3" t="str"><f>1</f><v>b</v></c></row>'
    b'<row r="4"><c r="A4"><f t="shared" si="0"/></c><c r="B4"><f>1-1</f><v>0</v></c></row></sheetData>'
)  # fmt: skip


def test_formulas_without_results_are_said_by_cell(
    xlsx: Write, tmp_path: Path, read_book: Callable[[Path], SheetReading]
) -> None:
    head = b'<row r="2" spans="1:2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row></sheetData>'
    path = packed(xlsx(ROWS, "laptops.xlsx"), in_sheet(head, FORMULAS))
    blank = NOT_CALCULATED
    assert open_file(path).sheets[0].rows[1:] == [["T-1", blank], [blank, "b"], [blank, 0]]
    told = read_book(path)
    assert [(p.row, p.column) for p in told.problems if p.code == "formula.result"] == [
        (2, "Name"), (3, "Asset tag"), (4, "Asset tag"),
    ]  # fmt: skip


def test_zeros_of_programs_that_do_not_calculate_are_no_results(xlsx: Write, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet().write_row(0, 0, ["Name", "=1+1", "=0", 0])
    assert open_file(path).sheets[0].rows == [["Name", NOT_CALCULATED, NOT_CALCULATED, 0]]
    packed(path, lambda p: {**p, "xl/workbook.xml": p["xl/workbook.xml"].replace(b"fullCalcOnLoad", b"x")})
    assert open_file(path).sheets[0].rows == [["Name", 0, 0, 0]]


def test_letters_with_nuls_between_come_right() -> None:
    assert _without_nuls([["T\0a\0g\0", 1.0], ["x", ""]]) == [["Tag", 1.0], ["x", ""]]


def test_hidden_rows_and_columns_are_read_and_said_once(
    tmp_path: Path, read_book: Callable[[Path], SheetReading]
) -> None:
    path = tmp_path / "laptops.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Laptops")
        for row in range(9):
            cells = ["Asset tag", "Name", "Notes"] if row == 0 else [f"T-{row}", f"pc-{row}", "x"]
            sheet.write_row(row, 0, cells)
        for row in (2, 3, 6, 20):
            sheet.set_row(row, None, None, {"hidden": True})
        sheet.set_column("C:H", None, None, {"hidden": True})
    opened = open_file(path).sheets[0]
    assert (opened.hidden_rows, opened.hidden_columns) == ([3, 4, 7], [2])
    told = read_book(path)
    assert told.read == 8
    assert [(p.row, p.code, str(p.message)) for p in told.problems] == [
        (1, "hidden.columns", "1 hidden column was read: Notes."),
        (3, "hidden.rows", "3 hidden rows were read (rows 3 to 4, 7)."),
    ]
