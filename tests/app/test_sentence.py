"""Sentences keep their values apart until they are shown."""

from __future__ import annotations

from app.sentence import Amount, Sentence, plural


def test_numbers_and_amounts_are_written_as_english_does() -> None:
    said = Sentence("{number} cores short: {cost} to true up", {"number": 2514, "cost": Amount(1120, "EUR")})
    assert str(said) == "2,514 cores short: 1,120.00 EUR to true up"
    assert str(Amount(5)) == "5.00"


def test_a_name_with_braces_is_shown_as_it_is() -> None:
    assert str(Sentence("{name} failed", {"name": "host{1}"})) == "host{1} failed"


def test_one_or_many() -> None:
    assert [plural(1, "member"), plural(2, "member"), plural(2, "entry", "entries")] == ["member", "members", "entries"]
