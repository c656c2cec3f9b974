"""Values that are asked about or held: what an import does with them, the questions, and what is taken over."""

from __future__ import annotations

from typing import Any

import pytest

from app.reviews.bulk_decisions import alike, bulk_answers, decide_all, outcome_words
from app.reviews.decisions import decided
from app.reviews.inbox import gather
from app.reviews.open_questions import open_number
from app.schema.source_orders import OrderPlace, change_order
from cmdb.model.errors import NotFound, UserError
from cmdb.model.observation import NamedReference, Observation, Reading
from cmdb.model.revision import Edit, ci
from cmdb.model.schema import Schema
from cmdb.model.selection import Selection
from cmdb.model.text_forms import swapped_uuid
from cmdb.reconciliation import Proposal, reconcile
from cmdb.register.edits import change_class
from cmdb.register.forgetting import forgetting
from cmdb.register.history import undo
from cmdb.register.merging import merge
from cmdb.register.taking_over import TakenOver, take_over
from cmdb.store.reading.deviations import deviations
from cmdb.store.reading.lookup import StoreLookup
from tests.app.schema.test_attributes import ON_A_FILE, do, sound, values
from tests.app.schema.test_attributes import seen as planned
from tests.app.schema.test_source_orders import ranked
from tests.cmdb.estates import Hand
from tests.cmdb.reconciliation import estate

MODEL = OrderPlace("laptop", "model")


def seen(serial: str = "PF1ABC01", **said: Any) -> Observation:
    return Observation("laptop", {"name": f"LT-{serial[-1]}", "serial_number": serial, **said})


def take(hand: Hand, *readings: Reading) -> Proposal:
    with hand.store.read() as reader:
        proposal = reconcile(list(readings), StoreLookup(reader), hand.store.schema, author="tester")
        again = reconcile(list(readings), StoreLookup(reader), hand.store.schema, author="tester")
    assert (again.asked, again.held, again.updated) == (proposal.asked, proposal.held, proposal.updated)
    hand.store.apply(proposal.revision)
    return proposal


def order(hand: Hand, place: OrderPlace, *sources: str) -> int:
    return do(hand, change_order(hand.store.schema, place, ranked(*sources)))


def questions(hand: Hand) -> list[str]:
    with hand.store.read() as reader:
        return [str(one.question) for one in gather(reader).questions]


def answer(hand: Hand, choice: str) -> int:
    with hand.store.read() as reader:
        (one,) = gather(reader).questions
        proposal = decided(reader, one.id, choice, "tester")
    assert proposal.updated == (choice == "take")
    return hand.store.apply(proposal.revision).number


def scan(day: int, *its: Observation) -> Reading:
    return estate.scan(*its, observed=f"2026-03-0{day}T08:00:00.000Z")


def sheet(day: int, *its: Observation, file: str) -> Reading:
    return estate.sheet(*its, file=file, observed=f"2026-03-0{day}T08:00:00.000Z")


def test_a_value_that_is_asked_about_waits_and_its_answer_is_remembered(hand: Hand) -> None:
    take(hand, scan(1, seen(notes="A")))
    order(hand, OrderPlace("laptop", "notes"), "scan?")
    assert take(hand, scan(2, seen(notes="A"))).asked == 0
    assert take(hand, scan(3, seen(notes="B"))).asked == 1
    assert questions(hand) == ["Notes of LT-1: B instead of A?"]
    assert values(hand, "notes") == {"LT-1": "A"}
    again = take(hand, scan(4, seen(notes="B")))
    assert (again.asked, again.review[0].known) == (1, True)
    assert take(hand, scan(5, seen(notes="C"))).asked == 1
    assert questions(hand) == ["Notes of LT-1: C instead of A?"], "one question, about the latest value"
    number = answer(hand, "take")
    assert values(hand, "notes") == {"LT-1": "C"}
    assert questions(hand) == []
    undo(hand.store, number, "tester")
    assert values(hand, "notes") == {"LT-1": "A"}
    assert questions(hand) == ["Notes of LT-1: C instead of A?"]
    answer(hand, "keep")
    assert take(hand, scan(6, seen(notes="C"))).asked == 0, "a refused value is not asked about again"
    assert take(hand, scan(7, seen(notes="D"))).asked == 1, "another one is"
    take(hand, scan(8, seen(notes="A")))
    assert questions(hand) == [], "it says again what stands"
    assert take(hand, scan(9, seen(notes="C"))).asked == 0
    assert values(hand, "notes") == {"LT-1": "A"}
    sound(hand, on_server=True)


