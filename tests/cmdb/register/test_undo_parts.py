"""Undo of a part of a revision: what it wrote of one record, or of one attribute of it."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.errors import Irreversible, NotFound
from cmdb.model.revision import Edit, Record, ci, new_id
from cmdb.register import edits, history
from cmdb.register.history import Part
from cmdb.register.merging import merge
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand
from tests.cmdb.store.estate_snapshot import picture


def take_back(hand: Hand, number: int, record: str, attribute: str = "") -> AppliedRevision:
    return history.undo(hand.store, number, "tester", part=Part(record, attribute))


def values(hand: Hand, uid: str) -> dict[str, Any]:
    with hand.store.read() as reader:
        return dict(reader.get(uid).values)


def there(hand: Hand, *uids: str) -> list[bool]:
    with hand.store.read() as reader:
        known = reader.names(uids)
        return [uid in known for uid in uids]


def pasted(hand: Hand) -> tuple[list[str], int]:
    """Three laptops, of all of which a revision changes two values; its number."""
    uids = [hand.make("laptop", f"LT-{n}") for n in range(3)]
    wanted = [Edit(ci(u), name, None, value) for u in uids for name, value in (("notes", "old"), ("memory", 8192))]
    return uids, hand.apply(*wanted).number


def test_a_value_is_taken_back_and_no_other(hand: Hand) -> None:
    (first, second, _), number = pasted(hand)
    assert take_back(hand, number, first, "memory").updated == {first}
    assert values(hand, first) == {"name": "LT-0", "notes": "old"}
    assert values(hand, second)["memory"] == 8192


def test_a_record_is_taken_back_and_what_was_edited_since_is_kept(hand: Hand) -> None:
    (first, second, _), number = pasted(hand)
    hand.apply(Edit(ci(first), "notes", "old", "newer"))
    (kept,) = take_back(hand, number, first).kept
    assert (kept.uid, kept.field, kept.value) == (first, "notes", "newer")
    assert values(hand, first) == {"name": "LT-0", "notes": "newer"}
    assert values(hand, second)["notes"] == "old"


def test_the_parts_of_a_revision_are_the_whole_of_it(hand: Hand) -> None:
    before = picture(hand.store)
    uids = [new_id() for _ in range(3)]
    made = [Edit(ci(u), "", None, {"class": "server", "name": f"S-{n}"}) for n, u in enumerate(uids)]
    link = Edit(Record("relationship", ("depends_on", uids[0], uids[1])), "", None, {})
    group = Edit(Record("group", ("g",)), "", None, {"owner": uids[0], "label": "both", "needs": "1"})
    joined = Edit(Record("membership", ("g", *link.record.key)), "", None, {})
    software = Edit(Record("installation", (uids[2], "", "Acme", "Editor", "", "1")), "", None, {})
    number = hand.apply(*made, link, group, joined, software).number
    for uid in uids:
        assert take_back(hand, number, uid).kept == ()
    assert picture(hand.store) == before
    assert history.undo(hand.store, number, "tester").kept == ()
    assert check_integrity(hand.store) == []


def test_a_record_that_others_of_the_revision_refer_to_stays(hand: Hand) -> None:
    anna, laptop = new_id(), new_id()
    person = Edit(ci(anna), "", None, {"class": "person", "name": "Anna"})
    number = hand.apply(
        person, Edit(ci(laptop), "", None, {"class": "laptop", "name": "LT", "assigned_to": anna})
    ).number
    (kept,) = take_back(hand, number, anna).kept
    assert (kept.name, there(hand, anna, laptop)) == ("Anna", [True, True])
    take_back(hand, number, laptop)
    take_back(hand, number, anna)
    assert there(hand, anna, laptop) == [False, False]


def test_a_record_that_the_revision_deleted_comes_back_with_its_links_and_what_named_it(hand: Hand) -> None:
    anna, laptop, server = hand.make("person", "Anna"), hand.make("laptop", "LT"), hand.make("server", "S")
    hand.apply(
        Edit(ci(laptop), "assigned_to", None, anna),
        Edit(Record("installation", (server, "", "Acme", "Editor", "", "1")), "", None, {"user": anna}),
        Edit(Record("relationship", ("depends_on", laptop, server)), "", None, {}),
    )
    before = picture(hand.store)
    with hand.store.read() as reader:
        deletion = edits.delete(reader, [anna, laptop, server], "tester")
    number = hand.store.apply(deletion).number
    assert take_back(hand, number, server).created == {server}
    assert there(hand, anna, laptop) == [False, False]
    assert take_back(hand, number, anna).kept == ()
    assert take_back(hand, number, laptop).kept == ()
    now = picture(hand.store)
    assert {name: now[name] for name in ("ci", "said", "relationship")} == {
        name: before[name] for name in ("ci", "said", "relationship")
    }


def test_of_one_deleted_record_all_comes_back(hand: Hand) -> None:
    anna, laptop, server = hand.make("person", "Anna"), hand.make("laptop", "LT"), hand.make("server", "S")
    hand.apply(
        Edit(ci(laptop), "assigned_to", None, anna),
        Edit(Record("installation", (server, "", "Acme", "Editor", "", "1")), "", None, {"user": anna}),
    )
    before = picture(hand.store)
    with hand.store.read() as reader:
        deletion = edits.delete(reader, [anna], "tester")
    number = hand.store.apply(deletion).number
    assert take_back(hand, number, anna).kept == ()
    assert picture(hand.store) == before


def test_what_the_revision_did_not_change_cannot_be_taken_back(hand: Hand) -> None:
    (first, _, _), number = pasted(hand)
    other = hand.make("laptop", "Other")
    with pytest.raises(NotFound, match="did not change Other"):
        take_back(hand, number, other)
    with pytest.raises(NotFound, match="did not change “Asset tag” of LT-0"):
        take_back(hand, number, first, "asset_tag")
    history.undo(hand.store, number, "tester")
    with pytest.raises(Irreversible):
        take_back(hand, number, first)


def test_a_value_of_a_record_that_is_gone_is_not_taken_back(hand: Hand) -> None:
    (first, _, _), number = pasted(hand)
    with hand.store.read() as reader:
        deletion = edits.delete(reader, [first], "tester")
    hand.store.apply(deletion)
    with pytest.raises(NotFound, match="LT-0 is gone"):
        take_back(hand, number, first, "memory")


def test_a_value_of_a_record_that_the_revision_created_is_taken_back(hand: Hand) -> None:
    uid = hand.make("laptop", "LT", notes="here")
    with hand.store.read() as reader:
        number = reader.number
    take_back(hand, number, uid, "notes")
    assert values(hand, uid) == {"name": "LT"}


def test_the_undo_of_a_part_is_undone_like_any_edit(hand: Hand) -> None:
    (first, _, _), number = pasted(hand)
    before = picture(hand.store)
    part = take_back(hand, number, first)
    with hand.store.read() as reader:
        assert history.latest_undoable(reader) == part.number
        assert "LT-0" in str(reader.revision(part.number).reason)
    history.undo(hand.store, part.number, "tester")
    assert picture(hand.store) == before


def test_events_that_a_merge_moved_are_not_lost_with_a_part_of_it(hand: Hand) -> None:
    ann, kept, other = hand.make("person", "Ann"), hand.make("laptop", "LT-1"), hand.make("laptop", "LT-2")
    at = {"record": other, "at": 1, "what": "hand_over", "field": "assigned_to", "after_ref": ann}
    hand.apply(Edit(Record("event", (new_id(),)), "", None, at))
    hand.set(other, "notes", "hers")
    before = picture(hand.store)
    with hand.store.read() as reader:
        merged = hand.store.apply(merge(reader, [other], kept, "tester")).number
    take_back(hand, merged, kept)
    with hand.store.read() as reader:
        assert "notes" not in reader.get(kept).values
    assert history.undo(hand.store, merged, "tester").kept == ()
    assert picture(hand.store) == before


def test_an_event_that_stays_is_told_with_the_name_of_its_record(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1")
    event = Record("event", (new_id(),))
    number = hand.apply(Edit(event, "", None, {"record": laptop, "at": 1, "what": "hand_over"})).number
    hand.apply(Edit(event, "at", 1, 2))
    (kept,) = history.undo(hand.store, number, "tester").kept
    assert (kept.uid, kept.name, kept.field) == (laptop, "LT-1", "event")
