"""Sheets of sections: recognised by their name or an export's hidden header, and read as rows of records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.revision import new_id
from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import read_files
from importers.spreadsheets.columns.section_fields import exported_name
from importers.tables import Table, write
from importers.tables.section_columns import section_columns
from importers.tables.template import write_template

Xlsx = Callable[..., Path]


def read_one(path: Path, schema: Schema, cls: str = "") -> Any:
    [reading] = read_files([path], schema, Options(cls=cls))
    return reading


def test_a_sheet_of_ones_own_says_all_rows_of_its_records(xlsx: Xlsx, schema: Schema) -> None:
    rows = [
        ["Computer", "Class", "Slot", "Size (GB)", "Serial number", "Colour"],
        ["nb-1", "Laptop", 1, "16", "M-1", "red"],
        ["NB-1", "", 2, "16", "M-2", ""],
        ["NB-1", "", 2, "16", "M-2", ""],
        ["nb-2", "", 1, 8, "M-3", ""],
        ["nb-2", "", 2, "much", "M-4", ""],
        ["", "", 3, 8, "M-5", ""],
        ["nb-3", "Lapdog", 3, 8, "M-6", ""],
    ]
    reading = read_one(xlsx({"Memory modules": rows}), schema)
    assert (reading.source.kind, reading.unmapped, reading.rejected) == ("sheet", ["Colour"], 3)
    first, second = reading.observations
    assert (first.cls, first.values, first.partial, first.sections) == (
        "laptop", {"name": "nb-1"}, True, ("memory_modules",),
    )  # fmt: skip
    assert first.details["memory_modules"] == [
        {"slot": 1, "size": 16384, "serial_number": "M-1"},
        *[{"slot": 2, "size": 16384, "serial_number": "M-2"}] * 2,
    ]
    assert (second.cls, second.sections) == ("hardware", ()), "a row of it was refused: it is not seen whole"
    assert [problem.kind for problem in reading.problems if problem.severity == "error"] == [
        "integer",
        "required",
        "class",
    ]


def test_an_exported_sheet_says_only_what_was_changed_in_it(tmp_path: Path, schema: Schema) -> None:
    section, path, uid = schema.section("disks"), tmp_path / "out.xlsx", new_id()
    columns = section_columns(schema, section)
    values = {"record": "nb-1", "record_class": "Laptop", "size": 1 << 40, "health": "fine", "removable": True}
    rows = [[{**values, "serial_number": serial}.get(c.name) for c in columns] for serial in ("S-1", "S-2")]
    write(path, [Table("Disks", columns, rows, iter([uid, uid]), exported_name(section))])
    assert read_one(path, schema).observations == []
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    sheet.cell(3, heads.index("Model") + 1, "X5")
    sheet.cell(4, 1, "nb-1")
    sheet.cell(4, heads.index("Serial number") + 1, "S-3")
    book.save(path)
    reading = read_one(path, schema)
    (one,) = reading.observations
    assert (reading.source.kind, one.evidence, one.sections) == ("person", {"record": [uid]}, ())
    assert one.details["disks"] == [
        {"serial_number": "S-2", "size": 1 << 40, "removable": True, "model": "X5"}, {"serial_number": "S-3"},
    ], "a volatile value that nobody has changed is not said"  # fmt: skip


def test_a_template_of_a_section_is_recognised_and_a_class_comes_first(
    tmp_path: Path, xlsx: Xlsx, schema: Schema
) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, schema, "Laptop", ["batteries"])
    assert [sheet.title for sheet in openpyxl.load_workbook(path)][:2] == ["Laptops", "Batteries"]
    write_template(path, schema, "Batteries")
    book = openpyxl.load_workbook(path)
    book.worksheets[0].cell(2, 1, "nb-1")
    book.worksheets[0].cell(2, 3, "5B10")
    book.save(path)
    assert list(read_one(path, schema).observations[0].details) == ["batteries"]
    laptops = xlsx({"Laptops": [["Name", "Serial number"], ["nb-1", "S1"]]}, "l.xlsx")
    assert read_one(laptops, schema).observations[0].details == {}
    named = xlsx([["Item", "Serial number"], ["nb-1", "S1"]], "n.xlsx")
    assert list(read_one(named, schema, "Disks").observations[0].details) == ["disks"]
    with pytest.raises(FileProblem, match="needs a column “Record”"):
        read_one(laptops, schema, "Disks")


def test_a_template_with_another_name_is_known_by_its_columns(tmp_path: Path, schema: Schema) -> None:
    path = tmp_path / "mine.csv"
    for name in ("memory_modules", "disks", "batteries"):
        headers = [column.header for column in section_columns(schema, schema.section(name))]
        rows = ["L-1", "Laptop", *[""] * (len(headers) - 2)]
        rows[headers.index("Serial number")] = "S-1"
        path.write_text(f"{','.join(headers)}\n{','.join(rows)}\n", "utf-8")
        (found,) = read_one(path, schema).observations
        assert found.details == {name: [{"serial_number": "S-1"}]}


def test_addresses_in_rows_have_the_form_that_scans_give_them(xlsx: Xlsx, schema: Schema) -> None:
    rows = [["Computer", "Class", "Name", "MAC address"], ["nb-1", "Laptop", "eth0", "00-1A-2B-3C-4D-5E"]]
    reading = read_one(xlsx({"Interfaces": rows}), schema)
    [one] = reading.observations
    assert one.details["interfaces"] == [{"name": "eth0", "mac": "00:1a:2b:3c:4d:5e"}]
