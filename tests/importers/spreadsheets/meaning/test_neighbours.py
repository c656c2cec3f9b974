"""Columns whose meaning shows beside others, and by their values and units."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cmdb.model.observation import NamedReference
from cmdb.model.schema import Schema
from importers.spreadsheets import Mapping, SheetReading, map_columns, open_file
from tests.cmdb.reconciliation.estate import ReconciledEstate

Files = Callable[..., Path]
Read = Callable[..., SheetReading]


@pytest.fixture
def mapped(schema: Schema, text: Files) -> Callable[..., dict[str, str]]:
    def run(name: str, head: str, *rows: str) -> dict[str, str]:
        mapping: Mapping = map_columns(open_file(text("\n".join([head, *rows, ""]), name)).sheets[0], schema)
        assert mapping.problem is None
        found = {}
        for one in mapping.columns:
            use = one.name if one.role == "attribute" else f"{one.role} {one.name}".strip()
            found[one.header] = ", ".join((use, *one.transforms))
        return {"": mapping.cls, **found}

    return run


Q = "unmapped"


@pytest.mark.parametrize(
    ("name", "head", "row", "meant"),
    [
        ("sites.csv", "Name,City,State,Zip", "HQ,Austin,TX,78701", {"State": "region", "Zip": "postal_code"}),
        ("sites.csv", "Name,City,State", "HQ,Austin,Active", {"State": "status"}),
        ("sites.csv", "Name,State", "HQ,TX", {"State": "status"}),
        ("people.csv", "Name,City,State", "Ann Lee,Austin,TX", {"State": Q}),
        ("laptops.csv", "Item Name,Full Name,Email,Username", "nb,Ann Lee,a@example.org,alee", {
            "Item Name": "name", "Full Name": "assigned_to", "Email": "mention assigned_to.email",
            "Username": "mention assigned_to.user_name"}),
        ("laptops.csv", "Item Name,Name,Email", "nb,Ann Lee,a@example.org",
            {"Item Name": "name", "Name": "assigned_to"}),
        ("laptops.csv", "Name,Serial,Email", "nb,1,a@example.org", {"Name": "name"}),
        ("people.csv", "Full name,Email,Username", "Ann Lee,a@example.org,alee",
            {"Full name": "name", "Email": "email", "Username": "user_name"}),
        ("printers.csv", "Name,Serial,Email", "p-1,1,scan@example.org", {"Email": Q}),
        ("laptops.csv", "Asset,Serial", "Blue notebook,1", {"Asset": "name"}),
        ("laptops.csv", "Asset,Serial", "T-0001,1", {"Asset": "asset_tag"}),
        ("laptops.csv", "Asset,Asset tag", "nb-0001,1", {"Asset": "name", "Asset tag": "asset_tag"}),
        ("x.csv", "Computer,CPU (MHz),Model,Serial", "pc-1,2400,E7,1",
            {"": "computer", "Computer": "name", "CPU (MHz)": Q}),
        ("laptops.csv", "Name,CPU", "a,4", {"CPU": Q}),
        ("laptops.csv", "Name,CPU", "a,Core i5", {"CPU": "processor_model"}),
        ("laptops.csv", "Name,Processor model", "a,5600", {"Processor model": "processor_model"}),
        ("laptops.csv", "Name,Memory (%),Disk (GB),RAM speed", "a,40,237,3200",
            {"Memory (%)": Q, "Disk (GB)": "disk_size, unit:GB", "RAM speed": Q}),
        ("laptops.csv", "Name,ram_mb,DiskTB", "a,8,1", {"ram_mb": "memory, unit:MB", "DiskTB": "disk_size, unit:TB"}),
        ("laptops.csv", "Name,Memory,Disk in TB", "a,8,1", {"Memory": "memory", "Disk in TB": "disk_size, unit:TB"}),
        ("laptops.csv", "Name,Cost (EUR),OS (64 bit)", "a,1,b",
            {"Cost (EUR)": "purchase_cost", "OS (64 bit)": "operating_system"}),
        ("laptops.csv", "Manufacturer,Model No.", "Maker,L540", {"Model No.": "model"}),
        ("laptops.csv", "Model,Model No.", "Book,L540", {"Model": "model", "Model No.": "mention model.part_number"}),
        ("models.csv", "Name,Category,EOL,Model number", "Book,Laptop,36,L5", {
            "": "hardware_model", "Category": "category", "EOL": "useful_life", "Model number": "part_number"}),
        ("models.csv", "Name,Category,EOL", "Book,Laptop,2030-01-31", {"EOL": "end_of_life"}),
        ("rooms.csv", "Room,Floor,Building,Site", "2.14,2,B1,Berlin", {
            "": "room", "Room": "name", "Floor": "mention location.floor", "Site": "mention location.site"}),
        ("laptops.csv", "Name,Location", "a,Berlin", {"Location": "location"}),
        ("laptops.csv", "Name,Standort/Raum,Make/Model", "a,Berlin,X", {"Standort/Raum": "location", "Make/Model": Q}),
        ("laptops.csv", "Device,Serial", "Laptop 14 inch,S1", {"Device": "name"}),
        ("x.csv", "Device,N° série,Service tag 2", "Laptop,S1,x", {"": "laptop", "Device": "class",
            "N° série": "serial_number"}),
        ("x.csv", "Nº inventario,Tipo,Marca,N.º de serie", "T1,Portátil,Maker,S1", {"": "laptop", "Tipo": "class",
            "Nº inventario": "asset_tag", "Marca": "manufacturer", "N.º de serie": "serial_number"}),
        ("x.csv", "Item Name,Asset Tag,Category,Model Name,Status,Location,Building,Floor,Room",
            "a,T1,Laptop,M,Ready to Deploy,Berlin,HQ,2,201", {"Location":
            "mention location.site, backtick, entities", "Room": "mention location.room, backtick, entities"}),
        ("desktops.csv", "Name,Office", "a,Office 2019 Pro", {"Office": Q}),
        ("desktops.csv", "Name,Office", "a,M365", {"Office": Q}),
        ("desktops.csv", "Name,Office", "a,Berlin 2", {"Office": "location"}),
        ("racks.csv", "Rack,Site,Room no.", "R1,Berlin,2.14", {"": "rack", "Rack": "name",
            "Site": "mention location.site", "Room no.": "mention location.room"}),
        ("x.csv", "Department,Head,Cost center", "IT,Ann Lee,100", {"": "department", "Department": "name"}),
        ("servers.csv", "Name,Rack,U position", "a,R1,4", {"Rack": "rack", "U position": "rack_position"}),
        ("people.csv", "Title,First name,Last name", "Mr,Ann,Lee", {"Title": Q}),
        ("people.csv", "Title,First name,Last name", "Engineer,Ann,Lee", {"Title": "job_title"}),
        ("servers.csv", "Name,Cores (total)", "a,32", {"Cores (total)": Q}),
        ("people.csv", "Name,Licenses", "Ann Lee,Office+Drawing", {"Licenses": "seat licence, parts:+"}),
        ("suppliers.csv", "Name,Licenses", "Maker,5", {"Licenses": Q}),
        ("laptops.csv", "Name,User,User department", "a,Ann,IT", {"User department": "mention assigned_to.department"}),
        ("x.csv", "AssetTag,AssetType,Serial", "T1,Laptop,1", {"": "laptop", "AssetType": "class"}),
        ("Mobile phones.csv", "Name,IMEI", "a,1", {"": "phone"}),
        ("2024-laptops-final.csv", "Name,Serial", "a,1", {"": "laptop"}),
        ("software licenses.csv", "Name,Publisher", "a,1", {"": "entitlement"}),
        ("laptops.csv", "Name,Stock,Floor", "a,2,2", {"Stock": Q, "Floor": "location"}),
        ("switches.csv", "Name,Site,Location,Rack", "a,Berlin,Room 1,R1",
            {"Site": "mention location.site", "Location": "location", "Rack": "rack"}),
    ],
)  # fmt: skip
def test_what_columns_mean(
    mapped: Callable[..., dict[str, str]], name: str, head: str, row: str, meant: dict[str, str]
) -> None:
    found = mapped(name, head, row)
    assert {header: found[header] for header in meant} == meant


def test_a_word_for_things_that_says_the_same_of_many_is_their_model(mapped: Callable[..., dict[str, str]]) -> None:
    rows = ("T1,T14 Gen2,S1", "T2,T14 Gen2,S2", "T3,X1,S3")
    found = mapped("laptops.csv", "Inventarnummer,Bezeichnung,SN", *rows)
    assert found["Bezeichnung"] == "model"
    assert (
        mapped("laptops.csv", "Inventarnummer,Bezeichnung,SN", "T1,a,S1", "T2,b,S2", "T3,c,S3")["Bezeichnung"] == "name"
    )


def test_the_larger_place_of_two_columns_shows_in_their_rows(mapped: Callable[..., dict[str, str]]) -> None:
    found = mapped("laptops.csv", "Name,Location,Site", "a,Berlin,North", "b,Berlin,South", "c,Paris,Centre")
    assert (found["Location"], found["Site"]) == ("mention location.site", "location")


@pytest.mark.parametrize(
    ("head", "values", "meant", "dates"),
    [
        ("Warranty", ["36", "12"], "warranty_until, months:purchase_date", ["2027-02-28", "2025-02-28"]),
        ("Warranty (years)", ["3", "1.5"], "warranty_until, years:purchase_date", ["2027-02-28", "2025-08-29"]),
        ("Warranty Months", ["3", "1"], "warranty_until, months:purchase_date", ["2024-05-29", "2024-03-29"]),
        ("Warranty", ["2 years", "36 Monate"], "warranty_until, months:purchase_date", ["2026-02-28", "2027-02-28"]),
        ("Warranty", ["24", "2027-01-31"], "warranty_until, months:purchase_date", ["2026-02-28", "2027-01-31"]),
        ("Warranty", ["2026-01-31", "2027-01-31"], "warranty_until", ["2026-01-31", "2027-01-31"]),
        ("Warranty", ["3", "5"], "unmapped", [None, None]),
    ],
)
def test_months_of_warranty_count_from_the_purchase(
    mapped: Callable[..., dict[str, str]], read: Read, head: str, values: list[str], meant: str, dates: list[str | None]
) -> None:
    rows = [f"nb-{n},{value},2024-02-29" for n, value in enumerate(values)]
    assert mapped("laptops.csv", f"Name,{head},Purchase date", *rows)[head] == meant
    reading = read("\n".join([f"Name,{head},Purchase date", *rows, ""]), name="laptops.csv")
    assert [o.values.get("warranty_until") for o in reading.observations] == dates


def test_months_without_a_purchase_date_are_left_out_and_listed(read: Read) -> None:
    reading = read("Name,Warranty,Purchase date\na,36,2024-02-29\nb,36,\n", name="laptops.csv")
    assert [o.values.get("warranty_until") for o in reading.observations] == ["2027-02-28", None]
    assert [(p.row, p.column, p.code, p.severity) for p in reading.problems] == [
        (3, "Warranty", "duration.no-start", "left-out")
    ]


def test_a_row_says_a_thing_its_holder_and_its_model(read: Read) -> None:
    reading = read(
        "Item Name,First Name,Last Name,Employee number,Model,Model Number\n"
        "nb-1,Ann,Lee,12,Book,L5\nnb-2,,,,Book,\n", name="laptops.csv",
    )  # fmt: skip
    one, other = (o.values for o in reading.observations)
    assert one["assigned_to"] == NamedReference(
        "person", "Ann Lee", (("employee_number", "12"), ("first_name", "Ann"), ("last_name", "Lee"))
    )
    assert one["model"] == NamedReference("hardware_model", "Book", (("part_number", "L5"),))
    assert (other.get("assigned_to"), other["model"]) == (None, NamedReference("hardware_model", "Book"))


class TestPlaces:
    SHEET = (
        "Name,Site,Building,Floor,Room\na,Berlin,B1,2,2.14\nb,Berlin,B1,2,2.15\nc,Paris,,2,2.14\nd,Paris,,,Lab\n"
        "e,,,,\nf,Berlin,B2,2,2.14\n"
    )

    def test_the_levels_are_one_path(self, schema: Schema, read: Read) -> None:
        estate = ReconciledEstate(schema)
        estate.take(read("Name,Code\nBerlin,BER\n", name="sites.csv"))
        proposal = estate.take(read(self.SHEET, name="laptops.csv"))
        assert proposal.problems == []
        assert sorted(c for c, _ in proposal.created_references) == [
            "building", "building", "floor", "floor", "floor", "room", "room", "room", "room", "room", "site",
        ]  # fmt: skip

        def path(uid: str | None) -> str:
            values = estate.values.get(uid or "", {})
            return f"{path(values['location'])}/{values['name']}" if "location" in values else values.get("name", "")

        assert {name: path(estate.get(name).get("location")) for name in "abcdef"} == {
            "a": "Berlin/B1/2/2.14", "b": "Berlin/B1/2/2.15", "c": "Paris/2/2.14", "d": "Paris/Lab", "e": "",
            "f": "Berlin/B2/2/2.14",
        }  # fmt: skip
        again = estate.propose(read(self.SHEET, name="laptops.csv"))
        assert (again.created, again.updated, again.unchanged) == (0, 0, 6)

    def test_a_known_place_of_another_class_is_meant_too(self, schema: Schema, read: Read) -> None:
        estate = ReconciledEstate(schema)
        estate.take(read("Name,Location\nBerlin,\nB1,Berlin\n", name="buildings.csv"))
        proposal = estate.propose(read("Name,Site,Room\na,Berlin,B1\n", name="laptops.csv"))
        assert (proposal.created, proposal.created_references) == (1, [])
        new = estate.propose(read("Name,Building,Room\nb,B9,101\n", name="laptops.csv"))
        assert sorted(new.created_references) == [("building", "B9"), ("room", "101")]


@pytest.mark.parametrize(
    ("header", "cells", "currencies"),
    [
        ("Cost (EUR)", ("500", "$ 3", ""), ["EUR", None, None]),
        ("Cost (USD)", ("$500", "$ 3", "€ 4"), ["USD", "USD", "EUR"]),
        ("Price in CHF", ("500", "", "4"), ["CHF", None, "CHF"]),
        ("Purchase cost", ("500", "EUR 3", ""), [None, "EUR", None]),
        ("Price ($)", ("500", "1", "2"), [None, None, None]),
        ("Cost (net)", ("500", "1", "2"), [None, None, None]),
    ],
)
def test_the_currency_in_a_header_is_that_of_its_amounts(
    read: Read, header: str, cells: tuple[str, ...], currencies: list[str | None]
) -> None:
    rows = "".join(f"nb-{n},{cell}\n" for n, cell in enumerate(cells))
    reading = read(f"Name,{header}\n{rows}", name="laptops.csv")
    assert [o.values.get("currency") for o in reading.observations] == currencies
