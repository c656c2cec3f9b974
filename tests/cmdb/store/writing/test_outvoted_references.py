"""Deleting a record removes it from the claims of all sources, also from claims that are not effective."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cmdb.model.errors import Conflict, InvalidValue, NotFound
from cmdb.model.revision import Edit, Record, Revision, ci, new_id
from cmdb.register import edits, history
from cmdb.store.connection import engine as engines
from cmdb.store.rows import tables
from cmdb.store.rows.outvoted_rows import find_outvoted_again
from cmdb.store.upkeep.integrity import check_integrity
from cmdb.store.writing import revision_transaction
from tests.cmdb.estates import Hand
from tests.cmdb.store.estate_snapshot import picture

OLD, NEW = "sheet:old.xlsx", "sheet:new.xlsx"


class LentLaptop:
    """A laptop that an old sheet says is Anna's, and a new one Bert's."""

    def __init__(self, hand: Hand) -> None:
        self.hand = hand
        self.laptop = hand.make("laptop", "LT-1")
        self.anna, self.bert = hand.make("person", "Anna"), hand.make("person", "Bert")
        self.first = self.said(OLD, self.anna, "2026-01-01T00:00:00Z")
        self.later = self.said(NEW, self.bert, "2026-02-01T00:00:00Z")

    def said(self, source: str, who: str, when: str) -> int:
        """What a source says; the revision's number."""
        edit = Edit(Record("claim", (self.laptop, source)), "assigned_to", None, [who, when])
        return self.hand.apply(edit, source=source).number

    def delete(self, *uids: str) -> int:
        """Deletes records in one revision; its number."""
        with self.hand.store.read() as reader:
            revision = edits.delete(reader, uids, "tester")
        return self.hand.store.apply(revision).number

    @property
    def holder(self) -> str | None:
        """To whom the laptop is assigned, as everyone sees it."""
        return self.hand.get(self.laptop).text("assigned_to") or None

    @property
    def claims(self) -> dict[str, Any]:
        """Source → whom it says the laptop is assigned to."""
        with self.hand.store.read() as reader:
            said = reader.said([self.laptop])[self.laptop]
        return {source: own["assigned_to"][0] for source, own in said.items() if "assigned_to" in own}


@pytest.fixture
def lent(hand: Hand) -> LentLaptop:
    return LentLaptop(hand)


@pytest.fixture
def left(lent: LentLaptop, monkeypatch: pytest.MonkeyPatch) -> LentLaptop:
    """The same after an older program has deleted Anna: the old sheet's claim names her still."""
    with monkeypatch.context() as older:
        older.setattr(revision_transaction, "outvoted_references", lambda *given: set())
        lent.delete(lent.anna)
    assert lent.claims == {OLD: lent.anna, NEW: lent.bert}
    return lent


def test_every_claim_that_names_it_is_cleared_and_comes_back(lent: LentLaptop) -> None:
    before = picture(lent.hand.store)
    number = lent.delete(lent.anna)
    assert lent.claims == {NEW: lent.bert}
    assert check_integrity(lent.hand.store) == []
    undone = history.undo(lent.hand.store, number, "tester")
    assert undone.kept == ()
    assert picture(lent.hand.store) == before
    history.undo(lent.hand.store, undone.number, "tester")
    assert lent.claims == {NEW: lent.bert}


def test_the_later_sheet_is_undone_when_whom_the_first_names_is_gone(lent: LentLaptop) -> None:
    lent.delete(lent.anna)
    history.undo(lent.hand.store, lent.later, "tester")
    assert lent.holder is None
    assert check_integrity(lent.hand.store) == []


def test_both_can_be_deleted(lent: LentLaptop) -> None:
    lent.delete(lent.anna)
    number = lent.delete(lent.bert)
    assert (lent.holder, lent.claims) == (None, {})
    history.undo(lent.hand.store, number, "tester")
    assert lent.holder == lent.bert


@pytest.mark.parametrize("many", [1, 25])
@pytest.mark.parametrize("recent", [False, True])
def test_however_many_are_deleted(lent: LentLaptop, many: int, recent: bool) -> None:
    names = [Hand.new("person", f"P-{number}") for number in range(many)]
    lent.hand.apply(*names)
    people = [edit.record.key[0] for edit in names]
    lent.said("sheet:third.xlsx", people[-1], "2026-01-02T00:00:00Z")
    number = lent.delete(*people, *([] if recent else [lent.anna]))
    assert lent.claims == ({OLD: lent.anna, NEW: lent.bert} if recent else {NEW: lent.bert})
    history.undo(lent.hand.store, number, "tester")
    assert len(lent.claims) == 3
    assert check_integrity(lent.hand.store) == []


def test_what_stands_in_the_json_column_is_cleared_too(hand: Hand) -> None:
    one, two, server = hand.make("rack", "R-1"), hand.make("rack", "R-2"), hand.make("server", "S-1")
    for source, rack, day in ((OLD, one, "01"), (NEW, two, "02")):
        hand.apply(Edit(Record("claim", (server, source)), "rack", None, [rack, f"2026-01-{day}T00:00:00Z"]))
    hand.apply(Edit(ci(one), "", {}, None))
    with hand.store.read() as reader:
        assert set(reader.said([server])[server]) >= {NEW}
        assert "rack" not in reader.said([server])[server].get(OLD, {})


