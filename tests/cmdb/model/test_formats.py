from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from gettext import NullTranslations

import pytest
from babel.localedata import locale_identifiers
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model import formats
from cmdb.model.language import Language
from cmdb.model.messages import Message
from cmdb.model.relative_times import ago, until
from tests.laws import examples
from tests.pseudo_locale import plain_words, spoken


class _Other(NullTranslations):
    """A language of which only the formats matter."""


@pytest.mark.parametrize(
    ("locale", "number", "money", "day"),
    [
        ("en_GB", "1,234.5", "1,120.00 EUR", "12 Dec 2026"),
        ("de", "1.234,5", "1.120,00 EUR", "12. Dez. 2026"),
        ("fr", "1\u202f234,5", "1\u202f120,00 EUR", "12 déc. 2026"),
    ],
)
def test_numbers_money_and_dates_follow_the_locale(locale: str, number: str, money: str, day: str) -> None:
    with spoken(Language(locale, locale, _Other())):
        assert formats.number(1234.5) == number
        assert formats.money(1120, "EUR") == money
        assert formats.day("2026-12-12") == day


def test_money_has_the_minor_units_of_its_currency() -> None:
    assert formats.money(500, "JPY") == "500 JPY"
    assert formats.money(Decimal("1.5"), "KWD") == "1.500 KWD"
    assert formats.money(Decimal("0.0125"), "EUR") == "0.0125 EUR", "the price of one of a thousand"
    assert formats.money(12.5) == "12.50"
    assert formats.money(12.5, "credits") == "12.50 credits"


def test_sizes_have_units_of_1024_only() -> None:
    assert formats.size(0) == "0 bytes"
    assert formats.size(16 * 1024**3) == "16 GiB"
    assert formats.measured(16384, "MiB") == "16 GiB"
    assert formats.measured(238, "GiB") == "238 GiB"
    assert formats.measured(1536, "MiB") == "1.5 GiB"
    assert formats.measured(256_000, "MB") == formats.measured(256, "GB") == formats.size(256 * 1000**3) == "238 GiB"
    assert formats.measured(90, "W") == "90 W"
    assert formats.size(1024**6) == "1,024 PiB"
    assert [formats.size(n) for n in (1, 2, 0.5, -1)] == ["1 byte", "2 bytes", "0.5 bytes", "-1 byte"]
    assert [formats.size(n) for n in (1024**2 - 1, 1 - 1024**2, 1024**3 - 1)] == ["1 MiB", "-1 MiB", "1 GiB"]


def test_shares_lists_and_months() -> None:
    assert formats.percent(0.257) == "26 %"
    assert formats.percent(0.257, 1) == "25.7 %"
    assert formats.listing(["a", "b", "c"]) == "a, b and c"
    assert formats.listing(["a", "b"], "or") == "a or b"
    assert formats.shown(("a", 1234)) == "a, 1,234"
    assert formats.shown(formats.Plain(2026)) == "2026"
    assert formats.month(date(2026, 12, 1)) == "December 2026"


def test_text_without_a_date_is_unchanged() -> None:
    assert formats.day("soon") == "soon"
    assert formats.moment("soon") == "soon"
    assert ago("soon") == "soon"
    assert until("soon") == "soon"


def test_how_far_a_day_is() -> None:
    today = date(2026, 11, 29)
    assert [until(d, today) for d in ("2026-11-29", "2026-11-30", "2026-12-11", "2026-11-28")] == [
        "today", "in 1 day", "in 12 days", "1 day ago",
    ]  # fmt: skip
    assert until("2027-06-29", today) == "in 7 months"
    assert until("2023-06-29", today) == "3 years ago"


def test_past_times_are_told_short() -> None:
    noon = datetime(2026, 11, 29, 12).astimezone()
    today = noon.date()
    assert ago(noon.astimezone(UTC).isoformat(), today) == "today 12:00"
    assert ago("2026-11-28T12:00:00Z", today) == "yesterday 12:00"
    assert ago("2026-11-19T12:00:00Z", today) == "19 Nov"
    assert ago("2025-11-19T12:00:00Z", today) == "19 Nov 2025"


def test_no_english_is_left_in_another_language() -> None:
    with spoken():
        for words in (ago("2026-11-28T12:00:00Z", date(2026, 11, 29)), until("2026-11-29", date(2026, 11, 29))):
            assert plain_words(words) == []
        assert plain_words(formats.day("2026-12-12")) == []
        for value in (formats.Size(1), formats.Size(12), True, False):
            assert plain_words(formats.shown(value)) == []


