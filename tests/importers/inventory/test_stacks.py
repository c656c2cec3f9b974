"""A stack answers on the network as one device; each of its members is found by its serial number."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.import_proposal import propose
from cmdb.model.observation import Observation, Reading
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from importers.inventory import reading
from tests.importers.inventory.documents import fits


def chassis(number: int, serial: str, **more: Any) -> dict[str, Any]:
    return {"type": "chassis", "index": 1000 * number, "serial": serial, "model": "C9300-48P", **more}


def stack(*components: dict[str, Any], serial: str = "FCW2233L0AA", day: int = 1, **device: Any) -> Reading:
    said = {"type": "Networking", "name": "sw-1", "model": "Catalyst 9300", "serial": serial, **device}
    content = {"network_device": said, "network_components": list(components), "versionclient": "x"}
    document = {"deviceid": "sw-1", "itemtype": "NetworkEquipment", "content": content}
    return reading(document, "", f"2026-03-0{day}T08:00:00Z")


ONE = chassis(1, "FCW2233L0AA", stack_number=1, mac="00:11:22:33:44:01")
TWO = chassis(2, "FCW2233L0BB", stack_number=2, mac="00:11:22:33:44:02", firmware="17.9", manufacturer="Cisco")
SUPPLY = {"type": "powerSupply", "index": 5, "serial": "LIT2233A0CC", "contained_index": 1000}


def told(one: Observation) -> tuple[str, str]:
    return str(one.values["name"]), str(one.values.get("serial_number"))


def test_each_member_is_a_device_that_is_part_of_the_stack() -> None:
    whole, member = stack(ONE, SUPPLY, TWO).observations
    fits(member)
    assert (told(whole), told(member)) == (("sw-1", "FCW2233L0AA"), ("sw-1 - 2", "FCW2233L0BB"))
    assert (member.cls, member.values["firmware_version"], member.evidence) == (
        "switch", "17.9", {"mac": ["00:11:22:33:44:02"]},
    )  # fmt: skip
    assert [(link.type, link.other.name) for link in member.links] == [("part_of", "sw-1")]
    assert [row["serial_number"] for row in whole.details["components"]] == [
        "FCW2233L0AA", "LIT2233A0CC", "FCW2233L0BB",
    ]  # fmt: skip


def test_a_stack_of_an_unknown_model_is_of_switches() -> None:
    both = stack({**ONE, "version": "7.1.070"}, {**TWO, "version": "7.1.070"}, model="5130 EI").observations
    assert [(one.cls, one.values.get("firmware_version")) for one in both] == [("switch", None), ("switch", "7.1.070")]


@pytest.mark.parametrize(
    "components",
    [
        [ONE],
        [ONE, {**TWO, "serial": "FCW2233L0AA"}],
        [ONE, {**TWO, "serial": "00000000"}],
        [ONE, {**TWO, "type": "module"}],
        [chassis(n, f"FCW2233L{n:03}") for n in range(100)],
    ],
    ids=["one", "twice", "placeholder", "module", "too many"],
)
def test_what_is_no_stack_has_no_members(components: list[dict[str, Any]]) -> None:
    assert len(stack(*components).observations) == 1


def test_a_member_without_a_stated_number_is_numbered_by_its_name_else_in_order() -> None:
    named = [chassis(9, "FCW2233L0AA", name="Switch 2"), chassis(3, "FCW2233L0BB", name="Switch 1")]
    assert [told(one) for one in stack(*named).observations] == [("sw-1", "FCW2233L0BB"), ("sw-1 - 2", "FCW2233L0AA")]
    bare = [chassis(1, "FCW2233L0AA", name="1"), chassis(3, "FCW2233L0BB", name="4", description="Switch 48 ports")]
    assert [told(one)[0] for one in stack(*bare).observations] == ["sw-1", "sw-1 - 4"]
    unnamed = [chassis(9, "FCW2233L0AA"), chassis(3, "FCW2233L0BB", name="Switch 1")]
    assert [told(one) for one in stack(*unnamed).observations] == [
        ("sw-1", "FCW2233L0BB"), ("sw-1 - 2", "FCW2233L0AA"),
    ]  # fmt: skip


def test_a_stack_with_a_serial_number_of_its_own_has_all_its_members() -> None:
    assert [told(one) for one in stack(ONE, TWO, serial="VIRTUAL-7781").observations] == [
        ("sw-1", "VIRTUAL-7781"), ("sw-1 - 1", "FCW2233L0AA"), ("sw-1 - 2", "FCW2233L0BB"),
    ]  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "one.terrier")
    yield made
    made.close()


def test_a_stack_stays_itself_whichever_member_speaks_and_loses_those_that_are_gone(store: Store) -> None:
    three = chassis(3, "FCW2233L0CC", stack_number=3)
    first = propose(store, [stack(ONE, TWO, three, mac="00:11:22:33:44:01")], "tester")
    assert [str(one.message) for one in first.problems] == []
    assert first.relationships == 2
    store.apply(first.revision)
    other = propose(store, [stack(ONE, TWO, three, serial="FCW2233L0BB", mac="00:11:22:33:44:01", day=2)], "tester")
    assert (other.created, other.review, other.relationships, other.ended) == (0, [], 0, 0)
    assert {cell.attribute for one in other.changes for cell in one.cells} == {"last_seen"}
    store.apply(other.revision)
    gone = propose(store, [stack(ONE, TWO, mac="00:11:22:33:44:01", day=3)], "tester")
    assert (gone.relationships, gone.ended) == (0, 1)
    store.apply(gone.revision)
    with store.read() as reader:
        names = {one.uid: one.name for one in reader.page(Selection("switch"), limit=9)}
        assert sorted(names.values()) == ["sw-1", "sw-1 - 2", "sw-1 - 3"], "who is no member any more is still there"
        assert [(names[a], names[b]) for kind, a, b in reader.records("relationship") if kind == "part_of"] == [
            ("sw-1 - 2", "sw-1")
        ]


def test_members_that_change_places_are_told_in_one_import(store: Store) -> None:
    for day, (one, two, three) in enumerate(
        (("AA", "BB", "CC"), ("BB", "AA", "CC"), ("AA", "BB", "CC"), ("DD", "BB", "CC")), 1
    ):
        its = [chassis(n, f"FCW2233L0{serial}", stack_number=n) for n, serial in enumerate((one, two, three), 1)]
        said = stack(*its, serial=f"FCW2233L0{one}", day=day)
        proposal = propose(store, [said], "tester")
        assert [str(one.message) for one in proposal.problems] == []
        store.apply(proposal.revision)
        assert list(propose(store, [said], "tester").revision.edits) == []
        with store.read() as reader:
            serials = {x.uid: str(x.values["serial_number"])[-2:] for x in reader.page(Selection("switch"), limit=9)}
            links = [(serials[a], serials[b]) for kind, a, b in reader.records("relationship") if kind == "part_of"]
        assert sorted(links) == sorted([(two, one), (three, one)])