@ON_A_FILE
def test_what_fills_an_empty_value_is_asked_about_and_one_answer_to_several_says_each_value(hand: Hand) -> None:
    take(hand, scan(1, seen()))
    order(hand, OrderPlace("laptop", "notes"), "scan?")
    take(hand, scan(2, seen(notes="B")))
    assert questions(hand) == ["Notes of LT-1: B instead of nothing?"]
    with hand.store.read() as reader:
        (question,) = gather(reader).questions
    assert str(outcome_words(question, "take")) == "LT-1: Take it over: B"
    assert str(outcome_words(question, "keep")) == "LT-1: kept as it is"


@ON_A_FILE
def test_a_question_goes_with_the_rule_that_asks_and_comes_back_with_it(hand: Hand) -> None:
    take(hand, scan(1, seen(notes="A")))
    place = OrderPlace("laptop", "notes")
    order(hand, place, "scan?")
    take(hand, scan(2, seen(notes="B")))
    change = change_order(hand.store.schema, place, ranked("scan"))
    assert "1 question about what waits is closed: nobody is asked any more." in map(str, planned(hand, change).lines)
    number = do(hand, change)
    assert questions(hand) == []
    undo(hand.store, number, "tester")
    assert questions(hand) == ["Notes of LT-1: B instead of A?"]
    order(hand, place, "scan")
    take(hand, scan(3, seen(notes="B")))
    assert values(hand, "notes") == {"LT-1": "B"}
    sound(hand)


@ON_A_FILE
def test_a_new_record_takes_what_its_source_says_and_references_are_named(hand: Hand) -> None:
    order(hand, MODEL, "scan?", "sheet")
    maker = {"manufacturer": NamedReference("manufacturer", "Lenovo")}
    first = take(hand, scan(1, seen(model=NamedReference("hardware_model", "T14"), **maker)))
    assert (first.created, first.asked) == (3, 0)
    take(hand, scan(2, seen(model=NamedReference("hardware_model", "T15"), **maker)))
    assert questions(hand) == ["Model of LT-1: T15 instead of T14?"]
    with hand.store.read() as reader:
        inbox = gather(reader)
    sides = inbox.questions[0].sides
    assert [inbox.names[str(side.values["model"])][1] for side in sides] == ["T15", "T14"]
    answer(hand, "take")
    with hand.store.read() as reader:
        one = next(iter(reader.all(Selection("laptop"))))
        assert reader.names([str(one.values["model"])])[str(one.values["model"])][1] == "T15"
        assert {c.source for c in reader.claims_of(one)["model"] if c.wins} == {"scan:agent"}, "its source says it"
    sound(hand)


@ON_A_FILE
def test_many_questions_get_one_answer(hand: Hand) -> None:
    order(hand, OrderPlace("laptop", "notes"), "sheet?")
    serials = [f"PF1ABC0{number}" for number in range(1, 4)]
    take(hand, sheet(1, *(seen(serial, notes="A") for serial in serials), file="a.xlsx"))
    assert take(hand, sheet(2, *(seen(serial, notes="B") for serial in serials), file="b.xlsx")).asked == 3
    with hand.store.read() as reader:
        inbox = gather(reader)
        its = alike(inbox.questions, inbox.questions[0])
        assert len(its) == 3
        assert [choice for choice, _ in bulk_answers(reader.schema, its[0])] == ["take", "keep"]
        revision = decide_all(reader, its[:2], "take", "tester")
    hand.store.apply(revision)
    assert sorted(map(str, values(hand, "notes").values())) == ["A", "B", "B"]
    with hand.store.read() as reader:
        assert open_number(reader) == 1
        with pytest.raises(UserError, match="choices"):
            decided(reader, gather(reader).questions[0].id, "new", "tester")
        (one,) = gather(reader).questions
    (uid,) = [side.uid for side in one.sides if side.uid]
    hand.apply(Edit(ci(uid), "", {"class": "laptop", "name": one.name}, None))
    with hand.store.read() as reader:
        with pytest.raises(NotFound):
            decided(reader, one.id, "take", "tester")
        closing = decided(reader, one.id, "keep", "tester").revision
    hand.store.apply(closing)
    assert questions(hand) == []
    sound(hand)


