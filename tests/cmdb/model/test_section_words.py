"""Rows of sections in words."""

from __future__ import annotations

from cmdb.model.revision import Edit, Record
from cmdb.model.schema import Schema
from cmdb.model.section_words import edit_words, row_title, shown_value

SCHEMA = Schema.load()
MODULE = Record("section", ("id", "memory_modules", "scan:agent", "1|dimm a"))


def test_a_row_is_called_by_what_identifies_it() -> None:
    section = SCHEMA.section("memory_modules")
    assert row_title(section, "1|dimm a", {"slot": 1, "slot_name": "DIMM A", "size": 8192}) == "1 DIMM A"
    assert row_title(section, "", {"size": 8192, "type": "DDR4"}) == "8 GiB DDR4"
    assert row_title(section, "1|dimm a#2") == "1 dimm a #2"


def test_values_have_their_units() -> None:
    columns = SCHEMA.section("volumes").columns
    assert shown_value(columns["size"], 512 << 30) == "512 GiB"
    assert shown_value(columns["system"], True) == "Yes"
    assert shown_value(columns["label"], None) == ""


def test_an_edit_is_of_a_row_or_of_one_of_its_columns() -> None:
    changed = Edit(MODULE, "serial_number", "M-1", "M-2")
    assert edit_words(SCHEMA, changed) == ("Memory module 1 dimm a: Serial number", "M-1", "M-2")
    made = Edit(MODULE, "", None, {"slot": 1, "slot_name": "DIMM A"})
    assert edit_words(SCHEMA, made) == ("Memory module", "", "1 DIMM A")
