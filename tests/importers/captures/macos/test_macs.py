"""Whole captures of Macs as the inventories of a scan: what a Linux scan says of a machine, they say of a Mac."""

from __future__ import annotations

import re
from typing import Any

import pytest

from importers.captures import macos
from importers.captures.capture import CaptureSection, parse, write
from importers.captures.document import document
from importers.captures.subject import Subject, read, subjects
from importers.discovery.collector import ABSENT, FAILED, NOT_PERMITTED, TIMED_OUT
from importers.inventory import reading
from tests.importers.captures.macos.answers import capture, profile, property_list, without
from tests.importers.captures.macos.macs import APPLE_SILICON, GUESTS
from tests.importers.captures.macos.old_macs import INTEL


def content(sections: Any) -> dict[str, Any]:
    found: dict[str, Any] = document(capture(sections))["content"]
    return found


@pytest.fixture(scope="module")
def silicon() -> dict[str, Any]:
    return content(APPLE_SILICON)


def outcomes(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in found["terrier"]["collectors"]}


# -- a MacBook Pro with an Apple chip ---------------------------------------------------------------------------------


def test_what_it_is(silicon: dict[str, Any]) -> None:
    assert silicon["bios"] == {
        "smanufacturer": "Apple Inc.", "smodel": "MacBookPro18,3", "ssn": "C02ZX0AAMD6T", "skunumber": "MKGP3D/A",
        "bmanufacturer": "Apple Inc.", "bversion": "11881.1.1", "secure_boot": "enabled",
    }  # fmt: skip
    hardware = silicon["hardware"]
    assert hardware["uuid"] == "0F3C9E52-6A41-5B0D-9C3E-2A7D41B8E601"
    assert (hardware["chassis_type"], hardware["vmsystem"]) == ("Laptop", "Physical")
    assert (hardware["memory"], hardware["swap"]) == (16384, 2048)
    assert silicon["terrier"]["machine_id"] == hardware["uuid"]
    assert silicon["terrier"]["elevated"] is False


def test_its_system(silicon: dict[str, Any]) -> None:
    assert silicon["hardware"]["name"] == "MacBook-von-Anna"
    assert silicon["operatingsystem"] == {
        "name": "macOS", "full_name": "macOS 15.1.1", "version": "15.1.1", "arch": "arm64", "kernel_name": "darwin",
        "kernel_version": "24.1.0", "boot_time": "2025-11-23 09:01:10", "install_date": "2021-12-29 16:00:00",
        "dns_domain": "corp.example.com", "timezone": {"name": "Europe/Berlin", "offset": "+0100"},
    }  # fmt: skip
    told = silicon["terrier"]["operating_system"]
    assert told == {"id": "macos", "version_id": "15.1.1", "build": "24B91", "locale": "de_DE"}


def test_its_processor_is_one_with_all_its_cores(silicon: dict[str, Any]) -> None:
    assert silicon["cpus"] == [
        {"name": "Apple M1 Pro", "manufacturer": "Apple", "arch": "aarch64", "core": 8, "thread": 8}
    ]
    assert silicon["memories"] == [{"type": "LPDDR5", "capacity": 16384, "manufacturer": "Micron"}]


def test_its_disks_and_volumes(silicon: dict[str, Any]) -> None:
    inner, stick = silicon["storages"]
    assert (inner["name"], inner["serial"], inner["disksize"], inner["interface"]) == (
        "disk0", "0ba01234c5e6", 500277, "Apple Fabric",
    )  # fmt: skip
    assert (stick["model"], stick["interface"]) == ("Cruzer", "USB")
    assert [(d["medium"], d["removable"]) for d in silicon["terrier"]["disks"][:1]] == [("solid state", False)]
    assert silicon["terrier"]["disks"][1]["removable"] is True
    mounts = {one["type"]: one.get("encrypt_status") for one in silicon["drives"]}
    assert mounts == {"/": "Yes", "/System/Volumes/Data": "Yes", "/Volumes/Stick": None, "/Volumes/Installer": None}


