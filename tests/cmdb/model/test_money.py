"""Exact amounts: as they are stored, summed, rounded and written; and the currencies that they are in."""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.currencies import (
    MINOR_UNITS,
    currencies_like,
    currency_named,
    decimals,
    digits,
    minor_units,
    places,
)
from cmdb.model.exact_json import written
from cmdb.model.formats import Amount
from cmdb.model.money import MOST, CurrencyTotals, exact, in_minor_units, plain, rounded, scaled, unscaled
from cmdb.model.number_texts import currency_and_number

SCALED = st.integers(-(1 << 63) + 1, (1 << 63) - 1)
AMOUNTS = st.builds(lambda number, zeros: unscaled(number) * Decimal(1).scaleb(0) + Decimal(0).scaleb(-zeros), SCALED,
                    st.integers(0, 4))  # fmt: skip
CURRENCIES = st.sampled_from(["EUR", "USD", "JPY", "KWD", ""])


@given(SCALED)
def test_a_column_holds_every_amount(number: int) -> None:
    assert scaled(unscaled(number)) == number
    assert abs(unscaled(number)) <= MOST


@pytest.mark.parametrize("amount", ["0.00001", "1.00000000000000000000000000000000001", "922337203685477.5808", "1e30"])
def test_what_a_column_cannot_hold_is_not_cut(amount: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        scaled(Decimal(amount))


@given(st.lists(st.tuples(AMOUNTS, CURRENCIES), max_size=30))
def test_sums_are_per_currency_and_those_of_fractions(amounts: list[tuple[Decimal, str]]) -> None:
    sums: dict[str, Fraction] = defaultdict(Fraction)
    for amount, currency in amounts:
        sums[currency] += Fraction(amount)
    found = list(CurrencyTotals(amounts))
    assert [one.currency for one in found] == sorted(sums, key=lambda code: (not code, code))
    for one in found:
        unit = 10 ** minor_units(one.currency)
        assert Fraction(one.value) == Fraction(round(sums[one.currency] * unit), unit)  # Python rounds half to even


def test_a_sum_is_rounded_at_the_end_only_and_half_to_even() -> None:
    thirds = CurrencyTotals([(Decimal("0.0050"), "EUR"), (Decimal("0.0050"), "EUR"), (None, "USD")])
    assert list(thirds) == [Amount(Decimal("0.01"), "EUR")]
    assert [str(rounded(Decimal(one), "EUR")) for one in ("0.005", "0.015", "0.0151")] == ["0.00", "0.02", "0.02"]
    assert str(rounded(Decimal("2.5"), "JPY")) == "2"
    assert str(rounded(Decimal("2.5"), "KWD")) == "2.500"
    assert not CurrencyTotals()


def test_an_amount_is_written_with_the_decimals_of_its_currency_and_all_its_own() -> None:
    assert str(in_minor_units(Decimal("899.9"), "EUR")) == "899.90"
    assert str(in_minor_units(500, "JPY")) == "500"
    assert str(in_minor_units(Decimal("0.0125"), "EUR")) == "0.0125"
    assert (places(Decimal("1.50"), "JPY"), places(12, "KWD"), places(Decimal(1))) == (1, 3, 2)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**9), max_value=10**9))
def test_plain_digits_are_the_same_number(number: Decimal) -> None:
    assert Decimal(digits(number)) == number
    assert len(digits(number).partition(".")[2]) == decimals(number)
    assert "E" not in digits(number)


@given(st.decimals(-(10**12), 10**12, allow_nan=False, allow_infinity=False, places=3))
def test_the_double_of_a_decimal_is_read_as_that_decimal(number: Decimal) -> None:
    assert exact(float(number)) == number


def test_a_number_is_kept_in_plain_form() -> None:
    assert str(plain(Decimal("-0.00"))) == "0.00"
    assert str(plain(Decimal("1E+3"))) == "1000"
    for one in (float("nan"), float("inf")):
        with pytest.raises(ValueError, match=r"nan|inf"):
            exact(one)


# -- JSON -----------------------------------------------------------------------------------------------------------


@given(st.lists(AMOUNTS | st.text() | st.integers() | st.none()))
def test_json_has_the_digits_that_were_stated(values: list[object]) -> None:
    text = written({"values": values}, indent=2)
    back = json.loads(text, parse_float=Decimal)["values"]
    assert back == values
    for value, again in zip(values, back, strict=True):
        if isinstance(value, Decimal):
            assert str(again) == str(value)


def test_json_has_no_number_that_is_none() -> None:
    with pytest.raises(ValueError, match="no number"):
        written([Decimal("nan")])
    with pytest.raises(TypeError, match="no value of JSON"):
        written([object()])


# -- currencies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [("eur", "EUR"), ("€", "EUR"), (" Euro ", "EUR"), ("US dollars", "USD"), ("DEM", "DEM"), ("$", ""), ("EUO", "")],
)
def test_a_currency_is_known_by_code_sign_and_word(text: str, code: str) -> None:
    assert currency_named(text) == code


def test_a_currency_that_is_none_is_answered_with_those_like_it() -> None:
    assert currencies_like("EUO")[0] == "EUR"
    assert currencies_like("$")[:2] == ("USD", "AUD")
    assert currencies_like("qqqqqq") == ()


def test_minor_units_are_those_of_the_standard() -> None:
    assert {minor_units(code) for code in ("EUR", "JPY", "KWD", "CLF")} == {2, 0, 3, 4}
    assert minor_units("") == minor_units("credits") == 2
    assert all(len(code) == 3 and code.isupper() for code in MINOR_UNITS)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1000 EUR", ("EUR", "1000")), ("EUR 1'000.50", ("EUR", "1'000.50")), ("€1.389,00", ("€", "1.389,00")),
        ("-€5", ("€", "-5")), ("1000", ("", "1000")), ("1e5", ("", "1e5")), ("cheap", ("", "cheap")),
    ],
)  # fmt: skip
def test_an_amount_may_name_its_currency(text: str, parts: tuple[str, str]) -> None:
    assert currency_and_number(text) == parts
