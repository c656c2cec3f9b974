"""Amounts of money in filters and sorts: exact, and of one currency."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cmdb.model.errors import QueryError
from cmdb.model.money import unscaled
from cmdb.model.selection import Selection
from cmdb.store.store import Store
from tests.cmdb.estates import DIALECTS, Hand, Places
from tests.laws import examples

MOST = (1 << 63) - 1


@pytest.fixture(scope="module", params=DIALECTS)
def hand(request: pytest.FixtureRequest, places: Places) -> Iterator[Hand]:
    """Things that cost something; they are only asked for."""
    with places.borrowed(request.param) as store:
        yield priced(Hand(store))


def priced(hand: Hand) -> Hand:
    for name, cost, currency in (
        ("a", "1000", "EUR"),
        ("b", "899.90", "EUR"),
        ("c", "150000", "JPY"),
        ("d", "0.0125", None),
        ("e", "1000", "USD"),
    ):
        hand.make("laptop", name, purchase_cost=Decimal(cost), currency=currency)
        hand.make("contract", f"contract {name}", cost=Decimal(cost), currency=currency)
    hand.make("laptop", "f")
    return hand


def names(store: Store, where: str = "", cls: str = "laptop", **rest: str) -> list[str]:
    with store.read() as reader:
        selection = Selection(cls, where=where, **rest)
        found = [c.name for c in reader.page(selection)]
        assert reader.count(selection) == len(found) == len(reader.ids(selection))
        return [name.removeprefix("contract ") for name in found]


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("> 899.89 EUR", "ab"),
        ("> 899.9 EUR", "a"),
        ("= 899.90 EUR", "b"),
        ("= '€ 899,90'", "b"),
        ("!= 1000 EUR", "bcde"),
        (">= 1000 usd", "e"),
        ("< 1000 JPY", ""),
        ("> -5 EUR", "ab"),
    ],
)
@pytest.mark.parametrize(("cls", "attribute"), [("laptop", "purchase_cost"), ("contract", "cost")])
def test_amounts_are_compared_with_those_of_their_currency(
    hand: Hand, cls: str, attribute: str, comparison: str, expected: str
) -> None:
    found = names(hand.store, f"{attribute} {comparison}", cls)
    assert [name for name in found if name != "f"] == list(expected)


@pytest.mark.parametrize(("cls", "attribute"), [("laptop", "purchase_cost"), ("contract", "cost")])
def test_a_bare_number_means_the_one_currency_that_there_is(hand: Hand, cls: str, attribute: str) -> None:
    assert names(hand.store, f"{attribute} > 899.90 and currency = EUR", cls) == ["a"]
    assert names(hand.store, f"currency is empty and {attribute} = 0.0125", cls) == ["d"]
    assert names(hand.store, f"(currency = EUR or currency is empty) and {attribute} < 1000", cls) == ["b", "d"]
    with pytest.raises(QueryError, match=r"several currencies here \(EUR, JPY, USD\): name the one you mean.*5 EUR"):
        names(hand.store, f"{attribute} > 5", cls)
    with pytest.raises(QueryError, match="several currencies"):
        names(hand.store, f"not {attribute} = 5 or name = a", cls)
    with pytest.raises(QueryError, match="several currencies"):
        names(hand.store, f"{attribute} > 5 and name != order", cls)


def test_the_past_may_be_of_one_currency(store: Store) -> None:
    hand = Hand(store)
    hand.make("laptop", "a", purchase_cost=Decimal("10.10"), currency="EUR")
    hand.make("laptop", "b", purchase_cost=Decimal("10.20"), currency="CHF")
    with store.read(1) as reader:
        assert reader.count(Selection("laptop", where="purchase_cost > 10")) == 1
    with store.read(2) as reader, pytest.raises(QueryError, match="several currencies"):
        reader.count(Selection("laptop", where="purchase_cost > 10"))


def test_what_is_no_currency_and_no_comparison_is_refused(hand: Hand) -> None:
    with pytest.raises(QueryError, match=r"no code of a currency\. Did you mean one of these: EUR"):
        names(hand.store, "purchase_cost > '5 EUO'")
    with pytest.raises(QueryError, match="USD"):
        names(hand.store, "purchase_cost > '$ 5'")
    with pytest.raises(QueryError, match="is an amount"):
        names(hand.store, "purchase_cost ~ 5")
    with pytest.raises(QueryError, match="at most 4 decimals"):
        names(hand.store, "purchase_cost > '0.00005 EUR'")


@pytest.mark.parametrize(("cls", "attribute"), [("laptop", "purchase_cost"), ("contract", "cost")])
def test_amounts_are_sorted_by_currency_first(hand: Hand, cls: str, attribute: str) -> None:
    assert names(hand.store, cls=cls, sort=attribute)[:5] == ["d", "b", "a", "c", "e"]
    assert names(hand.store, cls=cls, sort=f"-{attribute}")[:5] == ["e", "c", "a", "b", "d"]


@settings(examples(8, soak=75), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(-MOST, MOST), min_size=2, max_size=6), bound=st.integers(-MOST, MOST))
def test_comparisons_are_exact(store: Store, amounts: list[int], bound: int) -> None:
    """Of amounts that a double does not tell apart, too, in columns and in JSON."""
    hand = Hand(store)
    tag = str(store_size(store))
    values = [unscaled(amount) for amount in (*amounts, bound - 1 if bound > -MOST else bound, bound)]
    for number, amount in enumerate(values):
        hand.make("laptop", f"{tag}-{number}", purchase_cost=amount, currency="EUR", order_number=tag)
        hand.make("contract", f"{tag}-{number}", cost=amount, currency="EUR", number=tag)
    limit = unscaled(bound)
    expected = {f"{tag}-{number}" for number, amount in enumerate(values) if amount >= limit}
    assert set(names(store, f"order_number = {tag} and purchase_cost >= '{limit} EUR'")) == expected
    assert set(names(store, f"number = {tag} and cost >= '{limit} EUR'", "contract")) == expected


def store_size(store: Store) -> int:
    with store.read() as reader:
        return reader.number
