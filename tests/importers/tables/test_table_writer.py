from __future__ import annotations

import json
import os
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.cell_hash import cell_hash
from cmdb.model.errors import FileProblem, SchemaError
from cmdb.model.schema import Schema
from importers.spreadsheets import map_columns, open_file, read_files
from importers.tables import FORMATS, Column, Table, columns_of, write, write_template
from importers.tables.cells import (
    base_header,
    escape,
    escape_typed,
    read_base_header,
    row_hasher,
    split_base,
    unescape,
)  # fmt: skip
from importers.tables.model import plain
from importers.tables.xlsx import sheet_name
from tests.laws import examples

COLUMNS = [
    Column("name", "Name"), Column("cost", "Cost", "money"), Column("bought", "Bought", "date"),
    Column("count", "Count", "integer"), Column("ok", "OK", "boolean"), Column("owner", "Owner", "reference"),
    Column("memory", "Memory", "integer", "MiB"), Column("seen", "Seen", "time"),
]  # fmt: skip
ROW: list[Any] = [
    "a",
    Decimal("1234.5"),
    "2024-03-31",
    7,
    True,
    {"id": "x", "class": "person", "name": "Jane"},
    16384,
    "2024-01-01T10:00:00Z",
]
BLANK: list[Any] = ["=b", None, None, None, None, None, None, None]


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema.load()


def rows(path: Path) -> list[list[Any]]:
    return open_file(path).sheets[0].rows


