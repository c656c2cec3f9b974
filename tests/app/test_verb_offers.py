"""What the fields of a verb offer: what is there now, and what the verb does by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from app.verb_offers import FieldOffer, offers
from app.verbs import known_verbs, make
from cmdb.model.errors import InvalidValue
from cmdb.store.upkeep.startup import create_estate
from tests.cmdb.estates import Hand


@pytest.fixture
def hand(tmp_path: Path) -> Iterator[Hand]:
    store = create_estate(tmp_path / "estate.terrier")
    yield Hand(store)
    store.close()


def offered(hand: Hand, verb: str, uids: list[str], **values: Any) -> Mapping[str, FieldOffer]:
    with hand.store.read() as reader:
        return offers(reader, known_verbs()[verb], uids, values, "t").fields


def test_what_the_new_holder_has_is_offered_and_what_is_there_now(hand: Hand) -> None:
    sales, it = hand.make("department", "Sales"), hand.make("department", "IT")
    room = hand.make("room", "2.14")
    tom = hand.make("person", "Tom", department=sales)
    laptops = [hand.make("laptop", f"LT-{n}", department=it, location=room, cost_centre=str(n)) for n in range(2)]
    found = offered(hand, "hand_over", laptops, to=tom)
    assert set(found) == {"place", "department", "cost_centre"}
    department = found["department"]
    assert (department.now, department.by_itself, department.holder) == ((it,), (sales,), "Tom")
    assert not department.stays
    assert found["place"].stays, "nobody knows where Tom is"
    assert (found["cost_centre"].now, found["cost_centre"].stays) == (("0", "1"), True)
    chosen = offered(hand, "hand_over", laptops, to=tom, keep_department=True, cost_centre="7")
    assert chosen == found, "what is chosen changes no offer"


def test_what_came_with_the_former_holder_goes_by_itself(hand: Hand) -> None:
    sales = hand.make("department", "Sales")
    anja, tom = hand.make("person", "Anja", department=sales), hand.make("person", "Tom")
    laptop = hand.make("laptop", "LT-1", department=sales, assigned_to=anja)
    found = offered(hand, "hand_over", [laptop], to=tom)["department"]
    assert (found.now, found.by_itself, found.stays) == ((sales,), (None,), False)


def test_a_field_without_which_it_cant_be_done_offers_nothing_by_itself(hand: Hand) -> None:
    sales, room = hand.make("department", "Sales"), hand.make("room", "2.14")
    anja = hand.make("person", "Anja", department=sales)
    laptop = hand.make("laptop", "LT-1", department=sales, assigned_to=anja)
    found = offered(hand, "take_back", [laptop], place=room)
    assert found["place"].by_itself is None
    assert found["department"].by_itself == (None,)


def test_a_value_and_that_it_stays_are_not_both_given(hand: Hand) -> None:
    tom, room = hand.make("person", "Tom"), hand.make("room", "2.14")
    laptop = hand.make("laptop", "LT-1")
    values = {"to": tom, "place": room, "keep_place": True}
    with hand.store.read() as reader, pytest.raises(InvalidValue, match="State either “Place” or “Keep the place”"):
        make(reader, known_verbs()["hand_over"], [laptop], values, "t", every=True)
