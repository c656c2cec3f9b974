"""Unknown codes: a question each, which a new item, a known one or "leave" answers; each answer is undone."""

from __future__ import annotations

import pytest

from app.codes.resolve import resolve
from app.codes.unknown_codes import LEAVE, UnknownScan, asked, decide_codes, make, question_of, tie
from app.reviews.bulk_decisions import alike, bulk_answers, decide_all
from app.reviews.decisions import decided
from app.reviews.inbox import gather
from cmdb.model.errors import Ambiguous, InvalidValue, NotFound
from cmdb.model.revision import Revision
from cmdb.register.history import undo
from cmdb.store.store import Store
from tests.cmdb.store.conftest import Hand

SCAN = UnknownScan("OLD-77", "2026-11-30T10:00:00.000Z", "Room 2.14", "", "anna", "laptop-1")


def ask(store: Store, *codes: str) -> None:
    with store.read() as reader:
        edits = asked(reader, [UnknownScan(code, SCAN.time, SCAN.place, "", "anna") for code in codes])
    store.apply(Revision(edits, "anna"))


def kinds(store: Store, *codes: str) -> list[str]:
    with store.read() as reader:
        return [resolve(reader, code).kind for code in codes]


def test_a_code_is_asked_about_once_and_review_tells_where_it_was_read(store: Store) -> None:
    with store.read() as reader:
        edits = asked(reader, [SCAN, UnknownScan("old-77"), UnknownScan(" ")])
    assert [edit.record.key[0] for edit in edits] == [question_of("Old-77")]
    store.apply(Revision(edits, "anna"))
    with store.read() as reader:
        assert asked(reader, [SCAN]) == []
        (question,) = gather(reader).questions
    assert (question.name, question.kind, question.cls) == ("OLD-77", "code", "hardware")
    assert "Room 2.14" in str(question.origins[0])
    assert "laptop" in [choice for choice, _ in question.more]


def test_a_code_that_is_tied_to_an_item_finds_it_from_then_on(store: Store, hand: Hand) -> None:
    laptop, other = hand.make("laptop", "LT-1", asset_tag="A1"), hand.make("laptop", "LT-2")
    ask(store, "OLD-77", "OLD-78")
    with store.read() as reader:
        tied = tie(reader, ["OLD-77"], laptop, "anna")
        tagged = tie(reader, ["OLD-78"], other, "anna", as_tag=True)
        with pytest.raises(InvalidValue, match="A1 already"):
            tie(reader, ["OLD-77"], laptop, "anna", as_tag=True)
    applied = store.apply(tied)
    store.apply(tagged)
    with store.read() as reader:
        assert [resolve(reader, code).record for code in ("old-77", "OLD-78")] == list(
            reader.by_uid([laptop, other]).values()
        )
        assert reader.find("OLD-77").uid == laptop
        assert reader.get(other).text("asset_tag") == "OLD-78"
        assert not gather(reader).questions
    undo(store, applied.number, "anna")
    assert kinds(store, "OLD-77", "OLD-78") == ["unknown", "item"]
    with store.read() as reader:
        assert [one.name for one in gather(reader).questions] == ["OLD-77"]


def test_an_item_is_made_of_a_code_where_it_was_read(store: Store, hand: Hand) -> None:
    room = hand.make("room", "Room 2.14")
    with store.read() as reader:
        edits = asked(reader, [UnknownScan("NEW-1", SCAN.time, "Room 2.14", room)])
    store.apply(Revision(edits, "anna"))
    with store.read() as reader:
        proposal = decided(reader, question_of("NEW-1"), "Monitor", "anna")
        address = make(reader, "https://a.example/" + "x" * 60, "monitor", "anna", {"serial_number": "S1"})
        with pytest.raises(InvalidValue, match="several classes"):
            make(reader, "NEW-1", "hardware", "anna")
    assert proposal.created == 1
    store.apply(proposal.revision)
    store.apply(address)
    with store.read() as reader:
        made = resolve(reader, "new-1").record
        assert made is not None
        assert (made.cls, made.text("asset_tag"), made.text("location")) == ("monitor", "NEW-1", room)
        by_address = resolve(reader, "https://a.example/" + "x" * 60).record
        assert by_address is not None
        assert (by_address.text("asset_tag"), by_address.text("serial_number")) == ("", "S1")


def test_what_is_left_is_not_asked_about_again_and_many_are_answered_at_once(store: Store, hand: Hand) -> None:
    ask(store, "X1", "X2", "X3")
    with store.read() as reader:
        questions = gather(reader).questions
        assert len(alike(questions, questions[0])) == 3
        answers = [choice for choice, _ in bulk_answers(reader.schema, questions[0])]
        assert {LEAVE, "monitor"} <= set(answers)
        left = decide_all(reader, [one for one in questions if one.name == "X1"], LEAVE, "anna")
        made = decide_all(reader, [one for one in questions if one.name != "X1"], "monitor", "anna")
    store.apply(left)
    store.apply(made)
    with store.read() as reader:
        assert asked(reader, [UnknownScan("X1")]) == []
        assert not gather(reader).questions
    assert kinds(store, "X1", "X2", "X3") == ["unknown", "item", "item"]


def test_an_answer_that_fits_nothing_says_what_fits(store: Store, hand: Hand) -> None:
    hand.make("monitor", "M-1", serial_number="TWIN")
    hand.make("monitor", "M-2", serial_number="TWIN")
    with store.read() as reader:
        with pytest.raises(NotFound, match="neither a class nor a record"):
            decide_codes(reader, ["X1"], "nothing like it", "anna")
        with pytest.raises(Ambiguous, match="2 records"):
            decide_codes(reader, ["X1"], "TWIN", "anna")
        with pytest.raises(NotFound):
            tie(reader, ["X1"], "00000000-0000-7000-8000-000000000000", "anna")
