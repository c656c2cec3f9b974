"""Receipts are made with hand overs, are signed by persons, and are void with what they were for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.receipts.receipt_items import ReceiptItem, items_in, listed
from app.verb_preview import preview
from app.verbs import known_verbs, make
from cmdb.model.errors import InvalidValue, UserError
from cmdb.model.records import CI
from cmdb.model.selection import Selection
from cmdb.model.verb import FieldValue
from cmdb.register import history
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand
from tests.cmdb.store.estate_snapshot import picture

TEXT = "It stays ours."


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    store = create_estate(tmp_path / "estate.terrier")
    yield Hand(store)
    store.close()


def do(hand: Hand, name: str, *uids: str, at: str = "", **values: FieldValue) -> int:
    with hand.store.read() as reader:
        made = make(reader, known_verbs()[name], uids, values, "tom", at, every=True)
    return hand.store.apply(made).number


def receipts(hand: Hand) -> list[CI]:
    with hand.store.read() as reader:
        return list(reader.all(Selection("receipt", sort="number")))


def states(hand: Hand) -> list[object]:
    return [one.values["state"] for one in receipts(hand)]


def test_a_receipt_keeps_what_was_handed_over_under_which_terms(hand: Hand) -> None:
    anja = hand.make("person", "Anja Vogt", language="de-AT")
    text = hand.make("terms", "T1", topic="Laptops", version="9", language="de", applies_to="Laptop", terms_text="Alt.")
    hand.make(
        "terms", "T2", topic="Laptops", version="10", language="de", applies_to="Computer", terms_text="Es bleibt."
    )
    hand.make("terms", "T3", topic="Laptops", version="10", language="en", terms_text=TEXT)
    hand.make("terms", "T4", topic="Laptops", version="11", terms_text="Later.", valid_from="2999-01-01")
    hand.make("terms", "T5", topic="Laptops", version="12", terms_text="Draft.", status="Planned")
    laptop = hand.make("laptop", "LT|1", asset_tag="A1", serial_number="S1")
    phone = hand.make("phone", "PH-1")
    with hand.store.read() as reader:
        told = preview(reader, known_verbs()["hand_over"], [laptop, phone], {"to": anja}, "tom").receipts
    assert [str(one) for one in told] == ["Hand over of LT|1, PH-1 to Anja Vogt (Laptops 10 (de))"]
    do(hand, "hand_over", laptop, phone, to=anja, condition="Good", accessories="bag")
    (one,) = receipts(hand)
    assert one.values == {
        "number": "RCP-1", "name": "Hand over of LT|1, PH-1 to Anja Vogt", "state": "To be signed",
        "action": "hand_over", "done_on": one.text("done_on"), "signer": anja, "terms_shown": "Laptops 10 (de)",
        "terms_text": "Laptops 10 (de)\n\nEs bleibt.",
        "listed_items": "LT¦1 | A1 | S1 | Good | bag\nPH-1 | - | - | Good | bag",
    }  # fmt: skip
    hand.set(text, "terms_text", "Something else.")
    assert receipts(hand)[0].values["terms_text"] == "Laptops 10 (de)\n\nEs bleibt."


def test_a_models_own_terms_go_before_those_of_its_class(hand: Hand) -> None:
    anja = hand.make("person", "Anja Vogt")
    hand.make("terms", "All", applies_to="Hardware; nonsense", terms_text=TEXT)
    own = hand.make("terms", "Special 1", topic="Special", version="1", terms_text="Once.")
    hand.make("terms", "Special 2", topic="special", version="2", terms_text="Twice.")
    model = hand.make("hardware_model", "X1", terms=own)
    one, other = hand.make("laptop", "LT-1", model=model), hand.make("monitor", "M-1")
    do(hand, "hand_over", one, to=anja)
    do(hand, "hand_over", other, to=anja)
    assert [r.values["terms_shown"] for r in receipts(hand)] == ["special 2", "All"]


def test_who_signs_is_a_person(hand: Hand) -> None:
    anja, bert = hand.make("person", "Anja Vogt"), hand.make("person", "Bert")
    room, store_room = hand.make("room", "2.14"), hand.make("room", "Store")
    one, other, third = (hand.make("laptop", f"LT-{n}") for n in range(3))
    do(hand, "hand_over", one, to=anja)
    assert receipts(hand) == [], "no terms apply"
    with pytest.raises(InvalidValue, match=r"signed by a person, which 2\.14 is not"):
        do(hand, "hand_over", one, to=room, receipt=True)
    do(hand, "take_back", other, place=store_room, receipt=True)
    assert receipts(hand) == [], "it came back from nobody"
    do(hand, "hand_over", other, to=bert, receipt=True)
    do(hand, "hand_over", third, to=room)
    do(hand, "take_back", one, other, third, place=store_room, receipt=True, missing="bag")
    said = [(r.values["action"], r.values["signer"], r.values["state"]) for r in receipts(hand)]
    assert said == [
        ("hand_over", bert, "Void"), ("take_back", anja, "To be signed"), ("take_back", bert, "To be signed"),
    ]  # fmt: skip
    assert receipts(hand)[1].values["missing_accessories"] == "bag"
    nobody = hand.make("receipt", "Old sheet")
    with pytest.raises(UserError, match="Old sheet names nobody who signs"):
        do(hand, "sign", nobody, signed_how="paper")
    do(hand, "sign", receipts(hand)[1].uid, signed_how="paper")
    do(hand, "decline", receipts(hand)[2].uid, reason="It was broken.")
    signed, declined = receipts(hand)[1:3]
    assert (signed.values["state"], signed.values["signed_as"]) == ("Signed", "Anja Vogt")
    assert (declined.values["state"], declined.values["reason"]) == ("Declined", "It was broken.")
    with pytest.raises(UserError, match="is “Signed”"):
        do(hand, "decline", signed.uid, reason="No.")


def test_an_undone_hand_over_takes_its_receipt_along_and_a_signed_one_is_void(hand: Hand) -> None:
    anja, laptop = hand.make("person", "Anja Vogt"), hand.make("laptop", "LT-1", status="In stock")
    number = do(hand, "hand_over", laptop, to=anja, receipt=True)
    history.undo(hand.store, number, "tom")
    assert receipts(hand) == []
    number = do(hand, "hand_over", laptop, to=anja, receipt=True)
    do(hand, "sign", receipts(hand)[0].uid, signed_how="screen", signed_as="A. Vogt")
    undone = history.undo(hand.store, number, "tom")
    assert "assigned_to" not in hand.get(laptop).values
    assert (states(hand), receipts(hand)[0].values["signed_as"]) == (["Void"], "A. Vogt")
    history.undo(hand.store, undone.number, "tom")
    assert (states(hand), hand.get(laptop).values["assigned_to"]) == (["Signed"], anja)


STEPS = st.lists(st.sampled_from(("over", "other", "back", "sign", "decline", "void", "reopen")), max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_done_with_receipts_is_undone(hand: Hand, steps: list[str]) -> None:
    anja, bert, room = hand.make("person", "Anja"), hand.make("person", "Bert"), hand.make("room", "Store")
    laptops = [hand.make("laptop", f"LT-{n}", home_place=room) for n in range(2)]
    before, known, done = picture(hand.store), {one.uid for one in receipts(hand)}, []
    for step in steps:
        mine = [one.uid for one in receipts(hand) if one.uid not in known]
        try:
            if step in ("over", "other"):
                done.append(do(hand, "hand_over", *laptops, to=anja if step == "over" else bert, receipt=True))
            elif step == "back":
                done.append(do(hand, "take_back", *laptops[:1], receipt=True))
            elif mine:
                reason = None if step in ("sign", "reopen") else "No."
                how = "paper" if step == "sign" else None
                done.append(do(hand, step, mine[-1], reason=reason, signed_how=how))
        except UserError:
            pass
    for number in reversed(done):
        history.undo(hand.store, number, "tom")
    assert picture(hand.store) == before


LINES = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=9).map(str.strip)


@given(
    st.lists(st.builds(ReceiptItem, LINES.filter(lambda s: s not in ("", "-")), LINES, LINES, LINES, LINES), max_size=3)
)
def test_listed_items_are_read_as_they_were_written(items: list[ReceiptItem]) -> None:
    assert listed(items_in(listed(items))) == listed(items)
    assert len(items_in(listed(items))) == len(items)
