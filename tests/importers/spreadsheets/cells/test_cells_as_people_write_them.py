"""Cells as people in several countries write them: addresses, months, sizes, counts, words for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from cmdb.model.schema import Schema
from importers.spreadsheets import SheetReading, read_files

Read = Callable[..., SheetReading]


@pytest.mark.parametrize(
    ("header", "cell", "kept", "told"),
    [
        ("IP", "dhcp", None, ("junk", "warning")),
        ("IP", "DHCP (reserved)", None, ("junk", "warning")),
        ("IP", "0.0.0.0", None, ("junk", "warning")),
        ("IP", "n/a", None, None),
        ("IP", "10.0.0.300", None, ("text", "left-out")),
        ("IP", "10.0.0.2 / 10.0.1.2", "10.0.0.2", ("several", "warning")),
        ("IP", "10.0.0.2 (mgmt)", "10.0.0.2", ("text", "warning")),
        ("IP", "10.0.0.2/24", "10.0.0.2", None),
        ("IP", "FE80:0::1", "fe80::1", None),
        ("IMEI", "35 693803 564380 9", "356938035643809", None),
        ("IMEI", "356938035643809, 356938035643817", "356938035643809", ("several", "warning")),
        ("IMEI", "000000000000000", None, ("junk", "warning")),
        ("IMEI", "unknown", None, None),
    ],
)
def test_addresses_and_numbers_are_kept_in_one_form(
    read: Read, header: str, cell: str, kept: str | None, told: tuple[str, str] | None
) -> None:
    reading = read(f'Name;{header}\na;"{cell}"\n', name="phones.csv")
    [one] = reading.observations
    assert one.values.get("ip_address" if header == "IP" else "imei") == kept
    assert [(p.kind, p.severity) for p in reading.problems] == ([told] if told else [])


def test_of_several_addresses_of_a_person_the_first_is_taken(read: Read) -> None:
    reading = read(
        'Name;Email\nAnn;"ann@x.org; a.lee@x.org"\nBob;Bob Roe <Bob@x.org>\nCem;cem@x,de\n', name="people.csv"
    )
    assert [one.values["email"] for one in reading.observations] == ["ann@x.org", "bob@x.org"]
    assert [(p.row, p.kind, p.severity) for p in reading.problems] == [
        (2, "several", "warning"), (3, "text", "warning"), (4, "email", "error"),
    ]  # fmt: skip


def test_networks_have_the_length_of_their_prefix(read: Read) -> None:
    cells = ("10.0.0.0/24", "10.1.0.0 255.255.0.0", "10.2.0.9/16", "10.3.0.0", "LAN")
    reading = read("Name,Prefix\n" + "".join(f"n{at},{cell}\n" for at, cell in enumerate(cells)), name="subnets.csv")
    kept = [one.values.get("prefix") for one in reading.observations]
    assert kept == ["10.0.0.0/24", "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0"]
    assert [(p.row, p.code or p.kind) for p in reading.problems] == [
        (4, "form.read"), (5, "form.no-length"), (6, "text"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("Apr-26", "2026-04-01", "2026-04-30"),
        ("04/2026", "2026-04-01", "2026-04-30"),
        ("2026-04", "2026-04-01", "2026-04-30"),
        ("04/26", "2026-04-01", "2026-04-30"),
        ("4.2026", "2026-04-01", "2026-04-30"),
        ("April 2026", "2026-04-01", "2026-04-30"),
        ("Ende April 2026", "2026-04-30", "2026-04-30"),
        ("end of 2026", "2026-12-31", "2026-12-31"),
        ("abril de 2026", "2026-04-01", "2026-04-30"),
        ("KW 14/2026", "2026-03-30", "2026-04-05"),
        ("2026-W14", "2026-03-30", "2026-04-05"),
        ("févr. 2028", "2028-02-01", "2028-02-29"),
        ("januari 2026", "2026-01-01", "2026-01-31"),
        ("Q2 2026", "2026-04-01", "2026-06-30"),
        ("2026-Q2", "2026-04-01", "2026-06-30"),
        ("2. Quartal 2026", "2026-04-01", "2026-06-30"),
        ("2. Halbjahr 26", "2026-07-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_month_is_its_first_day_for_a_start_and_its_last_for_an_end(
    read: Read, monkeypatch: pytest.MonkeyPatch, cell: str, first: str, last: str
) -> None:
    monkeypatch.setenv("TERRIER_NOW", "2026-11-30T12:00:00Z")
    [one], problems = (r := read(f"Name;Start;End\na;{cell};{cell}\n", cls="contract")).observations, r.problems
    assert (one.values["start"], one.values["end"]) == (first, last)
    assert [(p.severity, p.kind, p.code) for p in problems] == [("warning", "date-without-day", "date.no-day")] * 2


def test_what_has_no_day_of_any_kind_is_no_date(read: Read) -> None:
    cells = ("13/2026", "FY2026", "KW 54/2026", "Q5 2026", "26-Apr", "soon", "limited")
    reading = read("Name;End\n" + "".join(f"c{at};{cell}\n" for at, cell in enumerate(cells)), cls="contract")
    assert ["end" in one.values for one in reading.observations] == [False] * 7
    assert {p.severity for p in reading.problems} == {"left-out"}


def test_what_says_that_there_is_no_end_is_none(read: Read) -> None:
    cells = ("31.12.9999", "31/12/2999", "unbefristet", "Perpetual", "permanent", "no end", "illimité", "12/31/9999")
    rows = "".join(f"c{at};{cell}\n" for at, cell in enumerate(cells))
    reading = read("Name;End\n" + rows, cls="contract")
    assert ["end" in one.values for one in reading.observations] == [False] * 8
    assert {(p.severity, p.code) for p in reading.problems} == {("warning", "date.no-end")}
    assert read("Name;Ende\nAnn Lee;31.12.9999\n", name="people.csv").observations[0].values == {"name": "Ann Lee"}
    [start] = read("Name;Start\nc;unbefristet\n", cls="contract").problems
    assert start.severity == "left-out"


def test_a_quantity_without_a_limit_is_a_site_licence(read: Read) -> None:
    rows = "Tool;Site;Unlimited\nTool;device;unbegrenzt\nTool;Site;-1\nTool;user;5\n"
    reading = read("Product;Metric;Quantity\n" + rows, cls="entitlement")
    assert [one.values["quantity"] for one in reading.observations] == [1, 1, 5]
    assert [(p.row, p.severity, p.code) for p in reading.problems] == [
        (2, "warning", "quantity.site"), (3, "error", "quantity.unlimited"), (4, "warning", "quantity.site"),
    ]  # fmt: skip
    assert "metric Site" in str(reading.problems[1].message)


def test_a_licence_without_a_limit_of_a_tool_that_knows_no_metrics_is_a_site_licence(read: Read) -> None:
    rows = "Office;Office;Unlimited;2027-01-01\nVisio;Visio;5;2027-01-01\n"
    reading = read("Name;Software;Number;Expiration\n" + rows, name="glpi.csv")
    kept = [(one.values["metric"], one.values["quantity"]) for one in reading.observations]
    assert kept == [("site", 1), ("device", 5)]
    assert [(p.severity, p.code) for p in reading.problems] == [("warning", "quantity.site")]


def test_an_apostrophe_that_keeps_zeros_is_none_of_the_value(read: Read) -> None:
    reading = read("Name,Tag,Cost center\na,'0042,'4711\nb,0043,''12\nc,O'Neil,'t Hooft\n", name="laptops.csv")
    tags = [(one.values["asset_tag"], one.values["cost_centre"]) for one in reading.observations]
    assert tags == [("0042", "4711"), ("0043", "'12"), ("O'Neil", "'t Hooft")]


@pytest.mark.parametrize(
    ("header", "cells", "attribute", "kept"),
    [
        ("HE", ("38", "36", "40-41"), "rack_position", [38, 36, 40]),
        ("U", ("U38", "2", "12", "30", "7"), "rack_position", [38, 2, 12, 30, 7]),
        ("HE", ("1", "2", "1", "4", "10"), "rack_units", [1, 2, 1, 4, 10]),
        ("Position", ("40 - 41", "HE 3"), "rack_position", [40, 3]),
    ],
)
def test_units_beside_a_rack_are_positions_where_no_device_is_so_high(
    read: Read, header: str, cells: tuple[str, ...], attribute: str, kept: list[int]
) -> None:
    rows = "".join(f"s{at};R1;{cell}\n" for at, cell in enumerate(cells))
    reading = read(f"Name;Rack;{header}\n{rows}", name="switches.csv")
    assert [one.values.get(attribute) for one in reading.observations] == kept
    assert {p.code for p in reading.problems} <= {"rack.range"}


def test_a_column_none_of_whose_values_can_be_meant_is_not_used(read: Read) -> None:
    reading = read("Name,Colour,Purchase date\np1,grey,soon\np2,black,later\n", name="printers.csv")
    assert [one.values for one in reading.observations] == [{"name": "p1"}, {"name": "p2"}]
    assert reading.unmapped == ["Colour", "Purchase date"]
    assert [(p.column, p.severity, p.code) for p in reading.problems] == [
        ("Colour", "warning", "header.unused"), ("Purchase date", "warning", "header.unused"),
    ]  # fmt: skip
    mixed = read("Name,Colour\np1,grey\np2,yes\n", name="printers.csv")
    assert [(p.column, p.severity) for p in mixed.problems] == [("Colour", "left-out")]


def test_words_for_nothing_are_no_text(read: Read) -> None:
    words = ("n/a", "-", "unbekannt", "?", "NA")
    rows = "".join(f"pc-{at};{word};{word}\n" for at, word in enumerate(words))
    reading = read("Name;Operating system;Notes\n" + rows, name="laptops.csv")
    kept = [one.values.get("operating_system") for one in reading.observations]
    assert (kept, reading.problems) == ([None] * 4 + ["NA"], []), "a word that is one stays"
    assert [one.values["notes"] for one in reading.observations] == list(words)


def test_counts_with_the_word_for_what_is_counted_and_sizes_that_are_too_small(read: Read) -> None:
    reading = read("Product;Metric;Quantity\na;device;10 Stück\nb;user;1.200 users\nc;user;2x2\n", cls="entitlement")
    assert [one.values["quantity"] for one in reading.observations] == [10, 1200]
    assert [p.severity for p in reading.problems] == ["error"]
    reading = read("Name;Memory;Disk size\na;16384;512\nb;32;1\nc;16 GB;256\n", name="laptops.csv")
    sizes = [(one.values["memory"], one.values["disk_size"]) for one in reading.observations]
    assert sizes == [(16384, 512), (32768, 1024), (16384, 256)]
    assert [(p.row, p.column, p.code) for p in reading.problems] == [
        (3, "Memory", "unit.cell"), (3, "Disk size", "unit.cell"),
    ]  # fmt: skip


def test_marks_and_words_for_yes_and_no(read: Read) -> None:
    words = ("✓", "enabled", "J", "aktiviert", "☐", "disabled", "n", "✗")
    rows = "".join(f"pc-{at};{word}\n" for at, word in enumerate(words))
    reading = read("Name;Disk encrypted\n" + rows, name="laptops.csv")
    assert [one.values["disk_encrypted"] for one in reading.observations] == [True] * 4 + [False] * 4
    printers = read("Name;Farbe\na;s/w\nb;farbig\nc;Mono\n", name="printers.csv")
    assert [one.values["colour"] for one in printers.observations] == [False, True, False]


def test_a_cell_that_shows_a_month_is_read_as_one(schema: Schema, tmp_path: Path) -> None:
    path = tmp_path / "laptops.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Laptops")
        sheet.write_row(0, 0, ["Name", "Purchase date", "Warranty until", "Asset tag"])
        month, year = book.add_format({"num_format": "mmm-yy"}), book.add_format({"num_format": 'yyyy"."'})
        cells = [
            [(4, 1, month), (4, 1, month)], [(4, 7, month), (1, 1, year)], [(4, 1, year), (1, 1, month), (4, 1, month)]
        ]  # fmt: skip
        for row, days in enumerate(cells, 1):
            sheet.write(row, 0, f"pc-{row}")
            for column, (number, day, shown) in enumerate(days, 1):
                sheet.write_datetime(row, column, date(2026, number, day), shown)
    [reading] = read_files([path], schema)
    kept = [(one.values.get("purchase_date"), one.values.get("warranty_until")) for one in reading.observations]
    assert kept == [("2026-04-01", "2026-04-30"), ("2026-04-07", "2026-12-31")]
    assert [(p.row, p.column, p.kind) for p in reading.problems if p.row < 4] == [
        (2, "Purchase date", "date-without-day"), (2, "Warranty until", "date-without-day"),
        (3, "Warranty until", "date-without-day"),
    ]  # fmt: skip
    assert [p.column for p in reading.problems if p.severity == "error"] == ["Asset tag"], "a tag that became a date"


def test_numbers_in_columns_of_addresses_are_addresses_or_refused(schema: Schema, xlsx: Callable[..., Path]) -> None:
    rows = [["Name", "IP", "MAC"], ["a", 192168178201, 112233445566], ["b", "10.0.0.1", 1122334455]]
    [reading] = read_files([xlsx({"Laptops": rows})], schema)
    assert [one.values for one in reading.observations] == [{"name": "a", "mac_address": "11:22:33:44:55:66"}]
    assert [(p.column, p.severity) for p in reading.problems] == [("IP", "left-out"), ("MAC", "error")]


def test_a_number_behind_its_own_name_is_that_number(read: Read) -> None:
    rows = "a,SN:ABC-1,Tag: 0042\nb,S/N ABC-2,TAG-7\nc,SNX-3,Inv.-Nr.: 9\n"
    reading = read("Name,Serial,Asset tag\n" + rows, name="laptops.csv")
    kept = [(one.values["serial_number"], one.values["asset_tag"]) for one in reading.observations]
    assert kept == [("ABC-1", "0042"), ("ABC-2", "TAG-7"), ("SNX-3", "9")]
    assert sorted((p.row, p.code) for p in reading.problems) == [(row, "text.named") for row in (2, 2, 3, 4)]


def test_more_ways_to_write_dates_sizes_and_answers(read: Read) -> None:
    days = ("1er avril 2023", "1st April 2023", "1 de abril de 2023", "April 1st, 2023", "Apr  1 23:59:59 2023 GMT")
    rows = "".join(f"a{at};{day};8 + 8 GB;Yes (BitLocker)\n" for at, day in enumerate(days))
    reading = read("Name;Purchase date;Memory;Disk encrypted\n" + rows, name="laptops.csv")
    assert reading.problems == []
    kept = {(o.values["purchase_date"], o.values["memory"], o.values["disk_encrypted"]) for o in reading.observations}
    assert kept == {("2023-04-01", 16384, True)}


def test_numbers_that_a_program_made_decimals_are_the_numbers(read: Read) -> None:
    reading = read("Name,Asset tag,Serial\na,17.0,S1\nb,18.0,1.0\nc,,2\n", name="laptops.csv")
    assert [one.values.get("asset_tag") for one in reading.observations] == ["17", "18", None]
    assert [one.values["serial_number"] for one in reading.observations] == ["S1", "1.0", "2"], "not all of them are"
    assert [(p.row, p.column, p.code) for p in reading.problems] == [(1, "Asset tag", "text.decimals")]


@pytest.mark.parametrize(
    ("cell", "memory"),
    [("2x8", 16384), ("2x8GB", 16384), ("8GBx2", 16384), ("DDR4 16GB", 16384), ("16 GB (2x8)", 16384), ("16", 16384)],
)
def test_sizes_as_people_write_them(read: Read, cell: str, memory: int) -> None:
    assert read(f"Name;Memory\na;{cell}\nb;32768\n", name="laptops.csv").observations[0].values["memory"] == memory


def test_plain_numbers_are_in_the_unit_that_the_others_say(read: Read) -> None:
    reading = read("Name;Memory\na;64 GB\nb;256\nc;1024\n", name="servers.csv")
    assert [one.values["memory"] for one in reading.observations] == [65536, 262144, 1048576]
    assert [(p.row, p.kind) for p in reading.problems] == [(1, "unit")]


def test_the_name_of_assets_of_several_classes_is_their_name(read: Read) -> None:
    reading = read("Asset Name,Type,Serial\nLT 1,Laptop,S1\nHP 4,Printer,S2\n", name="inventory.csv")
    assert [one.values["name"] for one in reading.observations] == ["LT 1", "HP 4"]
    assert reading.problems == []


def test_clocks_of_several_languages(read: Read) -> None:
    times = ("30.11.2026 07:00 Uhr", "30.11.2026 à 7h00", "30 Nov 2026, 7:00 AM", "2026-11-30 07:00:00.123")
    reading = read("Name;Last seen\n" + "".join(f"a{at};{one}\n" for at, one in enumerate(times)), name="laptops.csv")
    assert {one.values["last_seen"][:16] for one in reading.observations} == {"2026-11-30T07:00"}
    assert reading.problems == []


def test_numbers_among_words_and_in_thousands_are_read_and_said(read: Read) -> None:
    cells = ("1.299,00 € netto", "ca. 1200", "12,5k", "1,5 Mio €", "1200 (brutto)", "12,50 €/Monat", "500+")
    rows = "".join(f"a{at};{cell}\n" for at, cell in enumerate(cells))
    reading = read("Name;Purchase cost\n" + rows, name="laptops.csv")
    kept = [one.values.get("purchase_cost") for one in reading.observations]
    assert kept == [Decimal("1299"), 1200, 12500, 1_500_000, 1200, None, None]
    assert [p.code for p in reading.problems] == ["number.words"] * 5 + ["money"] * 2
    assert read("Product;Metric;Quantity\na;user;ca. 10\n", cls="entitlement").rejected == 1, "it has to be exact"


def test_marks_around_a_whole_cell_are_no_part_of_it(read: Read) -> None:
    rows = '„LT 1“;“S1”;"Dell,";5420.0\nLT 2;S"2;Dell;;5430.0\nMüller\'s;S3;"""Dell""";\n'
    reading = read("Name;Serial;Manufacturer;Model\n" + rows.replace("Dell;;", '"Dell;";'), name="laptops.csv")
    kept = [(o.values["name"], o.values["serial_number"], o.values["manufacturer"].name) for o in reading.observations]
    assert kept == [("LT 1", "S1", "Dell"), ("LT 2", 'S"2', "Dell"), ("Müller's", "S3", "Dell")]
    assert [o.values["model"].name for o in reading.observations[:2]] == ["5420", "5430"]
    assert {p.code for p in reading.problems} == {"text.quoted", "text.decimals"}


def test_cells_in_single_marks_below_names_without(read: Read) -> None:
    reading = read("Name,Model,Memory\n'LT 1','T14, Gen 3',16384\n'LT 2','T14, Gen 3',8192\n", name="laptops.csv")
    kept = [(o.values["name"], o.values["model"].name, o.values["memory"]) for o in reading.observations]
    assert kept == [("LT 1", "T14, Gen 3", 16384), ("LT 2", "T14, Gen 3", 8192)]


def test_of_several_hosts_the_first_is_taken(read: Read) -> None:
    reading = read(
        'Name;Host name\na;"web1, web1.x.org"\nb;Ann\'s MacBook\nc;unknown\nd;NB-4\ne;\n', name="servers.csv"
    )
    kept = [one.values.get("host_name") for one in reading.observations]
    assert kept == ["web1", "Ann's MacBook", None, "NB-4", None]
    assert [(p.row, p.kind, p.severity) for p in reading.problems] == [(2, "several", "warning")]