def test_its_network(silicon: dict[str, Any]) -> None:
    rows = {(n["description"], n.get("ipaddress", n.get("ipaddress6"))): n for n in silicon["networks"]}
    wifi = rows["en0", "192.168.7.42"]
    assert (wifi["mac"], wifi["type"], wifi["ipmask"], wifi["ipsubnet"], wifi["ipgateway"], wifi["status"]) == (
        "3e:8d:20:aa:01:02", "wifi", "255.255.255.0", "192.168.7.0", "192.168.7.1", "up",
    )  # fmt: skip
    assert rows["en0", "2001:db8:7::42"]["ipsubnet6"] == "2001:db8:7::"
    assert rows["utun3", "10.9.0.2"]["virtualdev"] is True
    assert rows["en5", None]["status"] == "down"
    own = {one["name"]: one for one in silicon["terrier"]["interfaces"]}
    assert own["en0"] == {"name": "en0", "permanent_mac": "3c:22:fb:aa:01:02", "built_in": True}
    assert own["en5"]["built_in"] is False  # a dongle is no part of the Mac
    assert silicon["terrier"]["leased_addresses"] == ["192.168.7.42", "2001:db8:7::42"]
    routes = [(r["destination"], r["mask"], r["gateway"], r["interface"]) for r in silicon["terrier"]["routes"]]
    assert routes == [
        ("0.0.0.0", "0.0.0.0", "192.168.7.1", "en0"), ("127.0.0.0", "255.0.0.0", "127.0.0.1", "lo0"),
        ("192.168.7.0", "255.255.255.0", "0.0.0.0", "en0"), ("192.168.7.1", "255.255.255.255", "0.0.0.0", "en0"),
        ("10.9.0.0", "255.255.0.0", "10.9.0.1", "utun3"),
    ]  # fmt: skip
    assert (silicon["hardware"]["defaultgateway"], silicon["hardware"]["dns"]) == (
        "192.168.7.1", "192.168.7.1/192.168.7.2",
    )  # fmt: skip


def test_its_ports_and_connections(silicon: dict[str, Any]) -> None:
    ports = {(p["protocol"], p["address"], p["port"]): p for p in silicon["terrier"]["listening_ports"]}
    assert set(ports) == {
        ("tcp", "::", 22), ("tcp", "127.0.0.1", 631), ("udp", "0.0.0.0", 5353),
        ("udp", "fe80::1c8a:55ff:fe01:2", 123),
    }  # fmt: skip
    assert ports["tcp", "127.0.0.1", 631]["program"] == "/usr/sbin/cupsd"
    assert ports["udp", "0.0.0.0", 5353]["pid"] == 301
    inward, outward = silicon["terrier"]["connections"]
    assert (inward["direction"], inward["local_port"], inward["remote_address"]) == ("in", 22, "192.168.7.9")
    assert (outward["remote_port"], outward["count"], outward["user"]) == (443, 2, "anna")
    assert outward["program"].endswith("/Code Helper (Plugin)")


def test_its_people(silicon: dict[str, Any]) -> None:
    assert silicon["terrier"]["main_user"] == {"login": "anna", "name": "Anna Älvdal"}
    assert silicon["hardware"]["lastloggeduser"] == "anna"
    assert silicon["hardware"]["datelastloggeduser"] == "2026-11-30 09:14:00"
    assert silicon["users"] == [{"login": "anna"}]
    assert silicon["local_groups"] == [{"id": "80", "name": "admin", "members": ["root", "anna"]}]


def test_its_software(silicon: dict[str, Any]) -> None:
    found = {(one["name"], one["from"]): one for one in silicon["softwares"]}
    assert set(found) == {
        ("Microsoft Word", "macos"), ("Safari", "macos"), ("Slack", "macos"), ("com.docker.docker", "pkgutil"),
        ("com.apple.pkg.XProtectPlistConfigData_10_15.16U4300", "pkgutil"), ("git", "homebrew"),
        ("firefox", "homebrew-cask"), ("requests", "pip"), ("typing-extensions", "pip"),
    }  # fmt: skip
    word = found["Microsoft Word", "macos"]
    assert (word["publisher"], word["version"], word["arch"]) == ("Microsoft Corporation", "16.84", "universal")
    assert found["Slack", "macos"]["username"] == "anna"
    assert "publisher" not in found["Slack", "macos"]
    assert found["com.docker.docker", "pkgutil"]["install_date"] == "2025-11-30"
    assert found["requests", "pip"]["username"] == "anna"


