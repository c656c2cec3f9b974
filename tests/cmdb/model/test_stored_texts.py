"""Texts in a column of text: what is stored is read again as the same text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted
from cmdb.model.stored_texts import from_stored, stored
from tests.pseudo_language import plain_words, spoken


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
