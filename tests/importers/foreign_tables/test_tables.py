"""What becomes of the tables of other tools: a small one of each, and what must come out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.observation import NamedReference
from cmdb.model.schema import Schema
from importers.foreign_tables import ForeignTable, recognise, tools
from importers.spreadsheets import SheetReading

Read = Callable[..., SheetReading]
TABLES = [table for tool in tools() for table in tool.tables]


@dataclass
class Case:
    """A table, and what is expected of it. ``rows``: class and values of each row, "Class:name" for references."""

    key: str
    text: str
    rows: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    """Attributes that no row may have."""
    unmapped: tuple[str, ...] = ()
    """Some of the headers that are listed as not used."""
    seats: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    software: list[tuple[str, str, str]] = field(default_factory=list)
    problems: tuple[str, ...] = ()
    """The kinds of the problems, in order."""


def told(value: Any) -> Any:
    if not isinstance(value, NamedReference):
        return value
    details = "".join(f" {name}={told(detail)}" for name, detail in value.values)
    return f"{value.cls}:{value.name}{details}"


IDA = "person:Ida Holm email=ida@acme.example user_name=iholm"

CASES = [
    Case(
        "Snipe-IT/custom asset report",
        "ID,Company,Asset Name,Asset Tag,Model,Model No.,Category,Manufacturer,Serial,Purchased,Cost,Location,"
        "Address,State,Default Location,Checked Out,Type,Username,Employee No.,Department,Status,Warranty,"
        "Warranty Expires,Checkout Date,Notes\n"
        "7,Acme,NB-1,T1,T14,20W0,Laptops,Lenovo,S1,2024-01-05,\"1,200.00\",Bern,Main St 1,BE,Depot,Ida Holm,user,"
        "iholm,E7,Sales,Ready to Deploy (Deployed),36,2027-01-05,2024-02-01 09:00:00,`=new\n"
        "8,Acme,PRN-1,T2,M400,,Printers,HP,S2,,,Bern,,,Depot,Bern,location,,,,Ready to Deploy (Deployed),,,,Q&amp;A\n"
        "9,Acme,MON-1,T3,U2720,,Monitors,Dell,S3,,,Bern,,,Depot,NB-1 (T1),asset,,,,In the lab (Pending),,,,\n"
        "10,Acme,NB-2,T4,T14,,Laptops,Lenovo,S4,,,,,,Depot,,,,,,Ready to Deploy (Deployable),,,,\n"
        "11,Acme,NB-3,T5,T14,,Laptops,Lenovo,S5,,,,,,Depot,,,,,,Broken - Not Fixable (Undeployable),,,,\n",
        [
            ("laptop", {
                "name": "NB-1", "asset_tag": "T1", "status": "Deployed", "home_place": "place:Depot",
                "location": "place:Bern", "warranty_until": "2027-01-05", "assigned_on": "2024-02-01", "notes": "=new",
                "assigned_to": "person:Ida Holm department=department:Sales employee_number=E7 user_name=iholm",
                "model": "hardware_model:T14 part_number=20W0", "legal_owner": "company:Acme",
            }),
            ("printer", {"assigned_to": "place:Bern", "status": "Deployed", "notes": "Q&A"}),
            ("monitor", {"assigned_to": "hardware:T1", "status": "In repair"}),
            ("laptop", {"status": "In stock", "home_place": "place:Depot"}),
            ("laptop", {"status": "Retired"}),
        ],
        unmapped=("Address", "State", "Warranty"),
    ),
    Case(
        "Snipe-IT/assets for its import",
        "Company,Name,Asset Tag,Category,Manufacturer,Location,Model,Model Notes,Model Number,Asset Notes,"
        "Purchase Date,Purchase Cost,Checkout Type,Checked Out To: Username,Checked Out To: First Name,"
        "Checked Out To: Last Name,Checked Out To: Email,Checked Out To: Location\n"
        "Acme,NB-1,A1,Laptops and Notebooks,Lenovo,Bern,T14,,20W0,hot,2024-01-05,900,User,iholm,Ida,Holm,"
        "ida@acme.example,\n"
        "Acme,SW-1,A2,Core switches,Cisco,Bern,C9300,,,,2024-01-05,900,Location,,,,,Cellar\n",
        [
            ("laptop", {
                "notes": "hot",
                "assigned_to": "person:Ida Holm email=ida@acme.example first_name=Ida last_name=Holm user_name=iholm",
            }),
            ("switch", {"assigned_to": "place:Cellar"}),
        ],
        unmapped=("Model Notes",),
    ),
    Case(
        "Snipe-IT/assets for its import, by person",
        "Full Name,Email,Username,item Name,Category,Model name,Manufacturer,Model Number,Serial Number,Asset Tag,"
        "Location,Notes,Purchase Date,Purchase Cost,Company,Status,Supplier\n"
        "Ida Holm,ida@acme.example,iholm,NB-1,Laptops,T14,Lenovo,20W0,S1,A1,Bern,,2024-01-05,900,Acme,"
        "Ready to Deploy,Bits\n"
        ",,,NB-2,Laptops,T14,Lenovo,20W0,S2,A2,Bern,,2024-01-05,900,Acme,Undeployable,Bits\n",
        [
            ("laptop", {
                "name": "NB-1", "status": "Deployed", "assigned_to": IDA,
            }),
            ("laptop", {"name": "NB-2", "status": "Retired"}),
        ],
    ),
    Case(
        "Snipe-IT/licences for its import",
        "Name,Email,Username,Item name,serial number,manufacturer,purchase date,purchase cost,purchase_order,"
        "order number,Licensed To Name,Licensed to Email,expiration date,maintained,reassignable,seats,supplier\n"
        "Ida Holm,ida@acme.example,iholm,Visio,K-1,Microsoft,07/13/2022,$79.66,PO-8,9-1,Acme,it@acme.example,"
        "01/27/2026,false,no,80,Bits\n"
        ",,,Photo,K-2,Adobe,03/15/2022,$17.47,PO-9,9-2,Acme,,09/20/2026,true,yes,5,Bits\n",
        [
            ("entitlement", {
                "product": "Visio", "metric": "named user", "quantity": 80, "publisher": "Microsoft",
                "end": "2026-01-27", "purchase_order": "PO-8",
            }),
            ("entitlement", {"product": "Photo", "quantity": 5}),
        ],
        unmapped=("serial number", "Licensed To Name", "maintained"),
        seats=[("entitlement:Visio, named user, PO-8, 2022-07-13", IDA)],
    ),
    Case(
        "Snipe-IT/list of licences",
        "Name,Product Key,Expiration Date,Licensed to Name,Manufacturer,Total,Avail,Purchase Order\n"
        "Visio,K-1,2026-01-27,Acme,Microsoft,80,12,PO-8\n",
        [("entitlement", {"product": "Visio", "quantity": 80, "metric": "named user", "end": "2026-01-27"})],
    ),
    Case(
        "Snipe-IT/locations",
        "name,address,address2,city,state,country,zip,manager,manager username,currency\n"
        "North,8 Brent Court,,Hill,AB,CA,T8S,Ida Holm,iholm,CAD\n",
        [("site", {"name": "North", "address": "8 Brent Court", "postal_code": "T8S"})],
        absent=("status",),
        unmapped=("state", "manager", "currency"),
    ),
    Case(
        "Snipe-IT/models",
        "Name,Category,Manufacturer,Model Notes,Model Number,Fieldset,Requestable,EOL,Min Qty\n"
        "T14,Laptops,Lenovo,loud,20W0,Laptops,Y,36,5\n",
        [("hardware_model", {
            "name": "T14", "part_number": "20W0", "useful_life": 36, "manufacturer": "manufacturer:Lenovo",
            "notes": "loud",
        })],
        absent=("end_of_life",),
        unmapped=("Fieldset", "Min Qty"),
    ),
    Case(
        "Snipe-IT/users",
        "First Name,Last Name,email,User name,Location,Phone Num,Job Title For User,Employee Number,Company,Activated\n"
        "Ida,Holm,ida@acme.example,iholm,Bern,1-2,Engineer,E7,Acme,no\n",
        [("person", {
            "name": "Ida Holm", "user_name": "iholm", "job_title": "Engineer", "employee_number": "E7",
            "phone_number": "1-2",
        })],
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_what_becomes_of_a_table(read: Read, case: Case) -> None:
    headers = case.text.partition("\n")[0].split(",")
    table = recognise(headers)
    assert table is not None
    assert table.key == case.key
    found = read(case.text)
    assert [p.message for p in found.problems if p.severity == "error"] == []
    assert tuple(p.kind for p in found.problems) == case.problems
    for number, (observation, (cls, values)) in enumerate(zip(found.observations, case.rows, strict=True), 1):
        said = {name: told(observation.values.get(name)) for name in values}
        assert (number, observation.cls, said) == (number, cls, values)
        assert not set(case.absent) & set(observation.values)
    assert set(case.unmapped) <= set(found.unmapped)
    assert [(told(a.licence), told(a.holder)) for a in found.assignments] == case.seats
    assert [(told(k.source), k.type, told(k.target)) for k in found.links] == case.links
    installed = [(told(i.computer), i.installed.product, i.installed.version) for i in found.installations]
    assert installed == case.software


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.key)
def test_a_declaration_means_what_the_schema_has(schema: Schema, table: ForeignTable) -> None:
    assert table.documented
    assert len({t.key for t in TABLES}) == len(TABLES)
    if table.holds != "class":
        return
    classes = [schema.classes[c] for c in schema.family(table.base)]
    known = {name for cls in classes for name in cls.attributes}
    for header, column in table.columns.items():
        if column.role in ("attribute", "mention"):
            assert column.name.partition(".")[0] in known, header
        elif column.role == "link":
            assert column.name in schema.relationships, header
    assert set(table.constants) <= known
    assert {cls for _, cls in table.classes} <= schema.classes.keys()


@pytest.mark.parametrize(
    "header",
    [
        "Company,Name,Category,Supplier,QTY,Location,Order Number,Min Amount,Model Number,Purchase Cost",
        "Item Name,Purchase Date,Purchase Cost,Location,Company,Order Number,Serial number,Category,Quantity",
    ],
)
def test_pieces_that_are_only_counted_are_refused_in_one_line(read: Read, header: str) -> None:
    with pytest.raises(FileProblem, match="only counted"):
        read(f"{header}\n" + ",".join("1" for _ in header.split(",")))
