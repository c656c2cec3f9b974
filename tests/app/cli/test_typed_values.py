from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from app.cli.typed_values import typed_moment, typed_value
from cmdb.model.errors import InvalidValue
from cmdb.model.language import Language
from cmdb.model.schema import Attribute, Schema
from tests.app.cli.conftest import Done
from tests.pseudo_locale import spoken

Run = Callable[..., Done]

DAY = Attribute("day", "Day", "date")
COST = Attribute("cost", "Cost", "money")
POWER = Attribute("power", "Power", "number", unit="W")


@pytest.mark.parametrize(
    ("locale", "text", "iso"),
    [
        ("en_GB", "03/04/2026", "2026-04-03"),
        ("en_US", "03/04/2026", "2026-03-04"),
        ("en_US", "31.12.2025", "2025-12-31"),
        ("de_DE", "31.12.2025", "2025-12-31"),
        ("de_DE", "31. Dez. 2025", "2025-12-31"),
        ("ja_JP", "2026年4月3日", "2026-04-03"),
        ("en_GB", "2026-04-03", "2026-04-03"),
    ],
)
def test_dates_are_read_as_the_locale_has_them(locale: str, text: str, iso: str) -> None:
    with spoken(Language(locale)):
        assert typed_value(DAY, text) == iso
        assert typed_moment(text) == iso


@pytest.mark.parametrize("text", ["12", "yesterday", "2026-04-03T10:00", "Year end 2025", "99.99.2025", "20251231"])
def test_other_moments_stay_as_they_are(text: str) -> None:
    assert typed_moment(text) == text


@pytest.mark.parametrize(
    ("locale", "attribute", "text", "currency", "value"),
    [
        ("en_GB", COST, "1,234.50", "EUR", 1234.5),
        ("de_DE", COST, "1234.5", "EUR", 1234.5),
        ("de_DE", COST, "1.234,50", "EUR", 1234.5),
        ("en_GB", COST, "EUR 5", "EUR", 5.0),
        ("en_GB", COST, "$5", "CAD", 5.0),
        ("en_GB", COST, "5.125", "KWD", 5.125),
        ("en_GB", COST, "5.1255", "KWD", None),
        ("en_GB", COST, "5.5", "JPY", None),
        ("en_GB", COST, "5.005", "EUR", None),
        ("en_GB", COST, "1.005", "", None),
        ("en_GB", COST, "USD 5", "EUR", None),
        ("en_GB", COST, "USD 5", "", None),
        ("de_DE", COST, "1.234", "EUR", None),
        ("de_DE", COST, "1,234 EUR", "EUR", None),
        ("de_DE", POWER, "1.234", "", None),
        ("de_DE", POWER, "1.2345 W", "", 1.2345),
        ("en_GB", POWER, "1.234", "", 1.234),
    ],
)
def test_amounts_are_never_rounded_nor_read_in_two_ways(
    locale: str, attribute: Attribute, text: str, currency: str, value: float | None
) -> None:
    with spoken(Language(locale)):
        if value is None:
            with pytest.raises(InvalidValue, match="can't be"):
                typed_value(attribute, text, currency)
        else:
            assert typed_value(attribute, text, currency) == Decimal(str(value))


def test_set_asks_the_records_currency(terrier: Run, estate: Path) -> None:
    assert terrier("set", "A-3", "purchase_cost=USD 5").status == 2
    assert terrier("set", "A-3", "purchase_cost=USD 5", "currency=USD").status == 0
    done = terrier("set", "A-3", "purchase_cost=EUR 5")
    assert done.status == 2
    assert "USD" in done.err
    assert terrier("show", "A-3", "--json").json["attributes"]["purchase_cost"] == 5


def test_moments_and_dates_are_typed_in_the_same_way(terrier: Run, estate: Path) -> None:
    for words in (["list", "--as-of", "31.12.2099"], ["licences", "--as-of", "31.12.2025"]):
        done = terrier(*words, "--json")
        assert done.status == 0, done.err
    assert "2025-12-31" in terrier("licences", "--as-of", "31.12.2025").out
    assert terrier("retire", "A-3", "--at", "03/02/2026").status == 0
    assert terrier("baseline", "31.12.2025").status == 0
    assert terrier("list", "--as-of", "31.12.2025").out


def test_every_currency_attribute_is_named_so() -> None:
    for cls in Schema.load().classes.values():
        money = [one for one in cls.attributes.values() if one.type == "money"]
        assert not money or "currency" in cls.attributes, cls.name


def test_who_is_refused_is_told_why_and_nothing_else(terrier: Run, estate: Path) -> None:
    refused = terrier("create", "LT-1", "name=A\x1f")
    assert (refused.status, len(refused.err.splitlines())) == (2, 1)
    assert "There is no class “LT-1”." in refused.err
    assert "U+001F" in terrier("create", "Laptop", "name=A\x1f").err
