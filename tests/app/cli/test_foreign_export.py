"""``export --for TOOL``: the headers and words of another tool's import, and the way back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.cli.commands.export import _TOOLS
from app.foreign_export import tables_for, tool_named
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.schema import Schema
from cmdb.store.upkeep.startup import create_estate
from importers.foreign_tables import tools
from tests.app.cli.conftest import Done

Run = Callable[..., Done]

ASSETS = """\
Class,Name,Asset tag,Serial number,Manufacturer,Model,Status,Assigned to,Location,Purchase date,Warranty until,Memory
Laptop,NB-1,T1,S1,Lenovo,T14,Deployed,Ida Holm,Bern / Cellar,2024-01-05,2027-01-05,16384
Laptop,NB-2,T2,S2,Lenovo,T14,In stock,,Bern,2024-01-05,2027-01-20,8192
Server,SRV-1,T3,S3,Dell,R640,In repair,,Bern / Cellar,,,
Printer,PRN-1,T4,S4,HP,M400,Deployed,Place:Bern,Bern,,,
Phone,PH-1,T5,S5,Apple,13,Lost,,,,,
Switch,SW-1,T6,S6,Arista,7050,Retired,,Bern / Cellar,,,
"""
PEOPLE = "First name,Last name,Email,User name,Department\nIda,Holm,ida@acme.example,iholm,Sales\n"


@pytest.fixture
def register(terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A register with some things, and a person who has one of them."""
    path = tmp_path / "register.terrier"
    monkeypatch.setenv("TERRIER_DB", str(path))
    terrier("new", path)
    files = {"hardware.csv": ASSETS, "people.csv": PEOPLE}
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")
    done = terrier("import", *(tmp_path / name for name in ("people.csv", "hardware.csv")), "--json")
    assert (done.json["rejected"], done.json["problems"]) == (0, [])
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


WRITTEN: dict[str, tuple[str, str, dict[str, dict[str, str]]]] = {
    "snipe-it": ("Hardware", "Item Name", {
        "NB-1": {
            "Asset Tag": "T1", "Category": "Laptop", "Status": "Deployed", "Checkout Type": "User",
            "Full Name": "Ida Holm", "Username": "iholm", "Email": "ida@acme.example", "Warranty Months": "36",
            "Checkout to Location": "",
        },
        "NB-2": {"Status": "Ready to Deploy", "Checkout Type": "", "Warranty Months": ""},
        "SRV-1": {"Status": "Out for Repair", "Location": "Cellar"},
        "PRN-1": {"Checkout Type": "Location", "Full Name": "", "Checkout to Location": "Bern"},
    }),
    "netbox": ("Hardware", "name", {
        "SW-1": {
            "role": "Switch", "device_type": "7050", "status": "decommissioning", "site": "Bern", "location": "Cellar",
        },
        "NB-2": {"status": "inventory", "site": "Bern", "location": ""},
    }),
    "glpi": ("Computer", "Name", {
        "NB-1": {"Type": "Laptop", "Inventory number": "T1", "Status": "In use", "User": "iholm"},
    }),
    "servicenow": ("Hardware", "name", {
        "SRV-1": {"sys_class_name": "cmdb_ci_server", "install_status": "3", "model_id": "R640"},
        "SW-1": {"sys_class_name": "cmdb_ci_ip_switch", "install_status": "7"},
        "NB-1": {"sys_class_name": "cmdb_ci_computer", "ram": "16384", "assigned_to": "Ida Holm"},
    }),
}  # fmt: skip


