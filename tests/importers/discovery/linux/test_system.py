from __future__ import annotations

import os
from pathlib import Path

import pytest

from importers.discovery.linux.batteries import COLLECTOR as BATTERIES
from importers.discovery.linux.displays import COLLECTOR as DISPLAYS
from importers.discovery.linux.operating_system import COLLECTOR as SYSTEM
from importers.discovery.linux.operating_system import (
    boot_time,
    default_realm,
    os_release,
    qualified_name,
    search_domain,
)
from importers.discovery.linux.system import COLLECTOR as MACHINE
from importers.discovery.linux.system import secure_boot
from tests.importers.discovery.machines import Tree, build, collect, edid, found

DMI = "sys/class/dmi/id/"
LAPTOP: Tree = {
    DMI + "sys_vendor": "LENOVO\n",
    DMI + "product_name": "20XW0055GE\n",
    DMI + "product_family": "ThinkPad X1 Carbon Gen 9\n",
    DMI + "product_serial": "PF2ABC12\n",
    DMI + "product_uuid": "4c4c4544-0034-3010-8048-b6c04f503732\n",
    DMI + "board_serial": "L1HF14500AB\n",
    DMI + "bios_date": "03/18/2024\n",
    DMI + "bios_version": "N32ET91W\n",
    DMI + "chassis_type": "10\n",
    "sys/class/tpm/tpm0/tpm_version_major": "2\n",
    "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c": b"\x06\0\0\0\x01",
}


def test_a_laptop_by_its_firmware(tmp_path: Path) -> None:
    content = found(MACHINE, tmp_path, LAPTOP)
    assert content["bios"] == {
        "smanufacturer": "LENOVO",
        "smodel": "20XW0055GE",
        "ssn": "PF2ABC12",
        "msn": "L1HF14500AB",
        "bversion": "N32ET91W",
        "bdate": "2024-03-18",
        "secure_boot": "enabled",
    }
    assert content["hardware"] == {"chassis_type": "Notebook", "uuid": "4C4C4544-0034-3010-8048-B6C04F503732"}
    assert content["terrier"]["system"] == {"firmware": "UEFI", "tpm": "2", "family": "ThinkPad X1 Carbon Gen 9"}


