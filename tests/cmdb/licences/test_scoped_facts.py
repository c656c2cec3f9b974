"""A huge register's facts are narrowed to what bears on the position, and the position stays the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from cmdb.licences.engine import results
from cmdb.licences.engine.position import position
from cmdb.licences.engine.results import Positions, document
from cmdb.licences.register_facts import gather
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.exact_json import written
from cmdb.model.messages import Message
from cmdb.model.revision import Edit, Record
from cmdb.register import edits
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.estates import DIALECTS, Places
from tests.cmdb.licences.test_register_facts import install, make, write
from tests.pseudo_locale import spoken


@pytest.fixture(params=DIALECTS)
def store(places: Places, request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty estate, in a file and on a server."""
    where = places.new(request.param)
    found = places.lay_out(where)
    yield found
    found.close()
    places.clear(where)


DAYS = (date(2026, 6, 30), date.today(), date.today() - timedelta(days=700))


def same(reader: Reader, at: date) -> tuple[Positions, Positions]:
    """The position from everything and from the narrowed facts; free copies are listed otherwise, all else is equal."""
    whole, narrow = (position(gather(reader, at, many=many), at) for many in (10**9, -1))
    assert narrow.positions == whole.positions
    assert narrow.unrecognised == whole.unrecognised
    assert [e for e in narrow.exceptions if e.kind != "exempt"] == [e for e in whole.exceptions if e.kind != "exempt"]
    assert {e.product for e in narrow.exceptions} == {e.product for e in whole.exceptions}
    return whole, narrow


@pytest.mark.parametrize("at", DAYS)
def test_the_sample_comes_to_the_same(sample_file: Path, at: date) -> None:
    estate = open_estate(sample_file)
    with estate.read() as reader:
        whole, _ = same(reader, at)
        assert whole.positions
    estate.close()


@pytest.mark.parametrize("at", [DAYS[0], *(pytest.param(day, marks=pytest.mark.soak) for day in DAYS[1:])])
def test_the_sample_of_past_moments_comes_to_the_same(sample_file: Path, at: date) -> None:
    estate = open_estate(sample_file)
    number = estate.data_version()
    for then in (number // 2, number - 1):
        with estate.read(then) as reader:
            same(reader, at)
    estate.close()


def test_hosts_guests_clusters_and_people_are_found(store: Store) -> None:
    cluster = make(store, "cluster", "C")
    hosts = [make(store, "server", f"h{n}", processor_sockets=2, cores_per_processor=8) for n in range(3)]
    for host in hosts[:2]:
        with store.read() as reader:
            store.apply(edits.link(reader, host, "member_of", cluster, "tester"))
    system = "Windows Server 2022 Standard"
    make(store, "virtual_machine", "on host", host=hosts[0], operating_system=system, virtual_cores=4)
    make(store, "virtual_machine", "on cluster", cluster=cluster, operating_system="Debian 12", virtual_cores=4)
    lone = make(store, "virtual_machine", "elsewhere", host=hosts[2], operating_system="Debian 12", virtual_cores=4)
    ann, bob = make(store, "person", "Ann"), make(store, "person", "Bob", end="2020-01-01")
    desk = make(store, "desktop", "PC1", main_user=ann)
    make(store, "desktop", "never looked at")
    make(store, "entitlement", "Core", product="Windows Server Standard", metric="windows server core", quantity=40)
    make(store, "entitlement", "Seats", product="Whiteboard", metric="named user", quantity=1)
    make(store, "entitlement", "Site", product="Intranet", metric="site", quantity=1)
    aside = make(store, "desktop", "aside", main_user=bob)
    homemade = [install(one, "Homemade", version="1") for one in (desk, lone, aside)]
    browsers = [(lone, "120.0"), (lone, "121.0"), (desk, "121.0")]
    free = [install(one, "Mozilla Firefox", version=version) for one, version in browsers]
    write(store, install(desk, "Whiteboard"), install(desk, "Intranet"), *homemade, *free)
    with store.read() as reader:
        for at in DAYS:
            whole, narrow = same(reader, at)
        facts = gather(reader, DAYS[0], many=-1)
        assert {one.product: (one.installations, one.computers) for one in facts.counted} == {
            "Homemade": (3, 3), "Mozilla Firefox": (3, 2),
        }  # fmt: skip
        assert "aside" not in {one.name for one in facts.devices}
    assert [line.installations for line in whole.unrecognised] == [3]
    assert any("3 installations on 2 devices" in str(one.arithmetic) for one in narrow.positions)


def test_who_left_and_was_seen_again_still_counts(store: Store) -> None:
    gone = make(store, "desktop", "gone", status="Retired")
    back = make(store, "desktop", "back")
    make(store, "entitlement", "E", product="Tool", metric="device", quantity=1)
    write(store, *(install(one, name) for one in (gone, back) for name in ("Tool", "Homemade", "Mozilla Firefox")))
    with store.read() as reader:
        store.apply(edits.set_values(reader, [back], {"status": "Retired"}, "tester"))
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    with store.read() as reader:
        store.apply(edits.set_values(reader, [back], {"last_seen": f"{tomorrow}T00:00:00Z"}, "tester"))
    with store.read() as reader:
        whole, _ = same(reader, date.today())
    assert any(line.kind == "retired but seen" for line in whole.exceptions)


def test_gathering_can_be_stopped(store: Store) -> None:
    desk = make(store, "desktop", "PC1")
    write(store, install(desk, "Tool"), Edit(Record("sighting", (desk, "scan:x", "software")), "", None, {}))
    control = Control()
    control.cancel()
    with store.read() as reader:
        for many in (-1, 10**9):
            with pytest.raises(Cancelled):
                gather(reader, DAYS[0], control, many=many)
        with pytest.raises(Cancelled):
            position(gather(reader, DAYS[0]), DAYS[0], control=control)


def test_the_hash_is_that_of_the_canonical_json(sample_file: Path) -> None:
    estate = open_estate(sample_file)
    with estate.read() as reader:
        found = position(gather(reader, DAYS[0]), DAYS[0])
    estate.close()
    whole = _canonical(replace(found, hash=""))
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert found.hash == hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Dataclasses without what is absent; texts by their templates and values; amounts as plain numbers."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    if isinstance(value, Message):
        return value.data()
    if is_dataclass(value):
        made = {one.name: _canonical(getattr(value, one.name)) for one in fields(value)}
        return {name: part for name, part in made.items() if part is not None and part != "" and part != []}
    if isinstance(value, tuple):
        return [_canonical(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def test_a_position_is_the_same_in_every_language(sample_file: Path) -> None:
    estate = open_estate(sample_file)
    with estate.read() as reader:
        facts = gather(reader, DAYS[0])
        found = position(facts, DAYS[0])
        with spoken():
            other = position(facts, DAYS[0])
            shown = document(other)
    estate.close()
    assert (other.hash, other) == (found.hash, found)
    assert "⟦" in written(shown)
    assert "⟦" not in written(document(other))


def test_what_is_the_same_of_very_many_is_listed_so_far_and_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "LISTED", 2)
    servers = [make(store, "server", f"s{n}", operating_system="Windows Server 2022 Standard") for n in range(5)]
    with store.read() as reader:
        found = position(gather(reader, DAYS[0]), DAYS[0])
    unknown = [line for line in found.exceptions if line.fact == "processor sockets"]
    assert [str(line.subject) for line in unknown] == ["s0", "s1", "and 3 more"]
    assert len(found.positions[0].demand) == len(servers)
