"""Which sources state a relationship, a group, a membership, an installation or an assignment."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.observation import (
    InstalledSoftware,
    NamedReference,
    Observation,
    ObservedAssignment,
    ObservedInstallation,
    ObservedLink,
    Origin,
    Reading,
    Source,
)
from cmdb.model.revision import Edit, Revision
from tests.cmdb.reconciliation.estate import ReconciledEstate, sheet

KINDS = ("relationship", "group", "membership", "installation", "assignment")


def stated(kind: str, name: str, group: str = "Hosts") -> Reading:
    """A source that states one record of each kind."""
    link = ObservedLink(
        NamedReference("", "erp"), "depends_on", NamedReference("", "esx-1"), group, "1", Origin(name, "R", 1)
    )
    software = ObservedInstallation(NamedReference("computer", "esx-1"), InstalledSoftware("Visio", "Microsoft"))
    held = ObservedAssignment(NamedReference("entitlement", "Visio 2021"), NamedReference("person", "Ada"))
    source = Source(kind, name)  # type: ignore[arg-type]
    more: Any = {"links": [link], "installations": [software], "assignments": [held]}
    return Reading(source, "2026-03-02T10:00:00Z", [], read=3, **more)


@pytest.fixture
def stocked(estate: ReconciledEstate) -> ReconciledEstate:
    rows = [
        Observation("server", {"name": "esx-1"}),
        Observation("application", {"name": "erp"}),
        Observation("person", {"name": "Ada"}),
        Observation("entitlement", {"name": "Visio 2021", "product": "Visio", "metric": "device", "quantity": 5}),
    ]
    taken = estate.take(sheet(*rows))
    assert taken.problems == []
    return estate


def sources(estate: ReconciledEstate) -> dict[str, Any]:
    """Kind → the sources of its one record."""
    return {kind: next(iter(estate.records[kind].values())).get("stated_by") for kind in KINDS}


def of_kinds(edits: Any) -> list[Edit]:
    return [edit for edit in edits if edit.record.kind in KINDS]


def test_what_a_source_creates_names_it_and_saying_it_again_writes_nothing(stocked: ReconciledEstate) -> None:
    first = stocked.take(stated("import", "glpi.json"))
    assert sources(stocked) == {kind: ["import:glpi.json"] for kind in KINDS}
    assert (first.relationships, first.installed, first.assigned) == (1, 1, 1)
    again = stocked.propose(stated("import", "glpi.json"))
    assert list(again.revision.edits) == []


def test_another_source_adds_itself_with_one_edit_of_each(stocked: ReconciledEstate) -> None:
    stocked.take(stated("import", "glpi.json"))
    other = stocked.take(stated("sheet", "links.xlsx"))
    edits = of_kinds(other.revision.edits)
    assert [(e.field, e.after) for e in edits] == [("stated_by", ["import:glpi.json", "sheet:links.xlsx"])] * 5
    assert (other.relationships, other.installed, other.assigned) == (0, 0, 0)
    assert sources(stocked) == {kind: ["import:glpi.json", "sheet:links.xlsx"] for kind in KINDS}


def test_a_list_under_another_file_name_repeats_what_a_list_said(stocked: ReconciledEstate) -> None:
    stocked.take(stated("sheet", "links-07.xlsx"))
    again = stocked.propose(stated("sheet", "links-08.xlsx"))
    assert of_kinds(again.revision.edits) == []


def test_two_sources_of_one_import_are_both_named(stocked: ReconciledEstate) -> None:
    stocked.take(stated("import", "b.json"), stated("import", "a.json"))
    assert sources(stocked) == {kind: ["import:a.json", "import:b.json"] for kind in KINDS}


def test_what_a_person_made_stays_made_by_hand(stocked: ReconciledEstate) -> None:
    made = stocked.propose(stated("import", "glpi.json")).revision.edits
    by_hand = [
        e._replace(after={n: v for n, v in e.after.items() if n != "stated_by"})  # type: ignore[union-attr]
        for e in made
    ]
    stocked.apply(Revision(by_hand, "tester"))
    assert of_kinds(stocked.propose(stated("import", "glpi.json")).revision.edits) == []
