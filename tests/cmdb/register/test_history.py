"""Undo of all changes of redundancy groups and links, in any order of edits and undos."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cmdb.model.errors import InvalidValue
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.register import edits, history
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand
from tests.cmdb.grouped_links import grouped
from tests.cmdb.store.estate_snapshot import picture


def do(hand: Hand, make: Callable[..., Revision], *given: Any, **also: Any) -> int:
    """Makes a revision of the present and applies it; its number."""
    with hand.store.read() as reader:
        revision = make(reader, *given, "tester", **also)
    return hand.store.apply(revision).number


def link(hand: Hand, *given: Any, **also: Any) -> int:
    return do(hand, edits.link, *given, **also)


def groups(hand: Hand) -> dict[str, list[str]]:
    """The label of each group, with the targets of its members by name."""
    with hand.store.read() as reader:
        found: dict[str, list[str]] = {key[0]: [] for key in reader.records("group")}
        for group, *key in reader.records("membership"):
            found[group].append(reader.get(key[2]).name)
        return {str(f["label"]): sorted(found[k[0]]) for k, f in reader.records("group").items()}


@pytest.fixture
def feeds(hand: Hand) -> list[str]:
    """A server and three power units: their ids."""
    new = [hand.new("server", "S-1"), *(hand.new("pdu", f"P-{n}") for n in range(3))]
    hand.apply(*new)
    return [edit.record.key[0] for edit in new]


def made(hand: Hand, feeds: list[str]) -> int:
    return link(hand, feeds[0], "powered_by", feeds[1], group="power", needs="1")


def joined(hand: Hand, feeds: list[str]) -> int:
    made(hand, feeds)
    return link(hand, feeds[0], "powered_by", feeds[2], group="power", needs="2")


def regrouped(hand: Hand, feeds: list[str]) -> int:
    for feed in feeds[1:]:
        link(hand, feeds[0], "powered_by", feed)
    members = [("powered_by", feeds[0], feed) for feed in feeds[1:3]]
    return do(hand, _regroup, feeds[0], "power", "1", members)


def moved(hand: Hand, feeds: list[str]) -> int:
    regrouped(hand, feeds)
    return do(hand, _regroup, feeds[0], "other power", "1", [("powered_by", feeds[0], feeds[1])])


def unlinked(hand: Hand, feeds: list[str]) -> int:
    joined(hand, feeds)
    return do(hand, edits.unlink, feeds[0], "powered_by", feeds[1])


def dissolved(hand: Hand, feeds: list[str]) -> int:
    joined(hand, feeds)
    with hand.store.read() as reader:
        (key,) = reader.records("group")
    return hand.apply(Edit(Record("group", key), "", {}, None)).number


def owner_deleted(hand: Hand, feeds: list[str]) -> int:
    joined(hand, feeds)
    return do(hand, edits.delete, [feeds[0]])


def _regroup(reader: Any, owner: str, label: str, needs: str, members: Any, author: str) -> Revision:
    return edits.regroup(reader, owner, label, needs, members, author)


@pytest.mark.parametrize("what", [made, joined, regrouped, moved, unlinked, dissolved, owner_deleted])
def test_what_was_done_to_groups_is_undone_and_redone(hand: Hand, feeds: list[str], what: Any) -> None:
    number = what(hand, feeds)
    after = picture(hand.store)
    undone = history.undo(hand.store, number, "tester")
    assert undone.kept == ()
    now = picture(hand.store)
    assert now == {**picture(hand.store, number - 1), "search": now["search"]}
    assert history.undo(hand.store, undone.number, "tester").kept == ()
    assert picture(hand.store) == after
    assert check_integrity(hand.store) == []


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("what", [made, joined, regrouped, moved, unlinked, dissolved])
def test_the_order_of_the_edits_does_not_count(hand: Hand, feeds: list[str], what: Any, backwards: bool) -> None:
    number = what(hand, feeds)
    with hand.store.read() as reader:
        found = sorted(history.preview_undo(reader, number, "tester")[0].edits, reverse=backwards, key=repr)
    hand.apply(*found)
    now = picture(hand.store)
    assert now == {**picture(hand.store, number - 1), "search": now["search"]}


def test_a_group_that_others_have_joined_stays(hand: Hand, feeds: list[str]) -> None:
    number = made(hand, feeds)
    link(hand, feeds[0], "powered_by", feeds[2], group="power")
    (kept,) = history.undo(hand.store, number, "tester").kept
    assert (kept.name, kept.field) == ("S-1", "group")
    assert groups(hand) == {"power": ["P-1"]}


def test_a_link_comes_back_without_a_group_that_is_gone(hand: Hand, feeds: list[str]) -> None:
    number = unlinked(hand, feeds)
    with hand.store.read() as reader:
        (key,) = reader.records("group")
    hand.apply(Edit(Record("group", key), "", {}, None))
    (kept,) = history.undo(hand.store, number, "tester").kept
    assert "group" in str(kept.reason)
    assert groups(hand) == {}
    with hand.store.read() as reader:
        assert len(reader.relationships(feeds[0])) == 2
    assert check_integrity(hand.store) == []


def test_an_installation_comes_back_without_a_user_who_is_gone(hand: Hand) -> None:
    laptop, anna = hand.make("laptop", "LT-1"), hand.make("person", "Anna")
    record = Record("installation", (laptop, "", "Acme", "Editor", "", "1"))
    hand.apply(Edit(record, "", None, {"user": anna}))
    number = hand.apply(Edit(record, "", {"user": anna}, None)).number
    do(hand, edits.delete, [anna])
    (kept,) = history.undo(hand.store, number, "tester").kept
    assert kept.name == "LT-1"
    with hand.store.read() as reader:
        assert [one.user for one in reader.installations(laptop)] == [""]


def test_a_link_whose_ends_have_become_of_other_classes_stays_away(hand: Hand, feeds: list[str]) -> None:
    link(hand, feeds[0], "powered_by", feeds[1])
    number = do(hand, edits.unlink, feeds[0], "powered_by", feeds[1])
    hand.apply(Edit(Record("ci", (feeds[1],)), "class", "pdu", "site"))
    (kept,) = history.undo(hand.store, number, "tester").kept
    assert "cannot stand" in str(kept.reason)


def test_a_relationship_is_in_a_group_that_is_there(hand: Hand, feeds: list[str]) -> None:
    before = picture(hand.store)
    with pytest.raises(InvalidValue, match="S-1 is in a redundancy group that does not exist"):
        hand.apply(*grouped("powered_by", feeds[0], feeds[1], new_id()))
    assert picture(hand.store) == before
