"""Names of hardware from a machine's own files: what they don't have stays a number, and nothing is invented."""

from __future__ import annotations

from pathlib import Path

from importers.discovery.hardware_names import DeviceNames, MakerNames
from importers.discovery.host import Host, Probe
from importers.discovery.linux.displays import COLLECTOR as DISPLAYS
from importers.discovery.linux.network import COLLECTOR as NETWORK
from importers.discovery.linux.usb import COLLECTOR as USB_DEVICES
from tests.importers.discovery.machines import Symlink, Tree, edid, found

HWDB = b"""# This file is part of systemd.

OUI:00000C*
 ID_OUI_FROM_DATABASE=Cisco Systems, Inc

OUI:70B3D5*
 ID_OUI_FROM_DATABASE=IEEE Registration Authority

OUI:70B3D5F00*
 ID_OUI_FROM_DATABASE=Acme Sensors GmbH
"""
OUI = b"""OUI/MA-L                                                    Organization

00-00-0C   (hex)\t\tCisco Systems, Inc
00000C     (base 16)\t\tCisco Systems, Inc
\t\t\t\t170 WEST TASMAN DRIVE
"""
PNP = b"AAA\tAvolites Ltd\nDEL\tDell Inc.\nIVM\tIiyama North America\n"
ACPI = b"# acpi\n\nacpi:DEL*:\n ID_VENDOR_FROM_DATABASE=Dell Inc.\n"
USB = b"0bda  Realtek Semiconductor Corp.\n\t8153  RTL8153 Gigabit Ethernet Adapter\n8087  Intel Corp.\n"


def test_the_maker_of_an_adapter_is_that_of_the_smallest_block_of_addresses() -> None:
    names = MakerNames(records=HWDB)
    assert names.of_mac("00:00:0c:12:34:56") == "Cisco Systems, Inc"
    assert names.of_mac("70-B3-D5-F0-01-23") == "Acme Sensors GmbH"
    assert names.of_mac("70:b3:d5:a0:01:23") == "IEEE Registration Authority"
    assert MakerNames(OUI).of_mac("00:00:0C:12:34:56") == "Cisco Systems, Inc"


def test_an_address_that_is_made_up_or_unknown_has_no_maker() -> None:
    for names in (MakerNames(records=HWDB), MakerNames(OUI), MakerNames()):
        for mac in ("02:00:0c:12:34:56", "01:00:0c:12:34:56", "00:11:22:33:44:55", "", "zz:00:0c:12:34:56", "00:00:0c"):
            assert names.of_mac(mac) == ""


def test_the_maker_of_a_display_is_found_by_three_letters() -> None:
    assert MakerNames(PNP).of_letters("DEL") == MakerNames(records=ACPI).of_letters("DEL") == "Dell Inc."
    for letters in ("XYZ", "del", "", "DE", "D.L"):
        assert MakerNames(PNP, ACPI).of_letters(letters) == ""


def test_the_files_are_found_where_distributions_keep_them(tmp_path: Path) -> None:
    for path, text in (
        ("usr/share/hwdata/usb.ids", USB), ("usr/lib/udev/hwdb.d/20-OUI.hwdb", HWDB),
        ("lib/udev/hwdb.d/20-acpi-vendor.hwdb", ACPI),
    ):  # fmt: skip
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(text)
    probe = Probe(Host(tmp_path))
    usb = DeviceNames.of_usb(probe)
    assert (usb.vendor("0BDA"), usb.device("0bda", "8153"), usb.device("0bda", "ffff")) == (
        "Realtek Semiconductor Corp.", "RTL8153 Gigabit Ethernet Adapter", "",
    )  # fmt: skip
    assert MakerNames.of_adapters(probe).of_mac("00:00:0c:00:00:01") == "Cisco Systems, Inc"
    assert MakerNames.of_displays(probe).of_letters("DEL") == "Dell Inc."
    assert DeviceNames.of_pci(probe).vendor("8086") == ""


def test_collectors_name_what_devices_do_not_say_themselves(tmp_path: Path) -> None:
    usb, nic = "sys/bus/usb/devices/1-2/", "sys/devices/pci0000:00/0000:00:1f.6/net/eth0/"
    tree: Tree = {
        usb + "bDeviceClass": "00", usb + "idVendor": "0bda", usb + "idProduct": "8153", usb + "serial": "1",
        "sys/class/drm/card1-DP-1/edid": edid("IVM"), "sys/class/drm/card1-DP-2/edid": edid("AAA"),
        "sys/class/drm/card1-DP-3/edid": edid("XYZ"),
        nic + "address": "00:00:0c:12:34:56", nic + "type": "1", nic + "operstate": "up",
        "sys/class/net/eth0": Symlink("../../devices/pci0000:00/0000:00:1f.6/net/eth0"),
        "usr/share/misc/usb.ids": USB.decode(), "usr/share/hwdata/pnp.ids": PNP.decode(),
        "usr/lib/udev/hwdb.d/20-OUI.hwdb": HWDB.decode(),
    }  # fmt: skip
    (device,) = found(USB_DEVICES, tmp_path, tree)["usbdevices"]
    assert (device["name"], device["manufacturer"], device["vendorid"], device["productid"]) == (
        "RTL8153 Gigabit Ethernet Adapter", "Realtek Semiconductor Corp.", "0bda", "8153",
    )  # fmt: skip
    makers = [one["manufacturer"] for one in found(DISPLAYS, tmp_path / "b", tree)["monitors"]]
    assert makers == ["Iiyama", "Avolites Ltd", "XYZ"]  # what is known by heart comes first
    (adapter,) = found(NETWORK, tmp_path / "c", tree)["networks"]
    assert (adapter["mac"], adapter["manufacturer"]) == ("00:00:0c:12:34:56", "Cisco Systems, Inc")
