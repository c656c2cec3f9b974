"""Numbers and amounts keep their exact value through claims, the journal, undo and JSON; no float is written."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmdb.model.errors import InvalidValue
from cmdb.model.money import unscaled
from cmdb.register import history
from cmdb.store.store import Store
from cmdb.store.upkeep.integrity import check_integrity
from tests.cmdb.estates import Hand
from tests.laws import examples

AMOUNTS = st.integers(-(1 << 63) + 1, (1 << 63) - 1).map(unscaled)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=9).map(lambda number: number + 0)


def claimed(store: Store, uid: str) -> dict[str, Any]:
    with store.read() as reader:
        (said,) = reader.said([uid])[uid].values()
    return {name: value for name, (value, _) in said.items()}


@settings(examples(8, soak=100), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=AMOUNTS, second=AMOUNTS, size=NUMBERS)
def test_amounts_and_numbers_are_kept_exactly(store: Store, first: Decimal, second: Decimal, size: Decimal) -> None:
    hand = Hand(store)
    uid = hand.make("laptop", "a", purchase_cost=first, currency="EUR")
    contract = hand.make("contract", "c", cost=first)
    screen = hand.make("monitor", "m", diagonal=size)
    for one, name, value in ((uid, "purchase_cost", first), (contract, "cost", first), (screen, "diagonal", size)):
        assert hand.get(one).values[name] == value
        assert type(hand.get(one).values[name]) is Decimal
        assert str(claimed(store, one)[name]) == str(value)
    if second != first:
        for one, name in ((uid, "purchase_cost"), (contract, "cost")):
            changed = hand.set(one, name, second)
            assert hand.get(one).values[name] == second
            history.undo(store, changed.number, "tester")
            assert hand.get(one).values[name] == first
            assert claimed(store, one)[name] == first


def test_what_was_stated_is_kept_as_it_was_stated(store: Store) -> None:
    hand = Hand(store)
    terms: dict[str, Any] = {"product": "Planner", "metric": "device", "quantity": 1}
    uid = hand.make("entitlement", "e", **terms, cost=Decimal("899.90"), unit_cost=Decimal("12.0"))
    assert {name: str(claimed(store, uid)[name]) for name in ("cost", "unit_cost")} == {
        "cost": "899.90", "unit_cost": "12.0",
    }  # fmt: skip
    assert str(hand.get(uid).values["cost"]) == "899.90"
    same = hand.set(uid, "cost", Decimal("899.9"))
    assert not same.updated, "the same amount is no change"
    assert check_integrity(store) == []


@pytest.mark.parametrize("value", [12.5, 12.0, Decimal("0.00001"), Decimal("1e15"), Decimal("nan"), True, "12"])
def test_what_is_no_exact_amount_is_refused(store: Store, value: Any) -> None:
    for cls, name in (("laptop", "purchase_cost"), ("contract", "cost")):
        with pytest.raises(InvalidValue):
            Hand(store).make(cls, "x", **{name: value})


def test_a_whole_number_is_a_decimal_once_it_is_read(store: Store) -> None:
    hand = Hand(store)
    for uid, name in (
        (hand.make("laptop", "a", purchase_cost=12), "purchase_cost"),
        (hand.make("contract", "c", cost=12), "cost"),
        (hand.make("monitor", "m", diagonal=24), "diagonal"),
    ):
        assert type(hand.get(uid).values[name]) is Decimal
    assert check_integrity(store) == []
