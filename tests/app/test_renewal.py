"""What was decided on something that has changed meanwhile is decided anew, or refused in words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.renewal import ATTEMPTS, edit, undo
from app.verbs import known_verbs, make
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.errors import Conflict, InvalidValue, UserError
from cmdb.model.revision import Edit, Revision, ci
from cmdb.store.reading.reader import Reader
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = create_estate(tmp_path / "estate.terrier")
    yield made
    made.close()


@pytest.fixture
def hand(store: Store) -> Hand:
    return Hand(store)


class Interference:
    """Somebody else, who writes between a decision and its revision."""

    def __init__(self, store: Store, *steps: Edit) -> None:
        self._store = store
        self._steps = list(steps)
        self.decided = 0

    def write(self, revision: Revision) -> AppliedRevision:
        self.decided += 1
        if self._steps:
            self._store.apply(Revision([self._steps.pop(0)], "anna"))
        return self._store.apply(revision)


def test_a_verb_is_decided_anew(store: Store, hand: Hand) -> None:
    rack = hand.make("rack", "R1", location=hand.make("site", "Lyon"))
    server, oslo = hand.make("server", "srv-1"), hand.make("site", "Oslo")
    other = Interference(store, Edit(ci(rack), "location", hand.get(rack).values["location"], oslo))

    def move(reader: Reader) -> Revision:
        return make(reader, known_verbs()["move"], [server], {"to": rack}, "bert", every=True)

    assert edit(store, move, other.write).number
    assert other.decided == 2
    assert hand.get(server).values["location"] == oslo


def test_a_verb_that_is_not_possible_any_more(store: Store, hand: Hand) -> None:
    laptop, oslo = hand.make("laptop", "nb-1"), hand.make("site", "Oslo")
    other = Interference(store, Edit(ci(laptop), "status", None, "Lost"), Edit(ci(laptop), "status", "Lost", "Retired"))

    def lost(reader: Reader) -> Revision:
        return make(reader, known_verbs()["move"], [laptop], {"to": oslo}, "bert", every=True)

    assert edit(store, lost, other.write).number
    assert other.decided == 3
    hand.apply(
        Edit(ci(laptop), "status", "Retired", "Disposed"),
        Edit(ci(laptop), "disposal", None, "Recycled"),
        Edit(ci(laptop), "disposed_on", None, "2026-01-01"),
        Edit(ci(laptop), "data_erasure_exception", None, "Never had a disk"),
        Edit(ci(laptop), "location", oslo, None),
    )
    with pytest.raises(UserError, match="has left the estate"):
        edit(store, lost, store.apply)


def test_what_nobody_else_caused_is_raised_at_once(store: Store, hand: Hand) -> None:
    hand.make("laptop", "nb-1", asset_tag="A-1")
    other = Interference(store)
    with pytest.raises(InvalidValue):
        edit(store, lambda _: Revision([hand.new("laptop", "nb-2", asset_tag="A-1")], "bert"), other.write)
    assert other.decided == 1


def test_there_is_an_end_to_it(store: Store, hand: Hand) -> None:
    laptop = hand.make("laptop", "nb-1", notes="0")
    steps = [Edit(ci(laptop), "notes", str(n), str(n + 1)) for n in range(2 * ATTEMPTS)]
    other = Interference(store, *steps)
    with pytest.raises(Conflict, match="nb-1"):
        edit(store, lambda _: Revision([Edit(ci(laptop), "notes", "0", "mine")], "bert"), other.write)
    assert other.decided == ATTEMPTS


def test_an_undo_is_decided_anew(store: Store, hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    laptop = hand.make("laptop", "nb-1")
    number = hand.apply(Edit(ci(laptop), "notes", None, "a"), Edit(ci(laptop), "status", None, "Lost")).number
    apply, steps = store.apply, [Edit(ci(laptop), "notes", "a", "b")]

    def interfering(revision: Revision, control: Control | None = None) -> AppliedRevision:
        if steps:
            apply(Revision([steps.pop()], "anna"))
        return apply(revision, control)

    monkeypatch.setattr(store, "apply", interfering)
    undone = undo(store, number, "bert")
    assert len(undone.kept) == 1
    assert hand.get(laptop).values.get("notes") == "b"
    assert "status" not in hand.get(laptop).values
