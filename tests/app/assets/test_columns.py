"""Which columns a list has."""

from __future__ import annotations

from app.assets.columns import CLASS, choices, column_attributes, column_names
from cmdb.model.schema import Schema

SCHEMA = Schema.load()


def test_a_class_with_subclasses_says_which() -> None:
    assert column_names(SCHEMA, "laptop") == list(SCHEMA.cls("laptop").columns)
    assert "class" in column_names(SCHEMA, "ci")
    assert column_names(SCHEMA, "ci", ["name"]) == ["name"], "what a person chose stands"


def test_unknown_columns_are_left_out() -> None:
    found = column_attributes(SCHEMA, "laptop", ["name", "class", "colour", "status"])
    assert [one.name for one in found] == ["name", "class", "status"]
    assert found[1].name == CLASS
    assert {one.name for one in choices(SCHEMA, "laptop")} == {"class", *SCHEMA.all_attributes("laptop")}
