from __future__ import annotations

from pathlib import Path

import pytest

from importers.discovery.hardware_names import DeviceNames
from importers.discovery.linux.inputs import COLLECTOR as INPUTS
from importers.discovery.linux.pci import COLLECTOR as PCI
from importers.discovery.linux.printers import COLLECTOR as PRINTERS
from importers.discovery.linux.printers import printcap, printers_conf
from importers.discovery.linux.security import COLLECTOR as SECURITY
from importers.discovery.linux.security import filters, pending_updates, ufw_on
from importers.discovery.linux.usb import COLLECTOR as USB
from tests.importers.discovery.machines import Symlink, Tree, build, collect, found

IDS = """# comment
1022  Advanced Micro Devices
8086  Intel Corporation
\t1904  Host Bridge
\t\t1028 0704  XPS 13
# in the middle
\t1916  HD Graphics 520
9004  Adaptec

C 03  Display controller
\t00  VGA compatible controller
C 04  Multimedia controller
\t03  Audio device
"""


def device(slot: str, kind: str, vendor: str, product: str) -> dict[str, str | Symlink]:
    base = f"sys/bus/pci/devices/{slot}/"
    tree: dict[str, str | Symlink] = {
        base + "class": kind,
        base + "vendor": vendor,
        base + "device": product,
        base + "revision": "0x07",
        base + "subsystem_vendor": "0x1028",
        base + "subsystem_device": "0x0704",
    }
    return tree


def test_pci_devices_get_their_names_from_the_machines_own_list(tmp_path: Path) -> None:
    tree: Tree = {
        "usr/share/misc/pci.ids": IDS,
        **device("0000:00:02.0", "0x030000\n", "0x8086\n", "0x1916\n"),
        **device("0000:00:1f.3", "0x040300\n", "0x8086\n", "0x9d70\n"),
        "sys/bus/pci/devices/0000:00:02.0/driver": Symlink("../../../bus/pci/drivers/i915"),
    }
    content = found(PCI, tmp_path, tree)
    assert content["controllers"][0] == {
        "name": "HD Graphics 520",
        "caption": "HD Graphics 520",
        "manufacturer": "Intel Corporation",
        "type": "VGA compatible controller",
        "pciclass": "0300",
        "pcislot": "00:02.0",
        "vendorid": "8086",
        "productid": "1916",
        "pcisubsystemid": "1028:0704",
        "rev": "07",
        "driver": "i915",
    }
    assert content["videos"] == [{"name": "HD Graphics 520", "pcislot": "00:02.0"}]
    assert content["sounds"] == [{"name": "8086:9d70", "manufacturer": "Intel Corporation"}]


def test_names_are_looked_for_under_their_vendor_only() -> None:
    names = DeviceNames(IDS.encode())
    assert names.device("8086", "1916") == "HD Graphics 520"
    assert names.device("1022", "1904") == ""
    assert names.vendor("9004") == "Adaptec"
    assert names.kind("0403") == "Audio device"
    assert (names.vendor("ffff"), names.kind("ff00"), DeviceNames(b"").device("8086", "1904")) == ("", "", "")


def test_usb_devices_without_hubs_and_interfaces(tmp_path: Path) -> None:
    base = "sys/bus/usb/devices/"
    tree = {
        base + "usb1/bDeviceClass": "09\n",
        base + "1-2/bDeviceClass": "00\n",
        base + "1-2/bDeviceSubClass": "00\n",
        base + "1-2/idVendor": "0bda\n",
        base + "1-2/idProduct": "8153\n",
        base + "1-2/product": "USB 10/100/1000 LAN\n",
        base + "1-2/manufacturer": "Realtek\n",
        base + "1-2/serial": "00E04C6801DB\n",
        base + "1-2:1.0/bInterfaceClass": "ff\n",
    }
    assert found(USB, tmp_path, tree)["usbdevices"] == [
        {
            "name": "USB 10/100/1000 LAN",
            "caption": "USB 10/100/1000 LAN",
            "manufacturer": "Realtek",
            "vendorid": "0bda",
            "productid": "8153",
            "serial": "00E04C6801DB",
            "class": "0",
            "subclass": "0",
        }
    ]


CONF = """# Printer configuration file
<DefaultPrinter Office>
Info Office printer
Location Room 7
MakeModel HP LaserJet M507
DeviceURI ipp://nora:secret@10.0.0.20/ipp/print
State Idle
Shared Yes
</DefaultPrinter>
<Printer Desk>
DeviceURI usb://Brother/HL-2030
Shared No
</Printer>
"""


def test_printers_without_the_passwords_in_their_addresses(tmp_path: Path) -> None:
    office, desk = found(PRINTERS, tmp_path, {"etc/cups/printers.conf": CONF})["printers"]
    assert office == {
        "name": "Office",
        "description": "Office printer",
        "comment": "Room 7",
        "driver": "HP LaserJet M507",
        "port": "ipp://10.0.0.20/ipp/print",
        "status": "Idle",
        "network": True,
        "shared": True,
    }
    assert (desk["name"], desk["network"], desk["shared"]) == ("Desk", False, False)


