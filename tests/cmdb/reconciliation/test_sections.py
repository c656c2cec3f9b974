"""Rows of sections: what a source sees of a record in rows is kept, compared, and left alone where nothing is new."""

from __future__ import annotations

from random import Random
from typing import Any

from cmdb.model.observation import Observation, Reading, Source
from cmdb.model.schema import Schema
from cmdb.model.section_rows import SeenSection, keyed_row, seen_section
from tests.cmdb.reconciliation.estate import ReconciledEstate

MODULES = [
    {"slot": 1, "slot_name": "DIMM A", "size": 8192, "serial_number": "M-1"},
    {"slot": 2, "slot_name": "DIMM B", "size": 8192, "serial_number": "M-2"},
]
VOLUMES = [{"mount": "/", "size": 1000, "free": 400}, {"mount": "/home", "size": 5000, "free": 100}]


def seen(day: int, source: str = "agent", whole: tuple[str, ...] = (), **details: list[dict[str, Any]]) -> Reading:
    computer = Observation("laptop", {"name": "nb-1", "serial_number": "PF1ABCDE"}, details=details)
    computer.sections = whole or tuple(details)
    return Reading(Source("scan", source), f"2026-03-0{day}T08:00:00Z", [computer], read=1)


def rows(estate: ReconciledEstate) -> dict[tuple[str, ...], dict[str, Any]]:
    return {key[1:]: fields for key, fields in estate.records.get("section", {}).items()}


def edits(estate: ReconciledEstate, reading: Reading) -> list[tuple[str, str, Any]]:
    found = estate.propose(reading).revision.edits
    return [(e.record.kind, e.field, e.after) for e in found if e.record.kind in ("section", "sighting")]


def test_what_is_seen_is_kept_and_seen_again_is_one_sighting(estate: ReconciledEstate) -> None:
    taken = estate.take(seen(1, memory_modules=MODULES, volumes=VOLUMES))
    assert taken.sections["memory_modules"] == (2, 0, 0)
    assert rows(estate)["memory_modules", "scan:agent", "1|dimm a"] == MODULES[0]
    assert rows(estate)["volumes", "scan:agent", "/||"] == {"mount": "/", "size": 1000}, "free space has no history"
    again = seen(2, memory_modules=list(reversed(MODULES)), volumes=[{**v, "free": 7} for v in VOLUMES])
    assert edits(estate, again) == [("sighting", "observed", "2026-03-02T08:00:00Z")] * 2


def test_a_replaced_module_is_one_changed_row(estate: ReconciledEstate) -> None:
    estate.take(seen(1, memory_modules=MODULES))
    taken = estate.take(seen(2, memory_modules=[MODULES[0], {**MODULES[1], "serial_number": "M-3"}]))
    assert taken.sections == {"memory_modules": (0, 1, 0)}
    assert rows(estate)["memory_modules", "scan:agent", "2|dimm b"]["serial_number"] == "M-3"


def test_what_is_seen_no_more_goes_but_only_from_a_whole_list(estate: ReconciledEstate) -> None:
    estate.take(seen(1, memory_modules=MODULES))
    assert edits(estate, seen(2, whole=("volumes",), memory_modules=MODULES[:1])) == []
    estate.take(seen(2, memory_modules=MODULES[:1]))
    assert [key[2] for key in rows(estate)] == ["1|dimm a"]
    estate.take(seen(3, memory_modules=[]))
    assert rows(estate) == {}


def test_an_older_look_changes_nothing(estate: ReconciledEstate) -> None:
    estate.take(seen(3, memory_modules=MODULES))
    assert edits(estate, seen(2, memory_modules=MODULES[:1])) == []


def test_names_that_the_reading_computer_does_not_know_are_no_change(estate: ReconciledEstate) -> None:
    number = {"pci_slot": "00:1f.6", "name": "Ethernet", "vendor_id": "8086"}
    named = {**number, "manufacturer": "Intel Corporation"}
    estate.take(seen(1, controllers=[named]))
    taken = estate.take(seen(2, controllers=[number]))
    assert (taken.sections, [*rows(estate).values()]) == ({}, [named])
    again = seen(3, controllers=[number])
    assert edits(estate, again) == [("sighting", "observed", "2026-03-03T08:00:00Z")]
    estate.take(seen(4, controllers=[named]))
    assert [*rows(estate).values()] == [named]
    other = {**number, "vendor_id": "10ec"}
    assert estate.take(seen(5, controllers=[other])).sections == {"controllers": (0, 1, 0)}
    assert [*rows(estate).values()] == [other], "another card has another maker"


def test_two_sources_stay_apart(estate: ReconciledEstate) -> None:
    estate.take(seen(1, memory_modules=MODULES))
    estate.take(seen(2, "other", memory_modules=MODULES[:1]))
    assert sorted(key[1] for key in rows(estate)) == ["scan:agent", "scan:agent", "scan:other"]


def test_a_value_that_is_none_of_its_column_is_named_and_left_out(estate: ReconciledEstate) -> None:
    taken = estate.take(seen(1, memory_modules=[{"slot": "one", "size": 8192, "colour": "green"}], racks=[{"u": 1}]))
    assert rows(estate) == {("memory_modules", "scan:agent", ""): {"size": 8192}}
    assert sorted(one.code for one in taken.problems) == ["section.class", "section.value", "section.value"]


def test_the_order_of_rows_changes_nothing() -> None:
    section = Schema.load().section("usb_devices")
    rows: list[dict[str, Any]] = [{"name": "hub"}, {"name": "key"}, {"name": "hub"}, {"serial_number": "1"}]

    def seen_so() -> SeenSection:
        return seen_section(section, [keyed_row(section, row) for row in rows])

    first = seen_so()
    assert list(first.rows) == ["", "#2", "#3", "||1"], "equal ones are numbered"
    for seed in range(20):
        Random(seed).shuffle(rows)
        assert (seen_so(), seen_so().digest) == (first, first.digest)


def test_processes_come_and_go_without_a_history() -> None:
    section = Schema.load().section("processes")
    known: list[dict[str, Any]] = [{"program": "sshd", "pid": 7}, {"program": "cron", "pid": 8}]
    one = seen_section(section, [keyed_row(section, row) for row in known])
    other = seen_section(section, [keyed_row(section, {"program": "sshd", "pid": 9})])
    assert one.rows == other.rows == {"": b"{}"}
    assert list(one.now.values()) == known


def test_a_source_that_an_estate_knows_by_an_earlier_name_goes_on_under_it(estate: ReconciledEstate) -> None:
    estate.take(seen(1, "pc-1", memory_modules=MODULES))
    later = seen(2, "GLPI-Agent pc-1", memory_modules=MODULES[:1])
    later.former_source = "scan:pc-1"
    assert estate.take(later).sections == {"memory_modules": (0, 0, 1)}, "what is gone is gone"
    assert {key[1] for key in rows(estate)} == {"scan:pc-1"}
    other = seen(3, "GLPI-Agent pc-2", memory_modules=MODULES[:1])
    other.former_source = "scan:pc-2"
    estate.take(other)
    assert {key[1] for key in rows(estate)} == {"scan:pc-1", "scan:GLPI-Agent pc-2"}, "there was no such source"
