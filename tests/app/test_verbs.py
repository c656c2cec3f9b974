"""The records on which a verb acts, and the reasons for excluded records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.verbs import NAMED, find_among, known_verbs, make, scope
from cmdb.model.errors import InvalidValue, NotFound, UserError
from cmdb.model.schema import Schema
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand

RETIRE, MOVE = known_verbs()["retire"], known_verbs()["move"]


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    store = create_estate(tmp_path / "estate.terrier")
    yield Hand(store)
    store.close()


def test_a_scope_counts_names_and_says_why_not(hand: Hand) -> None:
    good = [hand.make("laptop", f"LT-{n}") for n in range(NAMED + 2)]
    old = [hand.make("laptop", f"OLD-{n}", status="Retired") for n in range(3)]
    gone = hand.make("company", "Gone", status="Retired")
    with hand.store.read() as reader:
        found = scope(reader, RETIRE, [gone, *good, *old, good[0]])
        moved = scope(reader, MOVE, [gone])
    assert (found.number, found.left_out) == (NAMED + 2, 4)
    assert found.names == tuple(f"LT-{n}" for n in range(NAMED))
    assert [(str(one.why), one.number) for one in found.reasons] == [("Gone is “Retired” already", 4)]
    assert moved.number == 0
    assert [(str(one.why), one.number) for one in moved.reasons] == [("Gone is of class Company", 1)]


def test_what_it_cant_be_done_with_is_left_out_or_an_error(hand: Hand) -> None:
    good, old = hand.make("laptop", "LT-1"), hand.make("laptop", "OLD", status="Retired")
    with hand.store.read() as reader:
        revision = make(reader, RETIRE, [good, old], {}, "tom", every=False)
        assert {edit.record.key[0] for edit in revision.edits if edit.record.kind == "ci"} == {good}
        events: list[Any] = [edit.after for edit in revision.edits if edit.record.kind == "event"]
        assert [(one["record"], one["what"], one["field"]) for one in events] == [(good, "retire", "status")]
        with pytest.raises(UserError, match="Retire: OLD is “Retired” already"):
            make(reader, RETIRE, [good, old], {}, "tom", every=True)
        with pytest.raises(UserError, match="Retire: OLD is “Retired” already"):
            make(reader, RETIRE, [old], {}, "tom", every=False)
        other = hand.make("laptop", "OLDER", status="Retired")
    with hand.store.read() as reader, pytest.raises(UserError, match="can't be done with 2 records") as caught:
        make(reader, RETIRE, [old, other], {}, "tom", every=False)
    assert caught.value.details == ("OLD is “Retired” already", "OLDER is “Retired” already")


def test_missing_required_values_are_reported(hand: Hand) -> None:
    laptop = hand.make("laptop", "LT-1")
    with hand.store.read() as reader, pytest.raises(InvalidValue, match="“Move” needs the field “To”"):
        make(reader, MOVE, [laptop], {}, "tom", every=True)


def test_a_target_is_found_among_the_classes_that_are_wanted(hand: Hand) -> None:
    person, room = hand.make("person", "Berlin"), hand.make("room", "Berlin")
    server = hand.make("server", "srv-1")
    with hand.store.read() as reader:
        assert find_among(reader, ("place", "rack"), "Berlin").uid == room
        assert find_among(reader, ("person", "place"), "Berlin").uid == person
        assert find_among(reader, ("place",), room).uid == room
        with pytest.raises(InvalidValue, match=r"srv-1 is of class Server; .* wanted: Person, Place"):
            find_among(reader, ("person", "place"), "srv-1")
        with pytest.raises(NotFound, match="Nowhere"):
            find_among(reader, ("place",), "Nowhere")
    assert server


def test_a_verb_is_offered_where_its_classes_are_listed() -> None:
    schema = Schema.load()
    wrong = {
        verb.name for verb in known_verbs().values() if {schema.root_of(cls) for cls in verb.classes} != set(verb.roots)
    }
    assert wrong == set()