def test_its_services_and_jobs(silicon: dict[str, Any]) -> None:
    services = {one["name"]: one for one in silicon["terrier"]["services"]}
    assert services["com.docker.vmnetd"] == {
        "name": "com.docker.vmnetd", "manager": "launchd", "user": "root", "start": "automatic", "state": "running",
        "program": "/Library/PrivilegedHelperTools/com.docker.vmnetd", "pid": 413,
    }  # fmt: skip
    assert services["com.apple.mdmclient.daemon"]["state"] == "stopped"
    jobs = {one.get("name", "cron"): one for one in silicon["terrier"]["scheduled_jobs"]}
    assert (jobs["com.example.backup"]["schedule"], jobs["com.example.backup"]["enabled"]) == (
        "Hour 3, Minute 15",
        False,
    )
    assert (jobs["com.example.sync"]["schedule"], jobs["com.example.sync"]["enabled"]) == ("every 600 s", True)
    assert jobs["cron"] == {
        "manager": "cron", "schedule": "0 4 * * 1", "user": "anna", "program": "/Users/anna/bin/weekly",
    }  # fmt: skip


def test_what_protects_it(silicon: dict[str, Any]) -> None:
    assert silicon["firewalls"] == [{"description": "Application firewall", "status": "on"}]
    assert silicon["terrier"]["security"] == {
        "mandatory_access_control": "System Integrity Protection, enabled", "automatic_updates": True,
        "pending": {"updates": 2},
    }  # fmt: skip
    assert silicon["antivirus"] == [{"name": "XProtect", "company": "Apple", "base_version": "5285"}]
    assert silicon["remote_mgmt"] == [{"type": "MDM", "id": "mdm.example.com"}]


def test_what_is_in_it_and_plugged_in(silicon: dict[str, Any]) -> None:
    panel, dell = silicon["monitors"]
    assert (panel["port"], "serial" in panel) == ("eDP-1", False)
    assert (dell["manufacturer"], dell["serial"], dell["description"]) == ("Dell", "304D3542", "12/2021")
    (battery,) = silicon["batteries"]
    assert (battery["capacity"], battery["real_capacity"]) == (69255, 63612)
    assert silicon["terrier"]["batteries"] == [{"name": "bq20z451", "charge": 83, "cycles": 112, "state": "Charging"}]
    (lan,) = silicon["usbdevices"]
    assert (lan["vendorid"], lan["productid"], lan["manufacturer"]) == ("0bda", "8153", "Realtek")
    (printer,) = silicon["printers"]
    assert printer["port"] == "ipps://print.example.com/ipp/print"  # without the password
    assert silicon["sounds"][0]["manufacturer"] == "Apple Inc."
    assert silicon["cameras"][0]["designation"] == "FaceTime HD Camera"


def test_every_list_of_it_is_complete_but_those_that_need_an_administrator(silicon: dict[str, Any]) -> None:
    found = outcomes(silicon)
    assert {one["state"] for name, one in found.items() if name not in ("guests", "PCI devices")} == {"collected"}
    assert not {name for one in found.values() for name in one.get("incomplete", ())} - {"virtualmachines"}


def test_the_register_takes_it_for_a_laptop_with_a_display(silicon: dict[str, Any]) -> None:
    found = reading(document(capture(APPLE_SILICON)))
    computer, display = found.observations
    assert (computer.cls, computer.values["name"], computer.values["serial_number"]) == (
        "laptop", "MacBook-von-Anna", "C02ZX0AAMD6T",
    )  # fmt: skip
    assert computer.values["disk_encrypted"] is True
    assert computer.values["disk_size"] == 466  # without the stick
    assert computer.evidence["mac"] == ["3c:22:fb:aa:01:02"]  # what Wi-Fi calls itself today is random
    assert display.values["serial_number"] == "304D3542"
    assert [p for p in found.problems if p.kind != "warning"] == []


# -- hosts and old Macs -----------------------------------------------------------------------------------------------