def test_xlsx_has_types_widths_filters_and_a_frozen_header(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write(path, [Table("Things/all", COLUMNS, iter([ROW, BLANK]))]) == 2
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet.title == "Things all"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:H3"
    assert sheet["G1"].value == "Memory (MiB)"
    assert [type(c.value).__name__ for c in sheet[2]] == [
        "str",
        "float",
        "datetime",
        "int",
        "bool",
        "str",
        "int",
        "str",
    ]
    assert sheet["F2"].value == "Jane"
    assert sheet["C2"].number_format == "yyyy-mm-dd"
    assert sheet["A3"].data_type != "f"
    assert sheet["A3"].quotePrefix
    assert sheet.column_dimensions["A"].width > 5


def test_drop_downs_short_and_long(tmp_path: Path) -> None:
    long = tuple(f"a rather long choice number {i}" for i in range(30))
    columns = [Column("a", "A", "choice", choices=("x", "y")), Column("b", "B", "choice", choices=long)]
    write(tmp_path / "d.xlsx", [Table("T", columns, [["x", long[0]]])])
    book = openpyxl.load_workbook(tmp_path / "d.xlsx")
    rules = [v.formula1 for v in book.worksheets[0].data_validations.dataValidation]
    assert rules == ['"x,y"', "'Choices'!$A$1:$A$30"]
    assert book["Choices"].sheet_state == "hidden"
    assert [c.value for c in book["Choices"]["A"]] == list(long)


def test_ids_and_bases_are_hidden(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write(path, [Table("T", COLUMNS[:1], [["a"]], ["some-id"], "server")])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert sheet["B2"].value == "some-id"
    assert sheet.column_dimensions["B"].hidden
    assert sheet.column_dimensions["B"].max == 3  # one entry for both
    assert sheet.auto_filter.ref == "A1:C2"  # so that sorting takes them along


def test_csv_is_utf8_with_a_mark_and_runs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write(path, [Table("T", COLUMNS, [ROW, BLANK, ["Köln", Decimal(-5), None, -3, False, "@x", None, None]])])
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig").split("\r\n")[:4] == [
        "Name,Cost,Bought,Count,OK,Owner,Memory (MiB),Seen",
        "a,1234.50,2024-03-31,7,Yes,Jane,16384,2024-01-01T10:00:00Z",
        "'=b,,,,,,,",
        "Köln,-5.00,,-3,No,'@x,,",
    ]


def test_several_tables_in_one_csv(tmp_path: Path, schema: Schema) -> None:
    laptops = Table("Laptops", columns_of(schema.classes["laptop"], ["name", "serial_number"]), [["a", "1"]])
    people = Table("People", columns_of(schema.classes["person"], ["name", "email"]), [["Jane", "j@x.org"]])
    assert write(tmp_path / "out.csv", [laptops, people]) == 2
    assert rows(tmp_path / "out.csv") == [
        ["Class", "Name", "Serial number", "Email"], ["Laptops", "a", "1", ""], ["People", "Jane", "", "j@x.org"],
    ]  # fmt: skip
    [reading] = read_files([tmp_path / "out.csv"], schema)
    assert [(o.cls, o.values["name"]) for o in reading.observations] == [("laptop", "a"), ("person", "Jane")]


def test_json_keeps_references_and_leaves_absent_out(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    assert write(path, [Table("T", COLUMNS, [ROW, BLANK], ["i", "j"]), Table("U", COLUMNS[:1], [])]) == 2
    [first, second] = json.loads(path.read_text("utf-8"))["tables"]
    assert first["rows"][0]["owner"] == {"id": "x", "class": "person", "name": "Jane"}
    base = row_hasher()(list(map(plain, BLANK)))
    assert first["rows"][1] == {"id": "j", "base": base, "name": "=b"}
    assert (second["title"], second["rows"]) == ("U", [])


def test_ods_starts_with_its_mimetype(tmp_path: Path) -> None:
    path = tmp_path / "out.ods"
    write(path, [Table("T", COLUMNS, [ROW, BLANK], ["i", "j"], "server")])
    with zipfile.ZipFile(path) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert 'table:visibility="collapse"' in archive.read("content.xml").decode()
    book = open_file(path)
    assert book.kind == "ods"
    assert book.sheets[0].rows[1][1:4] == [1234.5, date(2024, 3, 31), 7.0]


@pytest.mark.parametrize("ending", FORMATS)
def test_nothing_half_written(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    path.write_text("as it was")

    def broken() -> Any:
        yield ["a"]
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write(path, [Table("T", COLUMNS[:1], broken())])
    assert path.read_text() == "as it was"
    assert os.listdir(tmp_path) == [path.name]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    table = [Table("T", COLUMNS[:1], [["a"]])]
    with pytest.raises(FileProblem, match="no folder"):
        write(tmp_path / "gone" / "out.xlsx", table)
    (tmp_path / "d.csv").mkdir()
    with pytest.raises(FileProblem, match="is a folder"):
        write(tmp_path / "d.csv", table)
    with pytest.raises(FileProblem, match=r"Endings: \.xlsx"):
        write(tmp_path / "out.doc", table)
    for ending in FORMATS:
        with pytest.raises(FileProblem, match="cannot be written"):
            write(Path("/proc") / f"out{ending}", table)


@pytest.mark.parametrize("ending", [".xlsx", ".csv", ".ods", ".tsv"])
@examples(20, soak=200)
@given(st.lists(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1), min_size=1, max_size=12))
def test_text_comes_back_unchanged(tmp_path_factory: pytest.TempPathFactory, ending: str, texts: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / f"texts{ending}"
    write(
        path, [Table("T", [Column("n", "Number"), Column("a", "Text")], [[f"row {i}", t] for i, t in enumerate(texts)])]
    )
    assert [unescape(row[1]) for row in rows(path)[1:]] == texts


@given(st.text("'=+-@\t\rab05", max_size=6))
def test_escaping_is_undone(text: str) -> None:
    assert unescape(escape(text)) == text
    assert unescape(escape_typed(text)) == text
    assert not escape(text).startswith(("=", "+", "-", "@", "\t", "\r"))


@given(
    st.lists(
        st.one_of(st.none(), st.text(max_size=5), st.floats(allow_nan=False), st.integers(), st.booleans()), max_size=6
    )
)
def test_bases_name_their_cells(values: list[Any]) -> None:
    assert split_base(row_hasher()(values)) == [cell_hash(v) for v in values]


def test_hashes_tell_values_apart() -> None:
    assert cell_hash(5) == cell_hash(5.0) != cell_hash(5.5)
    assert cell_hash(None) == cell_hash("")
    assert len({cell_hash(v) for v in ["a", "b", 1, 2, 2.5, True, False, ""]}) == 8
    assert read_base_header(base_header("server", ["name", "status"])) == ("server", ("name", "status"))
    assert read_base_header("Name") is None


@given(st.lists(st.text(max_size=40), max_size=8))
def test_sheet_names_are_allowed_and_different(titles: list[str]) -> None:
    used: set[str] = set()
    names = [sheet_name(t, used) for t in titles]
    assert len({n.casefold() for n in names}) == len(names)
    assert all(0 < len(n) <= 31 and not set(n) & set("[]:*?/\\") for n in names)


# -- templates ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cls", [c.name for c in Schema.load().concrete()] + ["hardware", "Relationship", "Installation", "Assignment"]
)
def test_every_template_is_read_as_what_it_is(tmp_path: Path, schema: Schema, cls: str) -> None:
    write_template(tmp_path / "t.xlsx", schema, cls)
    sheet = open_file(tmp_path / "t.xlsx").sheets[0]
    mapping = map_columns(sheet, schema)
    assert mapping.problem is None or cls in ("hardware", "contract")
    assert mapping.unmapped == []
    assert mapping.cls == (cls if cls in schema.classes else "")


def test_a_template_has_notes_and_drop_downs(tmp_path: Path, schema: Schema) -> None:
    write_template(tmp_path / "t.xlsx", schema, "Laptops")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    comments = {c.value: c.comment.text for c in sheet[1] if c.comment}
    assert comments["Name"].startswith("Required.")
    assert "One of: Planned" in comments["Status"]
    assert "In MiB." in comments["Memory (MiB)"]
    assert sheet.data_validations.dataValidation
    assert sheet["A1"].value == "Name"


def test_templates_of_what_there_is_not(tmp_path: Path, schema: Schema) -> None:
    with pytest.raises(SchemaError, match="no class"):
        write_template(tmp_path / "t.xlsx", schema, "Spaceship")
    with pytest.raises(FileProblem, match="template is"):
        write_template(tmp_path / "t.json", schema, "Laptop")
    write_template(tmp_path / "t.csv", schema, "Relationship")
    assert rows(tmp_path / "t.csv")[0][:3] == ["Source", "Relationship", "Target"]
