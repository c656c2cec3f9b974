"""Links that a source sees end where it sees them no more, and stay where somebody else says so."""

from __future__ import annotations

import pytest

from cmdb.model.observation import Link, NamedReference, Observation, Reading, Source
from cmdb.model.revision import Edit, Record, Revision
from cmdb.model.schema import Schema
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet


@pytest.fixture
def memory(schema: Schema) -> ReconciledEstate:
    made = ReconciledEstate(schema)
    made.take(sheet(*(Observation("switch", {"name": name}) for name in ("sw-1", "sw-2", "sw-3"))))
    return made


def look(day: int, *neighbours: str, whole: bool = True, source: str = "snmp", of: str = "sw-1") -> Reading:
    """What a source sees of the neighbours of a switch."""
    links = [Link("connected_to", named, known_as=(named,)) for n in neighbours for named in [_named(n)]]
    details = {"neighbours": [{"port": f"Gi{n}", "system": name} for n, name in enumerate(neighbours)]}
    one = Observation("switch", {"name": of}, links=links, details=details)  # type: ignore[arg-type]
    one.sections = ("neighbours",) if whole else ()
    return Reading(Source("scan", source), f"2026-03-0{day}T08:00:00Z", [one], read=1)


def _named(name: str) -> NamedReference:
    return NamedReference("hardware", name)


def linked(estate: ReconciledEstate) -> dict[frozenset[str], list[str] | None]:
    """The names of both ends → who says that they are connected."""
    return {
        frozenset(estate.values[uid]["name"] for uid in ends): fields.get("stated_by")
        for (_, *ends), fields in estate.records["relationship"].items()
    }


TWO, THREE = frozenset({"sw-1", "sw-2"}), frozenset({"sw-1", "sw-3"})


def test_a_neighbour_that_is_not_seen_any_more_is_linked_no_more(estate: ReconciledEstate) -> None:
    estate.take(sheet(*(Observation("switch", {"name": name}) for name in ("sw-1", "sw-2", "sw-3"))))
    assert estate.take(look(1, "sw-2", "sw-3")).relationships == 2
    later = estate.take(look(2, "sw-3"))
    assert (later.relationships, later.ended) == (0, 1)
    assert linked(estate) == {THREE: ["scan:snmp"]}
    assert list(estate.propose(look(2, "sw-3")).revision.edits) == []


def test_only_a_whole_look_ends_a_link(memory: ReconciledEstate) -> None:
    memory.take(look(1, "sw-2", "sw-3"))
    assert memory.take(look(2, "sw-3", whole=False)).ended == 0
    assert linked(memory).keys() == {TWO, THREE}


def test_what_another_source_or_a_person_says_stays(memory: ReconciledEstate) -> None:
    memory.take(look(1, "sw-2", "sw-3"))
    memory.take(look(1, "sw-1", source="other", of="sw-2"))
    one, three = memory.uid("sw-1"), memory.uid("sw-3")
    (own,) = (key for key in memory.records["relationship"] if set(key[1:]) == {one, three})
    memory.apply(Revision([Edit(Record("relationship", own), "note", None, "patched by hand")], "tester"))
    assert memory.take(look(2)).ended == 0
    assert linked(memory) == {TWO: ["scan:other"], THREE: ["scan:snmp"]}
    memory.take(look(3, source="other", of="sw-2"))
    assert linked(memory).keys() == {THREE}


def test_one_source_ends_and_another_begins_to_say_it_in_one_import(memory: ReconciledEstate) -> None:
    memory.take(look(1, "sw-2"))
    memory.take(look(2), look(2, "sw-1", source="other", of="sw-2"))
    assert linked(memory) == {TWO: ["scan:other"]}


def test_an_older_look_brings_nothing_back_and_ends_nothing(memory: ReconciledEstate) -> None:
    memory.take(look(3, "sw-2"), look(2, "sw-3"))
    assert linked(memory).keys() == {TWO}
    assert memory.take(look(1, "sw-3")).relationships == 0
    assert linked(memory).keys() == {TWO}


def test_a_neighbour_whose_name_several_records_have_is_in_doubt_and_ends_nothing(memory: ReconciledEstate) -> None:
    memory.take(look(1, "sw-2"))
    memory.take(sheet(Observation("router", {"name": "sw-2"}), file="more.xlsx"))
    assert memory.take(look(2, "sw-2")).ended == 0
    assert linked(memory).keys() == {TWO}


def test_displays_end_by_the_section_of_displays_alone(memory: ReconciledEstate) -> None:
    def desk(day: int, *monitors: str, whole: tuple[str, ...]) -> Reading:
        computer = NamedReference("laptop", "nb-1", (("serial_number", "PF1ABCDE"),))
        own = Observation("laptop", {"name": "nb-1", "serial_number": "PF1ABCDE"}, sections=whole)
        seen = [
            Observation("monitor", {"name": m, "serial_number": m}, links=[Link("connected_to", computer)])
            for m in monitors
        ]
        return scan(own, *seen, observed=f"2026-03-0{day}T08:00:00Z")

    memory.take(desk(1, "CN0ABC111", "CN0ABC222", whole=("displays", "neighbours")))
    assert memory.take(desk(2, whole=("neighbours",))).ended == 0
    assert memory.take(desk(3, "CN0ABC222", whole=("displays",))).ended == 1
    assert linked(memory).keys() == {frozenset({"nb-1", "CN0ABC222"})}
