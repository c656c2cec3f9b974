"""Properties of every revision: its inverse restores the estate, and the past is unchanged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import UserError
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import history
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.store.conftest import emptied
from tests.cmdb.store.estate_snapshot import picture
from tests.laws import examples

Revisions = list[list[tuple[Any, ...]]]

SLOTS = 6
TEXTS = st.one_of(st.none(), st.text("abc ü", min_size=1, max_size=6).map(str.strip).filter(bool))


class WrittenEstate:
    """A small estate that random steps are applied to. Slots hold ids of CIs that may exist."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.slots: list[str] = [new_id() for _ in range(SLOTS)]

    def edits(self, steps: list[tuple[Any, ...]]) -> list[Edit]:
        """Edits of a revision, as the steps say, against what is there now."""
        with self.store.read() as reader:
            there = reader.by_uid(self.slots)
            links = reader.records("relationship")
        found: dict[Any, Edit] = {}
        made: set[str] = set()
        gone: set[str] = set()
        for kind, a, b, value in steps:
            uid, other = self.slots[a], self.slots[b]
            if kind == "make" and uid not in there and uid not in made:
                made.add(uid)
                found[uid, ""] = Edit(ci(uid), "", None, {"class": "server", "name": value or "srv", "notes": "n"})
            elif kind == "drop" and uid in there and not made:
                gone.add(uid)
                found[uid, ""] = Edit(ci(uid), "", {}, None)
            elif kind == "set" and uid in there:
                found[uid, "notes"] = Edit(ci(uid), "notes", there[uid].values.get("notes"), value)
            elif kind == "refer" and uid in there and other in there and uid != other:
                key = ("depends_on", uid, other)
                record = Record("relationship", key)
                found[key] = Edit(record, "", {}, None) if key in links else Edit(record, "", None, {})
            elif kind == "claim" and uid in there:
                record = Record("claim", (uid, f"sheet:{b}"))
                with self.store.read() as reader:
                    before = reader.said([uid])[uid].get(f"sheet:{b}", {}).get("order_number")
                found[uid, b] = Edit(record, "order_number", before, [value, f"2026-01-0{b + 1}T00:00:00Z"])
        return [e for e in found.values() if not (set(e.record.key) & gone and e.field + e.record.kind != "ci")]


STEP = st.tuples(
    st.sampled_from(["make", "make", "set", "refer", "claim", "drop"]),
    st.integers(0, SLOTS - 1),
    st.integers(0, SLOTS - 1),
    TEXTS,
)
REVISIONS = st.lists(st.lists(STEP, min_size=1, max_size=6), min_size=1, max_size=5)


@examples(12, soak=300)
@given(revisions=REVISIONS)
def test_a_revision_and_its_inverse_restore_the_estate(file: Store, revisions: Revisions) -> None:
    undo_all(emptied(file), revisions)


@examples(3, soak=50)
@given(revisions=REVISIONS)
def test_a_revision_and_its_inverse_restore_a_shared_estate(server: Store, revisions: Revisions) -> None:
    undo_all(emptied(server), revisions)


def undo_all(store: Store, revisions: Revisions) -> None:
    """Applies revisions and takes them back, the last one first."""
    estate = WrittenEstate(store)
    pictures = [picture(store)]
    numbers = []
    for steps in revisions:
        applied = store.apply(Revision(estate.edits(steps), "law"))
        if applied.number:
            numbers.append(applied.number)
            pictures.append(picture(store))
    for number, expected in zip(numbers, pictures[1:], strict=True):
        past = {k: v for k, v in expected.items() if k != "search"}
        assert picture(store, number) == past, "the past is as it was"
    for expected, number in zip(reversed(pictures[:-1]), reversed(numbers), strict=True):
        applied = history.undo(store, number, "law")
        assert applied.kept == ()
        assert picture(store) == expected
    assert check_integrity(store) == []


@examples(9, soak=200)
@given(revisions=REVISIONS, which=st.integers(0, 4))
def test_any_old_revision_can_be_taken_back_and_done_again(file: Store, revisions: Revisions, which: int) -> None:
    undo_and_redo(emptied(file), revisions, which)


@examples(3, soak=50)
@given(revisions=REVISIONS, which=st.integers(0, 4))
def test_any_old_revision_can_be_taken_back_on_a_server(server: Store, revisions: Revisions, which: int) -> None:
    undo_and_redo(emptied(server), revisions, which)


def undo_and_redo(store: Store, revisions: Revisions, which: int) -> None:
    """Takes one of the revisions back, and takes that back."""
    estate = WrittenEstate(store)
    numbers = [n for n in (store.apply(Revision(estate.edits(s), "law")).number for s in revisions) if n]
    if not numbers:
        return
    target = numbers[which % len(numbers)]
    before = picture(store)
    undone = history.undo(store, target, "law")
    assert check_integrity(store) == []
    if undone.number:
        with pytest.raises(UserError, match="already"):
            history.undo(store, target, "law")
        history.undo(store, undone.number, "law")
        assert picture(store) == before
    assert check_integrity(store) == []
