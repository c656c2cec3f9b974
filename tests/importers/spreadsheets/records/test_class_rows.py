"""Rows of a class's sheet that are none of its records."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cmdb.model.schema import Schema
from importers.spreadsheets import SheetReading, check, map_columns, open_file

Read = Callable[..., SheetReading]


def test_people_who_are_not_there_yet_are_no_rows(read: Read) -> None:
    reading = read(
        "Name,Email,Location\nN.N.,,HH\nNeueinstellung,,\nTBD,new@example.org,HH\nDr. Ann Lee,,HH\n", "person"
    )
    assert [one.values["name"] for one in reading.observations] == ["new@example.org", "Ann Lee"]
    assert [(p.row, p.code, p.severity) for p in reading.problems if p.kind == "row"] == [
        (2, "row.nobody", "warning"),
        (3, "row.nobody", "warning"),
    ]


def test_what_a_row_says_of_a_group_is_used_where_that_is_safe(read: Read) -> None:
    head = "Name;Seriennummer;Standort;Kaufpreis\n"
    rows = "Abteilung: Vertrieb;;;\na;S1;Kiel;9\nb;S2;Kiel;9\nAbteilung: IT;;;\nc;S3;Kiel;8\n"
    reading = read(head + rows, name="laptops.csv")
    assert [one.values["department"].name for one in reading.observations] == ["Vertrieb", "Vertrieb", "IT"]
    assert all("read as their Department" in str(p.message) for p in reading.problems)
    unsafe = read(head + "x;S0;Kiel;9\n" + rows, name="laptops.csv")
    assert [p.code for p in unsafe.problems] == ["row.group"] * 2
    assert not any("department" in one.values for one in unsafe.observations)


def test_a_column_of_which_only_the_first_row_of_a_group_has_a_value_is_said(read: Read) -> None:
    rows = "Site,Name,Serial number,User\nBerlin,C1,S1,Ann Lee\n,C2,S2,Bo Ek\n,C3,S3,\nParis,C4,S4,\n,C5,S5,\n"
    reading = read(rows, name="laptops.csv")
    assert [(p.column, p.code, p.severity) for p in reading.problems] == [("Site", "column.of-groups", "warning")]
    scattered = "Site,Name\nBerlin,C1\n,C2\nBerlin,C3\n,C4\n,C5\n"
    assert read(scattered, name="laptops.csv").problems == []


def test_blank_cells_of_a_column_say_what_the_cell_above_says_where_that_is_chosen(
    schema: Schema, text: Callable[..., Path]
) -> None:
    sheet = open_file(text("Site,Name\nBerlin,C1\n,C2\n\nParis,C3\n,C4\n", "laptops.csv")).sheets[0]
    mapping = map_columns(sheet, schema).use(0, transforms=("fill_down",))
    reading = check(sheet, mapping, schema)
    assert [one.values["location"].name for one in reading.observations] == ["Berlin", "Berlin", "Paris", "Paris"]
    assert check(sheet, mapping.use(0, transforms=()), schema).observations[1].values.get("location") is None


def test_names_that_no_column_is_known_for_are_said(read: Read) -> None:
    reading = read("Asset tag,Zeichen,Serial number\nT1,Blue one,S1\nT2,Red one,S2\n", "laptop")
    assert [(p.column, p.code) for p in reading.problems] == [("", "name.stands-in")]
    assert read("Asset tag,Zeichen,Serial number\nT1,x,S1\nT2,x,S2\nT3,x,S3\n", "laptop").problems == []


def test_words_for_the_cell_above_are_no_values(read: Read) -> None:
    reading = read("Name,Building,Room,Cost centre\na,B1,201,4711\nb,dito,Dito,ditto\n", "laptop")
    assert {(p.column, p.kind, p.severity) for p in reading.problems} == {
        (column, "ditto", "left-out") for column in ("Building", "Room", "Cost centre")
    }
    assert set(reading.observations[1].values) == {"name"}


def test_what_stands_above_the_header_is_said_of_all_rows(read: Read) -> None:
    rows = "Asset tag,Type,Serial,User\nT1,Laptop,S1,Ann Lee\nT2,Monitor,S2,\n"
    reading = read(f"Site: Berlin,,,\n{rows}Site: Paris,,,\nT3,Laptop,S3,\n", name="assets.csv")
    assert [one.values["location"].name for one in reading.observations] == ["Berlin", "Berlin", "Paris"]
    assert [(p.row, p.code) for p in reading.problems] == [(1, "row.group"), (5, "row.group")]
    alone = read(f"Department: Sales,,,\n{rows}", name="assets.csv")
    assert [one.values["department"].name for one in alone.observations] == ["Sales"] * 2
    by_whom = read(f"Responsible: Ann Lee,,,\n{rows.replace('User', 'Room')}", name="assets.csv")
    assert not any("assigned_to" in one.values for one in by_whom.observations)


def test_rows_of_places_and_teams_in_a_list_of_people_are_no_people(read: Read) -> None:
    rows = "Ann Lee,IT,\nEmpfang,,\nIT Support,IT,\nRoom 201,,room201@example.org\n"
    reading = read(f"Name,Department,Email\n{rows}", "person")
    assert [one.values["name"] for one in reading.observations] == ["Ann Lee", "Room 201"]
    assert [(p.row, p.code) for p in reading.problems] == [
        (3, "row.nobody"), (4, "row.nobody"), (5, "row.perhaps-nobody"),
    ]  # fmt: skip
