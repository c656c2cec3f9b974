"""Saved mappings that no longer fit, and tables that cannot be read, are named in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cmdb.model.errors import FileProblem, UserError
from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import Mapping, map_columns, open_file, read_files
from importers.spreadsheets.columns.mapping import ColumnUse

NAME = ColumnUse(0, "Name", "attribute", "name")


def serial(role: Any, name: str = "", **more: Any) -> tuple[ColumnUse, ...]:
    return NAME, ColumnUse(1, "Serial", role, name, **more)


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        (Mapping("class", "spaceship", (NAME,)), "“spaceship”"),
        (Mapping("class", "laptop", serial("attribute", "nonsense")), "“nonsense”"),
        (Mapping("class", "laptop", serial("link", "flies_to")), "“flies_to”"),
        (Mapping("class", "laptop", serial("mention", "assigned_to.nope")), "“assigned_to.nope”"),
        (Mapping("class", "laptop", serial("mention", "nope.email")), "“nope.email”"),
        (Mapping("class", "hardware", serial("class"), class_words={"a": "spaceship"}), "“spaceship”"),
        (Mapping("class", "laptop", serial("attribute", "warranty_until", transforms=("months:nope",))), "“nope”"),
        (Mapping("class", "laptop", (NAME,), {"nope": 1}), "“nope”"),
        (Mapping("section", "nope", serial("field", "record")), "“nope”"),
        (Mapping("installation", "", serial("field", "nope")), "“nope”"),
        (Mapping("", "", (NAME,)), "does not say what its rows are"),
        (
            Mapping("class", "laptop", (NAME, ColumnUse(1, "Maker", "attribute", "manufacturer"))),
            "column Maker is miss",
        ),
        (Mapping("class", "laptop", (ColumnUse(0, "A", "attribute", "name"),)), "column A is missing"),
    ],
)
def test_what_does_not_fit(schema: Schema, text: Callable[..., Path], mapping: Mapping, said: str) -> None:
    path = text("Name,Serial\na,1\nb,2\n", "x.csv")
    with pytest.raises(UserError) as raised:
        read_files([path], schema, Options(mapping=mapping))
    assert said in str(raised.value)


def test_another_sheet_beside_the_one_that_a_mapping_is_for_stops_nothing(
    schema: Schema, xlsx: Callable[..., Path]
) -> None:
    mapping = Mapping("class", "laptop", serial("attribute", "serial_number"), name="weekly")
    people = [["Name", "E-mail", "Department"], ["Ann Lee", "ann@example.org", "Sales"]]
    [reading] = read_files(
        [xlsx({"People": people, "Laptops": [["Name", "Serial"], ["a", "1"]]})], schema, Options(mapping=mapping)
    )
    assert [one.values["name"] for one in reading.observations] == ["a"]
    assert [(p.sheet, p.severity) for p in reading.problems] == [("People", "warning")]
    for sheets in ({"People": people}, {"People": people, "Laptops": [["Name", "Serie"], ["a", "1"]]}):
        with pytest.raises(UserError, match="column Serial is missing"):
            read_files([xlsx(sheets)], schema, Options(mapping=mapping))


def test_a_mapping_of_what_is_no_longer_there_is_not_recognised(schema: Schema, text: Callable[..., Path]) -> None:
    sheet = open_file(text("Name,Serial\na,1\n", "laptops.csv")).sheets[0]
    gone = Mapping("class", "laptop", serial("attribute", "nonsense"), name="Gone")
    good = Mapping("class", "server", serial("attribute", "serial_number"), name="Good")
    assert (map_columns(sheet, schema, saved=[gone]).name, map_columns(sheet, schema, saved=[gone, good]).name) == (
        "", "Good",
    )  # fmt: skip
    [reading] = read_files([text("Name,Serial\na,1\n", "laptops.csv")], schema, Options(saved=(gone,)))
    assert [(p.code, p.severity) for p in reading.problems] == [("mapping.unknown", "warning")]
    assert "Gone names “nonsense”" in str(reading.problems[0].message)


def test_several_things_in_a_row_are_refused(schema: Schema, text: Callable[..., Path]) -> None:
    head = "PC,User,Monitor 1,Serial 1,Monitor 2,Serial 2\n"
    with pytest.raises(FileProblem, match=r"several things \(Monitor 1, Monitor 2, Serial 1, Serial 2\)"):
        read_files([text(head + "pc-1,Ann Lee,U24,A1,U24,A2\n", "monitors.csv")], schema)


def test_a_file_called_after_one_column_is_of_what_its_other_columns_identify(
    schema: Schema, text: Callable[..., Path]
) -> None:
    head = "Service Tag,Product Model,Warranty Type,Warranty End\n7XK,L5420,Basic,2025-05-03\n"
    with pytest.raises(FileProblem, match="Hardware is not one class but several"):
        read_files([text(head, "06_warranty.csv")], schema)
