"""Splitting: one of several merged records comes back with what it had, the others stay, and what came since stays."""

from __future__ import annotations

from typing import Any

import pytest

from app.renewal import undo
from cmdb.model.applied_revision import UndoConflict
from cmdb.model.errors import Ambiguous, NotFound
from cmdb.model.revision import Edit, Record, ci
from cmdb.register import history
from cmdb.register.merging import merge
from cmdb.register.splitting import merged_by, merged_records, named_among, split
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand
from tests.cmdb.register.doubled_server import MARCH, SCAN, SHEET, DoubledServer
from tests.cmdb.store.estate_snapshot import picture


@pytest.fixture
def doubled(hand: Hand) -> DoubledServer:
    return DoubledServer(hand)


def split_out(store: Store, kept: str, word: str) -> tuple[int, tuple[UndoConflict, ...]]:
    with store.read() as reader:
        own = reader.get(kept)
        revision, stays = split(reader, own, named_among(merged_records(reader, kept), word, own), "tester")
    return store.apply(revision).number, stays


def test_splitting_the_only_one_is_the_inverse_of_the_merge(doubled: DoubledServer, store: Store) -> None:
    doubled.merge()
    after = picture(store)
    number, stays = split_out(store, doubled.kept, "T-01")
    assert stays == ()
    assert picture(store) == doubled.before
    history.undo(store, number, "tester")
    assert picture(store) == after


@pytest.mark.parametrize("word", ["id", "T-01", "s/01", "srv-01"])
def test_it_is_named_by_what_it_was_called(doubled: DoubledServer, store: Store, word: str) -> None:
    doubled.merge(doubled.other, doubled.third)
    split_out(store, doubled.kept, doubled.other if word == "id" else word)
    with store.read() as reader:
        assert set(reader.by_uid([doubled.kept, doubled.other, doubled.third])) == {doubled.kept, doubled.other}
        with pytest.raises(NotFound, match="srv-2"):
            named_among(merged_records(reader, doubled.kept), "srv-2", reader.get(doubled.kept))


def facts(store: Store, *uids: str) -> dict[str, Any]:
    """What there is of some records."""
    found = picture(store)
    links = {
        kind: {key for key in found[kind] if set(key) & set(uids)}
        for kind in ("relationship", "membership", "sighting")
    }
    software = [one for one in found["installation"] if one.computer in uids]
    return {**links, "said": {uid: found["said"].get(uid) for uid in uids}, "software": software}


def test_of_several_only_the_wrong_one_comes_back(doubled: DoubledServer, store: Store) -> None:
    """As if the merge had been one without it."""
    doubled.apply(
        Edit(Record("claim", (doubled.third, SHEET)), "", None, {"memory": [512, "2026-02-01T00:00:00Z"]}),
        Edit(Record("relationship", ("runs_on", doubled.database, doubled.third)), "", None, {"note": "three"}),
        Edit(Record("relationship", ("connected_to", *sorted((doubled.third, doubled.switch)))), "", None, {}),
        *doubled.installed(doubled.third, "Editor"), *doubled.installed(doubled.third, "Shell"),
    )  # fmt: skip
    every = (doubled.kept, doubled.other, doubled.third)
    before = facts(store, *every)
    expected = doubled.merge(doubled.third)
    alone = facts(store, *every)
    history.undo(store, expected.number, "tester")
    assert facts(store, *every) == before
    doubled.merge(doubled.other, doubled.third)
    assert split_out(store, doubled.kept, "T-01")[1] == ()
    assert facts(store, *every) == alone
    with store.read() as reader:
        said = reader.said([doubled.guest])[doubled.guest]
        assert (said[SHEET]["host"][0], said[SCAN]["host"][0]) == (doubled.other, doubled.kept)
        assert reader.find(doubled.third).uid == doubled.kept
        assert reader.find("T-01").uid == doubled.other
    assert check_integrity(store) == []