def test_an_ordinary_user_is_told_what_root_would_see(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    build(tmp_path, LAPTOP)
    for name in ("product_serial", "product_uuid", "board_serial"):
        (tmp_path / DMI / name).chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, content = collect(MACHINE, tmp_path)
    assert outcome.state == "collected"
    assert outcome.elevate == ("system serial number", "mainboard serial number", "system UUID")
    assert content["bios"]["smodel"] == "20XW0055GE"
    assert "ssn" not in content["bios"]
    assert "uuid" not in content["hardware"]


def test_a_board_without_dmi_speaks_by_its_device_tree(tmp_path: Path) -> None:
    tree = {
        "proc/device-tree/model": "Raspberry Pi 4 Model B Rev 1.4\0",
        "proc/device-tree/serial-number": "10000000abcdef01\0",
    }
    content = found(MACHINE, tmp_path, tree)
    assert content["bios"] == {
        "smodel": "Raspberry Pi 4 Model B Rev 1.4",
        "ssn": "10000000abcdef01",
    }


def test_firmware_is_named_only_where_the_kernel_tells_of_it(tmp_path: Path) -> None:
    tree = {DMI + "sys_vendor": "Dell Inc."}
    assert found(MACHINE, tmp_path, tree)["bios"] == {"smanufacturer": "Dell Inc."}
    content = found(MACHINE, tmp_path, {"sys/firmware/dmi/": "", DMI + "chassis_type": "2\n"})
    assert content["bios"] == {"smanufacturer": "Dell Inc.", "secure_boot": "unsupported"}
    assert content["terrier"]["system"] == {"firmware": "BIOS"}
    assert "chassis_type" not in content.get("hardware", {})


def test_a_machine_without_either_has_no_such_thing(tmp_path: Path) -> None:
    outcome, content = collect(MACHINE, tmp_path)
    assert (outcome.state, content) == ("absent", {})


def test_secure_boot_by_the_byte_after_the_attributes() -> None:
    assert secure_boot(True, b"\x06\0\0\0\x00") == "disabled"
    assert secure_boot(True, b"") == ""
    assert secure_boot(False, b"") == "unsupported"


def test_the_operating_system(tmp_path: Path) -> None:
    tree = {
        "etc/os-release": 'NAME="Fedora Linux"\nVERSION="40 (Server Edition)"\nID=fedora\nVERSION_ID=40\n'
        'PRETTY_NAME="Fedora Linux 40 (Server Edition)"\nVARIANT="Server Edition"\nSUPPORT_END=2025-05-13\n',
        "proc/sys/kernel/hostname": "db-01\n",
        "proc/sys/kernel/osrelease": "6.8.5-301.fc40.x86_64\n",
        "proc/stat": "cpu  1 2 3\nbtime 1700000000\n",
        "etc/hosts": "127.0.0.1 localhost localhost.localdomain\n10.0.0.7 db-01.example.org db-01 # old\n",
        "etc/machine-id": "0123456789abcdef0123456789abcdef\n",
        "etc/locale.conf": "LANG=en_GB.UTF-8\n",
        "etc/krb5.conf": "[libdefaults]\n default_realm = AD.EXAMPLE.ORG\n",
        "etc/timezone": "Europe/Berlin\n",
    }
    build(tmp_path, tree)
    os.utime(tmp_path / "etc/machine-id", (1_690_000_000, 1_690_000_000))
    outcome, content = collect(SYSTEM, tmp_path)
    assert outcome.state == "collected"
    system = content["operatingsystem"]
    assert (system["name"], system["version"]) == ("Fedora Linux", "40 (Server Edition)")
    assert (system["fqdn"], system["dns_domain"]) == ("db-01.example.org", "example.org")
    assert system["kernel_version"] == "6.8.5-301.fc40.x86_64"
    assert system["boot_time"].startswith("2023-11-1")
    assert system["install_date"].startswith("2023-07-2")
    assert system["timezone"]["name"] == "Europe/Berlin"
    assert content["hardware"] == {"name": "db-01", "workgroup": "ad.example.org"}
    assert content["terrier"]["machine_id"] == "0123456789abcdef0123456789abcdef"
    assert content["terrier"]["operating_system"]["variant"] == "Server Edition"
    assert content["terrier"]["operating_system"]["locale"] == "en_GB.UTF-8"


def test_times_of_zero_in_an_image_are_no_installation_date(tmp_path: Path) -> None:
    build(tmp_path, {"etc/hostname": "x\n", "lost+found/": "", "etc/machine-id": "ab\n"})
    os.utime(tmp_path / "lost+found", (0, 0))
    os.utime(tmp_path / "etc/machine-id", (0, 0))
    _, content = collect(SYSTEM, tmp_path)
    assert "operatingsystem" not in content


def test_os_release_takes_quotes_and_comments() -> None:
    assert os_release('# x=1\nA=\'one two\'\nB=three\nC="fo\\"ur"\nD="open\n') == {
        "A": "one two",
        "B": "three",
        "C": 'fo"ur',
        "D": "open",
    }


def test_small_readers_of_the_system() -> None:
    assert boot_time("cpu 1\n") is None
    assert qualified_name("vm", "127.0.1.1 vm.localdomain vm\n") == ""
    assert search_domain("search a.example b.example\nnameserver 10.0.0.1\n") == "a.example"
    assert search_domain("search a.example\ndomain c.example.\n") == "c.example"
    assert default_realm("# default_realm = NO\n") == ""


def test_displays_by_their_connectors(tmp_path: Path) -> None:
    screen = edid(texts={0xFC: "DELL U2720Q", 0xFF: "7C3XY13"})
    tree: Tree = {
        "sys/class/drm/card1-DP-2/edid": screen,
        "sys/class/drm/card1-eDP-1/edid": edid("LGD", texts={0xFE: "LP140WF9"}),
        "sys/class/drm/card1-HDMI-A-1/edid": b"",
        "sys/class/drm/version": "drm 1.1.0",
    }
    first, second = found(DISPLAYS, tmp_path, tree)["monitors"]
    assert (first["port"], first["name"], first["serial"]) == ("DP-2", "DELL U2720Q", "7C3XY13")
    assert (first["manufacturer"], first["description"]) == ("Dell", "11/2021")
    assert (second["port"], second["name"]) == ("eDP-1", "LP140WF9")


def test_a_battery_by_charge_or_energy_and_a_mouses_left_out(tmp_path: Path) -> None:
    base = "sys/class/power_supply/"
    tree = {
        base + "BAT0/type": "Battery\n",
        base + "BAT0/model_name": "DELL JHXPY53\n",
        base + "BAT0/serial_number": "0000\n",
        base + "BAT0/technology": "Li-ion\n",
        base + "BAT0/voltage_min_design": "7600000\n",
        base + "BAT0/charge_full_design": "6842000\n",
        base + "BAT0/charge_full": "5000000\n",
        base + "BAT1/type": "Battery\n",
        base + "BAT1/energy_full_design": "23200000\n",
        base + "AC/type": "Mains\n",
        base + "hidpp_battery_0/type": "Battery\n",
        base + "hidpp_battery_0/scope": "Device\n",
    }
    first, second = found(BATTERIES, tmp_path, tree)["batteries"]
    assert first == {
        "name": "DELL JHXPY53",
        "chemistry": "Li-ion",
        "voltage": 7600,
        "capacity": 51999,
        "real_capacity": 38000,
    }
    assert second == {"name": "BAT1", "capacity": 23200}
