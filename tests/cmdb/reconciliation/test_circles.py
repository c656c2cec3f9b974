"""Rows that would close a circle are rejected with the circle; good rows beside them are taken."""

from __future__ import annotations

import itertools

import pytest

from cmdb.model.observation import NamedReference, Observation, ObservedLink, Origin, Reading, Source
from tests.cmdb.reconciliation.estate import ReconciledEstate, sheet

LATER = "2026-03-05T10:00:00Z"


def place(cls: str, name: str, inside: str = "", row: int = 0) -> Observation:
    values = {"name": name, **({"location": inside} if inside else {})}
    return Observation(cls, values, Origin("places.xlsx", "Sheet", row))


def department(name: str, above: str = "", row: int = 0) -> Observation:
    values = {"name": name, **({"parent_department": above} if above else {})}
    return Observation("department", values, Origin("places.xlsx", "Sheet", row))


def test_a_row_that_puts_a_building_into_its_own_room_is_rejected(estate: ReconciledEstate) -> None:
    estate.take(sheet(place("building", "Building A"), place("room", "Room 1.04", "Building A")))
    rows = [place("building", "Building A", "Room 1.04", 2), place("building", "Building B", "", 3)]
    proposal = estate.take(sheet(*rows, observed=LATER))
    assert (proposal.rejected, proposal.created) == (1, 1), "the good row is taken"
    ((origin, _, reasons),) = proposal.rejects
    assert origin.row == 2
    expected = "Building A would stand in itself: Building A → Room 1.04 → Building A."
    assert [str(reason) for reason in reasons] == [expected]
    (problem,) = proposal.problems
    assert (problem.column, problem.value, problem.row, problem.severity) == ("Location", "Room 1.04", 2, "error")
    assert (str(problem.message), problem.code) == (expected, "hierarchy.circle")
    assert "location" not in estate.get("Building A")


def test_rows_that_close_a_circle_together_are_all_rejected_in_any_order(estate: ReconciledEstate) -> None:
    rows = [
        place("room", "A", "B", 2),
        place("room", "B", "C", 3),
        place("room", "C", "A", 4),
        place("room", "D", "", 5),
    ]
    for order in itertools.permutations(rows):
        proposal = estate.propose(sheet(*order))
        assert (proposal.rejected, proposal.created) == (3, 1)
        assert {origin.row for origin, _, _ in proposal.rejects} == {2, 3, 4}
    assert str(proposal.problems[0].message) == "A would stand in itself: A → B → C → A."
    estate.take(sheet(*rows))
    assert [one["name"] for one in estate.all("room")] == ["D"]


def test_two_records_may_change_places_in_one_import(estate: ReconciledEstate) -> None:
    estate.take(sheet(department("S"), department("A", "S"), department("B", "A")))
    proposal = estate.take(sheet(department("A", "B"), department("B", "S"), observed=LATER))
    assert (proposal.rejected, proposal.updated) == (0, 2)


def test_what_is_rejected_leaves_the_present_in_place_and_that_counts(estate: ReconciledEstate) -> None:
    """A would leave B for C, which is in A; as A stays in B, B cannot go into A either."""
    estate.take(sheet(department("B"), department("A", "B"), department("C", "A")))
    rows = [department("A", "C", 2), department("B", "A", 3)]
    proposal = estate.take(sheet(*rows, observed=LATER))
    assert {origin.row for origin, _, _ in proposal.rejects} == {2, 3}
    assert estate.get("A")["parent_department"] == estate.uid("B")


def test_a_row_of_relationships_is_rejected_alone(estate: ReconciledEstate) -> None:
    estate.take(sheet(place("building", "B-1"), place("room", "R-1", "B-1"), place("room", "R-2")))

    def row(number: int, one: str, kind: str, other: str) -> ObservedLink:
        return ObservedLink(NamedReference("", one), kind, NamedReference("", other), "", "",
                            Origin("links.xlsx", "Sheet", number))  # fmt: skip

    links = [row(2, "B-1", "located_in", "R-1"), row(3, "R-2", "located_in", "R-1")]
    proposal = estate.take(Reading(Source("sheet", "links.xlsx"), LATER, links=links, read=2))
    assert proposal.relationships == 1
    assert [(origin.row, str(why)) for origin, _, (why,) in proposal.rejects] == [
        (2, "B-1 would stand in itself: B-1 → R-1 → B-1.")
    ]
    assert estate.get("R-2")["location"] == estate.uid("R-1")


def test_relationships_and_attributes_close_a_circle_together(estate: ReconciledEstate) -> None:
    estate.take(sheet(Observation("chassis", {"name": "C-1", "rack": "R-1"}), Observation("rack", {"name": "R-1"})))
    link = ObservedLink(NamedReference("rack", "R-1"), "part_of", NamedReference("chassis", "C-1"), "", "",
                        Origin("links.xlsx", "Sheet", 2))  # fmt: skip
    proposal = estate.take(Reading(Source("sheet", "links.xlsx"), LATER, links=[link], read=1))
    assert (proposal.rejected, proposal.relationships) == (1, 0)
    assert str(proposal.problems[0].message) == "R-1 would stand in itself: R-1 → C-1 → R-1."


def test_a_scan_keeps_its_record_without_the_host(estate: ReconciledEstate) -> None:
    def machine(name: str, host: str = "") -> Observation:
        return Observation("virtual_machine", {"name": name, **({"host": host} if host else {})})

    estate.take(sheet(machine("vm-1"), machine("vm-2", "vm-1")))
    seen = Observation("virtual_machine", {"name": "vm-1", "host": "vm-2", "memory": 4096}, Origin(host="vm-1"))
    proposal = estate.take(Reading(Source("scan", "agent"), LATER, [seen], read=1))
    assert proposal.rejected == 0
    assert "host" not in estate.get("vm-1")
    assert any("vm-1 would run on itself: vm-1 → vm-2 → vm-1." in str(one.message) for one in proposal.problems)


@pytest.mark.parametrize("name", ["Ada", "Bo"])
def test_a_person_is_not_their_own_manager(estate: ReconciledEstate, name: str) -> None:
    person = Observation("person", {"name": name, "manager": name}, Origin("people.xlsx", "Sheet", 2))
    proposal = estate.take(sheet(person))
    assert (proposal.rejected, proposal.created) == (1, 0)
    assert str(proposal.problems[0].message) == f"{name} would be their own manager: {name} → {name}."


def test_a_statement_that_does_not_win_closes_nothing(estate: ReconciledEstate) -> None:
    estate.take(sheet(department("S"), department("A", "S"), department("B", "A"), observed=LATER))
    older = sheet(department("A", "B"), file="old.xlsx", observed="2020-01-01T00:00:00Z")
    assert estate.take(older).rejected == 0
    assert estate.get("A")["parent_department"] == estate.uid("S")
