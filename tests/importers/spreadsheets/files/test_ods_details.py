"""What cells of an OpenDocument spreadsheet show besides their values."""

from __future__ import annotations

import zipfile
from pathlib import Path

from importers.spreadsheets import open_file
from importers.spreadsheets.files.number_formats import ShownNumber

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
)


def ods(path: Path, rows: str) -> Path:
    space = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    table = f'<table:table table:name="A &amp; B">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m/>")
        archive.writestr("content.xml", f"<office:document-content {SPACES} {space}>{body}</office:document-content>")
    return path


def cell(words: str, value: str = "", more: str = "") -> str:
    kind = f'office:value-type="float" office:value="{value}"' if value else 'office:value-type="string"'
    return f"<table:table-cell {more} {kind}><text:p>{words}</text:p></table:table-cell>"


def row(*cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{''.join(cells)}</table:table-row>"


def test_cells_are_what_they_show(tmp_path: Path) -> None:
    error = '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
    amount = '<table:table-cell office:value-type="currency" office:currency="EUR" office:value="1234.5">'
    rows = [
        row(cell("tag"), cell("memory"), cell("cost"), cell("err"), cell("cores")),
        row(cell("00042", "42"), cell("16,0 GB", "16"), f"{amount}<text:p>1.234,50 €</text:p></table:table-cell>",
            f"{error}<text:p>#DIV/0!</text:p></table:table-cell>", cell("1,234", "1234")),
        row(cell("SRV-007", "7"), cell("16 kg", "16"), "<table:table-cell/>", "<table:table-cell/>",
            cell("12-34", "99"), more='table:visibility="filter" table:number-rows-repeated="2"'),
    ]  # fmt: skip
    columns = '<table:table-column table:number-columns-repeated="4"/><table:table-column table:visibility="collapse"/>'
    sheet = open_file(ods(tmp_path / "x.ods", columns + "".join(rows))).sheets[0]
    assert (sheet.name, sheet.rows[1:]) == (
        "A & B",
        [["00042", "16 GB", "1234.5 EUR", "#DIV/0!", 1234.0], *[["SRV-007", 16.0, "", "", 99.0]] * 2],
    )
    assert isinstance(sheet.rows[1][2], ShownNumber)
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.details.filtered) == ([3, 4], [4], True)


def test_plain_sheets_are_not_looked_at_cell_by_cell(tmp_path: Path) -> None:
    sheet = open_file(ods(tmp_path / "x.ods", row(cell("tag"), cell("n")) + row(cell("T-1"), cell("1", "1")))).sheets[0]
    assert sheet.rows == [["tag", "n"], ["T-1", 1.0]]
    assert sheet.details.texts == {}