def test_a_user_sees_the_queues_names(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    build(tmp_path, {"etc/cups/printers.conf": CONF, "etc/printcap": "# made by CUPS\nOffice|Office printer:rm=x:\n\n"})
    (tmp_path / "etc/cups/printers.conf").chmod(0)
    request.getfixturevalue("unprivileged")
    outcome, content = collect(PRINTERS, tmp_path)
    assert outcome.elevate == ("printer queues (drivers, addresses)",)
    assert content["printers"] == [{"name": "Office", "description": "Office printer"}]


def test_unfinished_printer_files() -> None:
    assert printers_conf("<Printer X>\nInfo x\n") == []
    assert printcap(":::\n|x:\n") == []


def test_security_state(tmp_path: Path) -> None:
    tree = {
        "etc/ufw/ufw.conf": "# x\nENABLED=yes\nLOGLEVEL=low\n",
        "sys/fs/selinux/enforce": "0\n",
        "var/lib/update-notifier/updates-available": "\n12 updates can be applied immediately.\n"
        "3 of these updates are standard security updates.\n",
        "run/reboot-required": "",
        "etc/apt/apt.conf.d/20auto-upgrades": 'APT::Periodic::Unattended-Upgrade "1";\n',
    }
    content = found(SECURITY, tmp_path, tree)
    assert content["firewalls"] == [{"description": "ufw", "status": "on"}]
    assert content["terrier"]["security"] == {
        "mandatory_access_control": "SELinux, permissive",
        "pending": {"updates": 12, "security_updates": 3},
        "restart_required": True,
        "automatic_updates": True,
    }


def test_a_firewall_that_is_off_and_one_by_its_service(tmp_path: Path) -> None:
    assert not ufw_on("ENABLED=no\n")
    assert pending_updates("") == {}
    tree = {"usr/sbin/firewalld": "", "sys/fs/cgroup/system.slice/firewalld.service/cgroup.procs": "77\n"}
    assert found(SECURITY, tmp_path, tree)["firewalls"] == [{"description": "firewalld", "status": "on"}]


RULES = """table inet filter {
\tchain input {
\t\ttype filter hook input priority filter; policy %s;
\t\tjump more
\t}

\tchain more {
\t\ttcp dport 22 accept%s
\t}
}
"""


def test_a_rule_set_of_nftables_is_a_firewall_if_it_refuses_something() -> None:
    assert not filters("")
    assert not filters(RULES % ("accept", ""))
    assert filters(RULES % ("drop", ""))
    assert filters(RULES % ("accept", "\n\t\treject"))


def test_protection_against_malware_with_the_age_of_its_list(tmp_path: Path) -> None:
    head = "ClamAV-VDB:07 Sep 2023 10-09 -0400:27024:2040000:90:x:y:builder:1694095758".ljust(512)
    tree = {
        "usr/sbin/clamd": "",
        "var/lib/clamav/daily.cld": head,
        "var/lib/clamav/main.cvd": "no head\n",
        "opt/eset/efs/x": "",
        "proc/1/comm": "systemd\n",
        "proc/77/comm": "clamd\n",
    }
    content = found(SECURITY, tmp_path, tree)
    assert content["antivirus"] == [
        {
            "name": "ClamAV", "company": "Cisco", "enabled": True, "base_version": "27024",
            "base_creation": "2023-09-07",
        },
        {"name": "ESET Server Security", "company": "ESET", "enabled": False},
    ]  # fmt: skip
    (tmp_path / "proc/1/comm").unlink()
    (tmp_path / "proc/1").rmdir()  # hidden: whether something runs is not known
    assert all("enabled" not in one for one in found(SECURITY, tmp_path, {})["antivirus"])


def test_the_lock_of_the_screen_as_an_administrator_set_it(tmp_path: Path) -> None:
    keys = "[org/gnome/desktop/session]\nidle-delay=uint32 300\n\n[org/gnome/desktop/screensaver]\nlock-enabled=true\n"
    security = found(SECURITY, tmp_path, {"etc/dconf/db/local.d/00-lock": keys})["terrier"]["security"]
    assert security == {"screen_lock": True, "screen_lock_after": 300}


def test_a_firewall_daemon_whose_state_nobody_knows_is_not_off(tmp_path: Path) -> None:
    assert collect(SECURITY, build(tmp_path, {"usr/sbin/firewalld": ""}))[0].state == "absent"


def test_keyboards_and_mice_without_the_buttons_of_a_case(tmp_path: Path) -> None:
    listed = (
        'I: Bus=0019 Vendor=0000 Product=0001\nN: Name="Power Button"\nH: Handlers=kbd event0\nB: EV=3\n\n'
        'I: Bus=0011 Vendor=0001 Product=0001\nN: Name="AT keyboard"\nH: Handlers=sysrq kbd event1 leds\nB: LED=7\n\n'
        'I: Bus=0003 Vendor=046d Product=c077\nN: Name="Logitech Mouse"\nH: Handlers=mouse0 event2\nB: EV=17\n\n'
    )
    assert found(INPUTS, tmp_path, {"proc/bus/input/devices": listed})["inputs"] == [
        {"name": "AT keyboard", "caption": "AT keyboard", "type": "keyboard", "interface": "PS/2"},
        {"name": "Logitech Mouse", "caption": "Logitech Mouse", "type": "pointing", "interface": "USB"},
    ]
