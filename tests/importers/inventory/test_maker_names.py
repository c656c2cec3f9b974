"""Makers of what an inventory tells by numbers, from the files of the computer that reads it."""

from __future__ import annotations

import copy
from binascii import b2a_base64
from pathlib import Path
from typing import Any

import pytest

from importers.captures.capture import WINDOWS, Capture, CaptureSection
from importers.captures.document import document
from importers.discovery.collector import COLLECTED
from importers.discovery.host import Host
from importers.inventory import maker_names, reading
from importers.inventory.maker_names import SystemNames, with_makers
from tests.importers.discovery.machines import edid
from tests.importers.discovery.test_hardware_names import HWDB, OUI, USB

PCI = b"# PCI ID's\n8086  Intel Corporation\n\t15fb  Ethernet Connection I219-LM\n10de  NVIDIA Corporation\n"


@pytest.fixture
def names(tmp_path: Path) -> SystemNames:
    """Those of a computer that has the files."""
    write(
        tmp_path,
        {
            "usr/share/misc/pci.ids": PCI,
            "usr/share/misc/usb.ids": USB,
            "usr/share/hwdata/pnp.ids": b"AVO\tAvolites Ltd\n",
        },
    )
    write(tmp_path, {"usr/lib/udev/hwdb.d/20-OUI.hwdb": HWDB})
    return SystemNames(Host(tmp_path))


def encoded_edid(letters: str) -> str:
    return b2a_base64(edid(letters), newline=False).decode()


def write(root: Path, files: dict[str, bytes]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)


@pytest.mark.parametrize(
    ("section", "said", "more"),
    [
        ("controllers", {"name": "Ethernet", "vendorid": "8086", "productid": "15FB"},
         {"manufacturer": "Intel Corporation"}),
        ("controllers", {"name": "8086:15fb", "vendorid": "8086", "productid": "15fb"},
         {"manufacturer": "Intel Corporation", "model": "Ethernet Connection I219-LM"}),
        ("controllers", {"vendorid": "0x8086", "productid": "0x15fb", "manufacturer": "INTEL"},
         {"model": "Ethernet Connection I219-LM"}),
        ("controllers", {"name": "A card", "vendorid": "1234", "productid": "0001"}, {}),
        ("controllers", {"name": "A card", "vendorid": "8086  Intel Corporation\n10de"}, {}),
        ("controllers", {"name": "A card", "vendorid": 8086, "manufacturer": "Vendor"},
         {"manufacturer": "Intel Corporation"}),
        ("usbdevices", {"vendorid": "0BDA", "productid": "8153"},
         {"manufacturer": "Realtek Semiconductor Corp.", "name": "RTL8153 Gigabit Ethernet Adapter"}),
        ("usbdevices", {"name": "Dock", "manufacturer": "Acme", "vendorid": "0bda", "productid": "8153"}, {}),
        ("networks", {"description": "eth0", "mac": "70:b3:d5:f0:01:23"}, {"manufacturer": "Acme Sensors GmbH"}),
        ("networks", {"description": "eth0", "mac": "00-00-0C-12-34-56"}, {"manufacturer": "Cisco Systems, Inc"}),
        ("networks", {"description": "eth0", "mac": "00:00:0c:12:34:56", "manufacturer": "Acme"}, {}),
        ("networks", {"description": "br0", "mac": "00:00:0c:12:34:56", "virtualdev": True}, {}),
        ("networks", {"description": "wifi", "mac": "02:00:0c:12:34:56"}, {}),
        ("networks", {"description": "wifi", "mac": "02:00:0c:12:34:56", "pciid": "8086:15FB:17AA:225D"},
         {"manufacturer": "Intel Corporation"}),
        ("networks", {"description": "e", "pnpdeviceid": r"PCI\VEN_8086&DEV_15FB&SUBSYS_0&REV_20\3&11583659&0&FE"},
         {"manufacturer": "Intel Corporation"}),
        ("networks", {"description": "u", "pnpdeviceid": r"USB\VID_0BDA&PID_8153\000001"},
         {"manufacturer": "Realtek Semiconductor Corp."}),
        ("monitors", {"name": "X", "manufacturer": "AVO"}, {"manufacturer": "Avolites Ltd"}),
        ("monitors", {"name": "X", "base64": encoded_edid("AVO")}, {"manufacturer": "Avolites Ltd"}),
        ("monitors", {"name": "X", "manufacturer": "DEL"}, {"manufacturer": "Dell"}),
        ("monitors", {"name": "X", "manufacturer": "AOC"}, {}),
        ("monitors", {"name": "X", "manufacturer": "QQQ"}, {}),
        ("monitors", {"name": "X", "manufacturer": "AVO", "base64": encoded_edid("DEL")}, {}),
        ("monitors", {"name": "X", "manufacturer": "Avolites", "base64": encoded_edid("AVO")}, {}),
        ("monitors", {"name": "X", "base64": "no base64 at all"}, {}),
    ],
)  # fmt: skip
def test_what_is_said_by_numbers_only_gets_its_maker(
    names: SystemNames, section: str, said: dict[str, Any], more: dict[str, str]
) -> None:
    content = {section: [said, "no object"]}
    before = copy.deepcopy(content)
    assert with_makers(content, names) == {section: [{**said, **more}, "no object"]}
    assert content == before


