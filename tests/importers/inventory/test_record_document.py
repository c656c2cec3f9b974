"""A computer as an inventory: GLPI's format takes it, and reading it gives what the register has."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from cmdb.model.declarations import RecordSection
from cmdb.model.observation import Observation
from cmdb.model.schema import Schema
from cmdb.model.values import Value
from importers.inventory import reading
from importers.inventory.constraints import SECTIONS, violations
from importers.inventory.record_document import ComputerFacts, record_document
from importers.inventory.section_sources import SOURCES
from tests.importers.inventory.documents import laptop

SCHEMA = Schema.load()
NO_COMPUTER = ("switch_ports", "neighbours", "connected_addresses", "network_device", "cartridges", "supplies",
               "page_counters", "agent_errors")  # fmt: skip
"""Sections that only devices have, and one that the format demands nothing of."""


def of_observation(one: Observation) -> ComputerFacts:
    """What the register has of a computer after it was seen for the first time."""
    installed = [
        {"product": i.product, "publisher": i.publisher, "edition": i.edition, "version": i.version, "scope": i.scope,
         "installed_on": i.installed_on, "origin": i.origin}
        for i in one.installed
    ]  # fmt: skip
    values: dict[str, Any] = {name: getattr(value, "name", value) for name, value in one.values.items()}
    seen = str(one.values["last_seen"])
    return ComputerFacts(one.cls, str(values["name"]), values, one.details, installed, seen, SCHEMA.sections)


FULL = laptop(
    memories=[{"numslots": 0, "caption": "A", "capacity": 8192, "removable": True}],
    local_groups=[{"id": "10", "name": "wheel", "members": ["nora", "ida"]}],
    licenseinfos=[{"name": "Windows(R)", "key": "XXXXX-YJ6FT"}],
    envs=[{"key": "PATH", "val": "/bin"}],
    processes=[{"cmd": "sshd -D", "user": "root", "pid": 1}],
    virtualmachines=[{"name": "vm", "uuid": "u", "operatingsystem": {"full_name": "Debian"},
                      "drives": [{"volumn": "sda", "total": 2048}]}],
    databases_services=[{"name": "pg", "version": "16", "databases": [{"name": "sales", "size": 7}]}],
    versionprovider={"name": "GLPI-Agent", "version": "1.7", "etime": 4},
    softwares=[
        {"name": "Editor", "version": "1", "publisher": "Example", "arch": "x86_64", "from": "registry",
         "install_date": "2024-05-06 07:08:09", "filesize": 12},
        {"name": "Editor", "version": "1", "publisher": "Example", "username": "nora"},
        {"name": "KB5034441", "release_type": "Security update", "from": "registry"},
    ],
    terrier={
        "command_lines": [{"pid": 1, "command_line": "sshd -D -o Port=22"}], "machine_id": "0a1b",
        "scanned_at": "2026-03-31T08:15:00Z", "services": [{"name": "ssh", "state": "running"}],
        "operating_system": {"variant": "Pro"}, "system": {"firmware": "UEFI"},
        "disks": [{"name": "PHYSICALDRIVE0", "bytes": 512_110_190_592, "medium": "solid state"},
                  {"name": "PHYSICALDRIVE1", "bytes": 30_752_000_001, "removable": True}],
        "interfaces": [{"name": "Some adapter", "permanent_mac": "48:2a:e3:11:22:33", "built_in": False}],
        "listening_ports": [{"protocol": "tcp", "port": 22}, {"protocol": "tcp", "port": 40_000}],
        "security": {"automatic_updates": "on", "pending": {"updates": 3}},
        "volumes": [{"mount": "", "total_bytes": 1_048_577}],
        "licences": [{"name": "Windows(R)", "channel": "Volume:MAK", "status": "licensed"}],
    },
)  # fmt: skip


def test_what_goes_out_comes_in_as_the_same() -> None:
    read = reading(FULL).observations[0]
    assert len(read.details) > 20
    document = record_document(of_observation(read))
    assert violations(document) == []
    again = reading(document)
    (one,) = [each for each in again.observations if each.cls == "laptop"]
    assert (one.cls, one.values, one.evidence) == (read.cls, read.values, read.evidence)
    assert set(one.installed) == set(read.installed)
    for section, rows in read.details.items():
        assert sorted(one.details.get(section, []), key=str) == sorted(rows, key=str), section
    assert again.source == reading(FULL).source


def test_an_edition_that_a_list_says_comes_back_as_one_and_is_in_the_name_once() -> None:
    bought = [
        {"product": "Oracle Database 19c Standard Edition 2", "edition": "Standard Edition 2", "version": "19.21"},
        {"product": "Planner", "publisher": "Acme", "edition": "Pro", "version": "3"},
        {"product": "Planner", "publisher": "Acme", "version": "4"},
    ]
    document = record_document(ComputerFacts("server", "srv-1", {"name": "srv-1"}, {}, bought))
    assert violations(document) == []
    assert [one["name"] for one in document["content"]["softwares"]] == [
        "Oracle Database 19c Standard Edition 2", "Planner Pro", "Planner",
    ]  # fmt: skip
    one = reading(document).observations[0]
    assert [(i.product, i.edition, i.version) for i in one.installed] == [
        (b["product"], b.get("edition", ""), b["version"]) for b in bought
    ]


def full_row(section: RecordSection, text: str) -> dict[str, Value]:
    """A row with a value in each column, whose texts are all alike."""
    of_type: dict[str, Value] = {"integer": 1_048_577, "boolean": True, "time": "2026-03-31T08:15:00Z"}
    return {name: of_type.get(column.type, text) for name, column in section.columns.items()}


def test_the_format_has_each_field_that_is_written() -> None:
    shapes = {name.lstrip("*"): {key.rstrip("!") for key in shape} for name, shape in SECTIONS.items()}
    shapes["databases_services"] |= shapes.pop("databases_services.databases")
    for name, source in SOURCES.items():
        if not source.path.startswith("terrier.") and name not in {"agent", *NO_COMPUTER}:
            keys = {place if isinstance(place, str) else place[0] for place in source.fields.values()}
            left = {key for key in keys if key[0] != "+"} - shapes[source.path]
            assert left <= {"oscomments"}, name  # a field of older agents


def test_whatever_a_section_says_the_format_takes_it() -> None:
    """Texts that are no dates, addresses or words of the format; and rows that lack what it requires."""
    for text in ("Odd \ud800 text, of 31.03.2026", "", "10.0.0.1"):
        for whole in (True, False):
            rows = {name: [full_row(section, text)] for name, section in SCHEMA.sections.items()}
            for row in () if whole else [row for its in rows.values() for row in its]:
                row.pop(next(iter(row)))
            document = record_document(ComputerFacts("server", "srv-1", {}, rows, declared=SCHEMA.sections))
            assert violations(document) == []
    server = {"database_servers": [{"name": "pg"}], "databases": [{"server": "pg", "name": "sales"}]}
    document = record_document(ComputerFacts("server", "srv-1", {}, server, declared=SCHEMA.sections))
    (told,) = document["content"]["databases_services"]
    assert told == {"name": "pg", "version": "", "databases": [{"name": "sales"}]}
    assert reading(document).observations[0].details["database_servers"] == [{"name": "pg"}]


def test_a_computer_that_no_scan_saw_is_told_by_its_values() -> None:
    values: dict[str, Any] = {
        "name": "srv-1", "host_name": "srv-1", "serial_number": "S1", "manufacturer": "Dell", "model": "R640",
        "operating_system": "Debian", "os_version": "12", "memory": 65_536, "processor_sockets": 2,
        "cores_per_processor": 16, "processor_model": "Xeon", "ip_address": "10.0.0.9",
        "mac_address": "8c:16:45:01:02:03", "uuid": "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    }  # fmt: skip
    document = record_document(ComputerFacts("server", "srv-1", values, {}, declared=SCHEMA.sections))
    assert violations(document) == []
    one = reading(document).observations[0]
    told = {name: getattr(value, "name", value) for name, value in one.values.items()}
    assert (one.cls, {name: told.get(name) for name in values}) == ("server", values)
    assert "last_seen" not in told, "the file's time is no sighting"


def test_a_corrected_value_goes_out_corrected_and_what_the_format_refuses_stays_out() -> None:
    read = reading(laptop()).observations[0]
    facts = of_observation(read)
    document = record_document(
        replace(
            facts, values={**facts.values, "serial_number": "CORRECTED"},
            sections={**facts.sections, "processors": [{"name": "Core", "arch": "AMD64"}]},
        )
    )  # fmt: skip
    assert violations(document) == []
    assert document["content"]["bios"]["ssn"] == "CORRECTED"
    assert document["content"]["cpus"] == [{"name": "Core"}]


def test_a_record_whose_name_is_not_that_of_its_host_keeps_both() -> None:
    values = {"name": "LT-1", "host_name": "office-lt-1", "serial_number": "S1"}
    document = record_document(ComputerFacts("laptop", "LT-1", values, {}))
    assert (violations(document), document["content"]["hardware"]["name"]) == ([], "LT-1")
    told = reading(document).observations[0].values
    assert (told["name"], told["host_name"]) == ("LT-1", "office-lt-1")


@pytest.mark.parametrize(
    "reached", [{"mac_address": "8c:16:45:01:02:03"}, {"ip_address": "10.0.0.9"},
                {"mac_address": "8c:16:45:01:02:03", "ip_address": "10.0.0.9"}]
)  # fmt: skip
def test_a_computer_without_host_name_or_named_interfaces_comes_back_without_them(reached: dict[str, Any]) -> None:
    values = {"name": "old-test", **reached}
    document = record_document(ComputerFacts("virtual_machine", "old-test", values, {}, declared=SCHEMA.sections))
    assert violations(document) == []
    (network,) = document["content"]["networks"]
    assert network.get("mac") or network["description"], "GLPI drops an interface that has neither"
    told = reading(document).observations[0]
    assert (told.values, told.sections) == (values, ())
    assert not told.details, "what only values say makes no rows of sections"


def test_the_rows_of_sections_that_the_register_has_not_are_not_made_of_values() -> None:
    values = {"name": "LT-1", "host_name": "LT-1", "serial_number": "S1", "memory": 8192, "operating_system": "Debian"}
    rows: dict[str, Any] = {"interfaces": [{"name": "eth0", "mac": "8c:16:45:01:02:03"}]}
    document = record_document(ComputerFacts("laptop", "LT-1", values, rows, declared=SCHEMA.sections))
    told = reading(document).observations[0]
    assert told.details == rows
    assert told.sections == ("interfaces",)