def test_what_is_held_is_shown_and_can_be_taken_over(hand: Hand) -> None:
    order(hand, OrderPlace("laptop", "notes"), "sheet", "scan!")
    made = take(hand, scan(1, seen(notes="A", memory=8192)))
    assert (made.created, made.held) == (1, 1)
    assert values(hand, "notes") == {"LT-1": None}
    assert values(hand, "memory") == {"LT-1": 8192}
    again = take(hand, scan(2, seen(notes="A", memory=8192)))
    assert (again.updated, again.held) == (0, 1)
    with hand.store.read() as reader:
        (found,) = deviations(reader)
        assert (found.attribute, found.stands, found.said, found.held) == ("notes", None, "A", True)
        assert list(deviations(reader, "server")) == []
        edits = take_over(reader, [TakenOver(found.uid, "notes", found.source)])
    number = hand.apply(*edits).number
    assert values(hand, "notes") == {"LT-1": "A"}
    with hand.store.read() as reader:
        assert list(deviations(reader)) == []
    sound(hand, on_server=True)
    undo(hand.store, number, "tester")
    assert values(hand, "notes") == {"LT-1": None}
    sound(hand)


@ON_A_FILE
def test_a_correction_stays_until_the_deviation_is_taken_over(hand: Hand) -> None:
    take(hand, scan(1, seen(memory=8192)))
    (uid,) = [one.uid for one in _laptops(hand)]
    hand.set(uid, "memory", 4096, time="2026-03-01T12:00:00.000Z")
    assert found_in(hand) == [], "what was said before the correction is older, and no deviation"
    assert [str(d.said) for d in take(hand, scan(2, seen(memory=16384))).deviations] == ["16384"]
    assert values(hand, "memory") == {"LT-1": 4096}
    with hand.store.read() as reader:
        (found,) = deviations(reader)
        edits = take_over(reader, [TakenOver(uid, "memory", found.source)])
    number = hand.apply(*edits).number
    assert values(hand, "memory") == {"LT-1": 16384}
    take(hand, scan(3, seen(memory=32768)))
    assert values(hand, "memory") == {"LT-1": 32768}, "the scan counts again"
    undo(hand.store, number + 1, "tester")
    undo(hand.store, number, "tester")
    assert values(hand, "memory") == {"LT-1": 4096}
    with hand.store.read() as reader, pytest.raises(NotFound):
        take_over(reader, [TakenOver(uid, "memory", "sheet:none")])
    sound(hand)


@ON_A_FILE
def test_what_a_list_of_last_month_said_is_no_deviation(hand: Hand) -> None:
    take(hand, sheet(1, seen(notes="January"), file="january.xlsx"))
    take(hand, sheet(2, seen(notes="February"), file="february.xlsx"))
    take(hand, scan(3, seen(notes="scanned")))
    with hand.store.read() as reader:
        assert [(one.source, one.said) for one in deviations(reader)] == [("scan:agent", "scanned")]


@ON_A_FILE
def test_a_uuid_in_the_other_byte_order_is_no_deviation_and_no_change(hand: Hand) -> None:
    uuid = "4c4c4544-0046-4710-8047-b2c04f503732"
    take(hand, scan(1, seen(uuid=uuid)))
    made = take(hand, sheet(2, seen(uuid=swapped_uuid(uuid)), file="machines.xlsx"))
    assert (made.deviations, found_in(hand), values(hand, "uuid")) == ([], [], {"LT-1": uuid})
    assert take(hand, scan(3, seen(uuid=swapped_uuid(uuid)))).updated == 0, "it says again what it said"
    assert values(hand, "uuid") == {"LT-1": uuid}
    other = f"5{uuid[1:]}"
    assert take(hand, sheet(3, seen(uuid=other), file="machines.xlsx")).deviations
    assert found_in(hand) == [("uuid", other)]


@ON_A_FILE
def test_nobody_is_asked_about_a_uuid_in_the_other_byte_order(hand: Hand) -> None:
    uuid = "4c4c4544-0042-3510-8052-b4c04f4e3132"
    take(hand, sheet(1, seen(uuid=uuid), file="list.xlsx"))
    order(hand, OrderPlace("laptop", "uuid"), "scan?", "sheet")
    assert take(hand, scan(2, seen(uuid=swapped_uuid(uuid)))).asked == 0
    assert questions(hand) == []


