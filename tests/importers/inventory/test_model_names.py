"""A model has its name where its maker has a number in the name's place, whichever tool read it."""

from __future__ import annotations

from typing import Any

import pytest

from importers.captures.capture import WINDOWS, Capture, CaptureSection
from importers.captures.document import document
from importers.discovery.collector import COLLECTED
from importers.dmidecode.hardware import document_of_hardware
from importers.dmidecode.structures import DmiStructure
from importers.facter.facts import document_of_facts
from importers.inventory import reading
from importers.inventory.model_names import model_name
from importers.lshw.hardware import document_of_tree
from importers.osquery.machine import document_of_host
from importers.osquery.results import HostResults

SKU = "LENOVO_MT_20XW_BU_Think_FM_ThinkPad X1 Carbon Gen 9"
NAME = "ThinkPad X1 Carbon Gen 9"


@pytest.mark.parametrize(
    ("maker", "model", "more", "name", "number"),
    [
        ("LENOVO", "20XW0055GE", {"product_version": NAME}, NAME, "20XW0055GE"),
        ("Lenovo", "20XW0055GE", {"skunumber": SKU, "product_version": "INVALID"}, NAME, "20XW0055GE"),
        ("LENOVO", "2349G6G", {"product_version": "ThinkPad T430", "family": "ThinkPad"}, "ThinkPad T430", "2349G6G"),
        ("LENOVO", "81YM", {"product_version": "IdeaPad 5 14ARE05"}, "IdeaPad 5 14ARE05", "81YM"),
        ("LENOVO", "80RU", {"product_version": "Lenovo ideapad 700-15ISK"}, "Lenovo ideapad 700-15ISK", "80RU"),
        ("LENOVO", "10MQS00G00", {"family": "ThinkCentre M710q"}, "ThinkCentre M710q", "10MQS00G00"),
        ("LENOVO", "82KA", {"skunumber": "LENOVO_MT_82KA_BU_idea_FM_V14 G2 ITL"}, "V14 G2 ITL", "82KA"),
        ("LENOVO", "20XW0055GE", {}, "", ""),
        ("LENOVO", "20XW0055GE", {"product_version": "Lenovo Product", "family": "To be filled by O.E.M."}, "", ""),
        ("LENOVO", "80RU", {"product_version": "1.0", "family": "IDEAPAD", "skunumber": "LENOVO_MT_80RU"}, "", ""),
        ("LENOVO", NAME, {"skunumber": SKU, "product_version": "ThinkPad T14"}, "", ""),
        ("HP", "20XW0055GE", {"product_version": NAME}, "", ""),
        ("Lenovo", "ThinkSystem SR650 -[7X06CTO1WW]-", {"product_version": "05"}, "ThinkSystem SR650", "7X06CTO1WW"),
        ("IBM", "System x3550 M4: -[7914AC1]-", {}, "System x3550 M4", "7914AC1"),
        ("Dell Inc.", "Latitude 5420", {"product_version": NAME, "family": "Latitude"}, "", ""),
        ("", "20XW0055GE", {"product_version": NAME}, "", ""),
    ],
)
def test_the_name_is_found_where_the_maker_has_it(
    maker: str, model: str, more: dict[str, str], name: str, number: str
) -> None:
    bios = {"smanufacturer": maker, "smodel": model, "skunumber": more.get("skunumber", "")}
    assert model_name(bios, more) == (name, number)


def windows() -> dict[str, Any]:
    told = {
        "computer-system": '{"Name":"NB-1","Manufacturer":"LENOVO","Model":"20XW0055GE"}',
        "product": f'{{"Vendor":"LENOVO","Name":"20XW0055GE","Version":"{NAME}","IdentifyingNumber":"PF1ABCDE"}}',
    }
    sections = {name: CaptureSection(COLLECTED, content=content) for name, content in told.items()}
    return document(Capture(WINDOWS, "2026-11-30T17:26:22Z", sections))


def glpi(**bios: str) -> dict[str, Any]:
    content = {"hardware": {"name": "NB-1"}, "bios": {"smanufacturer": "LENOVO", "ssn": "PF1ABCDE", **bios}}
    return {"deviceid": "nb-1", "itemtype": "Computer", "content": content}


FIRMWARE = {"Manufacturer": "LENOVO", "Product Name": "20XW0055GE", "Version": NAME, "Serial Number": "PF1ABCDE"}
HOST = HostResults("NB-1", {
    "system_info": [{"hostname": "NB-1", "hardware_vendor": "LENOVO", "hardware_model": "20XW0055GE",
                     "hardware_version": NAME}],
})  # fmt: skip
FACTS = {"dmi": {"manufacturer": "LENOVO", "product": {"name": "20XW0055GE", "version": NAME}},
         "networking": {"hostname": "NB-1"}}  # fmt: skip
TREE = {"id": "NB-1", "class": "system", "vendor": "LENOVO", "product": f"20XW0055GE ({SKU})", "version": NAME,
        "configuration": {"sku": SKU}}  # fmt: skip


def test_every_tool_tells_the_same_model() -> None:
    documents = {
        "windows": windows(), "glpi, windows": glpi(smodel="20XW0055GE", skunumber=SKU),
        "glpi, linux": glpi(smodel=NAME),
        "facter": document_of_facts(FACTS), "lshw": document_of_tree(TREE, ""), "osquery": document_of_host(HOST),
        "dmidecode": document_of_hardware([DmiStructure("System Information", FIRMWARE)], "3.4", "nb-1"),
    }  # fmt: skip
    for tool, one in documents.items():
        machine = reading(one).observations[0]
        (row,) = machine.details["bios"]
        assert machine.values["model"].name == row["system_model"] == NAME, tool
        assert row.get("product_number") == (None if tool == "glpi, linux" else "20XW0055GE"), tool
