"""A person's own workbook comes back marked, is mended, and goes in again."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from importers.spreadsheets.columns.mapping import ColumnUse, Mapping
from tests.app.cli.conftest import Done

Run = Callable[..., Done]
ERROR, DOUBT = "FFFFC9C7", "FFFFEB9D"


@pytest.fixture
def stock(tmp_path: Path) -> Path:
    """A workbook as a person has it: a title, styles, widths, a formula, notes, another sheet, two tables."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Laptops"
    rows: list[list[Any]] = [["Stock"], [], ["Name", "Asset tag", "Status", "Purchase date", "Twice"]]
    rows += [[f"l{i}", f"T-0{i}", "In stock", "2024-03-31", f"=ROW(A{i})*2"] for i in range(4, 9)]
    for row in rows:
        sheet.append(row)
    sheet["C5"], sheet["D6"], sheet["D7"] = "Brokenn", "31.31.2024", "03/04/2024"
    sheet["C5"].comment = Comment("ask Ann", "Bob")
    sheet["A4"].comment = Comment("mine", "Bob")
    sheet["A3"].font, sheet.column_dimensions["B"].width = Font(bold=True), 41
    sheet["A4"].fill = PatternFill("solid", fgColor="FF00FF00")
    other = book.create_sheet("Figures")
    other["A1"] = "=1+1"
    path = tmp_path / "stock.xlsx"
    book.save(path)
    return path


def fills(path: Path, sheet: str = "Laptops") -> dict[str, str]:
    """The coloured cells."""
    cells = [cell for row in openpyxl.load_workbook(path)[sheet].iter_rows() for cell in row]
    return {cell.coordinate: str(cell.fill.fgColor.rgb) for cell in cells if cell.fill.fill_type}


def mend(path: Path, target: Path, **cells: str) -> Path:
    """The workbook with other cells, as a person saves it."""
    book = openpyxl.load_workbook(path)
    for place, text in cells.items():
        book["Laptops"][place] = text
    book.save(target)
    return target


def test_a_marked_copy_is_mended_and_only_the_mended_rows_go_in(
    estate: Path, terrier: Run, stock: Path, tmp_path: Path
) -> None:
    marked = tmp_path / "marked.xlsx"
    first = terrier("import", stock, "--sheet", "Laptops", "--strict", "--mark", marked, "--tags", "--json")
    assert (first.status, first.json["created"], first.json["rejected"]) == (1, 3, 2)
    assert first.json["marked"] == {"path": str(marked), "rows": 3, "cells": 3}
    book = openpyxl.load_workbook(marked)
    sheet = book["Laptops"]
    assert fills(marked) == {"A4": "FF00FF00", "C5": ERROR, "D6": ERROR, "D7": DOUBT}
    assert sheet["C5"].comment.text.startswith("ask Ann\n")
    assert "Did you mean In repair?" in sheet["C5"].comment.text
    assert "2026-03-31" in sheet["D6"].comment.text
    assert sheet["A4"].comment.text == "mine"
    [choices] = sheet.data_validations.dataValidation
    assert (str(choices.sqref), "In repair" in choices.formula1) == ("C5", True)
    assert (sheet["A3"].font.b, sheet.column_dimensions["B"].width) == (True, 41)
    assert (sheet["E4"].value, book["Figures"]["A1"].value) == ("=ROW(A4)*2", "=1+1")
    assert sheet["F3"].value == "Terrier record"
    assert [bool(sheet.cell(row, 6).value) for row in range(4, 9)] == [True, False, False, True, True]
    assert [one.sheet_state for one in book.worksheets] == ["visible", "visible", "veryHidden"]

    terrier("set", "T-04", "status=Deployed")  # what changed meanwhile stays
    mended = mend(marked, tmp_path / "mended.xlsx", C5="In repair")
    again = tmp_path / "again.xlsx"
    second = terrier("import", mended, "--sheet", "Laptops", "--strict", "--mark", again, "--json")
    counts = {key: second.json[key] for key in ("read", "created", "updated", "unchanged", "rejected")}
    assert counts == {"read": 2, "created": 1, "updated": 0, "unchanged": 0, "rejected": 1}
    assert [p["code"] for p in second.json["problems"] if p["severity"] == "warning"] == ["row.taken"]
    assert fills(again) == {"A4": "FF00FF00", "D6": ERROR}
    assert openpyxl.load_workbook(again)["Laptops"]["C5"].comment.text == "ask Ann"
    shown = terrier("show", "T-05", "--json").json
    assert shown["why"]["status"]["source"] == "sheet:stock.xlsx"

    third = terrier(
        "import", mend(again, tmp_path / "last.xlsx", D6="2024-05-06"), "--sheet", "Laptops", "--strict", "--json"
    )
    assert (third.status, third.json["read"], third.json["created"]) == (0, 1, 1)
    assert terrier("show", "T-04", "--json").json["attributes"]["status"] == "Deployed"


