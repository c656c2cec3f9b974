"""Typed text and cells as canonical values, and canonical values in a form that can be read back."""

from __future__ import annotations

import string
import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.characters import one_line, visible
from cmdb.model.errors import InvalidValue
from cmdb.model.money import MOST_DIGITS, plain, unscaled
from cmdb.model.schema import TYPES, Attribute, Choice, Schema
from cmdb.model.values import check, parse, show

STATES = (Choice("In stock", ("stock", "lager")), Choice("Deployed", ("in use", "live")), Choice("Retired"))


def attribute(kind: str, **more: Any) -> Attribute:
    choices = STATES if kind == "choice" else ()
    return Attribute("value", "Value", kind, choices=choices, target="ci" if kind == "reference" else "", **more)


def _line(text: str) -> str:
    return one_line(text.replace("\u00a0", " "))


def _has_few_digits(number: Decimal) -> bool:
    return abs(number.adjusted()) <= MOST_DIGITS


PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
WORDS = PRINTED.map(_line).filter(bool)
CANONICAL: dict[str, st.SearchStrategy[Any]] = {
    "text": WORDS,
    "url": WORDS,
    "long_text": st.text(string.printable, min_size=1).map(visible).map(str.strip).filter(bool),
    "choice": st.sampled_from([c.value for c in STATES]),
    "integer": st.integers(-(1 << 53) + 1, (1 << 53) - 1),
    "number": st.decimals(allow_nan=False, allow_infinity=False, places=None).map(plain).filter(_has_few_digits),
    "money": st.integers(-(1 << 63) + 1, (1 << 63) - 1).map(unscaled),
    "boolean": st.booleans(),
    "date": st.dates(date(1000, 1, 1)).map(date.isoformat),
    "time": st.datetimes(datetime(1900, 1, 1)).map(
        lambda t: (
            t.replace(microsecond=t.microsecond // 1000 * 1000).isoformat(
                timespec="milliseconds" if t.microsecond >= 1000 else "seconds"
            )
            + "Z"
        )
    ),
    "uuid": st.uuids().map(str),
    "email": st.from_regex(r"[a-z0-9.+-]{1,12}@[a-z0-9-]{1,12}\.example", fullmatch=True),
}


@pytest.mark.parametrize("kind", sorted(CANONICAL))
@given(data=st.data())
def test_shown_values_are_read_back(kind: str, data: st.DataObject) -> None:
    value = data.draw(CANONICAL[kind])
    check(attribute(kind), value)
    back = parse(attribute(kind), show(attribute(kind), value))
    assert back == value
    assert type(back) is type(value)


@given(kind=st.sampled_from(sorted(set(TYPES) - {"reference"})), raw=PRINTED)
def test_whatever_is_typed_becomes_canonical_or_is_refused(kind: str, raw: str) -> None:
    try:
        value = parse(attribute(kind), raw)
    except InvalidValue:
        return
    check(attribute(kind), value)
    assert parse(attribute(kind), show(attribute(kind), value)) == value


def test_every_type_has_values_here() -> None:
    assert set(CANONICAL) | {"reference"} == set(TYPES)


# -- numbers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "by_itself", "comma", "point"),
    [
        ("1.234", 1.234, 1234, 1.234),
        ("1,234", 1234, 1.234, 1234),
        ("1234,5", 1234.5, 1234.5, 1234.5),
        ("1234.5", 1234.5, 1234.5, 1234.5),
        ("1.234,50", 1234.5, 1234.5, 1234.5),
        ("1,234.50", 1234.5, 1234.5, 1234.5),
        ("1.234.567", 1234567, 1234567, 1234567),
        ("1,234,567", 1234567, 1234567, 1234567),
        ("1.234.567,89", 1234567.89, 1234567.89, 1234567.89),
        ("12,34,567.5", 1234567.5, 1234567.5, 1234567.5),
        ("1 234,5", 1234.5, 1234.5, 1234.5),
        ("1'234.50", 1234.5, 1234.5, 1234.5),
        ("0,125", 0.125, 0.125, 0.125),
        ("-1.234", -1.234, -1234, -1.234),
        ("€ 1.389,00", 1389, 1389, 1389),
        ("1389 EUR", 1389, 1389, 1389),
        (12, 12, 12, 12),
    ],
)
def test_decimals_and_thousands(raw: Any, by_itself: float, comma: float, point: float) -> None:
    number = attribute("number")
    assert parse(number, raw) == Decimal(str(by_itself))
    assert parse(number, raw, decimal_comma=True) == Decimal(str(comma))
    assert parse(number, raw, decimal_comma=False) == Decimal(str(point))


