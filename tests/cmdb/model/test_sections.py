"""Sections as a schema declares them."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.errors import SchemaError
from cmdb.model.schema import Schema
from cmdb.model.schema_languages import section_texts
from tests.pseudo_locale import plain_words, spoken

RACK: dict[str, Any] = {
    "label": "Rail", "of": ["rack"], "identifies": ["number"],
    "columns": {"number": {"type": "integer"}, "load": {"type": "number", "unit": "kg", "volatile": True}},
    "languages": {"de": {"label": "Schiene"}},
}  # fmt: skip


def schema(**section: Any) -> Schema:
    return Schema.load(extra=[{"section": {"rails": {**RACK, **section}}}])


def test_an_estates_own_section_is_like_any() -> None:
    found = schema()
    rails = found.section("rails")
    assert (rails.label, rails.columns["number"].label, rails.is_volatile("load")) == ("Rail", "Number", True)
    assert found.find_section("RAIL") is rails
    assert "rails" in {one.name for one in found.sections_of("rack")}
    assert "rails" not in {one.name for one in found.sections_of("laptop")}
    assert "memory_modules" in {one.name for one in found.sections_of("laptop")}, "classes inherit them"


def test_an_entry_over_a_section_keeps_what_it_does_not_name() -> None:
    own = {"section": {"disks": {"columns": {"bay": {}, "model": {"label": "Type of disk"}}}}}
    disks = Schema.load(extra=[own]).section("disks")
    assert (disks.columns["model"].label, disks.columns["bay"].type) == ("Type of disk", "text")
    assert disks.columns["serial_number"].searched


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        ({"of": []}, "no class"),
        ({"of": ["unicorn"]}, "unicorn"),
        ({"columns": {}}, "no columns"),
        ({"identifies": ["colour"]}, "colour"),
        ({"identifies": ["load"]}, "volatile"),
        ({"columns": {"number": {"type": "money"}}}, "unknown type"),
        ({"columns": {"number": {}, "source": {}}}, "source"),
        ({"columns": {"number": {"type": "choice"}}}, "choices"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_contradicts_itself_is_refused(section: dict[str, Any], problem: str) -> None:
    with pytest.raises(SchemaError, match=problem):
        _ = schema(**section).sections


def test_its_words_are_translated() -> None:
    with spoken():
        found = schema()
        left = [word for text in section_texts(found.sections) if text for word in plain_words(text)]
    assert [word for word in left if word not in ("Rail", "Number", "Load", "kg")] == []