def test_answers_are_yes_and_no() -> None:
    assert [formats.shown(True), formats.shown(False)] == ["Yes", "No"]
    assert str(Message("{a}", a=True)) == "Yes"


def test_a_time_stands_with_its_date_as_the_locale_has_it() -> None:
    noon = datetime(2026, 12, 12, 9, 12).astimezone()
    for locale, words in (
        ("en_GB", "12 Dec 2026, 09:12"),
        ("de", "12. Dez. 2026, 09:12"),
        ("ja", "2026年12月12日 9:12"),
    ):
        with spoken(Language(locale, locale, _Other())):
            assert formats.moment(noon) == words


def test_items_in_a_row_are_written_in_every_locale() -> None:
    for locale in ("en_GB", "de", "el", "fr", "nb"):
        with spoken(Language(locale, locale, _Other())):
            assert formats.listing(["a", "{b}", "c", "d"], "unit") == "a, {b}, c, d"
    with spoken(Language("ja", "ja", _Other())):
        assert formats.listing(["a", "b", "c"], "unit") == "a、b、c"
    assert formats.listing([], "unit") == ""


def test_weeks_and_orders_of_dates_follow_the_locale() -> None:
    for locale, first, day_first in (("en_GB", 0, True), ("en_US", 6, False), ("de", 0, True)):
        with spoken(Language(locale, locale, _Other())):
            assert (formats.first_weekday(), formats.is_day_first()) == (first, day_first)
    with spoken(Language("de", "de", _Other())):
        assert formats.weekdays()[0].startswith("Mo")


@pytest.mark.parametrize("locale", ["en_GB", "en_US", "de", "fr", "el", "pl", "cs", "es", "fi"])
def test_a_date_that_is_shown_can_be_typed_back(locale: str) -> None:
    with spoken(Language(locale, locale, _Other())):
        for month in range(1, 13):
            found = date(2026, month, 3)
            assert formats.read_day(formats.day(found)) == found
            assert formats.read_day(formats.long_day(found)) == found
    for text in ("31/12/2026", "2026-12-31", "12 Nonsense 2026", "40 Dec 2026", "Dec 2026"):
        assert formats.read_day(text) is None


@given(locale=st.sampled_from(locale_identifiers()), found=st.dates(date(1000, 1, 1), date(9999, 12, 31)))
@examples(60, soak=300)
def test_every_locale_reads_the_dates_that_it_writes(locale: str, found: date) -> None:
    with spoken(Language(locale, locale, _Other())):
        for written in (formats.day(found), formats.long_day(found)):
            if str(found.year) in written:  # one locale writes the year of the week
                assert formats.read_day(written) == found


@pytest.mark.parametrize("locale", ["ja", "zh", "th", "ko", "vi", "hu"])
def test_dates_of_numbers_and_signs_can_be_typed_back(locale: str) -> None:
    with spoken(Language(locale, locale, _Other())):
        for month in range(1, 13):
            for day in (2, 11, 28):
                assert formats.read_day(formats.day(date(2026, month, day))) == date(2026, month, day)


def test_lists_are_written_in_the_language_of_the_texts() -> None:
    with spoken(Language("ar")):
        assert formats.listing(["13 exempt", "10 over-licensed"]) == "13 exempt and 10 over-licensed"
        assert formats.listing(["a", "b", "c"], "unit") == "a, b, c"
    with spoken(Language("en_US")):
        assert formats.listing(["a", "b"], "or") == "a or b"
    with spoken(Language("en_GB", "de", _Other())):
        assert formats.listing(["a", "b"]) == "a und b"


@pytest.mark.parametrize("locale", ["en_GB", "de", "pl"])
@pytest.mark.parametrize("value", [1e22, -1e25, 1e308, 10**22, 10**400, 10**4000, float("nan"), float("inf")])
def test_no_number_is_too_large_to_be_written(locale: str, value: float) -> None:
    with spoken(Language(locale, locale, _Other())):
        for written in (formats.number(value), formats.money(value, "EUR"), formats.percent(value)):
            assert 0 < len(written) < 800


def test_a_sentence_begins_with_a_capital_letter_and_keeps_the_others() -> None:
    assert formats.sentence_case("élan of PVU") == "Élan of PVU"
    assert formats.sentence_case(Message("covered by SQL")) == "Covered by SQL"
    assert formats.sentence_case("") == ""
