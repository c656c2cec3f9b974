"""Merging: nothing that named a merged record is lost or there twice, and undo brings everything back."""

from __future__ import annotations

import pytest

from app.renewal import edit
from app.verbs import known_verbs, make
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import InvalidValue, UserError
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import history
from cmdb.register.merging import merge
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand
from tests.cmdb.grouped_links import joined
from tests.cmdb.register.doubled_server import JANUARY, MARCH, SCAN, SHEET, DoubledServer
from tests.cmdb.store.estate_snapshot import picture


@pytest.fixture
def doubled(hand: Hand) -> DoubledServer:
    return DoubledServer(hand)


def test_everything_goes_to_the_kept_record_and_comes_back(doubled: DoubledServer, store: Store) -> None:
    kept, other = doubled.kept, doubled.other
    applied = doubled.merge()
    assert applied.deleted == {other}
    with store.read() as reader:
        values = reader.get(kept).values
        assert (values["name"], values["memory"], values["order_number"]) == ("srv-1", 2048, "A")
        said = reader.said([kept, doubled.guest])
        assert said[kept][SHEET]["evidence.mac"][0] == ["00:50:aa:00:00:01"]
        assert said[doubled.guest][SHEET]["host"] == [kept, JANUARY], "also what another source outvotes"
        links = reader.records("relationship")
        key = ("runs_on", doubled.database, kept)
        assert links[key] == {"note": "one; two"}, "it stands alone as it did"
        assert reader.memberships([key])[key] == {doubled.group}
        assert [k for k in links if other in k] == []
        software = {(i.product, i.user) for i in reader.installations(kept)}
        assert software == {("Editor", doubled.anna), ("Shell", "")}
        assert [one.observed for one in reader.sightings(kept)] == [MARCH]
        (decision,) = reader.records("decision").values()
        assert [one["uid"] for one in decision["candidates"]] == [kept]  # type: ignore[union-attr, index, call-overload]
        assert decision["outcome"] == f"same:{kept}"
        assert [lock["ci"] for lock in reader.records("lock").values()] == [kept]
        for word in (other, "T-01", "t-1", "srv-1", "SRV-01", "S/01", "Server:srv-1"):
            assert reader.find(word).uid == kept, word
        assert [one.uid for one in reader.search("T-01")] == [kept], "the search of the window knows it, too"
    after = picture(store)
    assert other not in str({kind: found for kind, found in after.items() if kind != "alias"})
    assert check_integrity(store) == []
    undone = history.undo(store, applied.number, "tester")
    assert undone.kept == ()
    assert picture(store) == doubled.before
    again = history.undo(store, undone.number, "tester")
    assert again.kept == ()
    assert picture(store) == after


def test_the_kept_record_keeps_its_names_and_what_people_said_of_it(hand: Hand, store: Store) -> None:
    kept = hand.make("laptop", "LT-X", asset_tag="X1", memory=4096)
    other = hand.make("laptop", "LT-Y", asset_tag="Y1", memory=8192, serial_number="SY")
    with store.read() as reader:
        store.apply(merge(reader, [other], kept, "tester"))
    found = hand.get(kept).values
    assert [found[name] for name in ("name", "asset_tag", "memory", "serial_number")] == ["LT-X", "X1", 4096, "SY"]
    with store.read() as reader:
        assert {reader.find(word).uid for word in ("LT-Y", "Y1", "sy", "X1")} == {kept}


def test_what_came_since_stays_with_the_kept_record(doubled: DoubledServer, store: Store) -> None:
    applied = doubled.merge()
    doubled.apply(
        Edit(ci(doubled.kept), "notes", "by hand", "looked at"),
        Edit(Record("relationship", ("connected_to", *sorted((doubled.kept, doubled.third)))), "", None, {}),
        Edit(Record("claim", (doubled.kept, SHEET)), "memory", [2048, MARCH], [4096, "2026-04-01T00:00:00Z"]),
    )
    undone = history.undo(store, applied.number, "tester")
    assert {one.uid for one in undone.kept} == {doubled.kept}
    assert sorted(one.field for one in undone.kept) == ["memory", "notes", "relationship"]
    with store.read() as reader:
        assert reader.get(doubled.kept).values["memory"] == 4096
        assert reader.get(doubled.other).values["memory"] == 2048
        assert ("connected_to", *sorted((doubled.kept, doubled.third))) in reader.records("relationship")
        assert reader.records("alias") == {}
    assert check_integrity(store) == []


def test_a_record_that_was_merged_twice_is_found_by_every_name(doubled: DoubledServer, store: Store) -> None:
    first = doubled.merge()
    with store.read() as reader:
        second = store.apply(merge(reader, [doubled.kept], doubled.third, "tester"))
        assert reader.find("T-01").uid == doubled.kept
    with store.read() as reader:
        for word in (doubled.other, doubled.kept, "T-1", "T-01", "srv-1"):
            assert reader.find(word).uid == doubled.third, word
    with store.read(first.number) as reader:
        assert reader.find("t-1").uid == doubled.kept, "as it was then"
    history.undo(store, second.number, "tester")
    history.undo(store, first.number, "tester")
    assert picture(store) == doubled.before


