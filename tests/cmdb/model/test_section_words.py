"""Rows of sections in words."""

from __future__ import annotations

from cmdb.model.revision import Record
from cmdb.model.schema import Schema
from cmdb.model.section_rows import row_key
from cmdb.model.section_words import row_title, row_words, shown_value

SCHEMA = Schema.load()
MODULE = Record("section", ("id", "memory_modules", "scan:agent", "1|dimm a"))


def test_a_row_is_called_by_what_identifies_it() -> None:
    section = SCHEMA.section("memory_modules")
    assert row_title(section, "1|dimm a", {"slot": 1, "slot_name": "DIMM A", "size": 8192}) == "Slot 1 DIMM A"
    assert row_title(section, "", {"size": 8192, "type": "DDR4"}) == "8 GiB DDR4"
    assert row_title(section, "1|dimm a#2") == "Slot 1 dimm a #2"


def test_a_long_key_is_cut_and_stays_its_rows_own() -> None:
    section = SCHEMA.section("software_details")
    rows = [{"name": "A program with a very long name indeed", "version": f"1.0.{n}", "publisher": "P"} for n in (1, 2)]
    one, other = (row_key(section, row) for row in rows)
    assert one != other
    assert len(one) == 44
    assert row_title(section, f"{one}#2") == "a program with a very long name i… #2"


def test_values_have_their_units() -> None:
    columns = SCHEMA.section("volumes").columns
    assert shown_value(columns["size"], 512 << 30) == "512 GiB"
    assert shown_value(columns["system"], True) == "Yes"
    assert shown_value(columns["label"], None) == ""


def test_a_row_that_stays_says_what_differs_and_one_that_came_what_it_is() -> None:
    before = {"slot": 1, "slot_name": "DIMM A", "size": 16384, "type": "DDR4", "serial_number": "M-1"}
    after = {**before, "size": 32768, "serial_number": "M-2", "model": "X"}
    assert row_words(SCHEMA, MODULE, before, after) == (
        "Memory module Slot 1 DIMM A",
        "Size 16 GiB, Model –, Serial number M-1",
        "Size 32 GiB, Model X, Serial number M-2",
    )
    assert row_words(SCHEMA, MODULE, None, before) == (
        "Memory module", "", "Slot 1 DIMM A, Size 16 GiB, Type DDR4, Serial number M-1",
    )  # fmt: skip
    assert row_words(SCHEMA, Record("section", ("id", "processes", "scan:agent", "")), {}, None) == (
        "Processes", "rows, the last ones only", "",
    )  # fmt: skip
    assert row_words(SCHEMA, Record("section", ("id", "gone", "a", "k")), None, {"x": 1}) == ("gone", "", "x 1")