@pytest.mark.parametrize(
    "raw", ["", "  ", "much", "1.2.3", "1,2,3", "1.23,4.5", "12,3.4", "--1", "1e999", "nan", True, "1;5"]
)
def test_text_that_is_no_number(raw: Any) -> None:
    with pytest.raises(InvalidValue):
        parse(attribute("number"), raw)


def test_money_keeps_what_was_stated_and_has_no_negative_zero() -> None:
    assert str(parse(attribute("money"), "899.90")) == "899.90"
    assert str(parse(attribute("money"), "19.999")) == "19.999"
    assert str(parse(attribute("money"), "-0.00")) == "0.00"
    assert show(attribute("money"), Decimal("1389.5")) == "1389.50"
    assert show(attribute("money"), Decimal("0.0125"), "EUR") == "0.0125"
    assert show(attribute("money"), Decimal("500"), "JPY") == "500"
    assert show(attribute("money"), Decimal("1.5"), "KWD") == "1.500"


def test_a_spreadsheets_doubles_are_read_without_their_noise() -> None:
    assert str(parse(attribute("money"), 899.9900000000001)) == "899.99"
    assert str(parse(attribute("money"), "899.9900000000001")) == "899.99"
    assert str(parse(attribute("number"), 0.1 + 0.2)) == "0.3"
    assert str(parse(attribute("money"), 1000 / 3)) == "333.3333"


@pytest.mark.parametrize("raw", ["0.00005", "12.34567", "922337203685477.5808", "1e15", 1e15])
def test_an_amount_that_cannot_be_kept_exactly_is_refused(raw: Any) -> None:
    with pytest.raises(InvalidValue, match="at most"):
        parse(attribute("money"), raw)


def test_an_attribute_may_have_a_minimum() -> None:
    assert parse(attribute("money", minimum=0), "0") == 0
    assert parse(attribute("money"), "-5") == -5
    with pytest.raises(InvalidValue, match="at least 0"):
        parse(attribute("money", minimum=0), "-5")


@pytest.mark.parametrize("kind", ["integer", "number", "money"])
def test_an_attribute_may_have_bounds(kind: str) -> None:
    port = attribute(kind, minimum=1, maximum=65535)
    assert (parse(port, "1"), parse(port, 65535.0)) == (1, 65535)
    for wrong, said in (("-3", "at least 1"), (0.0, "at least 1"), ("65536", "at most 65535")):
        with pytest.raises(InvalidValue, match=said):
            parse(port, wrong)


@pytest.mark.parametrize(
    ("raw", "code"), [("eur", "EUR"), ("€", "EUR"), ("Swiss francs", "CHF"), ("DEM", "DEM"), ("xyz", "XYZ")]
)
def test_a_currency_is_kept_as_its_code(raw: str, code: str) -> None:
    assert parse(attribute("text", of_amounts=True), raw) == code


@pytest.mark.parametrize(("raw", "answer"), [("EURR", "EUR"), ("$", "USD, AUD"), ("Taler", "such as EUR")])
def test_what_is_no_currency_is_refused(raw: str, answer: str) -> None:
    with pytest.raises(InvalidValue, match=answer):
        parse(attribute("text", of_amounts=True), raw)


