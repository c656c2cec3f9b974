"""A filter as its conditions: named, changed, taken out, joined otherwise."""

from __future__ import annotations

import pytest

from app.filter_conditions import conditions_of
from cmdb.model import query
from cmdb.model.schema import Schema

SCHEMA = Schema.load()


@pytest.mark.parametrize(
    ("typed", "words", "any_of"),
    [
        ("", [], False),
        ("dell latitude", ["“dell latitude” somewhere"], False),
        ("status = ", [], False),
        ("status = Lost", ["Status is Lost"], False),
        ("status = Lost and location is empty", ["Status is Lost", "Location is empty"], False),
        ("status = Lost or not phase = live", ["Status is Lost", "not: Phase is Live"], True),
        ("(status = Lost or name ~ a) and model = X", ["Status is Lost or Name contains a", "Model is X"], False),
    ],
)
def test_conditions_are_named(typed: str, words: list[str], any_of: bool) -> None:
    found = conditions_of(SCHEMA, "laptop", typed)
    assert [one.words for one in found.parts] == words
    assert found.any == any_of
    if found.parts and words[0][0] != "“":
        assert query.parse(found.text()) == query.parse(typed)


def test_conditions_are_changed_taken_out_and_joined_otherwise() -> None:
    found = conditions_of(SCHEMA, "laptop", "(status = Lost or name ~ a) and model = X and location is empty")
    assert found.without(1).text() == "(status = Lost or name ~ a) and location is empty"
    assert found.changed(1, "model = Y").text() == "(status = Lost or name ~ a) and model = Y and location is empty"
    assert found.turned().text() == "(status = Lost or name ~ a) or model = X or location is empty"
    assert found.turned().turned() == found
    assert found.without(0).without(0).without(0).text() == ""
