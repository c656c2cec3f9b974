"""Texts in a column of text: what is stored is read again as the same text."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.formats import Plain
from cmdb.model.language import Language
from cmdb.model.messages import Message, counted, from_data
from cmdb.model.stored_texts import from_stored, stored
from tests.pseudo_locale import PSEUDO, plain_words, spoken


@given(st.text())
def test_words_of_a_person_stay_as_they_are(words: str) -> None:
    assert str(from_stored(stored(words))) == words


@pytest.mark.parametrize("words", ["new starter", "", "Löschen „sofort“"])
def test_plain_words_are_stored_plainly(words: str) -> None:
    assert stored(words) == words
    assert from_stored(words) == words


def test_words_that_look_like_a_text_of_the_program_stay_words() -> None:
    words = '{"text":"Made a {cls}"}'
    assert str(from_stored(stored(words))) == words
    assert from_stored('{"text":') == '{"text":'


def test_a_text_of_the_program_is_worded_when_it_is_shown() -> None:
    text = counted(
        "{count} row of {file}", "{count} rows of {file}", 3, file=Message("revision {number}", number=Plain(2026))
    )
    dated = Message("Retired on {day}: {note}", day=date(2026, 7, 1), note="too old")
    assert (from_stored(stored(text)), from_stored(stored(dated))) == (text, dated)
    assert str(from_stored(stored(dated))) == "Retired on 1 Jul 2026: too old"
    with spoken():
        assert not plain_words(str(from_stored(stored(text))))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["text", "values", "many", "count", "context", "time", "date", "decimal", "amount",
                             "currency", "bytes", "share", "plain", "a"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from(["{a}", "{a.x} {a[0]} {a:>200000000}", "{b}", "{", "{}", "{0} {a!r}"]), _VALUES)
def test_a_text_that_was_changed_by_hand_is_shown_as_far_as_it_can_be(template: str, value: object) -> None:
    for data in ({"text": template, "values": {"a": value}}, {"text": template, "values": value}, value):
        content = json.dumps(data)
        for language in (Language(), PSEUDO):
            with spoken(language):
                assert len(str(from_stored('{"text":' + content + "}"))) < 10_000
                assert len(str(from_stored(content.replace('"text": ', '"text":')))) < 10_000
                assert len(str(from_data(data))) < 10_000


def test_deep_nesting_and_huge_numbers_are_no_fault() -> None:
    deep = '{"text":"{a}","values":{"a":' * 5_000 + "1" + "}}" * 5_000
    assert str(from_stored(deep))
    for digits in ("1E+999999", "NaN", "9" * 5_000):
        assert str(from_data({"text": "{a}", "values": {"a": {"decimal": digits}}}))
        assert str(from_data({"text": "{a}", "values": {"a": {"amount": digits, "currency": "EUR"}}}))
