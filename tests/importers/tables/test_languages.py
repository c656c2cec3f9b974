"""Templates, exports and rejects files in another language are read back in that language, and English ones too."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import ReadOptions, read_files, write_rejects
from importers.tables import Table, columns_of, write, write_template
from tests.pseudo_locale import plain_words, spoken

#: Words that are the same in every language: examples of formats, names of classes in an address.
SAME = frozenset({"in", "name", "example", "org", "UUID", "MiB", "GiB", "Terrier", "id", "EUR", "ISO"})


def _fill(path: Path, values: dict[str, str]) -> None:
    """Writes a row under the headers of a template."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headers = [str(cell.value) for cell in sheet[1]]
    for header, value in values.items():
        sheet.cell(2, headers.index(header) + 1, value)
    book.save(path)


def test_a_template_is_filled_in_and_imported_in_another_language(tmp_path: Path) -> None:
    path = tmp_path / "laptops.xlsx"
    with spoken():
        schema = Schema.load()
        label = {name: one.label for name, one in schema.classes["laptop"].attributes.items()}
        status = next(choice for choice in schema.attribute("laptop", "status").choices if choice.value == "In stock")
        write_template(path, schema, "laptop")
        _fill(path, {label["name"]: "LT-1", label["serial_number"]: "S1", label["status"]: status.label})
        (reading,) = read_files([path], schema)
        (one,) = reading.observations
    assert (one.cls, reading.problems, reading.unmapped) == ("laptop", [], [])
    assert (one.values["name"], one.values["serial_number"], one.values["status"]) == ("LT-1", "S1", "In stock")


@pytest.mark.parametrize("kind", ["Relationship", "Installation", "Assignment"])
def test_other_templates_are_recognised_in_another_language(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with spoken():
        schema = Schema.load()
        write_template(path, schema, kind)
        book = openpyxl.load_workbook(path)
        sheet = book.worksheets[0]
        headers = [str(cell.value) for cell in sheet[1]]
        for column in range(len(headers)):
            sheet.cell(2, column + 1, "1")
        book.save(path)
        (reading,) = read_files([path], schema)
    assert (reading.kind, reading.unmapped) == (kind.casefold(), [])


def test_nothing_of_a_template_is_left_in_english(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    with spoken():
        write_template(path, Schema.load(), "hardware")
    sheet = openpyxl.load_workbook(path).worksheets[0]
    notes = [cell.comment.text for cell in sheet[1] if cell.comment]
    shown = [sheet.title, *(str(cell.value) for cell in sheet[1]), *notes]
    assert {word for text in shown for word in plain_words(text, SAME)} == set()


def test_an_english_sheet_is_read_in_another_language(tmp_path: Path) -> None:
    path = tmp_path / "laptops.csv"
    write(
        path, [Table("Laptops", columns_of(Schema.load().classes["laptop"], ["name", "serial_number"]), [["a", "1"]])]
    )
    with spoken():
        (reading,) = read_files([path], Schema.load())
    assert [(one.cls, one.values) for one in reading.observations] == [("laptop", {"name": "a", "serial_number": "1"})]


def test_rejected_rows_come_back_in_another_language(tmp_path: Path) -> None:
    path, rejects = tmp_path / "servers.csv", tmp_path / "rejects.csv"
    path.write_text("Name,Status\na,Brokenn\n", "utf-8")
    with spoken():
        schema = Schema.load()
        (reading,) = read_files([path], schema, Options(reading=ReadOptions(strict=True)))
        assert write_rejects(rejects, [reading], schema) == 1
        text = rejects.read_text("utf-8-sig")
        assert "Rejected" not in text
        rejects.write_text(text.replace("Brokenn", "In stock"), "utf-8")
        (again,) = read_files([rejects], schema)
    assert (again.rejected, again.unmapped, [one.values["name"] for one in again.observations]) == (0, [], ["a"])


def test_problems_of_an_import_are_worded_in_the_language(tmp_path: Path) -> None:
    path = tmp_path / "servers.csv"
    path.write_text("Name,Status,Purchase date,Nonsense\na,Brokenn,soon,1\na,Brokenn,soon,1\nTotal,,,\n", "utf-8")
    with spoken():
        (reading,) = read_files([path], Schema.load())
        told = [(problem.code, str(problem.message), problem.accepted_text) for problem in reading.problems]
    assert {code for code, _, _ in told} >= {"choice", "date", "duplicate"}
    values = SAME | {"Brokenn", "soon", "Total", "Nonsense", "Status", "Purchase", "date"}
    assert {word for _, *texts in told for text in texts for word in plain_words(text, frozenset(values))} == set()


def test_a_kept_problem_is_worded_when_it_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text("Source,Relationship,Target\na,depnds on,b\n", "utf-8")
    (reading,) = read_files([path], Schema.load())
    (problem,) = reading.problems
    assert str(problem.message) == "There is no relationship type “depnds on”."
    assert (problem.code, problem.suggested[0]) == ("relationship.unknown", "depends on")
    with spoken():
        assert plain_words(str(problem.message), frozenset({"depnds", "on"})) == []
