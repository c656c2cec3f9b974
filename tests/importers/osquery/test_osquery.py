"""Results of osquery: rows of a query, tables by their names, logs with snapshots and differences."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cmdb.model.errors import FileProblem
from cmdb.model.observation import Reading
from importers.osquery.importer import IMPORTER, readings
from importers.source_documents import SourceDocument

SYSTEM = {
    "hostname": "web01.example.org", "uuid": "0055ADC9-1D3A-E411-8043-B05D95113232", "cpu_brand": "Xeon E5",
    "cpu_physical_cores": "16", "cpu_logical_cores": "32", "cpu_sockets": "2", "physical_memory": str(64 << 30),
    "hardware_vendor": "Dell Inc.", "hardware_model": "PowerEdge R640", "hardware_serial": "ABC1234",
    "board_serial": "/ABC1234/CN", "computer_name": "web01",
}  # fmt: skip
DEB = {
    "name": "bash", "version": "5.2", "maintainer": "Debian", "arch": "amd64", "size": "700",
    "status": "install ok installed",
}  # fmt: skip
TABLES: dict[str, Any] = {
    "system_info": [SYSTEM],
    "os_version": [{"name": "Ubuntu", "version": "22.04.5 LTS", "platform": "ubuntu", "arch": "x86_64"}],
    "osquery_info": [{"version": "5.12.1"}],
    "time": [{"unix_time": "1774944900"}],
    "deb_packages": [DEB, {**DEB, "name": "gone", "status": "deinstall ok config-files"}],
    "rpm_packages": [
        {"name": "tar", "version": "1.30", "release": "9.el8", "epoch": "2", "install_time": "1577836800"},
    ],
    "users": [{"uid": "33", "username": "www-data", "directory": "/var/www", "shell": "/bin/sh"}],
    "interface_details": [
        {"interface": "eno1", "mac": "0c:c4:7a:01:02:03", "mtu": "1500"},
        {"interface": "lo", "mac": "00:00:00:00:00:00"},
    ],
    "interface_addresses": [
        {"interface": "eno1", "address": "10.1.2.3", "mask": "255.255.255.0"},
        {"interface": "eno1", "address": "fe80::1%eno1", "mask": "ffff:ffff::"},
        {"interface": "lo", "address": "127.0.0.1", "mask": "255.0.0.0"},
    ],
    "mounts": [
        {"device": "/dev/sda1", "path": "/", "type": "ext4", "blocks": "2621440", "blocks_size": "4096",
         "blocks_available": "1310720"},
        {"device": "tmpfs", "path": "/run", "type": "tmpfs", "blocks": "1", "blocks_size": "4096"},
    ],
    "block_devices": [
        {"name": "/dev/sda", "parent": "", "model": "SAMSUNG", "size": "937703088", "block_size": "512"},
        {"name": "/dev/sda1", "parent": "/dev/sda", "size": "1", "block_size": "512"},
    ],
    "processes": [
        {"pid": "80", "name": "nginx", "path": "/usr/sbin/nginx", "cmdline": "nginx --password secret", "uid": "33"},
    ],
    "listening_ports": [{"pid": "80", "port": "443", "protocol": "6", "address": "0.0.0.0"}, {"pid": "1", "port": "0"}],
    "process_open_sockets": [
        {"pid": "80", "protocol": "6", "local_address": "10.1.2.3", "local_port": "443", "remote_address": "10.9.9.9",
         "remote_port": "50123"},
        {"pid": "80", "protocol": "6", "local_address": "10.1.2.3", "local_port": "40000", "remote_address": "10.1.2.9",
         "remote_port": "5432"},
    ],
    "memory_devices": [
        {"device_locator": "A1", "size": "32768", "memory_type": "DDR4", "serial_number": "M-1",
         "configured_clock_speed": "2666"},
        {"device_locator": "A2", "size": "0", "memory_type": "Unknown"},
    ],
    "systemd_units": [
        {"id": "nginx.service", "sub_state": "running", "description": "web"},
        {"id": "dev-sda.device", "sub_state": "plugged"},
    ],
    "yara": [{"path": "/x", "matches": ""}],
}  # fmt: skip


def read(value: Any, name: str = "results.json") -> list[Reading]:
    raw = value if isinstance(value, str) else json.dumps(value)
    return readings(SourceDocument(raw.encode(), name, "2026-04-01T00:00:00Z"))


def test_tables_by_their_names() -> None:
    (found,) = read(TABLES)
    one = found.observations[0]
    assert (found.source.key, found.observed_at) == ("scan:osquery web01", "2026-03-31T08:15:00Z")
    names = ("name", "domain", "serial_number", "memory", "operating_system", "os_version", "processor_sockets")
    assert [one.values.get(name) for name in names] == [
        "web01", "example.org", "ABC1234", 65536, "Ubuntu", "22.04.5 LTS", 2,
    ]  # fmt: skip
    assert (one.values["cores_per_processor"], one.values["disk_size"], one.partial) == (8, 447, False)
    assert (one.values["ip_address"], one.values.get("disk_encrypted")) == ("10.1.2.3", None)
    assert one.evidence == {"mac": ["0c:c4:7a:01:02:03"], "board_serial": ["/ABC1234/CN"]}
    assert [(i.product, i.version, i.publisher, i.origin, i.installed_on) for i in one.installed] == [
        ("bash", "5.2", "Debian", "deb", ""), ("tar", "2:1.30-9.el8", "", "rpm", "2020-01-01"),
    ]  # fmt: skip
    assert [row.get("address") for row in one.details["addresses"]] == ["10.1.2.3", "fe80::1", "127.0.0.1"]
    assert one.details["volumes"] == [
        {"mount": "/", "device": "/dev/sda1", "filesystem": "ext4", "size": 10 << 30, "free": 5 << 30}
    ]
    assert one.details["listening_ports"] == [
        {"protocol": "tcp", "address": "0.0.0.0", "port": 443, "user": "www-data", "process": "nginx",
         "program": "/usr/sbin/nginx", "pid": 80}
    ]  # fmt: skip
    assert [(row["direction"], row["remote_address"]) for row in one.details["connections"]] == [
        ("in", "10.9.9.9"), ("out", "10.1.2.9"),
    ]  # fmt: skip
    assert [(row["slot_name"], row.get("size")) for row in one.details["memory_modules"]] == [
        ("A1", 32768),
        ("A2", None),
    ]
    assert one.details["services"] == [
        {"name": "nginx", "description": "web", "manager": "systemd", "state": "running"}
    ]
    assert {"interfaces", "listening_ports", "memory_modules"} <= set(one.sections)
    assert "software" not in one.sections, "a file may lack the table of a package manager: nothing of it is gone"
    assert "secret" not in str(found)
    assert [str(p.message) for p in found.problems] == [
        "The register has no place for the rows of these queries; they were left out: yara."
    ]


def test_rows_of_one_query() -> None:
    (found,) = read([SYSTEM])
    assert found.observations[0].values["serial_number"] == "ABC1234"
    (found,) = read([DEB], "osquery-web01.json")
    one = found.observations[0]
    assert (one.values["name"], one.partial, [i.product for i in one.installed]) == ("web01", True, ["bash"])
    with pytest.raises(FileProblem) as caught:
        read([DEB], "packages.json")
    assert str(caught.value) == (
        "packages.json does not say of which host it is. Add the table system_info, or name the file after the host, "
        "such as osquery-web01.json."
    )


def entry(name: str, host: str = "web01", at: int = 1774944900, **said: Any) -> str:
    return json.dumps({"name": name, "hostIdentifier": host, "unixTime": at, "epoch": 0, "counter": 0, **said})


def test_a_log_with_snapshots_and_differences_of_several_hosts() -> None:
    other = {**DEB, "name": "tar"}
    log = "\n".join(
        [
            entry("system_info", action="snapshot", snapshot=[SYSTEM], host="web01"),
            entry("pack_x_deb_packages", action="added", columns=DEB),
            entry("pack_x_deb_packages", action="added", columns=other, at=1774944901, counter=1),
            entry("pack_x_deb_packages", action="removed", columns=DEB, at=1774944902, counter=2),
            entry("users", diffResults={"added": [{"uid": "0", "username": "root"}], "removed": []}, host="web02"),
            entry("odd", action="snapshot", snapshot=[{"answer": "42"}], host="web02"),
            entry("users", snapshot=[], action="snapshot", host="web03"),
            "",
        ]
    )
    first, second = read(log)[:2]
    assert [i.product for i in first.observations[0].installed] == ["tar"]
    assert (first.observed_at, first.observations[0].partial) == ("2026-03-31T08:15:02Z", False)
    assert (second.observations[0].values["name"], second.observations[0].partial) == ("web02", True)
    assert second.observations[0].details["accounts"] == [{"login": "root", "account_id": "0"}]
    assert "accounts" in second.observations[0].sections
    assert [str(p.message) for p in second.problems] == [
        "The register has no place for the rows of these queries; they were left out: odd."
    ]


def test_a_host_that_is_named_by_its_uuid_is_called_as_it_is_decorated() -> None:
    uuid = "0055ADC9-1D3A-E411-8043-B05D95113232"
    row = {"action": "snapshot", "snapshot": [{"uid": "0", "username": "root"}]}
    (found,) = read(entry("users", host=uuid, decorations={"hostname": "web09", "host_uuid": uuid}, **row))
    assert found.observations[0].values["name"] == "web09"
    (found,) = read(entry("users", host=uuid, **row))
    assert (found.source.key, found.observations) == (f"scan:osquery {uuid.lower()}", [])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([{"answer": 42}], "results.json has no table of osquery that is known here."),
        ({"system_info": []}, "does not say of which host"),
        ([], "has no table of osquery"), ({"system_info": [1, "x"]}, "does not say of which host"),
    ],
)  # fmt: skip
def test_what_says_nothing_is_refused(value: Any, reason: str) -> None:
    with pytest.raises(FileProblem) as caught:
        read(value)
    assert reason in str(caught.value)


def test_odd_values_do_no_harm() -> None:
    odd: dict[str, Any] = {table: [{"name": {}, "size": "9" * 3_000, "path": 7, "pid": None}] for table in TABLES}
    odd["system_info"] = [{**SYSTEM, "physical_memory": "9" * 3_000, "cpu_sockets": "-1", "hostname": "<b>web01</b>"}]
    odd["time"] = [{"unix_time": "9" * 15}]
    (found,) = read(odd)
    assert (found.observations[0].values["name"], found.observed_at) == (
        "<b>web01</b>", "2026-04-01T00:00:00Z",
    )  # fmt: skip
    assert "memory" not in found.observations[0].values


def test_it_is_recognised_by_its_content() -> None:
    for value in (TABLES, [SYSTEM], [DEB], json.loads(entry("x", columns={}))):
        assert IMPORTER.recognises(json.dumps(value).encode())
        assert IMPORTER.recognises(json.dumps(value, indent=1).encode("utf-16"))
    for other in ({"deviceid": "x", "content": {}}, [{"name": "x"}], {"apples": 1}, {"tables": [{"columns": []}]}):
        assert not IMPORTER.recognises(json.dumps(other).encode())
