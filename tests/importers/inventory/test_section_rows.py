"""Rows of sections in an inventory: nothing that the format names is lost but what can hold secrets."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from cmdb.model.schema import Schema
from cmdb.model.values import Value, check
from importers.inventory import reading
from importers.inventory.section_entries import program_of
from importers.inventory.section_rows import details
from importers.inventory.section_sources import SOURCES
from importers.inventory.software import _said_often, software_list
from tests.importers.inventory.documents import laptop

_SAID = {"integer": 7, "boolean": True, "date": "2024-01-15", "time": "2024-01-15 09:00:00"}


def content(**sections: Any) -> dict[str, Any]:
    return {"versionclient": "test", **sections}


def rows(section: str, **sections: Any) -> list[dict[str, Value]]:
    return details(content(**sections), "").rows[section]


@pytest.mark.parametrize(
    ("told", "name"), [("1033", "en-US"), ("1031", "de-DE"), (2057, "en-GB"), ("de-DE", "de-DE"), ("99999", "99999")]
)
def test_the_language_of_windows_has_its_name(told: object, name: str) -> None:
    assert details({"hardware": {"winlang": told}}, "").rows["system"] == [{"language": name}]


def test_sections_and_columns_of_the_schema_have_their_sources() -> None:
    schema = Schema.load()
    assert SOURCES.keys() == schema.sections.keys()
    assert {n: set(one.fields) for n, one in SOURCES.items()} == {n: set(s.columns) for n, s in schema.sections.items()}


@pytest.mark.parametrize("section", [n for n, one in SOURCES.items() if "." not in one.path])
def test_every_field_of_the_format_is_a_value_of_its_column(section: str) -> None:
    source, declared = SOURCES[section], Schema.load().section(section)
    named = {c: f[0] if isinstance(f, tuple) else f for c, f in source.fields.items()}
    entry: dict[str, Any] = {
        field: _SAID.get(declared.columns[column].type, f"{column} text")
        for column, field in named.items()
        if not field.startswith("+")
    }
    if section in ("neighbours", "connected_addresses"):
        entry = {"ifname": "Gi1", "connections": [entry]}
    elif section == "databases":
        entry = {"name": "server", "databases": [entry]}
    elif section == "processes":
        entry["cmd"] = "sshd"
    elif section == "addresses":
        entry["ipaddress"] = "10.0.0.9"
    listed: Any = entry if section in ("bios", "operating_system") else [entry]
    found = details(content(**{source.path: listed if section != "agent" else "test"}), "")
    (row,) = found.rows[section]
    assert found.problems == []
    if section != "agent":
        assert row.keys() >= {column for column, field in named.items() if not field.startswith("+")}
    for column, value in row.items():
        check(declared.columns[column], value)


def test_an_interface_is_one_row_and_each_address_is_one() -> None:
    document = laptop()
    found = details(document["content"], "")
    assert len(found.rows["interfaces"]) == len({n["description"] for n in document["content"]["networks"]})
    assert {"interface": "Intel(R) Ethernet Connection", "version": "4", "address": "10.1.2.3",
            "gateway": "10.1.0.1"} in found.rows["addresses"]  # fmt: skip


def test_a_leased_address_has_columns_without_a_history() -> None:
    network = {"description": "eth0", "ipaddress": "10.0.0.9", "ipmask": "255.0.0.0", "ipdhcp": "10.0.0.1"}
    assert rows("addresses", networks=[network]) == [
        {"interface": "eth0", "version": "4", "leased_address": "10.0.0.9", "leased_mask": "255.0.0.0",
         "dhcp_server": "10.0.0.1"}
    ]  # fmt: skip
    fixed = {"description": "eth0", "ipaddress": "10.0.0.9"}
    own = {"leased_addresses": ["10.0.0.9"]}
    assert "leased_address" in rows("addresses", networks=[fixed], terrier=own)[0]
    assert rows("addresses", networks=[fixed])[0]["address"] == "10.0.0.9"


def test_secrets_stay_out() -> None:
    found = details(
        content(
            envs=[{"key": "TOKEN", "val": "s3cret"}],
            processes=[{"cmd": "/usr/bin/app --password s3cret", "user": "root", "pid": 1}],
            versionprovider={"name": "agent", "perl_args": "--password=s3cret"},
        ),
        "",
    )
    assert "s3cret" not in str(found)
    assert (found.rows["environment"], found.rows["processes"][0]["program"]) == ([{"name": "TOKEN"}], "/usr/bin/app")


def test_the_program_of_a_command_line() -> None:
    programs = {
        "[kthreadd]": "[kthreadd]",
        '"C:\\Program Files\\App\\app.exe" /x': "C:\\Program Files\\App\\app.exe",
        "C:\\Program Files\\App\\app.exe -k secret": "C:\\Program Files\\App\\app.exe",
        "java -jar x.jar": "java",
    }
    assert {command: program_of(command) for command in programs} == programs


def test_sizes_are_bytes_exact_where_a_scan_knows_them() -> None:
    own = {"disks": [{"name": "sda", "bytes": 512_110_190_592, "removable": False, "medium": "rotating"}]}
    disk = {"name": "sda", "disksize": 512_110, "serial": "S-1"}
    assert rows("disks", storages=[disk])[0]["size"] == 512_110_000_000
    assert rows("disks", storages=[disk], terrier=own) == [
        {"name": "sda", "serial_number": "S-1", "size": 512_110_190_592, "removable": False, "medium": "rotating"}
    ]


@pytest.mark.parametrize("odd", [[1], {}, {"a": [1]}, "7", "much", 1.5, True, None])
def test_what_is_told_of_things_apart_may_be_of_any_type(odd: Any) -> None:
    processes = [{"cmd": "sshd -D", "pid": odd}, {"cmd": "app --x", "pid": 2}]
    own = {
        "command_lines": [{"pid": odd, "command_line": "sshd -D"}, {"pid": 2, "command_line": "app --x"}],
        "disks": [{"name": "sda", "bytes": odd}, {"name": odd, "bytes": 1}],
        "disk_health": [{"name": odd, "wear": odd}],
        "volumes": [{"mount": "/", "total_bytes": odd, "free_bytes": odd}],
        "leased_addresses": odd,
    }
    told = content(
        processes=processes, storages=[{"name": "sda", "serial": "S"}], drives=[{"type": "/"}],
        networks=[{"description": "eth0", "ipaddress": "10.0.0.9"}], terrier=own,
    )  # fmt: skip
    found = details(told, "").rows
    assert [row["program"] for row in found["processes"]] == ["sshd", "app"]
    assert found["processes"][1]["command_line"] == "app --x"
    assert [row.get("size") for row in found["disks"]] == [7 if odd == "7" else None]
    assert [(row.get("size"), row.get("free")) for row in found["volumes"]] == [(7, 7) if odd == "7" else (None, None)]
    assert [row["address"] for row in found["addresses"]] == ["10.0.0.9"]


def test_a_command_line_is_that_of_the_process_with_its_number() -> None:
    own = {"command_lines": [{"pid": 1, "command_line": "init -x"}, {"command_line": "of nobody knows what"}]}
    found = rows("processes", processes=[{"cmd": "init", "pid": "1"}, {"cmd": "app"}], terrier=own)
    assert [row.get("command_line") for row in found] == ["init -x", None]


def test_what_was_seen_whole() -> None:
    assert "batteries" in details(content(batteries=[]), "").whole
    told = [{"name": "memory", "state": "collected", "complete": ["memories"]},
            {"name": "batteries", "state": "absent", "complete": ["batteries"]},
            {"name": "printers", "state": "not permitted", "incomplete": ["printers"]}]  # fmt: skip
    found = details(content(memories=[], printers=[{"name": "q"}], terrier={"collectors": told}), "")
    assert set(found.whole) == {"memory_modules", "batteries", "agent"}
    part = details(content(hardware={"name": "pc"}, memories=[]), "", partial=True)
    assert part.whole == ("memory_modules",)


def test_ports_without_anything_connected_do_not_say_that_nothing_is() -> None:
    mac, neighbour = {"mac": "00:14:4f:f2:b7:fd"}, {"sysname": "core"}
    for connections, whole in (([], set()), ([mac], {"connected_addresses"}), ([neighbour], {"neighbours"})):
        found = details(content(network_ports=[{"ifname": "Gi1", "connections": connections}, {"ifname": "Gi2"}]), "")
        assert set(found.whole) - {"agent"} == {"switch_ports", *whole}


def test_a_value_that_is_none_is_named_and_left_out() -> None:
    document = laptop(memories=[{"capacity": "much", "caption": "A"}])
    read = reading(document)
    assert read.observations[0].details["memory_modules"] == [{"slot_name": "A"}]
    assert [one.code for one in read.problems] == ["section.value"]


@pytest.mark.parametrize("odd", ["1e999", "-1e999", "1e308", "NaN"])
def test_a_number_without_end_is_no_size(odd: str) -> None:
    found = details(content(storages=[{"name": "sda", "disksize": json.loads(odd)}]), "")
    assert found.rows["disks"] == [{"name": "sda"}]
    assert [one.code for one in found.problems] == ["section.value"]


def test_rows_whose_port_cannot_be_are_left_out_and_counted() -> None:
    waiting = [{"protocol": "tcp", "port": n} for n in (22, 0, 70_000, -5, 65_535, 1, "much", 65_536, 1 << 60)]
    used = [{"direction": "out", "remote_address": "10.0.0.1", "remote_port": n} for n in (443, 99_999)]
    serving = [{"name": "db", "port": 0}]
    own = {"listening_ports": waiting, "connections": used}
    found = details(content(terrier=own, databases_services=serving), "")
    assert [row.get("port", row.get("ephemeral_port")) for row in found.rows["listening_ports"]] == [22, 65_535, 1]
    assert [row["remote_port"] for row in found.rows["connections"]] == [443]
    assert found.rows["database_servers"] == [{"name": "db"}]
    assert [(one.code, str(one.message)) for one in found.problems] == [
        ("section.row", "6 rows of “Listening ports” were left out: “Port” cannot be -5, 0, 1152921504606846976, …."),
        ("section.row", "1 row of “Connections” was left out: “Remote port” cannot be 99999."),
        ("section.value", "“0” is no value of Database server: Port; it was left out."),
    ]  # fmt: skip


def test_a_printers_levels_are_read_in_both_forms() -> None:
    levels = [{"tonerblack": "71"}, {"name": "tonercyan", "value": "5"}]
    assert rows("cartridges", cartridges=levels) == [
        {"name": "tonerblack", "level": "71"},
        {"name": "tonercyan", "level": "5"},
    ]


def test_what_agents_write_in_several_forms_is_read() -> None:
    several = {"description": "eth0", "ipaddress": "10.0.0.1, 10.0.0.2", "ipaddress6": "fe80::1"}
    assert [row["address"] for row in rows("addresses", networks=[several])] == ["10.0.0.1", "10.0.0.2", "fe80::1"]
    vlans = [{"name": "default", "number": "1", "tagged": "0"}, {"vlan": {"id": 206, "name": "storage"}, "tagged": "1"}]
    port = {"ifname": "Gi1", "connections": ["00:14:4f:f2:b7:fd", {"sysname": "core"}], "vlans": vlans}
    assert rows("switch_ports", network_ports=[port]) == [{"name": "Gi1", "vlans": "1 default, 206 storage"}]
    assert rows("connected_addresses", network_ports=[port]) == [{"port": "Gi1", "mac": "00:14:4f:f2:b7:fd"}]
    assert rows("neighbours", network_ports=[port]) == [{"port": "Gi1", "system": "core"}]
    servers = [{"name": "MariaDB", "type": "mysql", "version": "10", "instances": [{"name": "one", "port": 3306}]}]
    assert rows("database_servers", databases_servers=servers) == [
        {"name": "MariaDB one", "type": "mysql", "version": "10", "port": 3306}
    ]
    guest = {"name": "vm", "drives": [{"volumn": "d.vhdx", "total": 1024}]}
    assert rows("guests", virtualmachines=[guest]) == [{"name": "vm", "disks": "d.vhdx 1024 MiB"}]


def test_software_has_details_where_more_is_said_than_an_installation_keeps() -> None:
    plain = {"name": "7-Zip", "version": "23", "publisher": "Igor Pavlov", "install_date": "2026-01-05", "from": "x"}
    more = {**plain, "arch": "x86_64"}
    update = {"name": "KB5034441", "release_type": "Security update", "install_date": "2026-01-06"}
    said = {"name": "7-Zip", "version": "23", "publisher": "Igor Pavlov", "origin": "x"}
    assert rows("software_details", softwares=[plain, more, update]) == [
        {**said, "architecture": "x86_64"},  # the installation has the day
        {"name": "KB5034441", "release_type": "Security update", "installed": local("2026-01-06")},
    ]


def test_details_of_software_have_the_time_that_no_installation_keeps() -> None:
    plain = {"name": "7-Zip", "install_date": "2026-01-05"}
    assert rows("software_details", softwares=[{**plain, "install_date": "2026-01-05 09:00:00"}]) == [
        {"name": "7-Zip", "installed": local("2026-01-05 09:00:00")}
    ]
    other = {**plain, "install_date": "2026-02-05", "arch": "i686"}
    assert rows("software_details", softwares=[plain, plain, other]) == [
        {"name": "7-Zip", "architecture": "i686", "installed": local("2026-02-05")}
    ], "of two with one name an installation has the first one's day"


def local(stated: str) -> str:
    return datetime.fromisoformat(stated).astimezone(UTC).isoformat().replace("+00:00", "Z")


def test_what_is_remembered_of_software_is_bounded_for_all_systems_together() -> None:
    _said_often.cache_clear()
    systems = [{"operating_system": {"id": "debian", "version_id": str(number)}} for number in range(3)]
    odd: list[dict[str, Any]] = [
        {"name": "Fox"},
        {"name": "Fox", "filesize": 7.5, "comments": ["a", None]},
        {"name": "\ud800"},
    ]
    lists = [software_list({"softwares": odd, "terrier": system}) for system in [*systems, *systems]]
    assert lists[:3] == lists[3:]
    kept = _said_often.cache_info()
    assert (kept.hits, kept.currsize) == (6, 6), "half a character is no JSON"
    assert 0 < (kept.maxsize or 0) <= 20_000