def test_guests_are_virtual_machines_by_their_host() -> None:
    found = content(GUESTS)
    windows, ubuntu, old = found["virtualmachines"]
    assert windows == {
        "name": "Windows 11", "uuid": "9A6E0C9B-57D3-4F5E-8E2B-5C8A5F1D2E33", "memory": 8192, "vcpu": 4,
        "mac": "00:1c:42:a1:b2:c3", "status": "running", "operatingsystem": {"full_name": "win-11"},
        "vmtype": "parallels", "subsystem": "Parallels",
    }  # fmt: skip
    assert (ubuntu["name"], ubuntu["status"]) == ("Ubuntu", "off")
    assert (old["uuid"], old["memory"], old["vcpu"]) == ("564D1A2B-3C4D-5E6F-7081-92A3B4C5D6E7", 4096, 2)
    machines = [one for one in reading(document(capture(GUESTS))).observations if one.cls == "virtual_machine"]
    assert [(one.values["name"], one.by_host) for one in machines] == [
        ("Windows 11", True), ("Ubuntu", True), ("Old", True),
    ]  # fmt: skip
    assert [one["name"] for one in found["softwares"] if one["from"] == "macos"] == ["Parallels Desktop"]


def test_an_old_mac_with_an_intel_processor() -> None:
    found = content(INTEL)
    assert found["cpus"] == [
        {
            "name": "Intel(R) Core(TM) i5-4690 CPU @ 3.50GHz", "manufacturer": "Intel", "model": "60",
            "familynumber": "6", "familyname": "Core i5", "stepping": 3, "speed": 3500, "arch": "x86_64", "core": 4,
            "thread": 4,
        }
    ]  # fmt: skip
    full, empty = found["memories"]
    assert (full["caption"], full["capacity"], full["serialnumber"]) == ("BANK 0/DIMM0", 8192, "0x12345678")
    assert empty == {"numslots": 2, "caption": "BANK 0/DIMM1", "type": "Empty slot"}
    assert found["storages"][0]["serial"] == "Z4Y0ABCD"
    assert found["terrier"]["disks"][0]["medium"] == "rotating"
    assert "encrypt_status" not in found["drives"][0]
    assert (found["hardware"]["name"], found["hardware"]["workgroup"]) == ("imac", "corp.example.com")
    assert found["operatingsystem"]["fqdn"] == "imac.corp.example.com"
    assert found["hardware"]["chassis_type"] == "All in One"
    ports = [(one["address"], one["port"], one["pid"]) for one in found["terrier"]["listening_ports"]]
    assert ports == [("::", 8082, 902), ("0.0.0.0", 5353, 311)]
    assert found["processes"][0]["started"] == "2025-12-01 08:01:10"
    assert found["terrier"]["elevated"] is True
    assert "secure_boot" not in found["bios"]


# -- odd ones ---------------------------------------------------------------------------------------------------------


def test_a_capture_of_nothing_is_an_inventory_of_nothing() -> None:
    found = content({})
    assert set(found) == {"terrier", "accesslog", "versionclient"}
    assert {one["state"] for one in outcomes(found).values()} == {"absent"}
    assert {name for one in outcomes(found).values() for name in one.get("complete", ())} == set()


ODD = (
    "", "{}", "[]", "null", '{"SPHardwareDataType": ["a", 5, null, {"_items": "b"}]}', '{"SPHard', "ÿ\0\x1b[31m",
    profile("Hardware", {"_items": [{"_name": {"a": 1}, "physical_drive": [], "spdisplays_ndrvs": {}}]}),
    "<plist><array><dict/></array></plist>", "[" * 100_000, "9" * 5_000,
)  # fmt: skip


@pytest.mark.parametrize("subject", subjects(macos.__name__), ids=lambda one: one.name)
def test_an_answer_that_is_empty_cut_off_or_another_thing_is_no_defect(subject: Subject) -> None:
    for name in subject.reads:
        for answer in ODD:
            outcome, _ = read(subject, capture({**APPLE_SILICON, name: answer}))
            assert "Error" not in str(outcome.note), (name, answer[:40])
            if outcome.state == FAILED:
                assert outcome.complete == ()
                assert str(outcome.note).startswith("an answer of the machine is ")


@pytest.mark.parametrize("subject", subjects(macos.__name__), ids=lambda one: one.name)
def test_numbers_that_no_machine_has_are_no_defect(subject: Subject) -> None:
    for name in subject.reads:
        answer = APPLE_SILICON.get(name, "")
        for number in re.finditer(r"\d+", answer):
            wrong = answer[: number.start()] + "9" * 5_000 + answer[number.end() :]
            outcome, _ = read(subject, capture({**APPLE_SILICON, name: wrong}))
            assert "Error" not in str(outcome.note), (name, answer[: number.end()][-40:])