@ON_A_FILE
def test_what_a_scan_says_again_after_a_correction_is_a_deviation(hand: Hand) -> None:
    first = estate.scan(seen(memory=8192), observed="2026-03-01T08:00:00.000Z")
    first.observations[0].sections = ("disks",)
    take(hand, first)
    (uid,) = [one.uid for one in _laptops(hand)]
    hand.set(uid, "memory", 4096, time="2026-03-01T12:00:00.000Z")
    assert found_in(hand) == []
    again = estate.scan(seen(memory=8192), observed="2026-03-02T08:00:00.000Z")
    again.observations[0].sections = ("disks",)
    again.observations[0].details = {"disks": [{"serial": "X"}]}
    take(hand, again)
    assert found_in(hand) == [("memory", 8192)]


def found_in(hand: Hand) -> list[tuple[str, Any]]:
    with hand.store.read() as reader:
        return [(one.attribute, one.said) for one in deviations(reader)]


def _laptops(hand: Hand) -> list[Any]:
    with hand.store.read() as reader:
        return list(reader.all(Selection("laptop")))


MODULES = OrderPlace("computer", "memory_modules", of_section=True)


def fitted(day: int, slots: dict[int, int], serial: str = "PF1ABC01", **said: Any) -> Reading:
    """A scan of a laptop that sees its memory modules: slot → MiB."""
    one = seen(serial, **said)
    one.sections = ("memory_modules",)
    one.details = {"memory_modules": [{"slot": slot, "size": size} for slot, size in slots.items()]}
    return scan(day, one)


def modules(hand: Hand, name: str = "LT-1") -> dict[int, int]:
    """Slot → MiB, of a laptop."""
    with hand.store.read() as reader:
        one = reader.find(name)
        rows = reader.sections_of([one.uid])[one.uid].get("memory_modules", ())
        return {int(str(row.columns["slot"])): int(str(row.columns["size"])) for row in rows}


def test_rows_that_are_asked_about_wait_one_by_one_and_refused_ones_are_remembered(hand: Hand) -> None:
    take(hand, fitted(1, {0: 8192, 1: 8192}))
    change = change_order(hand.store.schema, MODULES, ranked("scan?"))
    assert [str(line) for line in planned(hand, change).lines] == [
        "Memory modules: 2 rows stay as they are: a change of them is asked about."
    ]
    do(hand, change)
    assert take(hand, fitted(2, {0: 8192, 1: 8192})).asked == 0
    made = take(hand, fitted(3, {0: 16384, 2: 4096}))
    assert (made.asked, made.sections, len(made.review)) == (3, {}, 3)
    assert sorted(questions(hand)) == [
        "Add to Memory modules of LT-1: Slot 2, Size 4 GiB?",
        "Memory module Slot 0 of LT-1: Size 16 GiB instead of Size 8 GiB?",
        "Remove from Memory modules of LT-1: Slot 1, Size 8 GiB, which is no longer there?",
    ]
    assert modules(hand) == {0: 8192, 1: 8192}
    again = take(hand, fitted(4, {0: 16384, 2: 4096}))
    assert (again.asked, [one.known for one in again.review]) == (3, [True] * 3)
    sound(hand, on_server=True)
    with hand.store.read() as reader:
        inbox = gather(reader)
        by_text = {str(one.question).split()[0]: one for one in inbox.questions}
        assert [side.values.get("size") for side in by_text["Memory"].sides] == [16384, 8192]
        assert len(alike(inbox.questions, by_text["Add"])) == 3
        assert str(outcome_words(by_text["Add"], "take")) == "LT-1: Take it over: Slot 2, Size 4 GiB is added"
        refused = decided(reader, by_text["Remove"].id, "keep", "tester")
        taken = decide_all(reader, [by_text["Memory"], by_text["Add"]], "take", "tester")
    hand.store.apply(refused.revision)
    both = hand.store.apply(taken).number
    assert modules(hand) == {0: 16384, 1: 8192, 2: 4096}
    assert take(hand, fitted(5, {0: 16384, 2: 4096})).asked == 0, "the refused one is not asked about again"
    assert take(hand, fitted(6, {0: 16384, 1: 2048, 2: 4096})).asked == 1, "another change of it is"
    assert take(hand, fitted(7, {0: 16384, 1: 8192, 2: 4096})).asked == 0
    assert questions(hand) == [], "it sees again what stands"
    undo(hand.store, both, "tester")
    assert modules(hand) == {0: 8192, 1: 8192}
    assert len(questions(hand)) == 2
    sound(hand)
    assert take(hand, fitted(8, {0: 8192, 1: 8192})).asked == 0
    assert questions(hand) == [], "what was to be added is not there any more"
    assert take(hand, fitted(8, {0: 1, 1: 1}, "PF1ABC02")).asked == 0, "a new record takes what its source sees"
    assert take(hand, fitted(9, {0: 2}, "PF1ABC02")).asked == 2
    with hand.store.read() as reader:
        (gone,) = [one for one in gather(reader).questions if "Remove" in str(one.question)]
        removal = decided(reader, gone.id, "take", "tester")
    assert (refused.updated, removal.updated) == (0, 1)
    hand.store.apply(removal.revision)
    assert modules(hand, "LT-2") == {0: 1}
    with hand.store.read() as reader:
        forgotten, _ = forgetting(reader, "scan:agent", "tester", "name = LT-2")
    number = hand.store.apply(forgotten).number
    assert questions(hand) == [], "nothing of its source is left to take over"
    undo(hand.store, number, "tester")
    change = change_order(hand.store.schema, MODULES, ranked("scan"))
    assert [str(line) for line in planned(hand, change).lines] == [
        "1 question about what waits is closed: nobody is asked any more."
    ]
    do(hand, change)
    assert questions(hand) == []
    sound(hand)


