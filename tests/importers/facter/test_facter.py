"""Facter's facts: of Linux, FreeBSD, Windows and macOS, old flat ones and those of PuppetDB, as the file has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.observation import Observation
from importers.facter.importer import IMPORTER, reading_of
from importers.source_documents import SourceDocument

GIB = 1 << 30
NETWORK = {
    "domain": "example.org", "fqdn": "db1.example.org", "hostname": "db1", "primary": "eno1",
    "interfaces": {
        "docker0": {"mac": "02:42:ac:00:00:01", "physical": False, "bindings": [{"address": "172.17.0.1"}]},
        "eno1": {
            "bindings": [{"address": "10.1.2.3", "netmask": "255.255.255.0", "network": "10.1.2.0"}],
            "bindings6": [{"address": "fd00::3", "netmask": "ffff:ffff:ffff:ffff::", "network": "fd00::"}],
            "mac": "0c:c4:7a:01:02:03", "mtu": 1500, "operational_state": "up", "physical": True, "speed": 1000,
        },
        "lo": {"bindings": [{"address": "127.0.0.1"}], "operational_state": "unknown", "physical": False},
    },
}  # fmt: skip
LINUX: dict[str, Any] = {
    "disks": {
        "sda": {"model": "SAMSUNG MZ7", "serial": "S4GENX0N1", "size_bytes": 480 * 10**9, "type": "ssd"},
        "sr0": {"model": "DVD", "size_bytes": GIB},
    },
    "dmi": {
        "bios": {"release_date": "05/02/2017", "vendor": "American Megatrends", "version": "2.0b"},
        "board": {"manufacturer": "Supermicro", "product": "X10DRH-iT", "serial_number": "NM175S004964"},
        "chassis": {"asset_tag": "IT-0042", "type": "Rack Mount Chassis"},
        "manufacturer": "Supermicro",
        "product": {
            "name": "SSG-6028R", "serial_number": "S212101X7", "uuid": "71de2f0c-1d3a-e411-8043-ac1f6b05e596",
        },
    },
    "facterversion": "5.1.0",
    "is_virtual": False, "kernel": "Linux", "kernelrelease": "6.1.0-29-amd64",
    "memory": {"system": {"total_bytes": 64 * GIB}, "swap": {"total_bytes": GIB}},
    "mountpoints": {
        "/": {"available_bytes": 5 * GIB, "device": "/dev/sda1", "filesystem": "ext4", "size_bytes": 10 * GIB},
        "/run": {"device": "tmpfs", "filesystem": "tmpfs", "size_bytes": GIB},
    },
    "networking": NETWORK,
    "os": {
        "architecture": "amd64", "distro": {"description": "Debian GNU/Linux 12 (bookworm)"}, "hardware": "x86_64",
        "name": "Debian", "release": {"full": "12.9"}, "selinux": {"enabled": True, "current_mode": "enforcing"},
    },
    "partitions": {"/dev/sda1": {"uuid": "5b9b976f-334e-4d64-89e9-5309f9c88998", "label": "root"}},
    "path": "/root/secret/bin",
    "processors": {"cores": 8, "count": 32, "models": ["Xeon E5"] * 32, "physicalcount": 2, "speed": "2.10 GHz",
                   "threads": 2},
    "ssh": {"ed25519": {"key": "AAAAC3", "type": "ssh-ed25519"}},
    "timezone": "CET", "virtual": "physical",
}  # fmt: skip


def read(facts: Any) -> Observation:
    source = SourceDocument(json.dumps(facts).encode(), "db1.facts", "2026-04-01T00:00:00Z")
    found = reading_of(source)
    assert found.problems == []
    return found.observations[0]


def said(one: Observation, *names: str) -> list[Any]:
    return [one.values.get(name) for name in names]


def test_a_linux_server() -> None:
    one = read(LINUX)
    assert (one.cls, *said(one, "name", "domain", "serial_number", "asset_tag")) == (
        "server", "db1", "example.org", "S212101X7", "IT-0042",
    )  # fmt: skip
    assert said(one, "memory", "disk_size", "processor_sockets", "cores_per_processor") == [65536, 447, 2, 8]
    assert said(one, "operating_system", "os_version", "architecture") == ["Debian GNU/Linux", "12.9", "x86_64"]
    assert said(one, "ip_address", "mac_address", "disk_encrypted") == ["10.1.2.3", "0c:c4:7a:01:02:03", None]
    assert one.evidence == {
        "mac": ["0c:c4:7a:01:02:03"], "board_serial": ["NM175S004964"], "disk_serial": ["S4GENX0N1"],
    }  # fmt: skip
    assert one.details["processors"] == [{"name": "Xeon E5", "cores": 8, "threads": 16, "speed": 2100}] * 2
    assert one.details["volumes"] == [
        {"mount": "/", "device": "/dev/sda1", "filesystem": "ext4", "size": 10 * GIB, "free": 5 * GIB,
         "serial_number": "5b9b976f-334e-4d64-89e9-5309f9c88998", "label": "root"}
    ]  # fmt: skip
    assert [(row["name"], row.get("removable")) for row in one.details["disks"]] == [("sda", None), ("sr0", True)]
    assert [row.get("address") for row in one.details["addresses"]] == [
        "10.1.2.3",
        "fd00::3",
        "172.17.0.1",
        "127.0.0.1",
    ]
    assert one.details["bios"][0]["date"] == "2017-05-02"
    assert one.details["security"] == [{"mandatory_access_control": "SELinux, enforcing"}]
    assert "secret" not in str(one)
    assert "software" not in one.sections, "facts have no list of software: none of it is gone"


def test_a_guest_whose_sockets_are_not_known() -> None:
    facts = {**LINUX, "is_virtual": True, "virtual": "vbox", "processors": {"count": 2, "models": ["Ryzen 9   "] * 2}}
    one = read(facts)
    assert (one.cls, *said(one, "virtual_cores", "processor_sockets", "processor_model")) == (
        "virtual_machine", 2, None, "Ryzen 9",
    )  # fmt: skip
    assert one.details["processors"] == [{"name": "Ryzen 9"}]


@pytest.mark.parametrize(
    ("name", "description", "system"),
    [
        ("RedHat", "Red Hat Enterprise Linux release 9.3 (Plow)", "Red Hat Enterprise Linux"),
        ("CentOS", "CentOS Stream release 10 (Coughlan)", "CentOS Stream"),
        ("CentOS", "CentOS Linux release 7.9.2009 (Core)", "CentOS"), ("Ubuntu", "Ubuntu 22.04.5 LTS", "Ubuntu"),
    ],
)  # fmt: skip
def test_a_system_is_called_as_it_calls_itself(name: str, description: str, system: str) -> None:
    told = {"name": name, "distro": {"description": description}, "release": {"full": "9"}}
    assert read({**LINUX, "os": told}).values["operating_system"] == system


def test_windows() -> None:
    windows = {
        "display_version": "24H2",
        "edition_id": "ServerStandard",
        "product_name": "Windows Server 2025 Standard",
    }
    system = {"architecture": "x64", "hardware": "x86_64", "name": "windows", "release": {"full": "2025"}}
    one = read({**LINUX, "os": {**system, "windows": windows}, "kernel": "windows", "kernelrelease": "10.0.26100"})
    assert (one.cls, *said(one, "operating_system", "os_version", "os_edition")) == (
        "server", "Windows Server 2025 Standard", "24H2", "ServerStandard",
    )  # fmt: skip


def test_a_mac() -> None:
    profile = {
        "model_identifier": "MacBookPro18,3", "serial_number": "C02XX0XXJG5H", "boot_rom_version": "8422",
        "hardware_uuid": "71DE2F0C-1D3A-E411-8043-AC1F6B05E596",
    }  # fmt: skip
    system = {"name": "Darwin", "hardware": "arm64", "macosx": {"product": "macOS", "version": {"full": "14.4"}}}
    facts = {**LINUX, "os": system, "system_profiler": profile}
    del facts["dmi"]
    assert said(read(facts), "serial_number", "operating_system", "os_version", "architecture") == [
        "C02XX0XXJG5H", "macOS", "14.4", "aarch64",
    ]  # fmt: skip


def test_the_flat_facts_of_old_versions_and_those_of_a_database_of_nodes() -> None:
    flat = {
        "facterversion": "2.4.6", "hostname": "old1", "fqdn": "old1.example.org", "serialnumber": "CZJ4242",
        "manufacturer": "HP", "productname": "ProLiant", "memorysize_mb": "3953.20", "interfaces": "eth0,lo",
        "macaddress_eth0": "0c:c4:7a:01:02:04", "ipaddress_eth0": "10.1.2.4", "is_virtual": "false",
        "processor0": "Xeon", "physicalprocessorcount": "1", "operatingsystem": "CentOS",
        "operatingsystemrelease": "6.10", "virtual": "physical",
    }  # fmt: skip
    for facts in (flat, {"name": "old1.example.org", "values": flat}):
        one = read(facts)
        assert said(one, "name", "serial_number", "memory", "os_version", "ip_address", "processor_sockets") == [
            "old1", "CZJ4242", 3953, "6.10", "10.1.2.4", 1,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({**LINUX, "networking": {}}, "db1.facts has facts of Facter, but names no host: it lacks “networking”."),
        ([LINUX], "names no host"),
    ],
)
def test_facts_that_name_no_host_are_refused(facts: Any, reason: str) -> None:
    with pytest.raises(FileProblem) as caught:
        read(facts)
    assert reason in str(caught.value)


def test_shapes_that_no_facts_have_are_left_out() -> None:
    odd = {
        "facterversion": [1], "networking": {"hostname": "x", "interfaces": {"a": 1, "b": {"bindings": "x"}}},
        "disks": {"sda": "x", "sdb": {"size_bytes": "9" * 3_000}}, "mountpoints": {"/": 1}, "os": "x",
        "processors": {"models": [{}]}, "memory": {"system": {"total_bytes": -1}}, "ssh": {"rsa": {}},
        "dmi": {"bios": {"release_date": "x"}},
    }  # fmt: skip
    assert read(odd).values["name"] == "x"


def test_facts_are_recognised_by_what_they_are() -> None:
    assert IMPORTER.recognises(json.dumps(LINUX).encode())
    assert IMPORTER.recognises(json.dumps(LINUX).encode("utf-16"))
    for other in ('{"name": "x", "os": 1}', '{"deviceid": "x", "content": {"facterversion": 1}}', "[1]", "disks,dmi"):
        assert not IMPORTER.recognises(other.encode())