def test_what_a_tool_is_given(terrier: Run, register: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    for tool, (cls, key, expected) in WRITTEN.items():
        assert terrier("export", cls, "--out", path, "--for", tool).status == 0
        rows = {row[key]: row for row in rows_of(path)}
        for name, cells in expected.items():
            assert {header: rows[name][header] for header in cells} == cells, tool


def test_what_snipe_it_is_given_comes_back_as_the_same_records(terrier: Run, register: Path, tmp_path: Path) -> None:
    path = tmp_path / "assets.csv"
    done = terrier("export", "Hardware", "--out", path, "--for", "snipe-it", "--json").json
    assert (done["rows"], done["left_out"]["classes"]) == (6, {})
    assert (done["left_out"]["attributes"], done["left_out"]["needed"]) == ({"memory": 2, "warranty_until": 1}, {})
    back = terrier("import", path, "--json")
    assert (back.status, back.json["revision"], back.json["unchanged"]) == (0, None, 6)
    text = path.read_text("utf-8-sig").replace("Out for Repair", "Ready to Deploy")
    path.write_text(text, "utf-8")
    changed = terrier("import", path, "--json").json
    assert (changed["updated"], changed["created"], changed["rejected"]) == (1, 0, 0)
    assert terrier("show", "T3", "--json").json["attributes"]["status"] == "In stock"


TWINS = {
    "places.csv": "Class,Name,Location\nSite,Bern,\nSite,Basel,\nBuilding,North,Bern\nRoom,Cellar,Bern / North\n"
    "Room,Cellar,Basel\n",
    "people.csv": "First name,Last name,Email,User name,Manager\nIda,Holm,ida@acme.example,iholm,\n"
    "Ole,Lund,ole@acme.example,olund,Ida Holm\nOle,Lund,ole2@acme.example,olund2,\n",
    "racks.csv": "Class,Name,Location,Height,Asset tag\nRack,R1,Basel / Cellar,42,R-1\n"
    "Rack,R1,Bern / North / Cellar,42,R-2\n",
    "items.csv": "Class,Name,Asset tag,Model,Manufacturer,Status,Assigned to,Location,Home place,Rack,Host,Memory\n"
    "Laptop,NB-1,T0001,T14,Lenovo,Deployed,olund2,Bern / North / Cellar,Bern,,,16384\n"
    "Server,SRV-1,T0003,R640,Dell,In repair,,Basel / Cellar,,R-1,,65536\n"
    "Phone,PH-1,T0006,13,Apple,Lost,,,,,,\nMonitor,MON-1,T0007,U27,Dell,Ordered,,Bern,,,,\n"
    "Virtual machine,vm-1,,,,Deployed,,Basel,,,SRV-1,8192\nApplication,Shop,,,,Active,,,,,,\n",
    "licences.csv": "Name,Product,Publisher,Metric,Quantity,End\nVisio seats,Visio,Microsoft,named user,10,2027-01-01\n"
    "Photo,Photoshop,Adobe,installation,3,\n",
    "relationships.csv": "Source,Relationship,Target\nShop,runs on,vm-1\n",
}


@pytest.fixture
def twins(terrier: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An estate in which places, people and racks share names."""
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "twins.terrier"))
    terrier("new", tmp_path / "twins.terrier")
    for name, text in TWINS.items():
        (tmp_path / name).write_text(text, "utf-8")
    for names in (("places.csv", "people.csv"), ("racks.csv",), ("items.csv", "licences.csv"), ("relationships.csv",)):
        done = terrier("import", *(tmp_path / name for name in names), "--json").json
        assert (done["rejected"], done["problems"]) == (0, [])


def test_what_any_tool_is_given_changes_nothing_when_it_comes_back(terrier: Run, twins: None, tmp_path: Path) -> None:
    for tool in _TOOLS:
        out = tmp_path / f"{tool}.ods"
        terrier("export", "--out", out, "--for", tool)
        back = terrier("import", out, "--json").json
        counts = {
            name: back[name] for name in ("created", "updated", "deleted", "rejected", "problems") if name in back
        }
        assert not any(counts.values()), (tool, counts)
        assert back["unchanged"] > 0


def test_every_class_of_hardware_comes_back_as_itself(terrier: Run, tmp_path: Path, monkeypatch: Any) -> None:
    classes = [c.label for c in Schema.load().tree("hardware") if not c.abstract]
    monkeypatch.setenv("TERRIER_DB", str(tmp_path / "all.terrier"))
    lines = [f"{label},thing {n},T{n},S{n}" for n, label in enumerate(classes)]
    (tmp_path / "all.csv").write_text("\n".join(["Class,Name,Asset tag,Serial number", *lines]), "utf-8")
    terrier("new", tmp_path / "all.terrier")
    terrier("import", tmp_path / "all.csv")
    terrier("export", "Hardware", "--out", tmp_path / "out.csv", "--for", "Snipe-IT")
    back = terrier("import", tmp_path / "out.csv", "--json").json
    assert (back["revision"], back["unchanged"], back["rejected"]) == (None, len(classes), 0)


def test_an_unknown_tool_and_several_tables_in_one_csv_are_said(terrier: Run, register: Path, tmp_path: Path) -> None:
    assert {tool.key for tool in tools() if tool.writes} == set(_TOOLS)  # as the help names them
    unknown = terrier("export", "--out", tmp_path / "x.csv", "--for", "abacus")
    assert (unknown.status, "glpi, netbox, servicenow, snipe-it" in unknown.err) == (2, True)
    several = terrier("export", "--out", tmp_path / "x.csv", "--for", "snipe-it")
    assert (several.status, "room for one table" in several.err) == (2, True)
    assert not (tmp_path / "x.csv").exists()
    book = terrier("export", "--out", tmp_path / "x.xlsx", "--for", "snipe-it", "--json")
    assert book.json["tables"] == ["assets for its import", "locations", "models", "users"]
    left = terrier("export", "Place", "--out", tmp_path / "y.csv", "--for", "snipe-it")
    assert "1 Building" in left.out
    terrier("create", "Laptop", "name=NB-9")
    left = terrier("export", "Laptop", "--out", tmp_path / "z.csv", "--for", "snipe-it")
    assert "Asset tag (1), Model (1)" in left.out


def test_a_relationship_names_a_place_by_its_name_alone(tmp_path: Path) -> None:
    """Its path is read by nobody there, so no part of it is written either."""
    bern, basel, one, other, server = (new_id() for _ in range(5))
    records = [
        (bern, {"class": "site", "name": "Bern"}), (basel, {"class": "site", "name": "Basel"}),
        (one, {"class": "room", "name": "R1", "location": bern}),
        (other, {"class": "room", "name": "R1", "location": basel}),
        (server, {"class": "server", "name": "web-1"}),
    ]  # fmt: skip
    edits = [Edit(ci(uid), "", None, values) for uid, values in records]
    edits += [Edit(Record("relationship", ("located_in", server, place)), "", None, {}) for place in (other, basel)]
    with closing(create_estate(tmp_path / "a.terrier")) as store:
        store.apply(Revision(edits, "test"))
        with store.read() as reader:
            tables, _ = tables_for(reader, tool_named("servicenow"), [])
            links = [list(table.rows) for table in tables if str(table.title).startswith("relationships")]
    assert links == [[["web-1", "Located in::Houses", "Basel"], ["web-1", "Located in::Houses", "R1"]]]
