"""The class of each row, in somebody's own words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cmdb.model.schema import Schema
from importers.spreadsheets import Mapping, SheetReading, check, map_columns, open_file
from importers.spreadsheets.columns.classes import class_of_words
from importers.spreadsheets.columns.mapping import REST
from importers.spreadsheets.records.row_classes import unknown_words

Read = Callable[..., SheetReading]
SHEET = (
    "Name,Asset tag,Category\na,1,Laptops and Desktops\nb,2,Notebook\nc,3,Ornamental Railings\n"
    "d,4,Ornamental Railings\ne,5,Monitors\nf,6,Laptop bag\ng,7,\n"
)


@pytest.mark.parametrize(
    ("words", "cls"),
    [
        ("Laptops and Desktops", "computer"), ("Notebook", "laptop"), ("IT / Laptops", "laptop"),
        ("Hardware > Monitors", "monitor"), ("Tablets (iOS)", "tablet"), ("Core switch", "switch"),
        ("Laptop, Notebook", "laptop"), ("Printers & Scanners", "peripheral"), ("Servers", "server"),
        ('Monitor 27"', "monitor"), ("PCs", "computer"), ("Bildschirme", "monitor"), ("14-inch laptops", "laptop"),
        ("Laptop bag", ""), ("Accessories - Laptop", ""), ("Phone and apples", ""), ("Monitor arms", ""),
        ("Ornamental Railings", ""), ("Laptops and People", ""),
    ],
)  # fmt: skip
def test_words_for_kinds_of_things(schema: Schema, words: str, cls: str) -> None:
    assert class_of_words(schema, words) == cls


def test_the_rows_of_an_unknown_word_are_rejected_and_it_is_said_once(read: Read) -> None:
    reading = read(SHEET, name="assets.csv")
    assert [(o.cls, o.values["name"]) for o in reading.observations] == [
        ("computer", "a"), ("laptop", "b"), ("monitor", "e"),
    ]  # fmt: skip
    assert [(p.row, p.value, p.code) for p in reading.problems] == [
        (4, "Ornamental Railings", "class.unknown"), (7, "Laptop bag", "class.unknown"), (8, "", "class.missing"),
    ]  # fmt: skip
    assert "2 rows" in str(reading.problems[0].message)
    assert [(origin.row, str(reasons[0]).partition(". ")[0]) for origin, _, reasons in reading.rejects] == [
        (4, "There is no class “Ornamental Railings”"), (5, "There is no class “Ornamental Railings”"),
        (7, "There is no class “Laptop bag”"), (8, "The row does not say its class"),
    ]  # fmt: skip


def test_the_stated_class_is_that_of_the_rest(read: Read) -> None:
    reading = read(SHEET, cls="Desktop", name="assets.csv")
    assert [o.cls for o in reading.observations] == [
        "desktop", "laptop", "desktop", "desktop", "monitor", "desktop", "desktop",
    ]  # fmt: skip
    assert (reading.problems, reading.rejects) == ([], [])


def test_a_column_of_other_words_changes_nothing_of_a_stated_or_named_class(read: Read) -> None:
    for options in ({"cls": "Laptop"}, {"name": "laptops.csv"}):
        reading = read("Name,Asset tag,Type\na,1,Premium\nb,2,Basic\n", **options)
        assert [o.cls for o in reading.observations] == ["laptop", "laptop"]
        assert reading.unmapped == ["Type"]


def test_of_several_columns_the_one_that_names_classes_counts(read: Read) -> None:
    reading = read("Name,Asset tag,Category,Type\na,1,IT,Laptop\nb,2,IT,Server\n", name="assets.csv")
    assert [o.cls for o in reading.observations] == ["laptop", "server"]


def test_a_persons_answers_are_kept_with_the_mapping(schema: Schema, text: Callable[..., Path]) -> None:
    sheet = open_file(text(SHEET, "assets.csv")).sheets[0]
    mapping = map_columns(sheet, schema)
    asked = unknown_words(sheet, mapping, schema)
    assert [(one.word, one.rows) for one in asked] == [("Ornamental Railings", 2), ("Laptop bag", 1)]
    settled = mapping.settle("ornamental railings", "camera").settle(REST, "dock")
    assert unknown_words(sheet, settled, schema) == []
    again = Mapping.from_dict(settled.to_dict())
    assert [o.cls for o in check(sheet, again, schema).observations] == [
        "computer", "laptop", "camera", "camera", "monitor", "dock", "dock",
    ]  # fmt: skip
    assert [one.word for one in unknown_words(sheet, settled.settle(REST, ""), schema)] == ["Laptop bag"]


def test_a_missing_column_is_said_once(read: Read) -> None:
    reading = read("Notes,Cost centre\na,1\nb,2\nc,3\n", cls="Department")
    [problem] = reading.problems
    assert (problem.row, problem.column, problem.code) == (1, "Name", "required.no-column")
    assert ("3 rows" in str(problem.message), reading.rejected) == (True, 3)


def test_a_word_that_is_a_class_of_another_kind_is_asked(read: Read) -> None:
    sheet = "Name,Serial,Category\na,1,Laptop\nb,2,Monitor\nc,3,Office\nd,4,Printers\n"
    reading = read(sheet, name="assets.csv")
    assert [o.cls for o in reading.observations] == ["laptop", "monitor", "printer"]
    assert [(p.value, p.code) for p in reading.problems] == [("Office", "class.unknown")]
    everything = read("Name,Class,Notes\na-1,Laptop,x\nb-2,Room,y\nc-3,Person,z\n")
    assert [o.cls for o in everything.observations] == ["laptop", "room", "person"]


def test_the_kind_of_a_product_is_no_class(read: Read) -> None:
    sheet = "Name,Publisher,Kind\nEditor,Maker,Application\nViewer,Maker,Application\n"
    for options in ({"cls": "Software product"}, {"name": "software products.csv"}):
        assert {(o.cls, "kind" in o.values) for o in read(sheet, **options).observations} == {
            ("software_product", True)
        }


def test_a_category_of_software_says_nothing_of_its_class(read: Read) -> None:
    sheet = "Product,Publisher,Metric,Quantity,Category\nEditor,Maker,device,5,Productivity\n"
    assert [o.cls for o in read(sheet).observations] == ["entitlement"]


def test_what_the_headers_fit_is_not_what_an_unknown_category_is(read: Read) -> None:
    sheet = "Name,Serial,Memory,Category\na,1,8 GB,Notebook\nb,2,,Ornamental Railings\nc,3,,Flag\nd,4,16 GB,\n"
    reading = read(sheet, name="assets.csv")
    assert [(o.cls, o.values["name"]) for o in reading.observations] == [("laptop", "a")]
    assert [p.value for p in reading.problems] == ["Ornamental Railings", "Flag", ""]
    assert {o.cls for o in read(sheet, name="computers.csv").observations} == {"computer"}
    unknown = sheet.replace("Notebook", "Ship").replace("Name,", "Computer,")
    assert {o.cls for o in read(unknown, name="assets.csv").observations} == {"computer"}
    assert read(sheet.replace("Notebook", "Ship"), name="assets.csv").observations == []
