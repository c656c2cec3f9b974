"""Neighbours as lldpctl tells them: keys and values, JSON in both forms, plain text; links to those that are known."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.import_proposal import propose
from cmdb.model.errors import FileProblem
from cmdb.model.observation import Reading
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from importers.inventory import reading as of_document
from importers.lldp.importer import IMPORTER, reading_of
from importers.source_documents import SourceDocument

KEYS = """lldp.eno1.via=LLDP
lldp.eno1.rid=1
lldp.eno1.chassis.mac=38:20:56:67:90:80
lldp.eno1.chassis.name=sw-core-1
lldp.eno1.chassis.descr=Cisco IOS Software, C2960X Software
Technical Support: http://www.example.org
lldp.eno1.chassis.mgmt-ip=10.43.31.35
lldp.eno1.chassis.mgmt-ip=fe80::1
lldp.eno1.port.ifname=Gi1/0/29
lldp.eno1.port.descr=GigabitEthernet1/0/29
lldp.eno1.lldp-med.inventory.model=C2960X
lldp.eno1.vlan.vlan-id=140
lldp.eth0.100.via=LLDP
lldp.eth0.100.chassis.mac=40:a6:77:7a:72:00
lldp.eth0.100.port.local=512
lldp.eno1.via=CDPv2
lldp.eno1.chassis.name=phone-7
"""
FIRST = {
    "port": "eno1", "system": "sw-core-1", "system_mac": "38:20:56:67:90:80", "address": "10.43.31.35",
    "remote_port": "Gi1/0/29",
}  # fmt: skip


def of(text: str, name: str = "lldp-web01.example.org.txt") -> Reading:
    return reading_of(SourceDocument(text.encode(), name, "2026-04-01T00:00:00Z"))


def rows(text: str) -> list[dict[str, Any]]:
    found = of(text)
    (one,) = found.observations
    assert (found.source.key, one.cls, one.partial) == ("scan:lldpctl web01.example.org", "computer", True)
    assert (one.values["name"], one.values["domain"], "neighbours" in one.sections) == ("web01", "example.org", True)
    assert one.details.keys() <= {"neighbours", "system", "agent"}, (
        "a computer has interfaces, and no ports of a switch"
    )
    return one.details["neighbours"]  # type: ignore[return-value]


def test_keys_and_values_of_several_neighbours_with_values_of_several_lines() -> None:
    description = "Cisco IOS Software, C2960X Software Technical Support: http://www.example.org"
    assert sorted(rows(KEYS), key=lambda row: (row["port"], row.get("system", ""))) == [
        {"port": "eno1", "system": "phone-7"},
        {**FIRST, "description": description, "model": "C2960X"},
        {"port": "eth0.100", "system_mac": "40:a6:77:7a:72:00", "remote_port": "512", "remote_port_number": 512},
    ]  # fmt: skip


PORT = {"id": {"type": "ifname", "value": "Gi1/0/29"}, "descr": "GigabitEthernet1/0/29"}
CHASSIS = {"id": {"type": "mac", "value": "38:20:56:67:90:80"}, "mgmt-ip": ["10.43.31.35", "fe80::1"]}
PEOPLE = {"via": "LLDP", "chassis": {"sw-core-1": CHASSIS}, "port": PORT}
PROGRAMS = {
    "name": "eno1", "via": "LLDP",
    "chassis": [{"id": [CHASSIS["id"]], "name": [{"value": "sw-core-1"}], "mgmt-ip": [{"value": "10.43.31.35"}]}],
    "port": [{"id": [PORT["id"]], "descr": [{"value": "GigabitEthernet1/0/29"}]}],
}  # fmt: skip
PLAIN = """-------------------------------------------------------------------------------
LLDP neighbors:
-------------------------------------------------------------------------------
Interface:    eno1, via: LLDP, RID: 1, Time: 1 day, 06:17:13
  Chassis:
    ChassisID:    mac 38:20:56:67:90:80
    SysName:      sw-core-1
    MgmtIP:       10.43.31.35
    Capability:   Bridge, on
  Port:
    PortID:       ifname Gi1/0/29
    PortDescr:    GigabitEthernet1/0/29
