"""What a small workbook stands for is counted before it is read: texts shown again and again, rows far below."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from cmdb.model.errors import FileProblem
from importers.spreadsheets.files import archive, repeated_texts
from importers.spreadsheets.sheets.opening import open_file

SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
LONG = "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=30_000))
Change = Callable[[bytes], bytes]


def workbook(path: Path, changes: dict[str, Change], note: str = "note") -> Path:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        zeros = book.add_format({"num_format": "00000"})
        sheet.write_row(0, 0, ["Asset tag", "Serial number", "Notes"])
        for row in range(1, 41):
            sheet.write_row(row, 0, [f"T-{row}", f"SN-{row}", note])
        sheet.write_number(41, 0, 42, zeros)
    with zipfile.ZipFile(held) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name in made.namelist():
            package.writestr(name, changes.get(name, bytes)(made.read(name)))
    return path


def with_cell(cell: str) -> dict[str, Change]:
    """One more row, whose cell says something else about its place than the row does."""
    return {SHEET: lambda xml: xml.replace(b"</sheetData>", f'<row r="50">{cell}</row></sheetData>'.encode())}


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ('<c r="B400000000"><v>1</v></c>', "spans 400,000,000 rows"),
        ("<c  r='B400000000' ><v>1</v></c>", "spans 400,000,000 rows"),
        ('<c r="A4294967295"><v>1</v></c>', "spans 4,294,967,295 rows"),
        ('<c r="A99999999999999999999"><v>1</v></c>', "too many to hold"),
        ('<c r="ZZZZZZ1"><v>1</v></c>', "the limit is 16,384"),
        ('<c r="ZZZZZZZZZZ1"><v>1</v></c>', "the limit is 16,384"),
        (f'<c r="A{"9" * 5000}"><v>1</v></c>', "is damaged"),
        ('<c r="A9999999999999999999999999" s="1"><v>1</v></c>', "too many to hold|is damaged"),
    ],
    ids=["below", "spelling", "32 bits", "64 bits", "wide", "wider", "digits", "styled"],
)
def test_the_place_that_a_cell_states_counts(tmp_path: Path, cell: str, words: str) -> None:
    with pytest.raises(FileProblem, match=words):
        open_file(workbook(tmp_path / "x.xlsx", with_cell(cell)))


def test_a_long_text_in_many_cells_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path / "x.xlsx", {}, LONG)
    assert open_file(path).sheets[0].rows[40][2] == LONG
    for module in (archive, repeated_texts):
        monkeypatch.setattr(module, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(FileProblem, match=r"would unpack to 1\.\d MiB; the limit is"):
        open_file(path)
    once = {SHEET: lambda xml: re.sub(rb"<v>5</v>(.*?<v>)5</v>", rb"<v>5</v>\g<1>4</v>", xml)}
    assert open_file(workbook(tmp_path / "once.xlsx", once, LONG)).sheets[0].rows[1][2] == LONG


def test_a_sheet_listed_again_and_again_counts_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    again = {"xl/workbook.xml": lambda xml: re.sub(rb"(<sheet [^>]*/>)", rb"\1" * 400, xml)}
    monkeypatch.setattr(archive, "MAX_UNPACKED", 1_000_000)
    with pytest.raises(FileProblem, match="would unpack to"):
        open_file(workbook(tmp_path / "x.xlsx", again))


NAMES = " ".join(
    f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"' for one in ("office", "table", "text")
)


def ods(path: Path, row: str) -> Path:
    """A row is given without the prefixes of its elements."""
    rows = "<row><cell><text:p>Asset tag</text:p></cell></row>" + row
    rows = re.sub("<(/?)(row|cell)", r"<\1table:table-\2", rows)
    rows = re.sub("<table:table-cell([^>]*[^/])?>", r'<table:table-cell office:value-type="string"\1>', rows)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:body><office:spreadsheet>"
            f'<table:table table:name="One">{rows}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('<row><cell><text:p>T<text:s text:c="2000000000"/></text:p></cell></row>', "would unpack to"),
        ("<row><cell><text:p>T" + "<text:s text:c='60000'/>" * 1000 + "</text:p></cell></row>", "would unpack to"),
        ('<row table:number-rows-repeated="5000"><cell><text:p>{long}</text:p></cell></row>', "would unpack to"),
        ('<row table:number-rows-repeated="500"><cell table:number-columns-repeated="99"><text:p>{long}</text:p>'
         "</cell></row>", "would unpack to"),
        ("<row table:number-rows-repeated='90000000'><cell><text:p>T</text:p></cell></row>", "too many to hold"),
        ('<row table:number-rows-repeated="9&#48;000000"><cell><text:p>T</text:p></cell></row>', "is damaged"),
    ],
    ids=["blanks", "many blanks", "rows", "rows and columns", "quotes", "reference"],
)  # fmt: skip
def test_repeats_of_open_document_are_counted(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(FileProblem, match=words):
        open_file(ods(tmp_path / "x.ods", row.replace("{long}", LONG * 8)))


def test_repeats_that_people_have_are_read(tmp_path: Path) -> None:
    row = (
        '<row table:number-rows-repeated="3"><cell><text:p>T<text:s text:c="3"/>1</text:p></cell></row>'
        '<row table:number-rows-repeated="1048000"><cell table:number-columns-repeated="1024"/></row>'
    )
    assert [cells[0] for cells in open_file(ods(tmp_path / "x.ods", row)).sheets[0].rows[1:]] == ["T   1"] * 3


@pytest.mark.parametrize("end", ["", "</table:tNble>", "</table:table"])
def test_a_table_that_never_ends_is_refused(tmp_path: Path, end: str) -> None:
    path, held = tmp_path / "x.ods", io.BytesIO()
    ods(path, "")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"</table:table>", end.encode()))
    path.write_bytes(held.getvalue())
    with pytest.raises(FileProblem, match=r"content\.xml is no XML"):
        open_file(path)