def test_what_would_name_itself_goes(hand: Hand, store: Store) -> None:
    outer = hand.make("room", "Room 1")
    inner = hand.make("room", "Room 01", location=outer)
    one, two = hand.make("server", "a"), hand.make("server", "b")
    link = Record("relationship", ("connected_to", *sorted((one, two))))
    hand.apply(Edit(link, "", None, {}))
    before = picture(store)
    numbers = []
    for gone, kept in ((inner, outer), (one, two)):
        with store.read() as reader:
            numbers.append(store.apply(merge(reader, [gone], kept, "tester")).number)
    with store.read() as reader:
        assert "location" not in reader.get(outer).values
        assert reader.relationships(two) == []
    assert check_integrity(store) == []
    for number in reversed(numbers):
        history.undo(store, number, "tester")
    assert picture(store) == before


def test_a_task_keeps_its_own_number_and_state(hand: Hand, store: Store) -> None:
    first, second = hand.make("task", "Swap the disk"), hand.make("task", "Swap disk")
    hand.set(second, "state", "In progress")
    number, own = (hand.get(uid).values["number"] for uid in (second, first))
    with store.read() as reader:
        store.apply(merge(reader, [second], first, "tester"))
    found = hand.get(first)
    assert (found.values["number"], found.values["state"]) == (own, "Open")
    with store.read() as reader:
        assert reader.find(str(number)).uid == first


def test_what_cannot_be_one_thing_is_refused(hand: Hand, store: Store) -> None:
    server, person = hand.make("server", "srv"), hand.make("person", "Ann")
    with store.read() as reader:
        with pytest.raises(InvalidValue, match="srv is of class Server, Ann of class Person"):
            merge(reader, [server], person, "tester")
        with pytest.raises(InvalidValue, match="merged into itself"):
            merge(reader, [server], server, "tester")


def test_a_merge_is_decided_anew_where_an_import_touched_one_of_them(doubled: DoubledServer, store: Store) -> None:
    between = [
        Edit(Record("claim", (doubled.other, SHEET)), "cost_centre", None, ["4711", MARCH]),
        Edit(Record("relationship", ("connected_to", *sorted((doubled.third, doubled.other)))), "", None, {}),
        Edit(Record("claim", (doubled.third, SCAN)), "notes", None, ["nothing to do with it", MARCH]),
    ]
    refused: list[UserError] = []

    def decide(reader: Reader) -> Revision:
        return make(reader, known_verbs()["merge"], [doubled.other], {"into": doubled.kept}, "bert", every=True)

    def write(revision: Revision) -> AppliedRevision:
        if between:
            store.apply(Revision([between.pop(0)], "feed", SHEET))
        return store.apply(revision)

    assert edit(store, decide, write, refused.append).number
    assert len(refused) == 2, "what has nothing to do with them is in nobody's way"
    with store.read() as reader:
        assert reader.get(doubled.kept).values["cost_centre"] == "4711"
        assert ("connected_to", *sorted((doubled.third, doubled.kept))) in reader.records("relationship")
    assert "changed meanwhile" in str(refused[0])


def test_memberships_of_both_are_kept(doubled: DoubledServer, store: Store) -> None:
    own = Record("relationship", ("runs_on", doubled.database, doubled.kept))
    second = new_id()
    doubled.apply(
        Edit(Record("group", (second,)), "", None, {"owner": doubled.database, "label": "other", "needs": "1"}),
        joined(own, second),
        Edit(own, "alone", None, False),
    )
    before = picture(store)
    applied = doubled.merge()
    with store.read() as reader:
        assert reader.memberships([own.key])[own.key] == {doubled.group, second}
        assert reader.records_of("relationship", [own])[own.key].get("alone") is False
    assert check_integrity(store) == []
    history.undo(store, applied.number, "tester")
    assert picture(store) == before


def test_a_group_of_a_merged_record_is_undone_and_redone(hand: Hand, store: Store) -> None:
    kept, other, target = (hand.make("server", name) for name in ("a", "b", "c"))
    group, link = new_id(), Record("relationship", ("depends_on", other, target))
    hand.apply(
        Edit(Record("group", (group,)), "", None, {"owner": other, "label": "pair", "needs": "1"}),
        Edit(link, "", None, {"alone": False}),
        joined(link, group),
    )
    before = picture(store)
    with store.read() as reader:
        number = store.apply(merge(reader, [other], kept, "tester")).number
    after = picture(store)
    for expected in (before, after, before):
        number = history.undo(store, number, "tester").number
        assert picture(store) == expected
    assert check_integrity(store) == []
