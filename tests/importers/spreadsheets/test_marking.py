"""Marks in a workbook: colours, notes, drop-downs, and what goes when it is marked again."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation

from cmdb.model.errors import FileProblem
from importers.spreadsheets import open_file
from importers.spreadsheets.files.lossy_parts import lost_in
from importers.spreadsheets.marking import CellMark, write_marked
from importers.spreadsheets.sheets.marks import Marks


@pytest.fixture
def book(tmp_path: Path) -> Path:
    new = openpyxl.Workbook()
    sheet = new.active
    sheet.title = "List"
    for row in (["Name", "Status"], ["a", "x"], ["b", "y"], ["c", "z"]):
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    own = DataValidation("list", formula1='"p,q"')
    own.add("B4")
    sheet.add_data_validation(own)
    new.save(tmp_path / "list.xlsx")
    return tmp_path / "list.xlsx"


def test_choices_that_are_many_stand_in_the_hidden_sheet(book: Path, tmp_path: Path) -> None:
    choices = tuple(f"choice {i}, of many" for i in range(30))
    marks = [
        CellMark("List", 2, 1, "wrong", choices=choices), CellMark("List", 3, 1, "doubtful", "warning", ("p", "q")),
        CellMark("List", 3, 1, "wrong, too"), CellMark("List", 4, 1, "x", choices=("r",)),
        CellMark("List", 4, 0, "merged"),
    ]  # fmt: skip
    state = Marks((("id", 7),), "first.xlsx", {"List": frozenset(("name",))}, {"List": frozenset(("k1", "k2"))})
    write_marked(book, tmp_path / "m.xlsx", marks, state)
    marked = openpyxl.load_workbook(tmp_path / "m.xlsx")
    sheet, hidden = marked["List"], marked["Terrier marks"]
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules == {"B4": '"p,q"', "B2": "'Terrier marks'!$IQ$1:$IQ$30", "B3": '"p,q"'}
    assert [hidden["IQ1"].value, hidden["IQ30"].value] == [choices[0], choices[29]]
    assert sheet["B3"].comment.text == "— Terrier —\ndoubtful\nwrong, too"
    assert sheet["A3"].comment.text == "— Terrier —\nmerged"
    assert open_file(tmp_path / "m.xlsx").marks == state
    assert [one.name for one in open_file(tmp_path / "m.xlsx").sheets] == ["List"]

    write_marked(tmp_path / "m.xlsx", tmp_path / "n.xlsx", [CellMark("List", 2, 1, "still")], Marks())
    again = openpyxl.load_workbook(tmp_path / "n.xlsx")["List"]
    assert [cell.coordinate for row in again.iter_rows() for cell in row if cell.comment is not None] == ["B2"]
    assert [cell.coordinate for row in again.iter_rows() for cell in row if cell.fill.fill_type] == ["B2"]
    assert [str(rule.sqref) for rule in again.data_validations.dataValidation] == ["B4"]


def test_colours_come_back_and_notes_go_also_where_a_program_did_not_keep_who_wrote_them(
    book: Path, tmp_path: Path
) -> None:
    colours = {"B2": "FF112233", "B3": "FF445566", "A2": "FF778899"}
    own = openpyxl.load_workbook(book)
    for cell, colour in colours.items():
        own["List"][cell].fill = PatternFill("solid", fgColor=colour)
    own["List"]["B3"].comment = Comment("mine", "Ann")
    own["List"].protection.sheet = True
    own["List"]["B4"].protection = Protection(locked=False)
    own.save(book)
    marks = [CellMark("List", row, 1, "no", how) for row, how in ((2, "error"), (3, "warning"), (4, "error"))]
    write_marked(book, tmp_path / "m.xlsx", marks, Marks())
    marked = openpyxl.load_workbook(tmp_path / "m.xlsx")
    notes = [marked["List"][cell].comment.text for cell in ("B2", "B3", "B4")]
    assert ["protected" in note for note in notes] == [True, True, False]
    for cell in ("B2", "B3", "B4"):
        marked["List"][cell].comment = Comment(marked["List"][cell].comment.text, "")
    marked.save(tmp_path / "m.xlsx")
    write_marked(tmp_path / "m.xlsx", tmp_path / "n.xlsx", marks[:1], Marks())
    write_marked(tmp_path / "n.xlsx", tmp_path / "o.xlsx", [], Marks())
    again = openpyxl.load_workbook(tmp_path / "o.xlsx")["List"]
    found = {cell.coordinate: cell for row in again.iter_rows() for cell in row}
    assert {name: cell.fill.fgColor.rgb for name, cell in found.items() if cell.fill.fill_type} == colours
    assert {name: cell.comment.text for name, cell in found.items() if cell.comment} == {"B3": "mine"}


@pytest.mark.parametrize(
    ("part", "what"),
    [
        ("xl/pivotTables/pivotTable1.xml", "pivot tables"), ("xl/ctrlProps/ctrlProp1.xml", "form controls"),
        ("xl/media/image1.png", "pictures"), ("customXml/item1.xml", "custom XML"),
        ("xl/odd/thing.xml", "xl/odd/thing.xml"),
        ("xl/persons/person.xml", ""), ("docProps/thumbnail.jpeg", ""),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_named(book: Path, part: str, what: str) -> None:
    with zipfile.ZipFile(book, "a") as container:
        container.writestr(part, "x")
    assert [str(one) for one in lost_in(book)] == ([what] if what else [])


def test_too_large_a_workbook_is_said(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importers.spreadsheets.files.lossy_parts.MOST_CELLS", 5)
    with pytest.raises(FileProblem, match="7 cells, and the limit is 5"):
        lost_in(book)
    monkeypatch.setattr("importers.spreadsheets.files.lossy_parts.MOST_BYTES", 99)
    with pytest.raises(FileProblem, match="it unpacks to"):
        lost_in(book)


@pytest.mark.parametrize(
    "area",
    [
        '<mergeCells count="1"><mergeCell ref="A9:XFD1048576"/></mergeCells>',
        '<hyperlinks><hyperlink location="x" ref="$A$9:$XFD$1048576"/></hyperlinks>',
    ],
)
def test_the_cells_of_a_whole_area_count(book: Path, tmp_path: Path, area: str) -> None:
    path, name = tmp_path / "area.xlsx", "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            xml = old.read(part)
            if part == name:
                xml = xml.replace(b"</sheetData>", b"</sheetData>" + area.encode())
            new.writestr(part, xml)
    with pytest.raises(FileProblem, match="cells, and the limit is 400,000"):
        lost_in(path)


def test_formatted_texts_and_results_stay_and_no_other_cell_may_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, copy = tmp_path / "list.xlsx", tmp_path / "copy.xlsx"
    with xlsxwriter.Workbook(path) as new:
        sheet = new.add_worksheet("List")
        bold = new.add_format({"bold": True})
        sheet.write_rich_string(0, 0, bold, "two", " ", bold, "words ")
        sheet.write_formula(1, 0, '="a"&"<b>"', None, "a<b>")
        sheet.write_formula(2, 0, "=1/8", None, 0.125)
        sheet.write_formula(3, 0, "=1=1", None, True)
    write_marked(path, copy, [CellMark("List", 3, 0, "look")], Marks())
    assert [row[0] for row in open_file(copy).sheets[0].rows] == ["two words ", "a<b>", 0.125, True]
    with zipfile.ZipFile(copy) as container:
        assert b"<b" in container.read("xl/worksheets/sheet1.xml")
    monkeypatch.setattr("importers.spreadsheets.marking.stored_results", lambda container: {})
    with pytest.raises(FileProblem, match="its cell List!A2 would change"):
        write_marked(path, tmp_path / "other.xlsx", [], Marks())
    assert not (tmp_path / "other.xlsx").exists()
