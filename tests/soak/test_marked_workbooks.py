"""Marked copies of workbooks as LibreOffice makes and saves them: all that is not marked stays."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table

from tests.app.cli.conftest import Done, terrier  # noqa: F401

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
Run = Callable[..., Done]


def saved(path: Path, folder: Path, ending: str = "xlsx") -> Path:
    """The workbook as LibreOffice saves it."""
    folder.mkdir(exist_ok=True)
    home = f"-env:UserInstallation=file://{folder / 'home'}"
    words = ["soffice", home, "--headless", "--convert-to", ending, "--outdir", str(folder), str(path)]
    subprocess.run(words, check=True, capture_output=True, timeout=180)
    return folder / f"{path.stem}.{ending}"


def workbook(path: Path) -> Path:
    """A workbook with much of what people put into theirs."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Laptops"
    sheet.append(["Stock of Berlin"])
    sheet.merge_cells("A1:F1")
    sheet.append(["Name", "Asset tag", "Status", "Purchase date", "Purchase cost", "With tax"])
    for row in range(3, 43):
        sheet.append([f"l{row}", f"T-{row:03}", "In stock", "2024-03-31", 900 + row / 4, f"=E{row}*1.19"])
    sheet["C5"], sheet["D6"] = "Brokenn", "31.31.2024"
    sheet["C5"].fill = PatternFill("solid", fgColor="FFEEDDCC")
    thin = Side(style="thin", color="FF808080")
    for cell in sheet[2]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFFFF"), PatternFill("solid", fgColor="FF336699")
        cell.border, cell.alignment = Border(bottom=thin), Alignment(horizontal="center", wrap_text=True)
    for row in range(3, 43):
        sheet.cell(row, 5).number_format = '#,##0.00 "EUR"'
    sheet.column_dimensions["A"].width, sheet.column_dimensions["D"].width = 33, 18
    sheet.row_dimensions[2].height, sheet.row_dimensions[9].hidden = 28, True
    sheet.freeze_panes = "B3"
    sheet.auto_filter.ref = "A2:F42"
    sheet.conditional_formatting.add("E3:E42", CellIsRule("greaterThan", ["905"], fill=PatternFill(bgColor="FFFFFF00")))
    rule = DataValidation("list", formula1='"In stock,In repair"')
    rule.add("C3:C42")
    sheet.add_data_validation(rule)
    other = book.create_sheet("Figures")
    other["A1"], other["B1"] = "=SUM(Laptops!E3:E42)", "kept"
    for row in range(2, 6):
        other.append([f"h{row}", row])
    other["A2"], other["B2"] = "Key", "Value"
    other.add_table(Table(displayName="Keys", ref="A2:B6"))
    book.save(path)
    return path


def described(path: Path) -> dict[str, Any]:
    """What a person sees of a workbook, without the marked cells."""
    book, results = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    found: dict[str, Any] = {"names": [sheet.title for sheet in book if sheet.sheet_state == "visible"]}
    for name in found["names"]:
        sheet = book[name]
        for row in sheet.iter_rows(max_col=6):
            for cell in row:
                if cell.coordinate not in ("C5", "D6"):
                    style = (cell.number_format, cell.font.b, cell.fill.fgColor.rgb, cell.border.bottom.style)
                    found[name, cell.coordinate] = (cell.value, results[name][cell.coordinate].value, style)
        found[name, "widths"] = {key: round(one.width, 1) for key, one in sheet.column_dimensions.items()}
        found[name, "rows"] = {key: (one.height, one.hidden) for key, one in sheet.row_dimensions.items()}
        found[name, "rest"] = (
            sheet.freeze_panes, sheet.auto_filter.ref, sorted(map(str, sheet.merged_cells.ranges)),
            sorted(str(one.sqref) for one in sheet.conditional_formatting), sorted(sheet.tables),
            sorted(str(one.sqref) for one in sheet.data_validations.dataValidation),
        )  # fmt: skip
    return found


def test_a_workbook_of_libreoffice_comes_back_as_it_was(
    terrier: Run,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "e.terrier"))
    source = saved(workbook(tmp_path / "made.xlsx"), tmp_path / "first")
    marked = tmp_path / "marked.xlsx"
    first = terrier("import", source, "--sheet", "Laptops", "--strict", "--mark", marked, "--json")
    assert (first.json["created"], first.json["rejected"]) == (38, 2)
    assert described(marked) == described(source)
    book = openpyxl.load_workbook(marked)
    assert {cell for cell in ("C5", "D6") if book["Laptops"][cell].comment is not None} == {"C5", "D6"}

    again = saved(marked, tmp_path / "second")  # opens without a repair, and keeps the marks
    book = openpyxl.load_workbook(again)
    assert "Did you mean" in book["Laptops"]["C5"].comment.text
    book["Laptops"]["C5"] = "In repair"
    book.save(tmp_path / "mended.xlsx")
    mended = saved(tmp_path / "mended.xlsx", tmp_path / "third")
    twice = tmp_path / "twice.xlsx"
    second = terrier("import", mended, "--sheet", "Laptops", "--strict", "--mark", twice, "--json").json
    assert {key: second[key] for key in ("read", "created", "updated", "rejected")} == {
        "read": 2, "created": 1, "updated": 0, "rejected": 1,
    }  # fmt: skip

    sheet = openpyxl.load_workbook(twice)["Laptops"]
    notes = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment is not None}
    assert (notes, sheet["C5"].fill.fgColor.rgb) == ({"D6"}, "FFEEDDCC"), "the mark is gone, its own colour is back"

    ods = saved(mended, tmp_path / "fourth", "ods")
    third = terrier("import", ods, "--sheet", "Laptops", "--strict", "--dry-run", "--json").json
    assert (third["created"], third["updated"], third["rejected"]) == (0, 0, 1)