-------------------------------------------------------------------------------
"""


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"lldp": {"interface": [{"eno1": PEOPLE}]}}), json.dumps({"lldp": {"interface": {"eno1": PEOPLE}}}),
        json.dumps({"lldp": [{"interface": [PROGRAMS]}]}, indent=2), PLAIN,
    ],
)  # fmt: skip
def test_the_other_forms_say_the_same(text: str) -> None:
    assert rows(text) == [FIRST]
    assert IMPORTER.recognises(text.encode())
    assert IMPORTER.recognises(text.encode("utf-16"))


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        (KEYS, "qfx.txt", "qfx.txt does not say on which machine it was taken: it names only the neighbours. Name the "
                          "file after the machine, such as lldp-web01.txt."),
        ("lldp.eno1.via=LLDP\n", "lldp-web01.txt", "lldp-web01.txt names no neighbour."),
        ('{"lldp": {"interface": [1, {"x": {"chassis": [[]], "port": 1}}]}}', "lldp-web01.json", "names no neigh"),
        ('{"lldp": {"interface": [', "lldp-web01.json", "is cut off"),
    ],
)  # fmt: skip
def test_what_does_not_say_enough_is_refused_in_one_line(text: str, name: str, reason: str) -> None:
    with pytest.raises(FileProblem) as caught:
        of(text, name)
    assert reason in str(caught.value)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "one.terrier")
    yield made
    made.close()


def device(name: str, mac: str, *neighbours: dict[str, str]) -> Reading:
    ports = [{"ifname": f"Gi{n}", "iftype": 6, "connections": [one]} for n, one in enumerate(neighbours, 1)]
    content = {
        "network_device": {"type": "Networking", "name": name, "mac": mac, "model": "Catalyst 9300"},
        "network_ports": ports, "versionclient": "x",
    }  # fmt: skip
    return of_document(
        {"deviceid": name, "itemtype": "NetworkEquipment", "content": content}, "", "2026-03-01T00:00:00Z"
    )


def test_neighbours_that_are_known_are_linked_and_others_are_rows_only(store: Store) -> None:
    content = {"hardware": {"name": "web01"}, "bios": {"ssn": "CZJ8420ABC"}, "versionclient": "x"}
    computer = of_document({"deviceid": "web01", "content": content}, "", "2026-03-01T00:00:00Z")
    edge = device("sw-edge-2.example.org", "2c:6b:f5:98:f9:70")
    core = device(
        "sw-core-1", "38:20:56:67:90:80", {"sysname": "sw-edge-2", "sysmac": "2c:6b:f5:98:f9:70"},
        {"sysname": "nobody-knows"}, {"sysname": "switch", "sysmac": "00:00:00:00:00:00"}, {"sysname": "sw-core-1"},
    )  # fmt: skip
    for readings in ([computer, edge], [core], [of(KEYS)]):
        proposal = propose(store, readings, "tester")
        assert [str(p.message) for p in proposal.problems] == []
        store.apply(proposal.revision)
    again = propose(store, [core, of(KEYS)], "tester")
    assert (again.created, again.updated, again.relationships) == (0, 0, 0)
    with store.read() as reader:
        assert reader.count(Selection("hardware")) == 3
        names = {one.uid: one.name for one in reader.page(Selection("hardware"), limit=9)}
        links = {
            frozenset((names[source], names[target]))
            for kind, source, target in reader.records("relationship") if kind == "connected_to"
        }  # fmt: skip
        assert links == {frozenset({"sw-core-1", "sw-edge-2.example.org"}), frozenset({"web01", "sw-core-1"})}


def test_a_name_that_several_neighbours_have_names_none_of_them() -> None:
    phones = [{"sysname": "IP Phone SPA303", "sysmac": f"38:1c:1a:b5:73:2{n}"} for n in range(3)]
    links = device("sw-1", "38:20:56:67:90:80", *phones, {"sysname": "sw-2"}).observations[0].links
    assert [[one.name for one in link.known_as] for link in links] == [
        ["38:1c:1a:b5:73:20"], ["38:1c:1a:b5:73:21"], ["38:1c:1a:b5:73:22"], ["sw-2"],
    ]  # fmt: skip


def test_a_name_with_a_serial_number_is_both(store: Store) -> None:
    nexus = {"sysname": "n9k-1(SAL1929KJ2J)", "model": "N9K-C9372PX"}
    (link,) = device("sw-1", "38:20:56:67:90:80", nexus).observations[0].links
    assert [one.name for one in link.known_as] == ["SAL1929KJ2J", "n9k-1"]
    known = {"network_device": {"type": "Networking", "name": "core", "model": "N9K", "serial": "SAL1929KJ2J"}}
    document = {"deviceid": "core", "itemtype": "NetworkEquipment", "content": {**known, "versionclient": "x"}}
    store.apply(propose(store, [of_document(document, "", "2026-03-01T00:00:00Z")], "tester").revision)
    assert propose(store, [device("sw-1", "38:20:56:67:90:80", nexus)], "tester").relationships == 1


def test_a_text_that_is_made_to_be_slow_is_read_at_once() -> None:
    slow = "lldp.a" + ".port" * 200_000 + "\n"
    with pytest.raises(FileProblem):
        of(slow * 5)
