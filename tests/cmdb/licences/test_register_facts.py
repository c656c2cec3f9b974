"""The facts of a position, fetched from a real register."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cmdb.licences.engine.facts import Facts
from cmdb.licences.engine.position import position
from cmdb.licences.register_facts import gather
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import edits
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.licences.estate import row, rows

AT = date(2026, 6, 30)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    found = create_estate(tmp_path / "estate.terrier")
    yield found
    found.close()


def make(store: Store, cls: str, name: str, **values: Any) -> str:
    uid = new_id()
    store.apply(Revision([Edit(ci(uid), "", None, {"class": cls, "name": name, **values})], "tester"))
    return uid


def write(store: Store, *edits_: Edit) -> None:
    store.apply(Revision(list(edits_), "tester"))


def install(computer: str, product: str, edition: str = "", version: str = "", **fields: str) -> Edit:
    return Edit(Record("installation", (computer, "", "", product, edition, version)), "", None, fields)


def known(store: Store, at: date = AT) -> Facts:
    with store.read() as reader:
        return gather(reader, at)


def test_a_position_from_the_register(store: Store) -> None:
    device = make(store, "computer" if "computer" not in _abstract(store) else "desktop", "PC1")
    agreement = make(store, "agreement", "Frame")
    make(store, "entitlement", "E", product="Tool", metric="device", quantity=2, pack_size=5, channel="OEM",
         device=device, agreement=agreement, start="2024-01-01", cost=Decimal(10))  # fmt: skip
    write(store, install(device, "Tool", version="3"))
    facts = known(store)
    (bought,) = facts.entitlements
    assert (bought.channel, bought.agreement, bought.start, bought.units) == ("oem", "Frame", date(2024, 1, 1), 10)
    one = row(position(facts, AT))
    assert (one.entitled, one.needed, one.spare) == (10, 1, 5)
    assert one.allocation[0].holder == "PC1"


def _abstract(store: Store) -> set[str]:
    return {c.name for c in store.schema.classes.values() if c.abstract}


def test_hosts_clusters_and_whether_machines_move(store: Store) -> None:
    cluster = make(store, "cluster", "C")
    hosts = [make(store, "server", f"h{n}", processor_sockets=2, cores_per_processor=8) for n in range(2)]
    for host in hosts:
        with store.read() as reader:
            store.apply(edits.link(reader, host, "member_of", cluster, "tester"))
    os = "Windows Server 2022 Standard"
    make(store, "virtual_machine", "on host", host=hosts[0], operating_system=os, virtual_cores=4)
    make(store, "virtual_machine", "on cluster", cluster=cluster, operating_system=os, virtual_cores=4)
    make(store, "virtual_machine", "host is cluster", host=cluster, operating_system=os, virtual_cores=4)
    machines = {d.name: d for d in known(store).devices}
    assert {machines[n].cluster for n in ("h0", "h1", "on host", "on cluster", "host is cluster")} == {cluster}
    assert row(position(known(store), AT), edition="Standard").needed == 2 * 16 * 2
    assert "of cluster C" in str(row(position(known(store), AT), edition="Standard").demand[0].fact)
    with store.read() as reader:
        store.apply(edits.set_values(reader, [cluster], {"virtual_machines_move": False}, "tester"))
    assert {d.cluster for d in known(store).devices} == {""}


def test_a_computer_is_inventoried_once_its_software_was_looked_at(store: Store) -> None:
    seen, empty, never = (make(store, "desktop", name) for name in ("seen", "empty", "never"))
    looked = Edit(Record("sighting", (empty, "scan:x", "software")), "", None, {"observed": "2026-06-01T00:00:00Z"})
    write(store, install(seen, "Tool"), looked)
    assert {d.name: d.inventoried for d in known(store).devices} == {"seen": True, "empty": True, "never": False}
    assert never


def test_seats_by_entitlement_and_by_product(store: Store) -> None:
    ann, bob = make(store, "person", "Ann"), make(store, "person", "Bob", status="Left")
    licence = make(store, "entitlement", "Seats", product="Whiteboard", metric="named user", quantity=1)
    product = make(store, "software_product", "Whiteboard")
    write(store, Edit(Record("assignment", (licence, ann)), "", None, {}),
          Edit(Record("assignment", (product, bob)), "", None, {}))  # fmt: skip
    result = position(known(store), AT)
    assert (row(result).needed, row(result).short) == (2, 1)
    assert [p.left for p in known(store).people] == [False, True]


def test_suites_as_the_register_relates_them(store: Store) -> None:
    suite, part = make(store, "software_product", "Bundle"), make(store, "software_product", "Part")
    with store.read() as reader:
        store.apply(edits.link(reader, part, "part_of", suite, "tester"))
    device = make(store, "desktop", "PC1")
    write(store, install(device, "Part"))
    make(store, "entitlement", "E", product="Bundle", metric="device", quantity=1)
    result = position(known(store), AT)
    assert (row(result, product="Part").needed, row(result, product="Part").short) == (1, 0)


def test_retirement_counts_from_its_day_on(store: Store) -> None:
    device = make(store, "desktop", "PC1", status="Deployed")
    write(store, install(device, "Tool"))
    make(store, "entitlement", "E", product="Tool", metric="device", quantity=1)
    with store.read() as reader:
        store.apply(edits.set_values(reader, [device], {"status": "Retired"}, "tester"))
    today = date.today()
    assert row(position(known(store, today), today)).needed == 0
    assert row(position(known(store, AT.replace(year=2020)), AT.replace(year=2020))).needed == 1
    came_retired = make(store, "desktop", "PC2", status="Retired")
    write(store, install(came_retired, "Tool"))
    assert row(position(known(store, AT.replace(year=2020)), AT.replace(year=2020))).needed == 1


def test_an_answered_condition_settles_freeware(store: Store) -> None:
    ann = make(store, "person", "Ann")
    device = make(store, "desktop", "PC1", main_user=ann)
    write(store, install(device, "Docker Desktop"))
    assert row(position(known(store), AT)).verdict == "unknown"
    fields = {
        "kind": "licence condition",
        "state": "done",
        "question": "?",
        "evidence": "Docker Desktop",
        "outcome": "yes",
    }
    write(store, Edit(Record("decision", (new_id(),)), "", None, fields))
    assert row(position(known(store), AT)).verdict == "exempt"


def test_the_sample_has_every_verdict_that_auditors_ask_for(sample_file: Path) -> None:
    store = open_estate(sample_file)
    result = position(known(store, date.today()), date.today())
    store.close()
    assert {"compliant", "short", "unknown", "over-licensed", "exempt"} <= set(result.verdicts())
    assert rows(result, product="SQL Server")
    for one in result.positions:
        assert one.covered + one.short == one.needed
        assert one.verdict != "compliant" or not one.missing
