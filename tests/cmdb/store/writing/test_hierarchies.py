"""No hierarchy runs in a circle: whatever closes one is refused, and names it; ``check`` finds old ones."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from cmdb.model.errors import InvalidValue
from cmdb.model.revision import Edit, Record, ci
from cmdb.register import edits
from cmdb.store.connection import engine as engines
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.store.conftest import Hand


def link(hand: Hand, source: str, kind: str, target: str) -> int:
    return hand.apply(Edit(Record("relationship", (kind, source, target)), "", None, {})).number


@pytest.fixture
def house(hand: Hand) -> dict[str, str]:
    """A building with a floor and a room, each in the other."""
    building = hand.make("building", "Building A")
    floor = hand.make("floor", "Floor 1", location=building)
    return {"building": building, "floor": floor, "room": hand.make("room", "Room 1.04", location=floor)}


def test_a_building_does_not_stand_in_its_own_room(hand: Hand, house: dict[str, str]) -> None:
    with pytest.raises(InvalidValue) as refused:
        hand.set(house["building"], "location", house["room"])
    assert str(refused.value) == (
        "Building A would stand in itself: Building A → Room 1.04 → Floor 1 → Building A."
    )  # fmt: skip
    assert "location" not in hand.get(house["building"]).values


SELVES: dict[str, tuple[str, str, str]] = {
    "a room": ("room", "location", "would stand in itself: X-1 → X-1."),
    "a rack": ("rack", "rack", "would stand in itself: X-1 → X-1."),
    "a virtual machine": ("virtual_machine", "host", "would run on itself: X-1 → X-1."),
    "a person": ("person", "manager", "would be their own manager: X-1 → X-1."),
    "a department": ("department", "parent_department", "would belong to itself: X-1 → X-1."),
    "a licence": ("entitlement", "base_entitlement", "would come under itself: X-1 → X-1."),
}


@pytest.mark.parametrize("what", SELVES)
def test_nothing_is_above_itself(hand: Hand, what: str) -> None:
    cls, attribute, said = SELVES[what]
    uid = hand.make(cls, "X-1", **({"product": "P", "metric": "device", "quantity": 1} if cls == "entitlement" else {}))
    with pytest.raises(InvalidValue) as refused:
        hand.set(uid, attribute, uid)
    assert str(refused.value) == f"X-1 {said}"


@pytest.mark.parametrize("what", ["a room", "a virtual machine", "a person", "a department"])
def test_two_are_not_above_each_other(hand: Hand, what: str) -> None:
    cls, attribute, _ = SELVES[what]
    one = hand.make(cls, "X-1")
    other = hand.make(cls, "X-2", **{attribute: one})
    with pytest.raises(InvalidValue, match="X-1 → X-2 → X-1"):
        hand.set(one, attribute, other)


def test_a_chain_runs_through_different_attributes_and_relationships(hand: Hand) -> None:
    chassis, rack = hand.make("chassis", "C-1"), hand.make("rack", "R-1")
    link(hand, rack, "part_of", chassis)
    with pytest.raises(InvalidValue, match=r"C-1 → R-1 → C-1"):
        hand.set(chassis, "rack", rack)
    cluster, machine = hand.make("cluster", "K-1"), hand.make("virtual_machine", "vm-1")
    hand.set(machine, "cluster", cluster)
    with pytest.raises(InvalidValue, match=r"K-1 → vm-1 → K-1"):
        link(hand, cluster, "runs_on", machine)


def test_what_is_made_in_one_revision_is_checked_as_it_stands_at_its_end(hand: Hand, house: dict[str, str]) -> None:
    """A floor and a building change places: in between they would be in each other."""
    hand.apply(
        Edit(ci(house["building"]), "location", None, house["floor"]),
        Edit(ci(house["floor"]), "location", house["building"], None),
    )
    assert hand.get(house["building"]).values["location"] == house["floor"]
    one, other = hand.new("room", "R-1"), hand.new("room", "R-2")
    one.after["location"], other.after["location"] = other.record.key[0], one.record.key[0]  # type: ignore[index]
    with pytest.raises(InvalidValue, match=r"R-1 → R-2 → R-1|R-2 → R-1 → R-2"):
        hand.apply(one, other)


def test_another_class_may_close_a_circle_too(hand: Hand) -> None:
    """A value that the class lacked counts again."""
    person = hand.make("person", "Anja")
    boss = hand.make("person", "Bo", manager=person)
    with hand.store.read() as reader:
        revision = edits.change_class(reader, [boss], "team", "tester")
    hand.store.apply(revision)  # the manager of a team is nobody's manager above the team
    hand.set(boss, "manager", person)
    assert hand.get(boss).cls == "team"


def plant(hand: Hand, *sql: str) -> None:
    with engines.writing(hand.store._engine) as connection:
        for one in sql:
            connection.exec_driver_sql(one)


def _in(one: str, other: str) -> str:
    return f"UPDATE ci SET location = (SELECT o.id FROM ci AS o WHERE o.name = '{other}') WHERE name = '{one}'"


def test_the_check_names_old_circles_once_and_they_hold_nothing_up(hand: Hand) -> None:
    for name in ("A", "B", "C", "D"):
        hand.make("room", name)
    inside = hand.make("room", "E")
    plant(hand, _in("A", "A"), _in("B", "C"), _in("C", "D"), _in("D", "B"), _in("E", "B"))
    found = [str(one) for one in check_integrity(hand.store) if "stands in itself" in str(one)]
    assert found == [
        "A stands in itself: A → A. Correct one of the locations.",
        "B stands in itself: B → C → D → B. Correct one of the locations.",
    ]
    hand.apply(hand.new("room", "F", location=inside))
    with hand.store.read() as reader:
        room = reader.find("F").uid
        other = reader.find("B").uid
    hand.set(room, "location", other)


def test_a_load_checks_only_what_is_above_others(hand: Hand) -> None:
    """A thousand rooms in one building are one step: the statements of a load do not grow with its rows."""
    building = hand.make("building", "B")
    few, many = (_statements(hand, [hand.new("room", f"r{n}", location=building) for n in range(n)]) for n in (10, 900))
    assert many <= few + 3


def _statements(hand: Hand, edits_of: list[Edit]) -> int:
    seen: list[str] = []

    def note(*given: object) -> None:
        seen.append(str(given[2]))

    event.listen(hand.store._engine, "before_cursor_execute", note)
    try:
        hand.apply(*edits_of)
    finally:
        event.remove(hand.store._engine, "before_cursor_execute", note)
    return len(seen)