LONG = ("\n", " ", "a", "9", '"', '"\n', ": ", "a =", "/a-", "\t", "{", "\ninet6 a", "\n \n")


@pytest.mark.parametrize("subject", subjects(macos.__name__), ids=lambda one: one.name)
def test_a_long_answer_takes_no_longer_than_its_length(subject: Subject) -> None:
    """Nothing is measured: what took the square of this length would not end."""
    plain = [name for name in subject.reads if not APPLE_SILICON.get(name, "").startswith(("{", "<"))]
    for piece in LONG:
        for begin in ("", "\ninet6 "):
            read(subject, capture(dict.fromkeys(plain, begin + piece * (12_000 // len(piece)))))


def test_what_was_not_seen_whole_removes_nothing() -> None:
    late = {**APPLE_SILICON, "applications": CaptureSection(TIMED_OUT, 180.0)}
    found = outcomes(content(late))
    assert (found["applications"]["state"], found["applications"]["incomplete"]) == (
        "timed out", ["softwares", "user_softwares"],
    )  # fmt: skip
    assert found["applications"]["note"] == "applications: timed out"
    assert reading(document(capture(late))).observations[0].sections.count("software") == 0
    failed = outcomes(content({**APPLE_SILICON, "volumes": CaptureSection(FAILED, 0.1)}))
    assert failed["storage"]["incomplete"] == ["storages", "drives"]


def test_an_ordinary_user_misses_what_an_administrator_sees() -> None:
    words = "software that other users installed for themselves"
    sections = {
        **APPLE_SILICON,
        "python-packages": CaptureSection(NOT_PERMITTED, 0.1, (words,)),
        "cron": CaptureSection(NOT_PERMITTED, 0.1, ("the cron tables of users",)),
    }
    found = outcomes(content(sections))
    assert (found["packages"]["elevate"], found["packages"]["incomplete"]) == ([words], ["user_softwares"])
    assert found["scheduled jobs"]["incomplete"] == ["terrier.scheduled_jobs"]


def test_programs_that_few_macs_have_are_absent_and_their_lists_complete() -> None:
    sections = {**without(APPLE_SILICON, "homebrew"), "homebrew": CaptureSection(ABSENT, 0.0)}
    assert "incomplete" not in outcomes(content(sections))["packages"]


def test_words_of_another_language_are_not_guessed_at() -> None:
    secure = profile("iBridge", {"_name": "ibridge_item", "ibridge_secure_boot": "Maximale Sicherheit"})
    found = content({**APPLE_SILICON, "startup-security": secure, "integrity": "Status: aktiviert.\n"})
    assert "secure_boot" not in found["bios"]
    assert "mandatory_access_control" not in found["terrier"]["security"]


def test_an_apple_chip_encrypts_every_volume_and_without_filevault_nobody_needs_a_key() -> None:
    volumes = [{"DeviceIdentifier": "disk3s1", "Encryption": True, "FileVault": False}]
    apfs = property_list({"Containers": [{"ContainerReference": "disk3", "Volumes": volumes}]})
    found = content({**APPLE_SILICON, "apfs": apfs, "filevault": "FileVault is Off.\n"})
    assert "encrypt_status" not in found["drives"][0]
    assert reading({"deviceid": "one", "content": found}).observations[0].values["disk_encrypted"] is False


def test_a_mac_that_is_a_virtual_machine() -> None:
    hardware = profile("Hardware", {"machine_model": "VirtualMac2,1", "serial_number": "ZVM1"})
    found = content({**APPLE_SILICON, "hardware": hardware})
    assert found["hardware"]["vmsystem"] == "Apple"


def test_an_entity_in_a_property_list_is_not_followed() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE plist [<!ENTITY a "aaaa">]><plist><array><string>&a;</string></array></plist>'
    )
    found = outcomes(content({**APPLE_SILICON, "accounts": bomb}))
    assert found["accounts"]["state"] == "failed"
    assert found["accounts"]["note"] == "an answer of the machine is no property list that can be read"


def test_it_is_the_same_after_it_was_written_and_read() -> None:
    taken = capture(APPLE_SILICON)
    assert macos.content(parse(write(taken))) == macos.content(taken)
