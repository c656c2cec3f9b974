"""What is taken for another tool's table and what not, and what its rows say between their columns."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.schema import Schema
from importers.spreadsheets import SheetReading
from importers.spreadsheets.columns.foreign_columns import foreign_table
from tests.importers.foreign_tables.case import told

Read = Callable[..., SheetReading]


def test_tables_of_terriers_own_are_not_taken_for_other_tools(schema: Schema) -> None:
    for one in schema.concrete():
        labels = [str(a.label) for a in one.attributes.values()]
        assert foreign_table(schema, labels, "") is None, one.name
        assert foreign_table(schema, ["Class", *labels], "") is None, one.name


@pytest.mark.parametrize(
    "headers",
    [
        "Name,Role,Type,Site,Status", "Name,Status,Cluster,vCPUs,Memory", "Name,Serial number,Type,Model,Status",
        "Asset tag,Name,Type,Model,Assigned to,Location", "Name,Licence key,Quantity,Metric,Purchase order",
        "Class,Asset tag,Category,Asset name,Checked out", "First name,Last name,User name,Employee number",
        "Source,Relationship,Target", "Name,Category,Quantity,Order number", "Computer,Product,Version",
    ],
)  # fmt: skip
def test_a_sheet_of_ones_own_is_not_taken_for_a_tools(schema: Schema, headers: str) -> None:
    assert foreign_table(schema, headers.split(","), "") is None


def test_a_class_that_is_stated_for_other_files_of_the_command_changes_no_table_of_another_kind(read: Read) -> None:
    users = "First Name,Last Name,Username,Remote\nIda,Holm,iholm,yes\n"
    assert [o.cls for o in read(users, cls="computer").observations] == ["person"]
    with pytest.raises(FileProblem, match="only counted"):
        read("Company,Name,Category,QTY,Order Number,Min Amount\nA,B,C,1,2,3\n", cls="computer")
    tenants = "name,slug,group,description\nAcme,acme,,\n"
    assert [o.cls for o in read(tenants, cls="department").observations] == ["department"]


def test_a_holder_whose_kind_no_column_says_is_no_person_where_the_table_knows_better(read: Read) -> None:
    found = read(
        "Asset Name,Asset Tag,Serial,Model,Category,Status,Checked Out To,Location\n"
        "NB-1,T1,S1,T14,Laptops,Deployed,Ida Holm,Bern\nPRN-1,T2,S2,M400,Printers,Deployed,Bern,Bern\n"
        "MON-1,T3,S3,U27,Monitors,Deployed,NB-1 (T1),Bern\n"
    )
    assert [told(o.values["assigned_to"]) for o in found.observations] == [
        "person:Ida Holm",
        "place:Bern",
        "hardware:T1",
    ]


def test_a_type_that_is_no_kind_of_holder_leaves_the_holder_alone(read: Read) -> None:
    found = read("Asset Name,Asset Tag,Category,Type,Checked Out To\nNB-1,T1,Laptops,Ultrabook,Ida Holm\n")
    assert told(found.observations[0].values["assigned_to"]) == "person:Ida Holm"
    assert (found.problems, found.unmapped) == ([], ["Type"])


def test_a_metric_of_the_sheets_own_is_taken_for_known_licences_too(read: Read) -> None:
    found = read("Item Name,Seats,Metric,Licensed to Name\nVisio,5,Device,Acme\nPhoto,5,,Acme\n")
    assert [(o.values["metric"], o.evidence) for o in found.observations] == [
        ("device", {"only_new": ["product"]}), ("named user", {"only_new": ["product"]}),
    ]  # fmt: skip


def test_a_models_number_that_lost_its_digits_rejects_no_thing_of_that_model(read: Read) -> None:
    found = read(
        "Item Name,Asset Tag,Category,Model Name,Model Number,Username\nNB-1,A1,Laptops,T14,6.37702E+15,iholm\n"
    )
    assert (found.rejected, [(p.severity, p.column, p.kind) for p in found.problems]) == (
        0, [("left-out", "Model Number", "scientific")],
    )  # fmt: skip
    assert told(found.observations[0].values["model"]) == "hardware_model:T14"


def test_the_name_of_a_list_tells_the_class_where_no_word_does(read: Read) -> None:
    table = "Name,Serial number,Type,Model,Status,Last update\nX,S1,Odd,Y,In use,2026-11-01\n"
    assert [o.cls for o in read(table, name="monitors.csv").observations] == ["monitor"]
    assert [(p.severity, p.value) for p in read(table, name="glpi.csv").problems] == [("error", "Odd")]
    table = "Name,Organization->Name,Status,Business criticality\nX,Acme,stock,low\n"
    assert [o.cls for o in read(table, name="Server.csv").observations] == ["server"]


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


@pytest.mark.parametrize(
    "header",
    [
        "name,slug,color,vm_role,config_template,description,tags",
        "name,slug,manufacturer,config_template,description,tags",
        "name,slug,parent,description,tags", "name,rd,tenant,enforce_unique,description,import_targets,tags",
        "device,name,label,status,role,manufacturer,parent,part_id,serial,asset_tag,discovered,tags",
        "site,location,name,description,comments,tags",
        "address,vrf,tenant,status,role,device,virtual_machine,interface,is_primary,dns_name,tags",
        "IP Address,VRF,Status,Role,Tenant,Assigned,DNS Name,Description",
        "ApplicationKey,ApplicationName,ApplicationPublisher,ApplicationVersion,DeviceCount,Platform",
        "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id",
    ],
)  # fmt: skip
def test_lists_of_what_has_no_records_are_refused_in_one_line(read: Read, header: str) -> None:
    with pytest.raises(FileProblem, match="no records of that kind"):
        read(f"{header}\n" + ",".join("1" for _ in header.split(",")))


def test_what_the_tool_deleted_is_left_out_and_counted(read: Read) -> None:
    found = read(
        "ID,Asset Name,Asset Tag,Category,Checked Out,Type,Deleted\n1,NB-1,T1,Laptops,,,\n"
        "2,NB-2,T2,Laptops,,,2024-03-01 09:00:00\n3,NB-3,T3,Laptops,,,2024-03-02 09:00:00\n"
    )
    assert [o.values["name"] for o in found.observations] == ["NB-1"]
    assert [(p.row, p.column, p.severity) for p in found.problems] == [(3, "Deleted", "warning")]
    assert "2 rows" in str(found.problems[0].message)
