"""What a list is asked, kept as a view."""

from __future__ import annotations

from app.asked_list import AskedList
from app.pasted_list import PastedList


def pasted(number: int) -> PastedList:
    return PastedList(tuple(f"id-{n}" for n in range(number)), number)


def test_what_a_view_does_not_keep_is_said() -> None:
    for kept in (AskedList("laptop", "anja"), AskedList("laptop", "status = Lost", scope="a = b", pasted=pasted(2))):
        assert not kept.left_out()
    (said,) = AskedList("laptop", "status = Lost", pasted=pasted(401)).left_out()
    assert str(said) == "The pasted list is not kept: a view keeps one of 1 to 400 records, and it has 401."
    (said,) = AskedList("laptop", pasted=pasted(0)).left_out()
    assert str(said).endswith("it has 0.")
    (said,) = AskedList("laptop", "anja", scope="location within Rotterdam").left_out()
    assert str(said) == "The words “anja” are not kept: a view keeps words only without other conditions."
    assert AskedList("laptop", "anja", pasted=pasted(401)).kept_filter() == "anja"
