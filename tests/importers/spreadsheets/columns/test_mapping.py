from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cmdb.model.errors import FileProblem, SchemaError
from cmdb.model.observation import NamedReference
from cmdb.model.schema import Schema
from importers.spreadsheets import Mapping, apply_mapping, check, fits, map_columns, open_file
from importers.spreadsheets.columns.mapping import ColumnUse

Files = Callable[..., Path]


@pytest.fixture
def mapped(schema: Schema, text: Files) -> Callable[..., Mapping]:
    def run(content: str, name: str = "table.csv", cls: str | None = None) -> Mapping:
        return map_columns(open_file(text(content, name)).sheets[0], schema, cls)

    return run


def used(mapping: Mapping) -> dict[str, str]:
    return {c.header: f"{c.role}:{c.name}" if c.name else c.role for c in mapping.columns}


def test_columns_by_label_and_synonym(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped("Hostname,S/N,Asset Tag,Make,RAM (GB),Favourite colour\nx,1,2,Dell,16,red\n", "servers.csv")
    assert (mapping.kind, mapping.cls, mapping.problem) == ("class", "server", None)
    assert used(mapping) == {
        "Hostname": "attribute:host_name", "S/N": "attribute:serial_number", "Asset Tag": "attribute:asset_tag",
        "Make": "attribute:manufacturer", "RAM (GB)": "attribute:memory", "Favourite colour": "unmapped",
    }  # fmt: skip
    assert mapping.unmapped == ["Favourite colour"]


def test_the_label_wins_over_a_synonym(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped("Display name,Name,Serial,Serial number\na,b,c,d\n", "servers.csv")
    assert used(mapping)["Name"] == "attribute:name"
    assert used(mapping)["Serial number"] == "attribute:serial_number"
    assert mapping.unmapped == ["Display name", "Serial"]


@pytest.mark.parametrize(
    ("name", "head", "cls"),
    [
        ("Laptops.csv", "Name,Serial", "laptop"),
        ("export 2024 laptops.csv", "Name,Serial", "laptop"),
        ("x.csv", "First name,Last name,Email,User name", "person"),
        ("x.csv", "Product,Publisher,Edition,Version,Metric,Quantity,Device", "entitlement"),
        ("software licences.csv", "Product,Metric,Quantity", "entitlement"),
        ("servers.csv", "First name,Last name,Email,User name,Employee number", "person"),
        ("x.csv", "Number,Name,State,Assignee,Team,Due", "task"),
        ("laptops.csv", "Number,Name,Status,Owner", "laptop"),
    ],
)
def test_the_class_by_name_or_columns(mapped: Callable[..., Mapping], name: str, head: str, cls: str) -> None:
    mapping = mapped(f"{head}\n{','.join('abcdefghijk'[: head.count(',') + 1])}\n", name)
    assert (mapping.cls, mapping.problem) == (cls, None)


def test_the_sheets_name_goes_before_the_files(schema: Schema, xlsx: Files) -> None:
    path = xlsx(
        {"Laptops": [["Name", "Serial"], ["a", "b"]], "Blatt 2": [["Name", "Serial"], ["a", "b"]]}, "servers.xlsx"
    )
    sheets = open_file(path).sheets
    assert [map_columns(s, schema).cls for s in sheets] == ["laptop", "server"]


def test_a_class_column(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped("Name,Category,Memory\na,Laptop,8 GB\nb,Monitor,\n", "assets.csv")
    assert used(mapping)["Category"] == "class"
    assert (mapping.cls, mapping.problem) == ("hardware", None)
    assert used(mapping)["Memory"] == "attribute:memory"


def test_a_column_type_that_names_no_classes_is_none(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped("Name,Serial,Type\na,1,Premium\nb,2,Basic\n", "servers.csv")
    assert used(mapping)["Type"] != "class"
    assert mapping.cls == "server"


def test_the_person_may_say_the_class(mapped: Callable[..., Mapping]) -> None:
    assert mapped("Name,Serial\na,1\n", "servers.csv", "Laptops").cls == "laptop"
    with pytest.raises(SchemaError, match="no class “Spaceship”"):
        mapped("Name,Serial\na,1\n", cls="Spaceship")


def test_what_is_not_recognised_says_so(mapped: Callable[..., Mapping]) -> None:
    assert "tell no class" in str(mapped("Apples,Pears\n1,2\n").problem)
    assert "not one class but several" in str(mapped("Name,Asset tag,Serial number\na,b,c\n").problem)


@pytest.mark.parametrize(
    ("head", "name", "kind"),
    [
        ("Source,Relationship,Target,Group,Needs", "x.csv", "relationship"),
        ("From,Type,To", "x.csv", "relationship"),
        ("Computer,Product,Publisher,Version,Installed on", "x.csv", "installation"),
        ("Host name,Software,Version", "servers.csv", "installation"),
        ("Computer,Product", "x.csv", "installation"),
        ("Product,Computer", "seat assignments.csv", "assignment"),
        ("Entitlement,Person", "x.csv", "assignment"),
        ("Product,User", "x.csv", "assignment"),
        ("License name,Username", "x.csv", "assignment"),
        ("Licence,Device", "x.csv", "assignment"),
    ],
)
def test_sheets_that_are_no_class(mapped: Callable[..., Mapping], head: str, name: str, kind: str) -> None:
    mapping = mapped(f"{head}\n{','.join(['a'] * (head.count(',') + 1))}\n", name)
    assert (mapping.kind, mapping.problem) == (kind, None)
    assert mapping.unmapped == []


def test_the_person_may_say_that_a_sheet_is_no_class(mapped: Callable[..., Mapping]) -> None:
    assert mapped("Product,Computer\na,b\n", cls="Assignment").kind == "assignment"
    with pytest.raises(FileProblem, match="no column Relationship"):
        mapped("Source,Target\na,b\n", cls="Relationship")


def test_link_columns_with_group_and_needs(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped("Name,Runs on,Powered by,Group,Needs,Contains\nx,host-1,pdu-1,power,1,y\n", "servers.csv")
    by_header = {c.header: c for c in mapping.columns}
    assert used(mapping)["Powered by"] == "link:powered_by"
    assert (by_header["Group"].link, by_header["Needs"].link) == (2, 2)
    assert by_header["Contains"].role == "link"
    assert by_header["Contains"].inverse
    mapping = mapped("Name,Runs on,Kind\nx,host-1,web\n", "applications.csv")
    assert used(mapping)["Runs on"] == "link:runs_on"


def test_a_relationship_that_is_an_attribute_maps_to_it(mapped: Callable[..., Mapping]) -> None:
    assert used(mapped("Name,Located in\nx,Room 1\n", "servers.csv"))["Located in"] == "attribute:location"


def test_columns_about_what_a_reference_names(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped("Name,Assigned to,Assigned to email\na,Jane Doe,jane@example.org\n", "laptops.csv")
    assert used(mapping)["Assigned to email"] == "mention:assigned_to.email"


def test_suggestions_are_only_suggested(mapped: Callable[..., Mapping]) -> None:
    mapping = mapped(
        "First name,Last name,Contact thing,Badge\nJane,Doe,j@example.org,12\nJo,Ra,r@example.org,13\n", "people.csv"
    )
    thing, badge = mapping.columns[2], mapping.columns[3]
    assert (thing.role, thing.suggestion, thing.proposed_type) == ("unmapped", "email", "email")
    assert (badge.suggestion, badge.proposed_type) == ("", "integer")
    assert mapping.use(2, role="attribute", name="email").columns[2].how == "chosen"


def test_saved_mappings_are_recognised_by_their_columns(schema: Schema, text: Files) -> None:
    sheet = open_file(text("Thing,Dept no,Zone\nsrv-1,77,A\n", "q.csv")).sheets[0]
    mapping = map_columns(sheet, schema, "server").use(0, role="attribute", name="name")
    mapping = mapping.use(1, role="attribute", name="department", transforms=("trim:D-", "upper"))
    document = json.loads(json.dumps(mapping.to_dict()))
    again = Mapping.from_dict({**document, "name": "Ours"})
    assert document["headers"] == ["dept no", "thing", "zone"]
    other = open_file(text("Zone,DEPT NO,thing\nB,d-sales,srv-2\n", "r.csv")).sheets[0]
    assert fits(again, other)
    used_again = map_columns(other, schema, saved=[again])
    assert used_again.name == "Ours"
    [seen] = check(other, used_again, schema).observations
    assert seen.values["name"] == "srv-2"
    assert seen.values["department"].name == "SALES"
    assert seen.cls == "server"


def test_a_saved_mapping_on_other_columns_uses_what_is_there(schema: Schema, text: Files) -> None:
    sheet = open_file(text("Name,Serial\na,b\n", "servers.csv")).sheets[0]
    mapping = map_columns(sheet, schema)
    other = open_file(text("New,Name\nx,y\n", "other.csv")).sheets[0]
    assert not fits(mapping, other)
    assert used(apply_mapping(mapping, other)) == {"New": "unmapped", "Name": "attribute:name"}


@pytest.mark.parametrize("cls", [c.name for c in Schema.load().concrete()])
def test_every_class_knows_its_own_labels(schema: Schema, text: Files, cls: str) -> None:
    one = schema.classes[cls]
    labels = [a.label for a in one.attributes.values()]
    sheet = open_file(text("\t".join(labels) + "\n" + "\t".join(["1"] * len(labels)) + "\n", "t.csv")).sheets[0]
    mapping = map_columns(sheet, schema, one.label)
    assert {c.name for c in mapping.columns if c.role == "attribute"} == set(one.attributes)


def test_constants_of_other_sheets_are_read_like_cells(schema: Schema, text: Files) -> None:
    sheet = open_file(text("Product,Version\nEditor,1\nViewer,2\n", "x.csv")).sheets[0]
    uses = (ColumnUse(0, "Product", "field", "product"), ColumnUse(1, "Version", "field", "version"))
    mapping = Mapping("installation", "", uses, {"computer": "pc-1", "installed_on": "31.12.2025"})
    reading = check(sheet, mapping, schema)
    assert {row.computer for row in reading.installations} == {NamedReference("computer", "pc-1")}
    assert [row.installed.installed_on for row in reading.installations] == ["2025-12-31", "2025-12-31"]


def test_a_constant_that_cannot_be_read_is_said_once(schema: Schema, text: Files) -> None:
    sheet = open_file(text("Name,Class\na,Laptop\nb,Laptop\nc,Server\n", "x.csv")).sheets[0]
    mapping = replace(map_columns(sheet, schema), constants={"purchase_date": "soon"})
    reading = check(sheet, mapping, schema)
    assert [(p.row, p.column, p.value) for p in reading.problems] == [(1, "Purchase date", "soon")] * 2
    assert reading.rejected == 3


@pytest.mark.parametrize(
    ("name", "headers", "row", "cls"),
    [
        ("report.csv", "Name,Age,When", "Bob,20,2010-10-10", ""),
        ("blank line.csv", "Name,Age,When", "Bob,20,2010-10-10", ""),
        ("report.csv", "No,First Name,Last Name,Gender,Country,Id", "1,Ann,Lee,f,France,1562", "person"),
        ("report.csv", "Id,Hierarchy,Name,Type,Description", "1,a,thing,Requirement,some", ""),
        ("report.csv", "Name,Email", "Ann Lee,ann.lee@example.org", "person"),
        ("report.csv", "Name,City,Country,Age", "HQ,Bonn,Germany,3", "site"),
        ("office line.csv", "Name,Bandwidth,Provider", "L1,100,Telco", "circuit"),
    ],
)
def test_a_class_is_told_by_what_no_other_thing_has(
    text: Callable[..., Path], schema: Schema, name: str, headers: str, row: str, cls: str
) -> None:
    mapping = map_columns(open_file(text(f"{headers}\n{row}\n", name)).sheets[0], schema)
    assert (mapping.cls, bool(mapping.problem)) == (cls, not cls)


def test_headers_in_other_languages(mapped: Callable[..., Mapping]) -> None:
    for headers in (
        "Gerätebezeichnung,Nutzer,Anschaffungswert", "Nom du poste,Affecté à,Prix d'achat HT (€)",
        "Nombre del equipo,Usuario asignado,Precio de compra", "Nº de inventario,Usuario,Precio",
    ):  # fmt: skip
        names = [one.name for one in mapped(f"{headers}\na,b,1\n", "laptops.csv").columns]
        assert names[1:] == ["assigned_to", "purchase_cost"], headers
        assert names[0] in ("name", "host_name", "asset_tag"), headers
