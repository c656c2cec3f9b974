"""An undo that would close a circle keeps the present value, and says so."""

from __future__ import annotations

from cmdb.model.revision import Edit, Record, ci
from cmdb.register import history
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand


def test_what_a_room_was_in_is_in_the_room_by_now(hand: Hand) -> None:
    building, room = hand.make("building", "Building A"), hand.make("room", "Room 1")
    hand.set(room, "location", building)
    cleared = hand.set(room, "location", None).number
    hand.set(building, "location", room)
    undone = history.undo(hand.store, cleared, "tester")
    assert undone.number == 0, "nothing else was changed"
    (kept,) = undone.kept
    assert (kept.uid, kept.name, kept.field, kept.value) == (room, "Room 1", "location", None)
    assert str(kept.reason) == "Room 1 would stand in itself: Room 1 → Building A → Room 1. So it stays as it is."
    assert "location" not in hand.get(room).values


def test_the_rest_of_the_revision_is_taken_back(hand: Hand) -> None:
    building, room = hand.make("building", "Building A"), hand.make("room", "Room 1", notes="a")
    hand.set(room, "location", building)
    number = hand.apply(
        Edit(ci(room), "location", building, None), Edit(ci(room), "notes", "a", "b")
    ).number  # fmt: skip
    hand.set(building, "location", room)
    undone = history.undo(hand.store, number, "tester")
    assert [one.field for one in undone.kept] == ["location"]
    assert hand.get(room).values["notes"] == "a"


def test_a_relationship_that_would_close_a_circle_does_not_come_back(hand: Hand) -> None:
    chassis, rack = hand.make("chassis", "C-1"), hand.make("rack", "R-1")
    record = Record("relationship", ("part_of", rack, chassis))
    hand.apply(Edit(record, "", None, {}))
    removed = hand.apply(Edit(record, "", {}, None)).number
    hand.set(chassis, "rack", rack)
    undone = history.undo(hand.store, removed, "tester")
    assert [(one.field, "C-1 → R-1" in str(one.reason)) for one in undone.kept] == [("relationship", True)]
    with hand.store.read() as reader:
        assert reader.records("relationship") == {}


def test_a_deleted_place_comes_back_without_what_is_in_it_by_now(hand: Hand) -> None:
    one, other, room = hand.make("building", "A"), hand.make("building", "B"), hand.make("room", "R")
    hand.set(room, "location", one)
    hand.set(other, "location", room)
    deleted = hand.apply(Edit(ci(room), "", {}, None)).number
    hand.set(one, "location", other)
    undone = history.undo(hand.store, deleted, "tester")
    assert hand.get(room).values["location"] == one
    assert "location" not in hand.get(other).values
    assert [(kept.name, kept.field) for kept in undone.kept] == [("B", "location")]
    assert not check_integrity(hand.store)


def test_two_values_that_change_places_are_taken_back_together(hand: Hand) -> None:
    one, other = hand.make("room", "A"), hand.make("room", "B")
    hand.set(one, "location", other)
    turned = hand.apply(Edit(ci(one), "location", other, None), Edit(ci(other), "location", None, one)).number
    undone = history.undo(hand.store, turned, "tester")
    assert undone.kept == ()
    assert hand.get(one).values["location"] == other
    assert "location" not in hand.get(other).values