def test_files_are_read_once_and_only_what_is_asked_for(names: SystemNames, tmp_path: Path) -> None:
    device = {"controllers": [{"name": "Ethernet", "vendorid": "8086", "productid": "15fb"}]}
    named = with_makers(device, names)
    (tmp_path / "usr/share/misc/pci.ids").unlink()
    (tmp_path / "usr/share/misc/usb.ids").unlink()
    assert with_makers(device, names) == named != device
    plugged = {"usbdevices": [{"vendorid": "0bda", "productid": "8153"}]}
    assert with_makers(plugged, names) is plugged, "it was not read before"


def test_the_list_of_the_ieee_names_makers_too(tmp_path: Path) -> None:
    write(tmp_path, {"usr/share/ieee-data/oui.txt": OUI})
    names = SystemNames(Host(tmp_path))
    assert names.of_mac("00:00:0c:12:34:56") == "Cisco Systems, Inc"
    assert names.of_mac("01:00:0c:12:34:56") == names.of_mac("00:11:22:33:44:55") == names.of_mac("") == ""


def test_a_capture_of_windows_has_makers_where_the_computer_that_reads_it_knows_them(
    names: SystemNames, monkeypatch: pytest.MonkeyPatch
) -> None:
    devices = (
        r'[{"Name":"Netzwerk","Manufacturer":"(Standard)","PNPDeviceID":'
        r'"PCI\\VEN_8086&DEV_15FB&SUBSYS_225D17AA&REV_20\\3&11583659&0&FE"}]'
    )
    adapters = (
        '[{"Name":"Ethernet","InterfaceDescription":"Ethernet","InterfaceIndex":3,"HardwareInterface":true,'
        '"PermanentAddress":"00000C123456","DriverProvider":"Microsoft","PnPDeviceID":"PCI"}]'
    )
    told = {"computer-system": '[{"Name":"ONE"}]', "devices": devices, "adapters": adapters}
    told["monitors"] = '[{"InstanceName":"A","ManufacturerName":"AVO","SerialNumberID":"S1","UserFriendlyName":"P1"}]'
    sections = {name: CaptureSection(COLLECTED, content=content) for name, content in told.items()}
    capture = document(Capture(WINDOWS, "2026-11-30T17:26:22Z", sections))
    without = reading(capture).observations
    monkeypatch.setattr(maker_names, "system_names", lambda: names)
    machine, display = reading(capture).observations
    assert machine.details["controllers"][0]["manufacturer"] == "Intel Corporation"
    assert machine.details["interfaces"][0]["manufacturer"] == "Cisco Systems, Inc"
    assert machine.details["displays"][0]["manufacturer"] == display.values["manufacturer"].name == "Avolites Ltd"
    assert "manufacturer" not in without[0].details["controllers"][0]
    assert "manufacturer" not in without[0].details["interfaces"][0]
    assert without[1].values["manufacturer"].name == "AVO"
