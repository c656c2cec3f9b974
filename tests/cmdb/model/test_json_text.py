"""JSON from outside fails in one way."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.model.json_text import JsonProblem, parsed


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "not valid JSON (line 1, column 2)"),
        ("[1,\nx]", "not valid JSON (line 2, column 1)"),
        ("", "not valid JSON (line 1, column 1)"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000 + "1", "nested too deeply"),
        ("9" * 5_000, "JSON with a number of thousands of digits"),
        ('{"a": -' + "9" * 5_000 + "}", "JSON with a number of thousands of digits"),
        (b'"\xff"', "not text (byte 1)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(text: str | bytes, reason: str) -> None:
    with pytest.raises(JsonProblem) as caught:
        parsed(text)
    assert str(caught.value.reason) == reason


@given(st.text() | st.binary() | st.text(alphabet='[]{}":,0e-.'))
def test_nothing_else_is_raised(text: str | bytes) -> None:
    with suppress(JsonProblem):
        parsed(text)
