"""Keyboard layouts: what a computer types of a code, and back."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes.commands import CodeCommand
from app.codes.keyboards import TEST_CODE, Typing, is_test_code, layouts, read_test
from app.codes.short_codes import LETTERS

PAIRS = [(scanner, computer) for scanner in layouts() for computer in layouts() if scanner != computer]
_TAGS = string.ascii_letters + string.digits + "-_/.:#?&*"


@pytest.mark.parametrize(
    ("scanner", "computer", "code", "typed"),
    [
        ("us", "de", "A-1:Y/z", "Aß1ÖZ-y"),
        ("us", "de", "https://a.example/ht/A10", "httpsÖ--a.example-ht-A10"),
        ("us", "de", "?assetTag=A1", "_assetTagÁ1"),
        ("us", "fr", "A-10244", "Q)&àé''"),
        ("us", "es", "N:1-2", "NÑ1'2"),
        ("us", "ch", "A-1:Y", "A'1éZ"),
        ("de", "us", "A-1", "A/1"),
        ("us", "tr", "ID-1", "ID*1"),
    ],
)
def test_what_a_computer_types_and_what_was_meant(scanner: str, computer: str, code: str, typed: str) -> None:
    typing = Typing(scanner, computer)
    assert typing.typed(code) == typed
    assert typing.meant(typed) == code


@given(st.sampled_from(PAIRS), st.text(_TAGS, max_size=30))
def test_there_and_back(pair: tuple[str, str], code: str) -> None:
    typing = Typing(*pair)
    waits = layouts()[pair[1]].dead
    plain = "".join(
        one for one in code if not set(typing.typed(one)) & waits and typing.meant(typing.typed(one)) == one
    )
    assert typing.meant(typing.typed(plain)) == plain


@given(st.sampled_from(PAIRS), st.text(max_size=50))
def test_any_text_can_be_typed_and_read(pair: tuple[str, str], text: str) -> None:
    typing = Typing(*pair)
    assert isinstance(typing.meant(typing.typed(text)), str)
    assert isinstance(typing.meant(text), str)


def test_letters_digits_and_signs_of_tags_come_back_from_every_keyboard() -> None:
    for _, computer in PAIRS:
        if computer == "us":
            continue
        typing = Typing("us", computer)
        lost = [one for one in _TAGS if typing.meant(typing.typed(one)) != one]
        assert not lost, (computer, lost)


def test_the_codes_of_labels_and_commands_are_typed_alike_everywhere() -> None:
    for pair in PAIRS:
        for code in (LETTERS, *(one.value for one in CodeCommand)):
            assert Typing(*pair).typed(code) == code, pair


def test_the_test_code_tells_the_layouts_apart() -> None:
    for pair in PAIRS:
        typed = Typing(*pair).typed(TEST_CODE)
        assert is_test_code(typed)
        found = read_test(typed)
        assert found.typing is not None or found.same
        if pair[0] == "us":
            assert found.typing == Typing(*pair)
            assert found.typing.meant(typed) == TEST_CODE
    assert read_test(TEST_CODE).same
    assert read_test(TEST_CODE.swapcase()).caps_lock
    assert read_test("xtest1234567890ß?Ö").caps_lock
    strange = read_test("XTESTnonsense")
    assert (strange.typing, strange.same, strange.caps_lock) == (None, False, False)
    assert "manual" in str(strange.words)