def test_a_whole_number_of_json_is_a_canonical_number() -> None:
    for kind in ("number", "money"):
        check(attribute(kind), 12)
        check(attribute(kind), Decimal(12))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("16 GB", 16384), ("16GiB", 16384), ("512 MB", 512), ("1,5 GB", 1536), ("1.5TB", 1572864), ("8192", 8192),
        (8192.0, 8192),
    ],
)  # fmt: skip
def test_memory_is_understood_with_its_unit(raw: Any, expected: int) -> None:
    assert parse(attribute("integer", unit="MiB"), raw) == expected


@pytest.mark.parametrize("raw", ["1.5", 2.5, "many", "9007199254740992"])
def test_text_that_is_no_whole_number(raw: Any) -> None:
    with pytest.raises(InvalidValue):
        parse(attribute("integer"), raw)


def test_a_units_own_name_may_follow_a_number() -> None:
    assert parse(attribute("number", unit="GiB"), "476.9 GiB") == Decimal("476.9")


@pytest.mark.parametrize(
    ("unit", "raw", "number"),
    [
        ("in", '24"', "24"), ("in", "27 inch", "27"), ("in", "68.6 cm", "27"), ("in", "23,8″", "23.8"),
        ("W", "3.5 kW", "3500"), ("W", "1.500 W", "1.5"), ("Mbit/s", "1 Gbit/s", "1000"), ("Mbit/s", "100Mbps", "100"),
        ("h", "2 days", "48"), ("h", "30 min", "0.5"), ("months", "3 years", "36"), ("U", "42HE", "42"),
        ("V", "230", "230"),
    ],
)  # fmt: skip
def test_a_number_in_another_unit(unit: str, raw: str, number: str) -> None:
    assert parse(attribute("number", unit=unit), raw) == Decimal(number)


def test_a_unit_that_is_none_of_the_attributes_is_refused() -> None:
    with pytest.raises(InvalidValue):
        parse(attribute("integer", unit="W"), "5 kg")


# -- dates and times ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2024-04-03", "2024-04-03"),
        ("2024/4/3", "2024-04-03"),
        ("03.04.2024", "2024-04-03"),
        ("3.4.24", "2024-04-03"),
        ("3 April 2024", "2024-04-03"),
        ("3. März 2024", "2024-03-03"),
        ("April 3rd, 2024", "2024-04-03"),
        ("03-Apr-24", "2024-04-03"),
        ("20240403", "2024-04-03"),
        ("2024-04-03 10:15:00", "2024-04-03"),
        (date(2024, 4, 3), "2024-04-03"),
        (datetime(2024, 4, 3, 23, 59), "2024-04-03"),
        (45385, "2024-04-03"),
        ("31/12/99", "1999-12-31"),
    ],
)
def test_dates_as_people_write_them(raw: Any, expected: str) -> None:
    assert parse(attribute("date"), raw) == expected


def test_the_order_of_day_and_month() -> None:
    day = attribute("date")
    assert parse(day, "03/04/2024") == "2024-04-03"
    assert parse(day, "03/04/2024", day_first=False) == "2024-03-04"
    assert parse(day, "25/12/2024", day_first=False) == "2024-12-25"
    assert parse(day, "03.04.2024", day_first=False) == "2024-04-03", "points are German"


@pytest.mark.parametrize("raw", ["soon", "31.02.2024", "2024-13-01", "32/01/2024", 12, True, "n/a", "0"])
def test_text_that_is_no_date(raw: Any) -> None:
    with pytest.raises(InvalidValue, match="2026-03-31"):
        parse(attribute("date"), raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("2026-03-05T10:00:00Z", "2026-03-05T10:00:00Z"),
        ("2026-03-05T10:00:00+01:00", "2026-03-05T09:00:00Z"),
        ("2026-03-05T10:00:00.250Z", "2026-03-05T10:00:00.250Z"),
        (datetime(2026, 3, 5, 10, tzinfo=timezone(timedelta(hours=-5))), "2026-03-05T15:00:00Z"),
        ("05.03.2026", "2026-03-05T00:00:00Z"),
        ("2026-03-05", "2026-03-05T00:00:00Z"),
    ],
)
def test_times(raw: Any, expected: str) -> None:
    assert parse(attribute("time"), raw) == expected


