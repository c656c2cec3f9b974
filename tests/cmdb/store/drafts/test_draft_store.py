"""A draft: the estate is read with it, written into it, and it is applied, settled or dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cmdb.model.drafts import FieldConflict
from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.guards import FieldGuard
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.model.selection import Selection
from cmdb.register import drafts, history
from cmdb.register.live_graph import LiveGraphs
from cmdb.register.merging import merge
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.store import Store
from cmdb.store.upkeep.estate_transfer import move
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.upkeep.startup import open_estate
from tests.cmdb.estates import Hand, Places
from tests.cmdb.grouped_links import joined
from tests.cmdb.store.estate_snapshot import links, picture


def opened(store: Store, name: str = "Plan") -> DraftStore:
    with store.read() as reader:
        draft, revision = drafts.new_draft(reader, name, "tester")
    store.apply(revision)
    return DraftStore(store, draft)


def names(store: Store, selection: Selection) -> list[str]:
    with store.read() as reader:
        assert reader.count(selection) == len(reader.ids(selection))
        return [one.name for one in reader.page(selection)]


@pytest.fixture
def plan(store: Store) -> DraftStore:
    return opened(store)


@pytest.fixture
def drafted(plan: DraftStore) -> Hand:
    return Hand(plan)


def test_the_estate_is_read_with_it_and_stays_as_it_is(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand
) -> None:
    kept, changed, gone = (
        hand.make("laptop", name, serial_number=f"SN-{name}") for name in ("kept", "changed", "gone")
    )
    before = picture(store)
    drafted.set(changed, "name", "another name")
    drafted.apply(Edit(ci(gone), "", {"class": "laptop"}, None))
    made = drafted.make("laptop", "made", serial_number="SN-MADE-77")
    laptops = Selection("laptop")
    assert names(plan, laptops) == ["another name", "kept", "made"]
    assert names(store, laptops) == ["changed", "gone", "kept"]
    assert names(plan, Selection("laptop", sort="serial_number")) == ["another name", "kept", "made"]
    assert names(plan, Selection("laptop", text="made-77")) == ["made"]
    assert names(plan, Selection("ci", text="gone")) == []
    assert names(plan, Selection("ci", text="another")) == ["another name"]
    assert names(plan, Selection("laptop", where="name ~ e")) == ["another name", "kept", "made"]
    with plan.read() as reader:
        assert reader.find("SN-MADE-77").uid == made
        assert reader.counts()["laptop"] == 3
        assert {edit.record.key[0] for edit in reader.edits(reader.number)} == {changed, gone, made}
        past = reader.number - 1
    with plan.read(past) as reader:
        assert sorted(one.name for one in reader.page(laptops)) == ["changed", "gone", "kept"]
    assert picture(store) == before
    assert not check_integrity(store)
    assert kept


def test_it_is_applied_as_one_revision_and_undone_as_one(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand
) -> None:
    one, two = hand.make("laptop", "one"), hand.make("laptop", "two")
    ann = hand.make("person", "Ann")
    before = picture(store)
    drafted.set(one, "assigned_to", ann)
    drafted.set(one, "name", "first")
    drafted.set(one, "name", "second")
    drafted.apply(Edit(ci(two), "", {"class": "laptop"}, None))
    with plan.read() as reader:
        expected = [(c.name, dict(c.values)) for c in reader.page(Selection("laptop"))]
    applied = plan.commit("tester")
    with store.read() as reader:
        assert [(c.name, dict(c.values)) for c in reader.page(Selection("laptop"))] == expected
        assert not drafts.drafts(reader)
    assert not history.undo(store, applied.number, "tester").kept
    assert picture(store) == before
    assert names(plan, Selection("laptop")) == ["second"]
    assert not check_integrity(store)


def test_what_others_change_beside_it_stays_and_what_both_change_is_a_conflict(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand
) -> None:
    uids = [hand.make("laptop", f"LT-{n}", notes="old") for n in range(4)]
    for uid in uids:
        drafted.set(uid, "notes", "drafted")
    hand.set(uids[0], "notes", "by another")
    hand.set(uids[1], "serial_number", "SN-1")
    (conflict,) = plan.conflicts()
    assert (conflict.record, conflict.name) == (uids[0], "LT-0")
    assert conflict.fields == (FieldConflict("notes", "old", "drafted", "by another"),)
    with plan.read() as reader:
        assert [reader.get(uid).values["notes"] for uid in uids] == ["by another", "drafted", "drafted", "drafted"]
        assert reader.get(uids[1]).values["serial_number"] == "SN-1"
    plan.commit("tester")
    assert [hand.get(uid).values["notes"] for uid in uids] == ["by another", "drafted", "drafted", "drafted"]
    assert [one.record for one in plan.conflicts()] == [uids[0]]
    plan.settle(uids[0], keep_draft=True)
    assert not plan.conflicts()
    plan.commit("tester")
    assert hand.get(uids[0]).values["notes"] == "drafted"
    with store.read() as reader:
        assert not drafts.drafts(reader)


@pytest.mark.parametrize("keep", [True, False])
def test_a_record_that_was_deleted_meanwhile_is_made_again_or_left(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand, keep: bool
) -> None:
    uid = hand.make("laptop", "LT", serial_number="SN-9")
    drafted.set(uid, "notes", "drafted")
    hand.apply(Edit(ci(uid), "", {"class": "laptop"}, None))
    (conflict,) = plan.conflicts()
    assert conflict.deleted
    assert names(plan, Selection("laptop")) == []
    plan.settle(uid, keep_draft=keep)
    assert not plan.conflicts()
    assert names(plan, Selection("laptop")) == (["LT"] if keep else [])
    if keep:
        plan.commit("tester")
        assert hand.get(uid).values["notes"] == "drafted"
        assert hand.get(uid).values["serial_number"] == "SN-9"
    assert not check_integrity(store)


@pytest.mark.parametrize("keep", [True, False])
def test_a_comment_that_was_deleted_meanwhile_is_made_again_or_left(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand, keep: bool
) -> None:
    comment = Record("comment", (new_id(),))
    written = {"owner": hand.make("laptop", "LT-1"), "text": "old", "author": "Mia"}
    hand.apply(Edit(comment, "", None, written))
    drafted.apply(Edit(comment, "text", "old", "drafted"))
    hand.apply(Edit(comment, "", written, None))
    (conflict,) = plan.conflicts()
    assert (conflict.name, conflict.deleted) == ("Comment “LT-1”", True)
    plan.settle(conflict.record, keep_draft=keep)
    assert not plan.conflicts()
    plan.commit("tester")
    with store.read() as reader:
        found = dict(reader.records("comment"))
    assert found == ({comment.key: {**written, "text": "drafted"}} if keep else {})
    assert not check_integrity(store)


def test_a_comment_whose_record_was_deleted_meanwhile_waits_or_is_left(
    hand: Hand, plan: DraftStore, drafted: Hand
) -> None:
    """The draft says nothing of the record, which stays deleted; what it says of others is settled with it."""
    uid, other = hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2")
    comment = Record("comment", (new_id(),))
    hand.apply(Edit(comment, "", None, {"owner": uid, "text": "old", "author": "Mia"}))
    drafted.apply(Edit(comment, "text", "old", "drafted"))
    drafted.set(other, "notes", "drafted")
    hand.apply(Edit(ci(uid), "", {"class": "laptop"}, None))
    hand.set(other, "notes", "by another")
    plan.settle(*(one.record for one in plan.conflicts()), keep_draft=True)
    (conflict,) = plan.conflicts()
    assert conflict.name == "Comment “LT-1”"
    plan.settle(conflict.record, keep_draft=False)
    assert not plan.conflicts()
    plan.commit("tester")
    assert hand.get(other).values["notes"] == "drafted"


def test_what_is_refused_later_is_a_conflict_of_that_record_alone(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    mine = drafted.make("laptop", "mine", asset_tag="LT-7")
    other = drafted.make("laptop", "other")
    hand.make("laptop", "theirs", asset_tag="LT-7")
    (conflict,) = plan.conflicts()
    assert conflict.record == mine
    assert "LT-7" in str(conflict.reason)
    assert names(plan, Selection("laptop")) == ["other", "theirs"]
    plan.commit("tester")
    assert hand.get(other).name == "other"
    plan.settle(mine, keep_draft=False)
    assert not plan.conflicts()


def test_what_another_changed_of_what_it_deletes_is_a_conflict(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    changed, seen, gone = (hand.make("laptop", name) for name in ("changed", "seen", "gone"))
    for uid in (changed, seen, gone):
        drafted.apply(Edit(ci(uid), "", {"class": "laptop"}, None))
    hand.set(changed, "notes", "still needed")
    hand.set(seen, "last_seen", "2026-11-30T00:00:00Z")
    hand.apply(Edit(ci(gone), "", {"class": "laptop"}, None))
    (conflict,) = plan.conflicts()
    assert (conflict.record, conflict.name) == (changed, "changed")
    assert conflict.fields == (FieldConflict("notes", None, None, "still needed"),)
    plan.settle(changed, keep_draft=True)
    plan.commit("tester")
    assert names(plan, Selection("laptop")) == []


@pytest.mark.parametrize("deleted", [True, False])
def test_a_merge_is_a_conflict_as_a_whole(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand, deleted: bool
) -> None:
    one, kept = hand.make("laptop", "one", asset_tag="T-1"), hand.make("laptop", "kept")
    with plan.read() as reader:
        revision = merge(reader, [one], kept, "tester")
    plan.apply(revision)
    if deleted:
        hand.apply(Edit(ci(kept), "", {"class": "laptop"}, None))
    else:
        hand.set(one, "notes", "by another")
    assert {(found.record, found.name) for found in plan.conflicts()} == {(one, "one"), (kept, "kept")}
    assert not plan.commit("tester").number
    assert hand.get(one).name == "one"
    plan.settle(one, keep_draft=True)
    assert not plan.conflicts()
    plan.commit("tester")
    assert names(store, Selection("laptop")) == ["kept"]
    with store.read() as reader:
        assert reader.find("T-1").uid == kept
    assert not check_integrity(store)


def test_what_others_merge_elsewhere_is_a_conflict_of_its_merge(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand
) -> None:
    one, kept, third = (hand.make("laptop", name) for name in ("one", "kept", "third"))
    for where, into in ((plan, kept), (store, third)):
        with where.read() as reader:
            revision = merge(reader, [one], into, "tester")
        where.apply(revision)
    assert {found.record for found in plan.conflicts()} == {one, kept}
    assert not plan.commit("tester").number
    plan.settle(one, keep_draft=True)
    plan.commit("tester")
    assert names(store, Selection("laptop")) == ["kept", "third"]
    assert not check_integrity(store)


def test_what_it_makes_and_another_has_made_meanwhile_is_a_conflict(
    hand: Hand, plan: DraftStore, drafted: Hand
) -> None:
    mine = drafted.make("laptop", "LT", serial_number="SN-5521")
    drafted.make("laptop", "namesake", serial_number="SN-5522")
    hand.make("laptop", "LT", serial_number="SN-5521")
    hand.make("laptop", "namesake", serial_number="SN-5523")
    (conflict,) = plan.conflicts()
    assert conflict.record == mine
    plan.settle(mine, keep_draft=True)
    assert not plan.conflicts()
    hand.make("laptop", "another")
    assert not plan.conflicts()


def test_of_two_looks_the_later_stays_and_nobody_decides(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    days = [f"2026-11-0{day}T00:00:00Z" for day in range(1, 5)]
    uids = [hand.make("laptop", f"LT-{n}", last_seen=days[0]) for n in range(2)]
    seen = [Record("sighting", (uid, "scan:x", "software")) for uid in uids]
    hand.apply(*(Edit(one, "", None, {"observed": days[0]}) for one in seen))
    for n, (uid, one) in enumerate(zip(uids, seen, strict=True)):
        drafted.set(uid, "notes", "drafted")
        drafted.set(uid, "last_seen", days[2])
        drafted.apply(Edit(one, "observed", days[0], days[2]))
        hand.set(uid, "last_seen", days[1 + 2 * n])
        hand.apply(Edit(one, "observed", days[0], days[1 + 2 * n]))
    assert not plan.conflicts()
    plan.commit("tester")
    assert [hand.get(uid).values["last_seen"] for uid in uids] == [days[2], days[3]]
    assert [hand.get(uid).values["notes"] for uid in uids] == ["drafted"] * 2
    with hand.store.read() as reader:
        assert [one.observed for uid in uids for one in reader.sightings(uid)] == [days[2], days[3]]


def test_a_number_that_was_given_meanwhile_is_given_anew(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    mine = [drafted.make("task", f"mine {n}") for n in range(2)]
    assert [drafted.get(uid).values["number"] for uid in mine] == ["TSK-1", "TSK-2"]
    hand.make("task", "theirs")
    assert not plan.conflicts()
    assert {drafted.get(uid).values["number"] for uid in mine} == {"TSK-2", "TSK-3"}
    plan.commit("tester")
    assert {hand.get(uid).values["number"] for uid in mine} == {"TSK-2", "TSK-3"}


def test_a_wrong_edit_is_refused_when_it_is_made(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    uid = hand.make("laptop", "LT")
    drafted.set(uid, "notes", "drafted")
    with pytest.raises(InvalidValue):
        drafted.set(uid, "purchase_date", "soon")
    with pytest.raises(NotFound):
        drafted.apply(Edit(Record("relationship", ("depends_on", uid, "0" * 36)), "", None, {}))
    with plan.read() as reader:
        assert reader.get(uid).values["notes"] == "drafted"


def test_links_of_it_are_read_as_if_they_were_there(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    server, service = hand.make("server", "SRV"), hand.make("application", "Mail")
    drafted.apply(Edit(Record("relationship", ("depends_on", service, server)), "", None, {}))
    with plan.read() as reader:
        assert [one.name for one in reader.relationships(service)] == ["SRV"]
        drawn = links(reader)
    with hand.store.read() as reader:
        assert not reader.relationships(service)
        plain = links(reader)
    assert len(drawn) == len(plain) + 1


def test_a_group_waits_with_its_links(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    server, service, group = hand.make("server", "SRV"), hand.make("application", "Mail"), new_id()
    link = Record("relationship", ("runs_on", service, server))
    made = Edit(Record("group", (group,)), "", None, {"owner": service, "label": "pair", "needs": "1"})
    drafted.apply(made, Edit(link, "", None, {}), joined(link, group))
    hand.apply(Edit(ci(server), "", {"class": "server"}, None))
    assert [one.record for one in plan.conflicts()] == [service]
    assert not plan.commit("tester").number


def test_a_draft_holds_nothing_that_it_cannot_hold(plan: DraftStore) -> None:
    edit = Edit(Record("baseline", ("0" * 36,)), "", None, {"name": "x", "revision": 1})
    with pytest.raises(InvalidValue):
        plan.apply(Revision([edit], "tester"))


def test_it_goes_along_when_the_estate_moves(
    hand: Hand, store: Store, plan: DraftStore, drafted: Hand, places: Places
) -> None:
    uid = hand.make("laptop", "LT", notes="old")
    drafted.set(uid, "notes", "drafted")
    other = "sqlite" if "://" in str(store.where) else "postgresql"
    target = places.new(other)
    places.make(target)
    move(store, target)
    there = open_estate(target)
    with there.read() as reader:
        moved = DraftStore(there, drafts.named(reader, "plan"))
    with moved.read() as reader:
        assert reader.get(uid).values["notes"] == "drafted"
    moved.commit("tester")
    assert Hand(there).get(uid).values["notes"] == "drafted"
    there.close()
    places.clear(target)


def test_its_graph_follows_that_of_the_estate(hand: Hand, store: Store, plan: DraftStore, drafted: Hand) -> None:
    server, mail = hand.make("server", "SRV"), hand.make("application", "Mail")
    graphs = LiveGraphs()
    with store.read() as reader:
        first = graphs.of(reader)
    drafted.apply(Edit(Record("relationship", ("depends_on", mail, server)), "", None, {}))
    with plan.read() as reader:
        with_draft = graphs.of(reader)
        assert with_draft is not first
        assert graphs.of(reader) is with_draft
    drafted.apply(Edit(Record("relationship", ("depends_on", mail, server)), "", {}, None))
    with plan.read() as reader:
        assert graphs.of(reader) is not with_draft
    with store.read() as reader:
        assert graphs.of(reader) is first


def test_what_others_put_into_it_meanwhile_is_seen_by_what_was_decided_before(hand: Hand, plan: DraftStore) -> None:
    uid = hand.make("laptop", "LT", notes="old")
    mine, theirs = plan, DraftStore(plan.base, plan.draft)
    with mine.read() as reader:
        decided = reader.number
    Hand(theirs).set(uid, "serial_number", "SN-5")
    guarded = Revision(
        [Edit(ci(uid), "notes", "old", "mine")], "tester", guards=(FieldGuard(uid, "serial_number", None),),
        decided_at=decided,
    )  # fmt: skip
    with pytest.raises(Conflict):
        mine.apply(guarded)
    with mine.read() as reader:
        assert reader.get(uid).values["serial_number"] == "SN-5"
    mine.apply(replace(guarded, id=new_id(), guards=(FieldGuard(uid, "serial_number", "SN-5"),)))
    with theirs.read() as reader:
        assert reader.get(uid).values["notes"] == "mine"


def test_two_open_drafts_never_have_one_name(store: Store) -> None:
    with store.read() as reader:
        _, first = drafts.new_draft(reader, "Plan", "tester")
        _, second = drafts.new_draft(reader, "plan", "tester")
    store.apply(first)
    with pytest.raises(InvalidValue, match="There is a draft"):
        store.apply(second)
    with store.read() as reader:
        assert [one.name for one in drafts.drafts(reader)] == ["Plan"]


def test_what_others_linked_meanwhile_with_a_record_that_it_deletes_is_a_conflict(
    hand: Hand, plan: DraftStore, drafted: Hand
) -> None:
    server, mail, web = hand.make("server", "SRV"), hand.make("application", "Mail"), hand.make("application", "Web")
    hand.apply(Edit(Record("relationship", ("depends_on", mail, server)), "", None, {}))
    drafted.apply(Edit(ci(server), "", {"class": "server"}, None))
    assert not plan.conflicts()
    hand.apply(Edit(Record("relationship", ("depends_on", web, server)), "", None, {}))
    (conflict,) = plan.conflicts()
    assert [str(field.present) for field in conflict.fields] == ["is needed by Web"]
    plan.settle(server, keep_draft=True)
    plan.commit("tester")
    with hand.store.read() as reader:
        assert not reader.relationships(web)


def test_only_what_is_refused_waits_whatever_refers_to_what(hand: Hand, plan: DraftStore, drafted: Hand) -> None:
    # What was changed last comes last: without Zoe the laptops before her are refused.
    laptops = [Hand.new("laptop", f"LT-{n}", asset_tag=f"T-{n}") for n in range(6)]
    person = Hand.new("person", "Zoe")
    drafted.apply(*laptops, person)
    for one in laptops:
        drafted.set(one.record.key[0], "assigned_to", person.record.key[0])
    drafted.set(person.record.key[0], "notes", "starts in May")
    for taken in ("T-1", "T-4"):
        hand.make("desktop", f"other {taken}", asset_tag=taken)
    assert sorted(one.name for one in plan.conflicts()) == ["LT-1", "LT-4"]
    assert names(plan, Selection("laptop")) == ["LT-0", "LT-2", "LT-3", "LT-5"]