def test_rows_that_were_undone_or_went_in_elsewhere_are_read_again(
    estate: Path, terrier: Run, stock: Path, tmp_path: Path
) -> None:
    marked = tmp_path / "marked.xlsx"
    terrier("import", stock, "--sheet", "Laptops", "--strict", "--mark", marked)
    assert terrier("import", marked, "--strict", "--dry-run", "--json").json["read"] == 2
    terrier("undo")
    again = terrier("import", marked, "--strict", "--json").json
    assert (again["read"], again["created"]) == (5, 3)
    elsewhere = terrier("--db", tmp_path / "other.terrier", "import", marked, "--strict", "--json").json
    assert (elsewhere["read"], elsewhere["created"]) == (5, 3)
    dry = tmp_path / "dry.xlsx"
    terrier(
        "--db",
        tmp_path / "third.terrier",
        "import",
        stock,
        "--sheet",
        "Laptops",
        "--strict",
        "--dry-run",
        "--mark",
        dry,
    )
    assert terrier("--db", tmp_path / "third.terrier", "import", dry, "--strict", "--json").json["read"] == 5


def test_a_row_that_went_in_without_a_cell_is_read_again_until_that_is_mended(
    estate: Path, terrier: Run, stock: Path, tmp_path: Path
) -> None:
    marked = tmp_path / "marked.xlsx"
    first = terrier("import", stock, "--sheet", "Laptops", "--mark", marked, "--json")
    assert (first.status, first.json["created"]) == (1, 5)
    assert fills(marked).keys() == {"A4", "C5", "D6", "D7"}
    again = tmp_path / "again.xlsx"
    second = terrier("import", mend(marked, tmp_path / "m.xlsx", C5="In repair"), "--mark", again, "--json")
    assert {key: second.json[key] for key in ("read", "updated", "unchanged")} == {
        "read": 2,
        "updated": 1,
        "unchanged": 1,
    }
    assert fills(again).keys() == {"A4", "D6"}


def with_part(path: Path, name: str) -> Path:
    """The workbook with one more part."""
    with zipfile.ZipFile(path, "a") as container:
        container.writestr(name, "<d:wsDr><d:twoCellAnchor/></d:wsDr>")
    return path


def test_where_a_copy_would_lose_something_the_rejected_rows_are_written(
    estate: Path, terrier: Run, stock: Path, tmp_path: Path
) -> None:
    def told(source: Path, target: str) -> tuple[str, list[str]]:
        done = terrier("import", source, "--sheet", "Laptops", "--strict", "--dry-run", "--mark", tmp_path / target)
        rows = openpyxl.load_workbook(tmp_path / target)["Laptops"].iter_rows(values_only=True)
        return done.err, [str(row[1]) for row in rows]

    shapes = with_part(Path(shutil.copy(stock, tmp_path / "shapes.xlsx")), "xl/drawings/drawing9.xml")
    book = openpyxl.load_workbook(stock)
    chart = BarChart()
    chart.add_data(Reference(book["Figures"], min_col=1, min_row=1, max_row=1))
    book["Figures"].add_chart(chart, "C1")
    book.save(tmp_path / "charts.xlsx")
    slicers = with_part(Path(shutil.copy(stock, tmp_path / "slicers.xlsx")), "xl/slicers/slicer1.xml")
    for source, what in ((shapes, "shapes"), (tmp_path / "charts.xlsx", "charts"), (slicers, "slicers")):
        said, rows = told(source, f"{what}-out.xlsx")
        assert what in said
        assert "instead" in said
        assert rows == ["Name", "l5", "l6"]


def test_what_can_not_be_marked_is_said_before_anything_is_done(
    estate: Path, terrier: Run, stock: Path, tmp_path: Path
) -> None:
    assert terrier("import", stock, "--mark", stock).status == 2
    assert terrier("import", stock, stock, "--mark", tmp_path / "m.xlsx").status == 2
    assert terrier("import", stock, "--tags").status == 2
    assert terrier("list", "laptop", "--json").json == terrier("list", "laptop", "--where", "name != l4", "--json").json
    text = tmp_path / "laptops.csv"
    text.write_text("Name,Status\na,Brokenn\n")
    done = terrier("import", text, "--mark", tmp_path / "out.csv")
    assert "laptops.csv is no xlsx" in done.err
    assert "a,Brokenn" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_macros_stay(estate: Path, terrier: Run, stock: Path, tmp_path: Path) -> None:
    source = tmp_path / "stock.xlsm"
    with zipfile.ZipFile(stock) as old, zipfile.ZipFile(source, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "[Content_Types].xml":
                data = data.replace(
                    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
                ).replace(
                    b"</Types>",
                    b'<Override PartName="/xl/vbaProject.bin" '
                    b'ContentType="application/vnd.ms-office.vbaProject"/></Types>',
                )
            if info.filename == "xl/_rels/workbook.xml.rels":
                kind = b"http://schemas.microsoft.com/office/2006/relationships/vbaProject"
                data = data.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rIdV" Type="' + kind + b'" Target="vbaProject.bin"/></Relationships>',
                )
            new.writestr(info.filename, data)
        new.writestr("xl/vbaProject.bin", b"macros")
    marked = tmp_path / "marked.xlsm"
    done = terrier("import", source, "--sheet", "Laptops", "--strict", "--dry-run", "--mark", marked)
    assert "Marked" in done.err, done.err
    with zipfile.ZipFile(marked) as container:
        assert container.read("xl/vbaProject.bin") == b"macros"
        assert b"macroEnabled" in container.read("[Content_Types].xml")
        assert len(set(container.namelist())) == len(container.namelist())
    assert "2026-03-31" in openpyxl.load_workbook(marked)["Laptops"]["D6"].comment.text


