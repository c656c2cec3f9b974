"""Several tables in one sheet, headers of two rows, and the rows that are no records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from cmdb.model.errors import FileProblem
from cmdb.model.schema import Schema
from importers.importer import Options
from importers.spreadsheets import SheetReading, check, map_columns, open_file, read_files
from importers.spreadsheets.columns.header_words import HeaderWords
from importers.spreadsheets.layout.sheet_tables import tables_of

Rows = Sequence[Sequence[Any]]
Files = Callable[..., Path]

LAPTOPS: Rows = [
    ["Asset tag", "Name", "Serial number", "Model"], ["T1", "l1", "S1", "M1"], ["T2", "l2", "S2", "M2"],
    ["T3", "l3", "Broken", "M2"],
]  # fmt: skip
PEOPLE: Rows = [["Name", "Email", "Department"], ["Ann Lee", "ann@x.org", "IT"], ["Bob Roe", "bob@x.org", "HR"]]


def beside(left: Rows, right: Rows, gap: int) -> Rows:
    """Two tables side by side."""
    width, height = len(left[-1]), max(len(left), len(right))
    padded = [list(row) + [""] * (width - len(row)) for row in left] + [[""] * width] * (height - len(left))
    others = [list(row) for row in right] + [[]] * (height - len(right))
    return [[*row, *[""] * gap, *other] for row, other in zip(padded, others, strict=True)]


def seen(readings: Sequence[SheetReading]) -> list[tuple[str, list[tuple[str, int, str]]]]:
    """Class → name, row and columns of its records."""
    return [
        (r.observations[0].cls, [(str(o.values["name"]), o.origin.row, o.origin.columns) for o in r.observations])
        for r in readings
    ]


@pytest.mark.parametrize(
    ("rows", "first", "second", "columns"),
    [
        ([*LAPTOPS, [], *PEOPLE], 2, 7, ("", "")),
        ([*LAPTOPS, *PEOPLE], 2, 6, ("", "")),
        ([["Laptops"], *LAPTOPS, [], ["Employees"], *PEOPLE], 3, 9, ("", "")),
        ([["Laptops"], *LAPTOPS, ["Employees"], *PEOPLE], 3, 8, ("", "")),
        (beside(LAPTOPS, PEOPLE, 1), 2, 2, ("A:D", "F:H")),
        (beside(LAPTOPS, PEOPLE, 0), 2, 2, ("A:D", "E:G")),
        (beside([["Laptops"], *LAPTOPS], [[], [], *PEOPLE], 2), 3, 4, ("A:D", "G:I")),
    ],
    ids=["gap", "no gap", "titles", "titles without gap", "beside", "beside without gap", "beside and lower"],
)
def test_two_tables_are_two(
    schema: Schema, xlsx: Files, rows: Rows, first: int, second: int, columns: tuple[str, str]
) -> None:
    path = xlsx({"Stock": rows})
    readings = read_files([path], schema, Options(cls="laptop", sheet="stock"))
    assert seen(readings) == [
        ("laptop", [(f"l{i + 1}", first + i, columns[0]) for i in range(3)]),
        ("person", [("Ann Lee", second, columns[1]), ("Bob Roe", second + 1, columns[1])]),
    ]
    assert {(o.origin.file, o.origin.sheet) for r in readings for o in r.observations} == {("book.xlsx", "Stock")}


def test_each_of_many_small_tables_has_its_class(schema: Schema, xlsx: Files) -> None:
    rows = [["Laptops"], *LAPTOPS[:2], ["Monitors"], LAPTOPS[0], ["T9", "m", "S9", "M9"], *PEOPLE[:2], [],
            ["Name", "City"], ["HQ", "Berlin"]]  # fmt: skip
    readings = read_files([xlsx({"Stock": rows})], schema)
    assert seen(readings) == [
        ("laptop", [("l1", 3, "")]), ("monitor", [("m", 6, "")]), ("person", [("Ann Lee", 8, "")]),
        ("site", [("HQ", 11, "")]),
    ]  # fmt: skip


def test_a_first_table_of_unknown_words_is_said_to_be_left_out(schema: Schema, xlsx: Files) -> None:
    coffee = [["Kaffee", "Preis", "Regal"], ["Espresso", 2.5, "R1"], ["Latte", 3.5, "R2"]]
    [reading] = read_files([xlsx({"Stock": [["Kantine"], *coffee, [], *LAPTOPS]})], schema, Options(cls="laptop"))
    assert (reading.read, reading.observations[0].origin.row) == (3, 7)
    assert [(p.row, p.severity) for p in reading.problems if p.kind == "sheet"] == [(2, "error")]


def test_names_beside_addresses_are_people(schema: Schema, xlsx: Files) -> None:
    people = [["Name", "Email"], ["Ann Lee", "ann.lee@x.org"], ["Bob Roe", "roe@x.org"]]
    rows = [["Laptops"], *LAPTOPS, [], *people]
    assert seen(read_files([xlsx({"Stock": rows})], schema))[1] == ("person", [("Ann Lee", 8, ""), ("Bob Roe", 9, "")])
    rows[-2:] = [["Sales", "info@x.org"], ["Repairs", "help@y.org"]]
    readings = read_files([xlsx({"Stock": rows})], schema)
    assert [(p.row, p.severity) for p in readings[0].problems if p.kind == "sheet"] == [(7, "error")]


def test_problems_and_rejects_name_the_true_cell(schema: Schema, xlsx: Files) -> None:
    people = [["First name", "Email", ""], ["Ann", "no address", "x"]]
    for rows, row, columns, letter in (
        ([*LAPTOPS, [], *people], 7, "", "C"),
        (beside([["Laptops"], *LAPTOPS], [[], *people], 1), 3, "F:H", "H"),
    ):
        people_read = read_files([xlsx({"Stock": rows})], schema, Options(cls="laptop"))[1]
        assert [(p.sheet, p.row, p.column, p.columns) for p in people_read.problems if p.kind == "email"] == [
            ("Stock", row, "Email", columns)
        ]
        assert f"Column {letter}" in people_read.unmapped
        origin = (people_read.rejects or [(people_read.observations[0].origin, [], [])])[0][0]
        assert (origin.row, origin.columns) == (row, columns)


@pytest.mark.parametrize(
    "rows",
    [
        [["Asset tag", "Name", "", "Location", "Notes"], ["T1", "a", "", "R1", ""], ["T2", "b", "", "", "x"]],
        [["Asset tag", "Name", "Location"], ["T1", "a", "R1"], [], ["", "Printer room", ""], [], ["T2", "b", ""]],
        [["Name", "Type", "Location"], ["a", "Laptop", "R"], [], ["Spare", "Laptop", "Cellar"], ["x", "Laptop", "R"]],
        [["Asset tag", "Model", "", "Employee", "Email"], ["T1", "M1", "", "Ann", "a@x.org"], ["T2", "M2"]],
        [["Stock list", "", ""], ["Owner", "Ann"], ["Department", "IT"], [], *LAPTOPS],
        [["Name", "Serial", "Notes", "Name", "Location"], ["a", "S1", "", "b", "R1"]],
        [["Name", "Serial", "Notes"], ["Monitor", "S1", "Server"], ["Server", "S2", ""], ["Name", "S3", "Model"]],
    ],
    ids=["blank column", "gaps", "words below a gap", "holder", "preamble", "repeated header", "words of headers"],
)
def test_one_table_is_one(schema: Schema, xlsx: Files, rows: Rows) -> None:
    [sheet] = open_file(xlsx({"Laptops": rows}), known=HeaderWords(schema).knows).sheets
    assert tables_of(sheet, HeaderWords(schema)) == [sheet]
    reading = check(sheet, map_columns(sheet, schema), schema)
    filled = sum(1 for row in sheet.body if any(row))
    assert (reading.read, reading.rejected) == (filled, 0)


def test_a_second_table_of_unknown_words_is_said_to_be_left_out(schema: Schema, xlsx: Files) -> None:
    rows = [*LAPTOPS, [], ["Kaffee", "Preis"], ["Espresso", 2.5], ["Latte", 3.5]]
    [reading] = read_files([xlsx({"Stock": rows})], schema, Options(cls="laptop"))
    assert reading.read == 3
    assert [(p.row, p.severity, p.kind) for p in reading.problems] == [(6, "error", "sheet")]


MERGED = ((0, 0, 1, 0, "Name"), (0, 1, 1, 1, "Serial number"), (0, 2, 0, 3, "Network"), (0, 4, 0, 5, "Purchase"))
RECORD = ["a", "S1", "10.0.0.1", "00:11:22:33:44:55", "2024-01-02", 5]
SUBS = ["", "", "IP", "MAC", "Date", "Cost"]


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        ([["", "", "Network", "", "Purchase"], ["Name", "Serial number", *SUBS[2:]], RECORD], ()),
        ([["Name", "Serial number", "Network", "", "Purchase"], SUBS, RECORD], ()),
        ([["Name", "Serial number", "Network", "", "Purchase"], SUBS, RECORD], MERGED),
    ],
    ids=["names below", "names above", "merged"],
)
def test_a_header_of_two_rows_is_one(
    schema: Schema, tmp_path: Path, rows: Rows, merged: Sequence[tuple[int, int, int, int, str]]
) -> None:
    path = tmp_path / "laptops.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Laptops")
        for number, row in enumerate([*rows, rows[0], rows[1], ["b", "S2"]]):
            sheet.write_row(number, 0, [cell or None for cell in row])
        for one in merged:
            sheet.merge_range(*one)
    [reading] = read_files([path], schema)
    assert reading.headers == ["Name", "Serial number", "Network IP", "Network MAC", "Purchase Date", "Purchase Cost"]
    values = reading.observations[0].values
    assert (values["ip_address"], values["purchase_date"]) == ("10.0.0.1", "2024-01-02")
    assert "mac_address" in values
    assert [(o.values["name"], o.origin.row) for o in reading.observations] == [("a", 3), ("b", 6)]


def test_tables_with_headers_of_two_rows_stand_side_by_side(schema: Schema, tmp_path: Path) -> None:
    rows = [["Laptops", "", "", "", "", "People"], ["", "Network"], ["", "", "", "", "", ""],
            ["a", "10.0.0.1", "00:11:22:33:44:55", "M", "", "Ann Lee", "ann@x.org"]]  # fmt: skip
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Stock")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, [cell or None for cell in row])
        sheet.write_row(2, 1, ["IP", "MAC"])
        sheet.merge_range(1, 1, 1, 2, "Network")
        for column, name in ((0, "Name"), (3, "Model"), (5, "Name"), (6, "Email")):
            sheet.merge_range(1, column, 2, column, name)
    laptops, people = read_files([path], schema)
    assert laptops.headers == ["Name", "Network IP", "Network MAC", "Model"]
    assert laptops.observations[0].values["ip_address"] == "10.0.0.1"
    assert seen([laptops, people]) == [("laptop", [("a", 4, "A:D")]), ("person", [("Ann Lee", 4, "F:G")])]


def test_rows_that_are_no_records_are_left_out_and_said(schema: Schema, text: Files) -> None:
    rows = [
        ("Name,Serial number,Model,Purchase cost,Location", ""),
        ("a,S1,M,10.50,R1", "a"), ("b,S2,M,20.00,R2", "b"),
        ("Subtotal,,,30.50,", "totals"), ("c,S3,M,5.00,R1", "c"),
        ("Page 1 of 3,,,,", "row.note"),
        ("name,SERIAL NUMBER,Model,Purchase cost,Location", "row.header"),
        ("-----,-----,-----,-----,-----", "row.separator"),
        ("Report server,,,,", "Report server"), ("Total Station,,,,", "Total Station"),
        ("Total Station 2,S9,,,", "Total Station 2"), ("Notebook,,,,", "Notebook"), ("Sumatra,,,7.00,", "Sumatra"),
        ("Count Dracula,S8,,,", "Count Dracula"), ("Pageserver 1,,,,", "Pageserver 1"), ("S4 only,,,,", "S4 only"),
        ("* spare,S7,,,", "* spare"),
        (",,Total,42.50,", "totals"), ("Totals:,,,42.50,", "totals"), ("Total laptops,,,12,", "totals"),
        ("* = leased,,,,", "row.note"), ("as of 3 March,,,,", "row.note"), ("Exported by Ann,,,,", "row.note"),
        ("Please return every laptop to the desk.,,,,", "row.note"),
    ]  # fmt: skip
    [reading] = read_files([text("\n".join(row for row, _ in rows), "laptops.csv")], schema)
    names = [str(o.values["name"]) for o in reading.observations]
    said = {p.row: p.code for p in reading.problems if p.kind in ("row", "totals")}
    found = [said.get(number) or names.pop(0) for number in range(2, len(rows) + 1)]
    assert found == [what for _, what in rows[1:]]
    assert (names, reading.rejected) == ([], 0)


def test_totals_of_groups_and_names_like_totals(schema: Schema, text: Files) -> None:
    rows = [
        ("Product;Publisher;Metric;Quantity", ""), ("A;Total;device;5", ""), ("Total Commander;Ghisler;device;5", ""),
        ("B;Total;device;5", ""), ("Total Recall;;;15", ""), ("Summer;Total;device;10", ""),
        ("Total device;;;40", "totals"), ("Grand total;;;40", "totals"), ("Average;;;8", "totals"),
    ]  # fmt: skip
    [reading] = read_files(
        [text("\n".join(row for row, _ in rows), "licences.csv")], schema, Options(cls="entitlement")
    )
    said = {p.row: p.code for p in reading.problems if p.kind in ("row", "totals")}
    assert said == {number: code for number, (_, code) in enumerate(rows, 1) if code}
    assert reading.read == 5


def test_totals_of_groups_as_spreadsheet_programs_make_them(schema: Schema, xlsx: Files) -> None:
    rows = [["Location", "Name", "Purchase cost"], ["Berlin", "a", 100], ["Berlin", "b", 200],
            ["Berlin Total", "", 300], ["Paris", "c", 50], ["Paris Total", "", 50],
            ["Recall Total", "d", 50], ["Grand Total", "", 400]]  # fmt: skip
    [reading] = read_files([xlsx({"Laptops": rows})], schema)
    assert [(p.row, p.code) for p in reading.problems] == [(4, "totals"), (6, "totals"), (8, "totals")]
    assert [o.values["name"] for o in reading.observations] == ["a", "b", "c", "d"]


def test_rows_that_name_a_group_and_total_it_are_no_records(schema: Schema, text: Files) -> None:
    rows = [
        ("Name;Seriennummer;Standort;Kaufpreis", ""), ("Abteilung: Vertrieb;;;", "row.group"),
        ("a;S1;Kiel;999,50", ""), ("b;S2;Kiel;999,50", ""), ("Summe Vertrieb;;;1.999,00", "totals"),
        ("Abteilung:;IT;;", "row.group"), ("c;S3;Kiel;1.500,00", ""), ("Zwischensumme: IT;;;1.500,00", "totals"),
        ("Lager 2: oben;;;", ""), ("Summe Kunst;;;3,00", ""), ("d;S4;Kiel;", ""), ("Anzahl: 4;;;", "totals"),
        ("Geräte gesamt = 4;;;", "totals"), ("Standort: Kiel;;;", ""),
    ]  # fmt: skip
    [reading] = read_files([text("\n".join(row for row, _ in rows), "laptops.csv")], schema)
    said = {p.row: p.code for p in reading.problems if p.kind in ("row", "totals")}
    assert said == {number: code for number, (_, code) in enumerate(rows, 1) if code}
    assert reading.read == 7


def test_a_table_that_is_turned_round_is_refused(schema: Schema, text: Files) -> None:
    turned = "Name;srv1;srv2\nSerial number;S1;S2\nManufacturer;Dell;HPE\nRoom no one knows;1;2\n"
    with pytest.raises(FileProblem, match=r"below each other \(Name, Serial number, Manufacturer\)"):
        read_files([text(turned, "servers.csv")], schema)
    [reading] = read_files([text("Name;Serial\nLocation;S1\nModel;S2\nd;S3\n", "servers.csv")], schema)
    assert reading.read == 3


def test_headings_over_all_columns_are_no_records(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "laptops.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Laptops")
        for number, row in enumerate([["Name", "Serial", "Model"], ["a", "S1", "M"], [], ["b"], ["c", "S3"]]):
            sheet.write_row(number, 0, row)
        sheet.merge_range(2, 0, 2, 2, "Berlin office")
        sheet.merge_range(4, 1, 4, 2, "S3")
    [reading] = read_files([path], schema)
    assert [o.values["name"] for o in reading.observations] == ["a", "b", "c"]
    assert [(p.row, p.column, p.code) for p in reading.problems] == [
        (3, "", "row.heading"), (5, "Serial", "merged.across"),
    ]  # fmt: skip