@pytest.mark.parametrize(
    ("raw", "day_first", "local"),
    [
        ("2026-03-05 10:15", True, datetime(2026, 3, 5, 10, 15)),
        ("05.03.2026 10:15:20", True, datetime(2026, 3, 5, 10, 15, 20)),
        ("03/05/2026 1:15 PM", False, datetime(2026, 3, 5, 13, 15)),
        ("03/05/2026 12:05 am", True, datetime(2026, 5, 3, 0, 5)),
        (46086.5, True, datetime(2026, 3, 5, 12)),
    ],
)
def test_times_without_a_zone_are_of_this_place(raw: Any, day_first: bool, local: datetime) -> None:
    expected = local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert parse(attribute("time"), raw, day_first=day_first) == expected


def test_a_day_alone_is_ordered_as_its_column_is() -> None:
    assert parse(attribute("time"), "03/04/2024", day_first=False) == "2024-03-04T00:00:00Z"


@pytest.mark.parametrize("raw", ["05.03.2026 25:00", "noon", "2026-03-05T10:99:00Z"])
def test_text_that_is_no_time(raw: Any) -> None:
    with pytest.raises(InvalidValue):
        parse(attribute("time"), raw)


# -- the rest -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "expected"), [("in stock", "In stock"), ("LAGER", "In stock"), (" In-Use ", "Deployed")]
)
def test_choices_by_value_and_synonym(raw: str, expected: str) -> None:
    assert parse(attribute("choice"), raw) == expected


def test_a_choice_that_is_none_of_them_says_which_there_are() -> None:
    with pytest.raises(InvalidValue, match="In stock, Deployed, Retired"):
        parse(attribute("choice"), "asleep")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("Yes", True), ("x", True), ("wahr", True), (1.0, True), ("nein", False), ("0", False), (False, False)],
)
def test_yes_and_no(raw: Any, expected: bool) -> None:
    assert parse(attribute("boolean"), raw) is expected


def test_identifiers_that_a_spreadsheet_made_numbers() -> None:
    assert parse(attribute("text"), 4711.0) == "4711"
    assert parse(attribute("text"), " two\u00a0 words ") == "two words"
    assert parse(attribute("text"), datetime(2026, 1, 2)) == "2026-01-02"


def test_addresses_and_uuids_have_one_form() -> None:
    assert parse(attribute("email"), "MailTo:Anja.Vogt@Harbour.Example") == "anja.vogt@harbour.example"
    assert parse(attribute("uuid"), "{4C4C4544-0034-3010-8051-B9C04F4E3532}") == "4c4c4544-0034-3010-8051-b9c04f4e3532"
    for kind, raw in (("email", "nobody"), ("uuid", "4711")):
        with pytest.raises(InvalidValue):
            parse(attribute(kind), raw)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", ""), ("text", 5), ("text", "x" * 100_001), ("integer", 5.0), ("integer", True), ("number", 5.0),
        ("number", float("nan")), ("number", Decimal("nan")), ("number", Decimal("inf")), ("number", Decimal("-0.0")),
        ("number", True), ("money", 899.9), ("money", Decimal("0.00001")),
        ("money", Decimal("922337203685477.5808")), ("boolean", 1), ("choice", "Asleep"),
        ("date", "31.12.2026"), ("date", "2026-02-30"), ("date", "2026-W01-1"), ("time", "2026-01-01"),
        ("time", "2026-01-01T24:00:00Z"), ("time", "2026-01-01T10:00:00+01:00"), ("text", None), ("reference", 7),
    ],
)  # fmt: skip
def test_values_that_are_not_canonical_are_refused(kind: str, value: Any) -> None:
    with pytest.raises(InvalidValue):
        check(attribute(kind), value)


def test_absent_shows_as_nothing() -> None:
    for one in Schema.load().all_attributes().values():
        assert show(one, None) == ""


def test_a_reference_is_left_to_the_caller() -> None:
    uid = str(uuid.uuid4())
    assert parse(attribute("reference"), f" {uid} ") == uid