# -- what older programs have left ------------------------------------------------------------------------------------


def test_the_check_finds_what_names_nothing_and_any_change_clears_it(left: LentLaptop) -> None:
    (problem,) = check_integrity(left.hand.store)
    assert str(problem) == (
        "LT-1: what sheet old.xlsx says of “Assigned to” names a record that does not exist. It counts for nothing, "
        "and any change of LT-1 clears it."
    )
    left.hand.set(left.laptop, "notes", "looked at")
    assert left.claims == {NEW: left.bert}
    assert check_integrity(left.hand.store) == []


def test_nobody_is_shown_what_names_nothing(left: LentLaptop) -> None:
    with left.hand.store.read() as reader:
        (only,) = reader.claims(left.laptop)["assigned_to"]
    assert only.value == left.bert


def test_the_later_sheet_is_undone_where_the_first_names_nothing(left: LentLaptop) -> None:
    before = picture(left.hand.store)
    undone = history.undo(left.hand.store, left.later, "tester")
    assert (left.holder, left.claims) == (None, {})
    history.undo(left.hand.store, undone.number, "tester")
    assert picture(left.hand.store)["ci"] == before["ci"]


def test_the_other_is_deleted_where_the_first_names_nothing(left: LentLaptop) -> None:
    left.delete(left.bert)
    assert (left.holder, left.claims) == (None, {})
    assert check_integrity(left.hand.store) == []


# -- messages ------------------------------------------------------------------------------------------------------


def refused(hand: Hand, error: type[Exception], *edits: Edit) -> str:
    with pytest.raises(error) as caught:
        hand.store.apply(Revision(list(edits), "tester"))
    return str(caught.value)


def test_a_message_names_records_by_what_they_are_called(lent: LentLaptop) -> None:
    hand, laptop, carl = lent.hand, lent.laptop, lent.hand.make("person", "Carl")
    lent.delete(carl)
    link = Record("relationship", ("depends_on", laptop, lent.anna))
    texts = [
        refused(hand, Conflict, Edit(ci(laptop), "assigned_to", lent.anna, None)),
        refused(hand, InvalidValue, Edit(ci(laptop), "assigned_to", lent.bert, carl)),
        refused(hand, InvalidValue, Edit(ci(laptop), "assigned_to", lent.bert, new_id())),
        refused(hand, NotFound, Edit(ci(carl), "notes", None, "gone")),
        refused(hand, NotFound, Edit(ci(carl), "", {}, None)),
        refused(hand, NotFound, Edit(link, "note", None, "gone")),
        refused(hand, NotFound, Edit(Record("sighting", (carl, OLD, "software")), "", None, {"observed": "2026"})),
        refused(hand, Conflict, Edit(link, "", {}, None)),
    ]
    assert "“Bert”, not “Anna”" in texts[0]
    assert [("Carl" in text) for text in texts] == [False, True, False, True, True, False, True, False]
    assert "LT-1 · Anna" in texts[5]
    assert not [text for text in texts if laptop in text or carl in text or lent.anna in text or lent.bert in text]


# -- the index -----------------------------------------------------------------------------------------------------


def indexed(hand: Hand) -> list[tuple[str, str, str]]:
    """Source, attribute, and the name of the target of what is indexed."""
    t, c = tables.outvoted_reference.c, tables.ci.c
    with hand.store._engine.connect() as connection:
        rows = connection.execute(select(t.source, t.attribute, c.name).join(tables.ci, c.id == t.target))
        return sorted(tuple(row) for row in rows)  # type: ignore[misc]


def test_only_what_is_outvoted_is_indexed(lent: LentLaptop) -> None:
    hand = lent.hand
    assert indexed(hand) == [(OLD, "assigned_to", "Anna")]
    lent.said("sheet:third.xlsx", lent.anna, "2026-03-01T00:00:00Z")  # Anna has it again: the new sheet loses.
    assert indexed(hand) == [(NEW, "assigned_to", "Bert")]
    history.undo(hand.store, lent.later, "tester")
    assert indexed(hand) == []
    assert check_integrity(hand.store) == []


def test_the_index_is_derived_anew(lent: LentLaptop) -> None:
    lent.said("sheet:third.xlsx", lent.hand.make("person", "Carl"), "2026-01-02T00:00:00Z")
    before = indexed(lent.hand)
    assert len(before) == 2
    with engines.writing(lent.hand.store._engine) as connection:
        connection.execute(tables.outvoted_reference.delete())
    (problem,) = check_integrity(lent.hand.store)
    assert "index of outvoted references" in str(problem)
    with engines.writing(lent.hand.store._engine) as connection:
        find_outvoted_again(connection, lent.hand.store.schema)
    assert indexed(lent.hand) == before
    assert check_integrity(lent.hand.store) == []