def test_what_came_since_stays_and_is_listed(doubled: DoubledServer, store: Store) -> None:
    doubled.merge()
    doubled.apply(
        Edit(ci(doubled.kept), "notes", "by hand", "looked at"),
        Edit(Record("relationship", ("connected_to", *sorted((doubled.kept, doubled.third)))), "", None, {}),
        Edit(Record("claim", (doubled.kept, SHEET)), "memory", [2048, MARCH], [4096, "2026-04-01T00:00:00Z"]),
        Edit(
            Record("claim", (doubled.kept, SHEET)), "evidence.mac",
            [["00:50:aa:00:00:01"], MARCH], [["00:50:aa:00:00:01", "00:50:aa:00:00:02"], "2026-04-01T00:00:00Z"],
        ),
    )  # fmt: skip
    _, stays = split_out(store, doubled.kept, "T-01")
    assert {one.uid for one in stays} == {doubled.kept}
    assert sorted(one.field for one in stays) == ["memory", "notes", "relationship"]
    with store.read() as reader:
        said = reader.said([doubled.kept, doubled.other])
    assert said[doubled.kept][SHEET]["evidence.mac"][0] == ["00:50:aa:00:00:02"]
    assert said[doubled.other][SHEET]["evidence.mac"][0] == ["00:50:aa:00:00:01"]
    assert said[doubled.kept][SHEET]["memory"][0] == 4096
    assert check_integrity(store) == []


def test_a_name_of_two_merged_records_says_not_which(hand: Hand, store: Store) -> None:
    kept, *others = (hand.make("laptop", name) for name in ("LT-1", "Twin", "Twin"))
    with store.read() as reader:
        store.apply(merge(reader, others, kept, "tester"))
    with pytest.raises(Ambiguous):
        split_out(store, kept, "Twin")
    split_out(store, kept, others[1])
    assert hand.get(others[1]).name == "Twin"


def test_it_is_split_from_the_record_into_which_all_was_merged_later(doubled: DoubledServer, store: Store) -> None:
    doubled.merge()
    with store.read() as reader:
        store.apply(merge(reader, [doubled.kept], doubled.third, "tester"))
    split_out(store, doubled.third, "T-01")
    with store.read() as reader:
        other = reader.get(doubled.other)
        assert (other.values["asset_tag"], other.values["memory"]) == ("T-01", 2048)
        assert reader.said([doubled.guest])[doubled.guest][SHEET]["host"][0] == doubled.other
        assert {(i.product, i.user) for i in reader.installations(doubled.other)} == {
            ("Editor", doubled.anna),
            ("Shell", ""),
        }
        assert reader.find("T-1").uid == doubled.third
        assert reader.find("T-01").uid == doubled.other
        assert "serial_number" not in reader.get(doubled.third).values
    assert check_integrity(store) == []


def test_undoing_its_part_of_the_merge_is_splitting_it(doubled: DoubledServer, store: Store) -> None:
    number = doubled.merge(doubled.other).number
    assert undo(store, number, "tester", record=doubled.other).kept == ()
    assert picture(store) == doubled.before


def test_a_word_that_means_several_is_asked_back(hand: Hand, store: Store) -> None:
    kept, *twins = (hand.make("server", name) for name in ("one", "twin", "twin"))
    with store.read() as reader:
        store.apply(merge(reader, twins, kept, "tester"))
    with pytest.raises(Ambiguous, match="means 2 records"):
        split_out(store, kept, "twin")
    split_out(store, kept, twins[0])
    split_out(store, kept, "twin")
    with store.read() as reader:
        assert reader.by_uid(twins).keys() == set(twins)


def test_what_referred_to_a_record_that_was_merged_since_refers_to_the_kept_one(hand: Hand) -> None:
    ann, anna, bob = (hand.make("person", name) for name in ("Ann", "Anna", "Bob"))
    kept, other = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2", assigned_to=ann)
    third = hand.make("laptop", "LT-3", assigned_to=ann)
    changed = hand.set(third, "assigned_to", bob).number
    with hand.store.read() as reader:
        merged = hand.store.apply(merge(reader, [other], kept, "tester")).number
    with hand.store.read() as reader:
        hand.store.apply(merge(reader, [ann], anna, "tester"))
    with hand.store.read() as reader:
        found = merged_by(reader, merged, other)
        assert found is not None
        revision, stays = split(reader, *found, "tester")
    hand.store.apply(revision)
    assert stays == ()
    assert history.undo(hand.store, changed, "tester").kept == ()
    with hand.store.read() as reader:
        holders = [reader.get(uid).values.get("assigned_to") for uid in (kept, other, third)]
    assert holders == [None, anna, anna]
