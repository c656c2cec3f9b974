"""Records of nearly equal names are found with what refers to them, and become one in one revision."""

from __future__ import annotations

import pytest

import main
from app.clean_up import MergeChoice, clean_up, near_records
from app.doubles import are_different
from cmdb.model.selection import Selection
from cmdb.register import history
from cmdb.store.store import Store
from tests.cmdb.estates import Hand


@pytest.fixture
def store(store: Store, hand: Hand) -> Store:
    """Manufacturers, models, people and rooms, some of them twice."""
    lenovo, again, typo = (hand.make("manufacturer", name) for name in ("Lenovo", "LENOVO", "Lenovvo"))
    hand.make("manufacturer", "Dell")
    hand.make("manufacturer", "HP Inc.")
    hand.make("manufacturer", "Hewlett-Packard")
    model = hand.make("hardware_model", "ThinkPad X1", manufacturer=lenovo)
    hand.make("hardware_model", "Think Pad X1", manufacturer=lenovo)
    hand.make("hardware_model", "Thinkpad X1", manufacturer=again)
    for number, maker in enumerate((lenovo, lenovo, again, typo)):
        hand.make("laptop", f"nb-{number}", manufacturer=maker, model=model)
    hand.make("person", "José Núñez", email="jose@corp.example")
    hand.make("person", "Nunez, Jose")
    hand.make("person", "Jose Nunez", email="other@corp.example")
    north, south = hand.make("site", "North"), hand.make("site", "South")
    for site in (north, south):
        hand.make("room", "Room 1", location=site)
    hand.make("room", "room 01", location=south)
    return store


def groups(store: Store, *classes: str) -> list[tuple[str, ...]]:
    with store.read() as reader:
        return [tuple(one.name for one in group.records) for group in near_records(reader, classes)]


def test_what_is_most_referred_to_is_kept_and_other_identities_and_places_stay_apart(store: Store) -> None:
    assert groups(store, "manufacturer") == [("HP Inc.", "Hewlett-Packard"), ("Lenovo", "LENOVO", "Lenovvo")]
    assert groups(store, "hardware_model") == [("ThinkPad X1", "Think Pad X1")]
    assert groups(store, "person") == [("José Núñez", "Nunez, Jose")]
    assert groups(store, "place") == [("Room 1", "room 01")]
    with store.read() as reader:
        _, found = near_records(reader, ["manufacturer"])
        assert ([one.references for one in found.records], found.misspelt) == ([4, 2, 1], True)
        keep, *others = (one.uid for one in found.records)
        store.apply(are_different(reader, keep, others[1], "tester"))
    assert groups(store, "manufacturer")[1:] == [("Lenovo", "LENOVO")]


def test_all_are_merged_as_one_revision_that_is_undone(store: Store) -> None:
    with store.read() as reader:
        found = near_records(reader)
    choices = [MergeChoice(group.keep.uid, tuple(one.uid for one in group.others)) for group in found]
    applied, waiting = clean_up(store, choices, "tester")
    assert len(waiting) <= 1
    with store.read() as reader:
        named = {one.values["manufacturer"] for one in reader.all(Selection("laptop"))}
        assert reader.names(named) == dict.fromkeys(named, ("manufacturer", "Lenovo"))
        assert len(named) == 1
        assert reader.count(Selection("manufacturer")) == 3
        assert reader.find("LENOVO").name == "Lenovo"
    history.undo(store, applied.number, "tester")
    assert groups(store, "manufacturer")[1:] == [("Lenovo", "LENOVO", "Lenovvo")]


def test_the_command_lists_and_merges(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    where = str(store.where)
    assert main.main(["clean-up", "manufacturer", "--db", where]) == 0
    assert "Lenovvo" in capsys.readouterr().out
    assert main.main(["clean-up", "--merge", "--leave", "Lenovvo", "--misspelt", "--db", where]) in (0, 1)
    assert groups(store, "manufacturer") == [("Lenovo", "Lenovvo")]
