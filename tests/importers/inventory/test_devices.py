"""Inventories of printers, network devices and phones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.importers.inventory.documents import first, fits


def test_a_printer() -> None:
    content = {
        "network_device": {
            "type": "Printer",
            "name": "NPI1",
            "model": "LaserJet M507",
            "manufacturer": "Hewlett-Packard",
            "serial": "PHCVN191TG",
            "ips": ["10.59.29.175"],
            "mac": "00:68:EB:F2:BE:10",
        },
        "pagecounters": {"total": 1802},
        "cartridges": [{"tonerblack": "71"}],
        "versionclient": "x",
    }
    one = first({"deviceid": "NPI1-2020", "itemtype": "Printer", "content": content})
    fits(one)
    assert (one.cls, one.values["name"], one.values["serial_number"]) == ("printer", "NPI1", "PHCVN191TG")
    assert (one.values["pages_printed"], one.values["ip_address"]) == (1802, "10.59.29.175")
    assert one.evidence == {"mac": ["00:68:eb:f2:be:10"]}


@pytest.mark.parametrize(
    ("said", "colour"),
    [
        ({"cartridges": [{"tonerblack": "71"}], "pagecounters": {"total": 9, "color": 0}}, None),
        ({"cartridges": [{"tonerblack": "71"}, {"tonercyan": "5"}]}, True),
        ({"consumables": [{"type": "HP 305 tri-color ink"}]}, True),
        ({"pagecounters": {"printcolor": 12}}, True),
        ({}, None),
    ],
)
def test_that_a_printer_prints_colours_is_said_only_where_it_says_so(said: dict[str, Any], colour: bool | None) -> None:
    content = {"network_device": {"type": "Printer", "name": "p"}, "versionclient": "x", **said}
    assert first({"deviceid": "p", "itemtype": "Printer", "content": content}).values.get("colour") is colour


@pytest.mark.parametrize(
    ("model", "ports", "cls"),
    [
        ("Catalyst 9300-48P", 48, "switch"),
        ("FortiGate 60F", 10, "firewall"),
        ("ISR 4331 Integrated Services Router", 3, "router"),
        ("Aironet 2802I", 2, "access_point"),
        ("BIG-IP i2600", 8, "load_balancer"),
        ("Box", 24, "switch"),
        ("Box", 2, "network_device"),
    ],
)
def test_network_devices_by_what_they_say_of_themselves(model: str, ports: int, cls: str) -> None:
    content = {
        "network_device": {
            "type": "Networking",
            "name": "sw-1",
            "model": model,
            "serial": "FCW2233L0AB",
            "firmware": "17.3",
        },
        "network_ports": [{"iftype": 6, "ifnumber": n} for n in range(ports)] + [{"iftype": 24}],
        "versionclient": "x",
    }
    one = first({"deviceid": "sw-1", "itemtype": "NetworkEquipment", "content": content})
    fits(one)
    assert (one.cls, one.values["ports"], one.values["firmware_version"]) == (cls, ports, "17.3")


def test_android_says_its_version_in_its_name_and_hides_what_a_program_may_not_ask() -> None:
    system = {"name": "Q Android 10.0", "full_name": "Q Android 10.0 api 29", "version": "29"}
    wifi = {"description": "wlan0", "mac": "02:00:00:00:00:00", "wifi_ssid": "<unknown ssid>", "ipaddress": "10.0.0.7"}
    content = {"hardware": {"name": "p"}, "operatingsystem": system, "networks": [wifi], "versionclient": "x"}
    one = first({"deviceid": "p", "itemtype": "Phone", "content": content})
    assert (one.values["operating_system"], one.values["os_version"]) == ("Android", "10.0")
    assert one.details["interfaces"] == [{"name": "wlan0"}]
    assert "mac_address" not in one.values


def test_a_phone() -> None:
    content = {
        "hardware": {"name": "Pixel of Nora"},
        "bios": {"smanufacturer": "Google", "smodel": "Pixel 7", "ssn": "2A111FDH200ABC"},
        "operatingsystem": {"name": "Android", "version": "14"},
        "simcards": [{"phone_number": "+49 30 1234", "iccid": "8949", "operator_name": "Example Mobile"}],
        "modems": [{"name": "m", "imei": ["35-693803-564380-9", "356938035643817"]}],
        "versionclient": "x",
    }
    one = first({"deviceid": "p-1", "itemtype": "Phone", "content": content})
    fits(one)
    assert (one.cls, one.values["imei"], one.values["imei_2"]) == ("phone", "356938035643809", "356938035643817")
    assert (one.values["operating_system"], one.values["carrier"]) == ("Android", "Example Mobile")
