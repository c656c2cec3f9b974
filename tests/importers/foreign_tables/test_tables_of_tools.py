"""Exports of other tools are imported without a manual mapping."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cmdb.model.observation import NamedReference
from cmdb.model.schema import Schema
from importers.spreadsheets import SheetReading
from importers.spreadsheets.columns.classes import find_attribute, kind_of_thing
from importers.spreadsheets.columns.fields import find_field

Read = Callable[..., SheetReading]


def test_intune_tells_phones_tablets_and_computers_apart(read: Read) -> None:
    found = read(
        "Device ID,Device name,Managed by,OS,Serial number,Model,Total storage,Primary user UPN,"
        "Primary user display name,Compliance\n"
        "1,LAP-1,Intune,Windows,S1,Latitude 5420,487432.00,ida@corp.example,Ida Holm,Compliant\n"
        "2,Ole's phone,Intune,iOS/iPadOS,S2,iPhone 13,118784.00,ole@corp.example,Ole Lund,Compliant\n"
        "3,Till 7,Intune,iOS/iPadOS,S3,iPad (9th generation),60000,,,Compliant\n"
        "4,VM-4,Intune,Windows,S4,Virtual Machine,100,,,Compliant\n"
    )
    assert (found.rejected, found.unmapped) == (0, ["Managed by", "Compliance"])
    assert [o.cls for o in found.observations] == ["computer", "phone", "tablet", "virtual_machine"]
    laptop = found.observations[0]
    assert (laptop.values["name"], laptop.values["operating_system"], laptop.values["disk_size"]) == (
        "LAP-1", "Windows", 476,
    )  # fmt: skip
    assert laptop.values["main_user"] == NamedReference("person", "Ida Holm", (("email", "ida@corp.example"),))
    assert not any(o.links for o in found.observations)


def test_a_row_whose_words_tell_no_class_is_rejected_with_the_classes(read: Read) -> None:
    found = read(
        "Device ID,Device name,Managed by,OS,Primary user UPN,Serial number\n1,a,Intune,Windows,,S1\n"
        "2,b,Intune,Unknown,,S2\n"
    )
    assert [(p.row, p.column, p.value, p.kind) for p in found.problems if p.severity == "error"] == [
        (3, "OS", "Unknown", "class")
    ]


def test_lansweeper(read: Read) -> None:
    found = read(
        "AssetID,AssetName,Type,Username,IPAddress,Serialnumber,Firstseen,Lastseen,Memory,NrProcessors,Warrantydate\n"
        "501,WKS-1,Windows,asmith,10.0.0.1,S1,02/14/2022 09:12,11/15/2024 18:20,16384,1,01/31/2025\n"
        "502,prn-1,Printer,,10.0.0.2,S2,02/14/2022 09:12,11/15/2024 18:20,,,\n"
        "503,vm-1,VMware Guest,,10.0.0.3,S3,02/14/2022 09:12,11/15/2024 18:20,4096,1,\n"
    )
    assert (found.rejected, [o.cls for o in found.observations]) == (0, ["computer", "printer", "virtual_machine"])
    values = found.observations[0].values
    assert (values["name"], values["ip_address"], values["warranty_until"]) == ("WKS-1", "10.0.0.1", "2025-01-31")
    assert "asset_tag" not in values  # its AssetID is a key of its own database


def test_snipe_it(read: Read) -> None:
    found = read(
        "Asset Name,Asset Tag,Model,Category,Checked Out,Type,Username,Status,Warranty,Warranty Expires\n"
        "NB-1,T1,T14,Laptops,Klara Weiss,user,kweiss,Deployed (Deployed),36 months,2026-05-11\n"
        "Phone 1,T2,iPhone 14,Mobile Phones,,,,Ready to Deploy (Deployable),24 months,2025-06-01\n"
    )
    assert (found.rejected, [o.cls for o in found.observations]) == (0, ["laptop", "phone"])
    laptop, phone = found.observations
    assert laptop.values["warranty_until"] == "2026-05-11"
    assert laptop.values["assigned_to"] == NamedReference("person", "Klara Weiss", (("user_name", "kweiss"),))
    assert (laptop.values["status"], phone.values["status"], phone.values["name"]) == (
        "Deployed", "In stock", "Phone 1",
    )  # fmt: skip


def test_netbox_roles_are_classes_and_types_models(read: Read) -> None:
    found = read(
        "Name,Status,Tenant,Site,Location,Rack,Role,Manufacturer,Type,Serial number\n"
        "sw-1,Active,,Berlin,DC1,R1,Core Switch,Arista,DCS-7050,A1\n"
        "fw-1,Active,,Berlin,DC1,R1,Firewall,Fortinet,FG-100F,F1\n"
    )
    assert (found.rejected, [o.cls for o in found.observations]) == (0, ["switch", "firewall"])
    assert found.observations[0].values["model"] == NamedReference("hardware_model", "DCS-7050")


def test_sccm_views(read: Read, schema: Schema) -> None:
    found = read(
        "Name0,Manufacturer0,Model0,SerialNumber0,User_Name0,TotalPhysicalMemory0,Caption0\n"
        "PC1,LENOVO,20XW,PF2,CORP\\tlee,16655852,Microsoft Windows 10\n"
    )
    [computer] = found.observations
    assert computer.values["memory"] == 16265
    assert computer.values["main_user"] == NamedReference("person", "tlee", (("user_name", "tlee"),))
    software = read("ComputerName,DisplayName0,Version0,Publisher0,InstallDate0\nPC1,Visio,16.0,Microsoft,20230411\n")
    assert software.kind == "installation"
    assert (software.installations[0].installed.product, software.installations[0].installed.installed_on) == (
        "Visio", "2023-04-11",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "cls"),
    [
        ("Windows Server", "server"), ("cmdb_ci_win_server", "server"), ("Core switch", "switch"),
        ("Mobile Phones", "phone"), ("Laptop bag", ""), ("Server", ""), ("Toaster", ""),
    ],
)  # fmt: skip
def test_the_last_words_say_what_a_thing_is(schema: Schema, phrase: str, cls: str) -> None:
    assert kind_of_thing(schema, phrase) == cls


@pytest.mark.parametrize(("header", "name"), [("État", "status"), ("SerialNumber0", "serial_number")])
def test_headers_without_accents_humps_and_view_numbers(schema: Schema, header: str, name: str) -> None:
    found = find_attribute(schema, ("hardware",), header)
    assert found is not None
    assert found.attribute.name == name
    product = find_field("installation", "ProductName0")
    assert product is not None
    assert product.name == "product"


def test_rows_of_a_group_must_agree_on_needs_whatever_their_types(read: Read) -> None:
    found = read(
        "Source,Relationship,Target,Group,Needs\napp,depends on,db-1,stores,1\napp,stores data on,nas,stores,2\n"
        "app,depends on,db-2,others,1\n"
    )
    assert (found.rejected, len(found.links)) == (2, 1)