def test_a_column_that_was_added_to_a_marked_copy_is_read(
    estate: Path, terrier: Run, stock: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(stock)
    book["Laptops"]["B3"] = "Serial number"
    book.save(stock)
    marked = tmp_path / "marked.xlsx"
    terrier("import", stock, "--sheet", "Laptops", "--strict", "--mark", marked, "--tags")
    more = mend(marked, tmp_path / "more.xlsx", G3="Notes", G4="on the shelf")
    second = terrier("import", more, "--sheet", "Laptops", "--strict", "--json")
    assert [second.json[key] for key in ("read", "created", "updated", "rejected")] == [3, 0, 1, 2]
    assert terrier("show", "T-04", "--json").json["attributes"]["notes"] == "on the shelf"


def test_rows_that_wait_for_an_answer_are_read_again(estate: Path, terrier: Run, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    headers = ("Name", "Kind", "Maker")
    kinds = ("Laptop", "Trolley", "Laptop", "Trolley", "Laptop")
    for row in (headers, *((f"l{i}", kind, "Omnicorp" if i > 2 else "") for i, kind in enumerate(kinds))):
        book.active.append(row)
    source, recipe, marked = tmp_path / "s.xlsx", tmp_path / "r.json", tmp_path / "marked.xlsx"
    book.save(source)
    uses = zip(headers, ("attribute", "class", "attribute"), ("name", "", "manufacturer"), strict=True)
    columns = tuple(ColumnUse(i, header, role, name) for i, (header, role, name) in enumerate(uses))
    recipe.write_text(json.dumps(Mapping("class", "hardware", columns, name="r").to_dict()))
    first = terrier("import", source, "--mapping", recipe, "--mark", marked, "--json").json
    assert {one["name"] for one in first["review"]} == {"Trolley", "Omnicorp"}
    assert fills(marked, "Sheet") == dict.fromkeys(("A6", "B3", "B5", "C6"), DOUBT)
    for one in first["review"]:
        terrier("review", "decide", one["id"], "monitor" if one["name"] == "Trolley" else "new")
    again = terrier("import", marked, "--mapping", recipe, "--json").json
    assert [again[key] for key in ("read", "created", "updated", "review")] == [3, 2, 1, []]


@pytest.mark.parametrize("back", ["marked.xlsx", "rejects.csv", "rejects.xlsx"])
def test_what_was_rejected_is_read_as_its_column_was(estate: Path, terrier: Run, tmp_path: Path, back: str) -> None:
    """The rest of a column said that its dates begin with the month, and that its numbers have decimal commas."""
    book = openpyxl.Workbook()
    book.active.title = "Laptops"
    rows = [[f"l{i}", "In stock", f"04/{13 + i}/2024", f"1.00{i},50", 1.125] for i in range(4)]
    rows += [["bad", "Brokenn", "03/04/2024", "1.100", 2.125]]
    for row in (["Name", "Status", "Purchase date", "Purchase cost", "Salvage value"], *rows):
        book.active.append(row)
    book.save(tmp_path / "laptops.xlsx")
    option = "--mark" if back == "marked.xlsx" else "--rejects"
    assert terrier("import", tmp_path / "laptops.xlsx", "--strict", option, tmp_path / back).status == 1
    if back.endswith(".csv"):
        text = (tmp_path / back).read_text("utf-8-sig")
        (tmp_path / back).write_text(text.replace("Brokenn", "In repair", 1), "utf-8-sig")
    else:
        found = openpyxl.load_workbook(tmp_path / back)
        cell = next(c for row in found.worksheets[0].iter_rows() for c in row if c.value == "Brokenn")
        cell.value = "In repair"
        found.save(tmp_path / back)
    again = terrier("import", tmp_path / back, "--json")
    assert (again.status, again.json["read"], again.json["created"]) == (0, 1, 1)
    values = terrier("show", "bad", "--json").json["attributes"]
    assert (values["purchase_date"], values["purchase_cost"], values["status"]) == ("2024-03-04", 1100, "In repair")
    assert values.get("salvage_value", 2.125) == 2.125