@ON_A_FILE
def test_what_was_refused_of_a_record_is_not_asked_again_after_it_was_merged(hand: Hand) -> None:
    order(hand, OrderPlace("laptop", "notes"), "scan?")
    order(hand, MODULES, "scan?")
    take(hand, fitted(1, {0: 8192}, notes="A"))
    (uid,) = [one.uid for one in _laptops(hand)]
    kept = hand.make("laptop", "LT-9")
    take(hand, fitted(2, {0: 4096}, notes="B"))
    with hand.store.read() as reader:
        revisions = [decide_all(reader, [one], "keep", "tester") for one in gather(reader).questions]
    for revision in revisions:
        hand.store.apply(revision)
    take(hand, fitted(3, {0: 4096}, notes="C"))
    assert questions(hand) == ["Notes of LT-1: C instead of A?"]
    with hand.store.read() as reader:
        merging = merge(reader, [uid, kept], kept, "tester")
    number = hand.store.apply(merging).number
    sound(hand)
    with hand.store.read() as reader:
        (question,) = gather(reader).questions
        assert [side.uid for side in question.sides] == ["", kept], "what is open is asked about the kept record"
    again = take(hand, fitted(4, {0: 4096}, notes="B"))
    assert [str(one.question) for one in again.review] == [], "both were refused"
    undo(hand.store, number, "tester")
    assert questions(hand) == ["Notes of LT-1: C instead of A?"]
    sound(hand)


@ON_A_FILE
def test_what_the_class_has_no_place_for_any_more_is_taken_over_aside_and_stops_no_other_answer(hand: Hand) -> None:
    for place in (OrderPlace("laptop", "notes"), OrderPlace("laptop", "memory"), MODULES):
        order(hand, place, "scan?")
    take(hand, fitted(1, {0: 8192}, notes="A", memory=1024))
    take(hand, fitted(2, {0: 4096}, notes="B", memory=2048))
    (uid,) = [one.uid for one in _laptops(hand)]
    for cls in ("printer", "laptop"):
        with hand.store.read() as reader:
            changed = change_class(reader, [uid], cls, "tester")
        hand.store.apply(changed)
        with hand.store.read() as reader:
            waiting = gather(reader).questions
            answered = decide_all(reader, waiting, "take", "tester") if waiting else None
            assert len(waiting) == (3 if cls == "printer" else 0)
        if answered is not None:
            hand.store.apply(answered)
        assert hand.get(uid).values["notes"] == "B"
    assert (hand.get(uid).values["memory"], modules(hand)) == (2048, {0: 4096})
    sound(hand)


def test_a_schema_without_rules_asks_and_holds_nothing() -> None:
    schema = Schema.load()
    assert not any(schema.source_orders(cls).asks or schema.source_orders(cls).holds for cls in schema.classes)
