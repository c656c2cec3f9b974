from __future__ import annotations

import gettext
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.errors import NotFound
from cmdb.model.formats import Amount, Percent, Plain, Size
from cmdb.model.language import Language
from cmdb.model.messages import Message, chain, counted, from_data, in_context, tr, trc, trn, verbatim
from tests.pseudo_locale import plain_words, pseudo, spoken


def polish() -> Language:
    """A language with three plural forms, from a compiled catalogue as the program loads them."""
    catalogue = Catalog(locale="pl")
    catalogue.add("Open", "Otwarty")
    catalogue.add("Open", "Otwórz", context="verb")
    catalogue.add(("{count} row", "{count} rows"), ("{count} wiersz", "{count} wiersze", "{count} wierszy"))
    catalogue.add("{name} is in use.", "{nazwa} jest w użyciu.")
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Language("pl", "pl", gettext.GNUTranslations(compiled))


def test_a_text_is_its_template_with_its_values() -> None:
    assert tr("Open") == "Open"
    assert tr("{name} is in use.", name="sw-1") == "sw-1 is in use."
    assert str(Message("{count} of {all}", count=3, all=1234)) == "3 of 1,234"
    assert trn("{count} row", "{count} rows", 1) == "1 row"
    assert trn("{count} row of {file}", "{count} rows of {file}", 2514, file="a.csv") == "2,514 rows of a.csv"


def test_a_template_without_values_keeps_its_braces() -> None:
    assert tr("Write {name} where the name goes.") == "Write {name} where the name goes."


def test_values_are_written_as_the_locale_does() -> None:
    text = Message("{n}; {day}; {amount}", n=1234.5, day=date(2026, 12, 1), amount=Amount(1120, "EUR"))
    assert str(text) == "1,234.5; 1 Dec 2026; 1,120.00 EUR"
    with spoken(polish()):
        assert str(text) == "1\xa0234,5; 1 gru 2026; 1\xa0120,00 EUR"


def test_a_text_kept_as_data_is_worded_when_it_is_shown() -> None:
    rows, both, verb = counted("{count} row", "{count} rows", 22), Message("Open"), in_context("verb", "Open")
    assert (str(rows), str(both), str(verb)) == ("22 rows", "Open", "Open")
    with spoken(polish()):
        assert (str(rows), str(both), str(verb)) == ("22 wiersze", "Otwarty", "Otwórz")
        assert trn("{count} row", "{count} rows", 25) == "25 wierszy"
        assert trc("verb", "Open") == "Otwórz"


def test_a_translation_that_misnames_a_value_doesnt_hide_the_text() -> None:
    with spoken(polish()):
        assert tr("{name} is in use.", name="sw-1") == "sw-1 is in use."


def test_an_errors_text_is_worded_when_it_is_shown() -> None:
    error = NotFound(Message("{name} is in use.", name="sw-1"), (counted("{count} row", "{count} rows", 2),))
    assert (str(error), error.details) == ("sw-1 is in use.", ("2 rows",))
    with spoken():
        assert plain_words(str(error)) == ["sw"]
        assert plain_words(error.details[0]) == []


def test_statements_make_a_chain() -> None:
    assert str(chain([])) == ""
    assert not chain([])
    assert str(chain([Message("a"), Message("b"), Message("c")])) == "a; b; c"
    assert str(chain(map(verbatim, map(str, range(2_000))))) == "; ".join(map(str, range(2_000)))


leaves = (
    st.text(max_size=5)
    | st.integers()
    | st.decimals(allow_nan=False, allow_infinity=False, places=4)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.builds(Amount, st.decimals(allow_nan=False, allow_infinity=False, places=2), st.sampled_from(["", "EUR"]))
    | st.builds(Size, st.integers(0, 10**12))
    | st.builds(Percent, st.sampled_from([0.0, 0.25, 1.0]))
    | st.builds(Plain, st.integers(0, 9999))
)


@given(st.recursive(leaves, lambda inner: st.builds(lambda v: Message("{a}!", a=v), inner) | st.tuples(inner, inner)))
def test_a_text_is_kept_as_json_and_comes_back(value: object) -> None:
    for text in (Message("{a}", a=value), counted("{a} {count}", "{a} {count}s", 2, a=value), in_context("c", "x")):
        again = from_data(json.loads(json.dumps(text.data())))
        assert again == text
        assert (again.many, again.count, again.context, hash(again)) == (
            text.many,
            text.count,
            text.context,
            hash(text),
        )


def test_the_pseudo_locale_leaves_no_plain_word() -> None:
    assert plain_words(pseudo("Open the {file} now")) == ["file"]
    assert len(pseudo("Installed software")) >= 1.4 * len("Installed software")


def test_moments_and_money_are_exact() -> None:
    assert str(Message("{a}", a=Amount(Decimal("0.10"), "USD"))) == "0.10 USD"
    assert str(Message("{a}", a=datetime(2026, 3, 1, 9, 5).astimezone())) == "1 Mar 2026, 09:05"


def test_what_a_person_typed_is_shown_as_it_is() -> None:
    with spoken():
        assert str(verbatim("Room {1}")) == "Room {1}"


def test_no_text_stays_none() -> None:
    assert tr("") == ""
    with spoken(polish()):
        assert tr("") == ""


def test_values_keep_their_braces_and_are_written_as_english_does() -> None:
    cost = Amount(1120, "EUR")
    text = Message("{name}: {short} cores short: {cost} to true up", name="host{1}", short=2514, cost=cost)
    assert str(text) == "host{1}: 2,514 cores short: 1,120.00 EUR to true up"
