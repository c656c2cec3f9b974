"""A cell that takes one person and names several, and one person who is written in several ways."""

from __future__ import annotations

import pytest

from cmdb.model.observation import Link, NamedReference, Observation
from cmdb.model.schema import Schema
from tests.cmdb.reconciliation.estate import ReconciledEstate, sheet

ANN = Observation("person", {"name": "Ann Lee", "email": "ann@example.org", "user_name": "alee"})
BOB = Observation("person", {"name": "Bob Roe", "user_name": "broe"})


@pytest.fixture(scope="module")
def known() -> ReconciledEstate:
    """Where Ann Lee and Bob Roe are known. Tests only propose."""
    estate = ReconciledEstate(Schema.load())
    estate.take(sheet(ANN, BOB))
    return estate


def held(*holders: str) -> list[Observation]:
    return [
        Observation("laptop", {"name": f"nb-{n}", "asset_tag": f"T-{n}", "assigned_to": NamedReference("person", one)})
        for n, one in enumerate(holders)
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Ann Lee, Bob Roe", "Ann Lee; Bob Roe", "Ann Lee & Bob Roe", "Ann Lee, Cy Poe", "alee, broe", "Ann Lee, IT",
        "Lee, Ann; Roe, Bob", "ann@example.org, bob@example.org",
    ],
)  # fmt: skip
def test_several_people_are_nobody_new(known: ReconciledEstate, name: str) -> None:
    proposal = known.propose(sheet(*held(name)))
    [problem] = proposal.problems
    assert (proposal.created, proposal.rejected, proposal.left_out, proposal.created_references) == (1, 0, 1, [])
    assert (problem.severity, problem.kind, problem.column, problem.value) == (
        "left-out",
        "several",
        "Assigned to",
        name,
    )
    strict = known.propose(sheet(*held(name), strict=True))
    assert (strict.created, strict.rejected, strict.left_out) == (0, 1, 0)
    assert problem.suggested


@pytest.mark.parametrize(
    "name",
    [
        "Lee, Ann", "Lee, Ann (IT)", "Ann Lee (IT)", r"CORP\alee", "alee", "ann@example.org", '"Ann Lee"', "Ms Ann Lee",
        "Ann Lee <ann@example.org>", "LEE, ANN",
        "ann@example.org (Ann)", "i:0#.f|membership|ann@example.org", "Ann Lee ann@example.org", "alee (Ann Lee)",
    ],
)  # fmt: skip
def test_one_person_in_many_spellings(known: ReconciledEstate, name: str) -> None:
    proposal = known.propose(sheet(*held(name)))
    [laptop] = [one for one in proposal.changes if one.cls == "laptop"]
    assert {c.attribute: c.after for c in laptop.cells}["assigned_to"] == known.uid("Ann Lee")
    assert (proposal.created, proposal.created_references, proposal.problems) == (1, [], [])


def test_several_managers_of_somebody_who_is_only_named_are_left_out(known: ReconciledEstate) -> None:
    manager = NamedReference("person", "Ann Lee; Bob Roe")
    holder = NamedReference("person", "Eve Orr", values=(("manager", manager),))
    proposal = known.propose(sheet(Observation("laptop", {"name": "nb-9", "assigned_to": holder})))
    assert [(p.value, p.severity) for p in proposal.problems] == [("Ann Lee; Bob Roe", "left-out")]
    assert (proposal.rejected, proposal.left_out) == (0, 1)


def test_the_same_new_person_in_several_spellings_is_one(known: ReconciledEstate) -> None:
    proposal = known.propose(sheet(*held("Poe, Cy", "Cy Poe", "Poe, Cy (Sales)", r"CORP\zed", "zed")))
    assert sorted(proposal.created_references) == [("person", "Cy Poe"), ("person", "zed")]


def test_the_neighbours_tell_the_order_of_two_names_of_two_words(known: ReconciledEstate) -> None:
    doubtful = "Garcia Marquez, Gabriel Jose"
    alone = known.propose(sheet(*held(doubtful)))
    assert [(p.code, p.suggested) for p in alone.problems] == [("people.in-doubt", ("Gabriel Jose Garcia Marquez",))]
    beside = known.propose(sheet(*held(doubtful, "Poe, Cy")))
    assert sorted(beside.created_references) == [("person", "Cy Poe"), ("person", "Gabriel Jose Garcia Marquez")]
    among = known.propose(sheet(*held("Dee Doe, Eve Fox", "Poe, Cy", "Eve Fox")))
    assert [p.value for p in among.problems] == ["Dee Doe, Eve Fox"]


def test_somebody_who_is_called_like_a_list_is_found() -> None:
    estate = ReconciledEstate(Schema.load())
    estate.take(sheet(Observation("team", {"name": "Sales & Marketing"}), Observation("person", {"name": "Poe, Cy"})))
    proposal = estate.propose(sheet(*held("Sales & Marketing", "Cy Poe")))
    assert (proposal.created_references, proposal.problems) == ([], [])


def test_a_relationship_takes_each_of_them(known: ReconciledEstate) -> None:
    managed = Link("managed_by", NamedReference("", "Ann Lee, Bob Roe"))
    proposal = known.propose(sheet(Observation("server", {"name": "srv-1"}, links=[managed])))
    assert (proposal.relationships, proposal.problems) == (2, [])


def test_words_for_nobody_make_nobody() -> None:
    estate = ReconciledEstate(Schema.load())
    names = ("0", "ja", "Customer: Maker", "Maker GmbH",
             "Unassigned", "nicht zugewiesen", "Spare", "Nobody Else", "Meeting Room 3", "Ann Hall", "BYOD",
             "IT-Pool 2", "N.N.", "ex Ann Hall", "Schulungsraum")  # fmt: skip
    proposal = estate.propose(sheet(*held(*names)))
    assert proposal.created_references == [("person", "Ann Hall"), ("person", "Nobody Else")]
    assert {(p.value, p.code, p.severity) for p in proposal.problems} == {
        ("Spare", "people.nobody", "left-out"), ("Meeting Room 3", "people.nobody", "left-out"),
        ("BYOD", "people.nobody", "left-out"), ("IT-Pool 2", "people.nobody", "left-out"),
        ("ex Ann Hall", "people.nobody", "left-out"), ("Schulungsraum", "people.nobody", "left-out"),
        *((one, "people.nobody", "left-out") for one in ("0", "ja", "Customer: Maker", "Maker GmbH")),
    }  # fmt: skip
    estate.take(sheet(Observation("team", {"name": "Spare"})))
    assert estate.propose(sheet(*held("Spare"))).problems == []


def test_several_places_or_models_are_nothing_new() -> None:
    estate = ReconciledEstate(Schema.load())
    values = {
        "location": NamedReference("place", "Berlin; Paris"), "department": NamedReference("department", "IT; Sales"),
        "model": NamedReference("hardware_model", "Book;"),
    }  # fmt: skip
    proposal = estate.propose(sheet(Observation("laptop", {"name": "nb-1", **values})))
    assert proposal.created_references == [("hardware_model", "Book;")]
    assert {(p.column, p.code, p.severity, p.suggested) for p in proposal.problems} == {
        ("Location", "reference.several", "left-out", ("Berlin", "Paris")),
        ("Department", "reference.several", "left-out", ("IT", "Sales")),
    }


def test_several_owners_are_no_new_person_and_a_department_with_an_and_stays_one() -> None:
    estate = ReconciledEstate(Schema.load())
    names = ("Bob Roe, Ann Lee", "Cy Poe & Di Fox", "Müller & Söhne GmbH", "Ed Hall", "Lee, Ann")
    rows = [
        Observation("business_service", {"name": f"s-{n}", "owned_by": NamedReference("party", name)})
        for n, name in enumerate(names)
    ]
    proposal = estate.propose(sheet(*rows))
    assert sorted(proposal.created_references) == [
        ("company", "Müller & Söhne GmbH"), ("person", "Ann Lee"), ("person", "Ed Hall"),
    ]  # fmt: skip
    said = {(p.value, p.kind, p.severity) for p in proposal.problems}
    assert said == {(names[0], "several", "left-out"), (names[1], "several", "left-out")}


def test_a_team_as_holder_is_no_new_person() -> None:
    estate = ReconciledEstate(Schema.load())
    estate.take(sheet(Observation("team", {"name": "Web team"})))
    names = ("Web team", "DBA", "Sales", "Berlin", "Hans Meyer", "Konferenzraum 2", "Dept. Sales")
    places = ("Berlin", "Hans Meyer", "Konferenzraum 2", "x", "y", "z", "x")
    rows = held(*names)
    for row, place in zip(rows, places, strict=True):
        row.values.update(department=NamedReference("department", "Sales"), location=NamedReference("place", place))
    proposal = estate.propose(sheet(*rows))
    assert {name for cls, name in proposal.created_references if cls == "person"} == {"Hans Meyer"}
    assert {(p.value, p.code, p.severity) for p in proposal.problems} == {("DBA", "people.group", "left-out")}
    assert len([c for c in proposal.changes for cell in c.cells if cell.attribute == "assigned_to"]) == 6


def test_a_computer_called_after_its_user_is_the_users() -> None:
    estate = ReconciledEstate(Schema.load())
    rows = [
        Observation("laptop", {"name": name, "serial_number": f"SN-{n}", "assigned_to": NamedReference("person", name)})
        for n, name in enumerate(("Ann Lee", "Meyer"))
    ]
    proposal = estate.propose(sheet(*rows))
    assert (proposal.problems, proposal.created_references) == ([], [("person", "Ann Lee"), ("person", "Meyer")])
    estate.take(sheet(*rows))
    again = estate.propose(sheet(*rows))
    assert (again.created, again.updated, again.unchanged, again.problems) == (0, 0, 2, [])


@pytest.mark.parametrize(
    "name", ["Lee", "Ms Lee", "Ann", "Lee A.", "A. Lee", "Dr. Lee", "Lee, A.", "A.-B. Lee", "Lee AB", "von Lee"]
)
def test_less_than_a_full_name_is_no_second_person(known: ReconciledEstate, name: str) -> None:
    proposal = known.propose(sheet(*held(name)))
    [problem] = proposal.problems
    assert (proposal.created_references, problem.severity, problem.code) == ([], "left-out", "people.part-of-name")
    assert problem.suggested == ("Ann Lee",)


@pytest.mark.parametrize("name", ["a.lee@example.org", "leea", "Ann Lee Sales"])
def test_logins_of_a_known_name_are_pointed_out(known: ReconciledEstate, name: str) -> None:
    proposal = known.propose(sheet(*held(name)))
    assert [(p.severity, p.code, p.suggested) for p in proposal.problems] == [("warning", "similar.new", ("Ann Lee",))]


def test_a_login_and_an_address_of_that_login_are_pointed_out() -> None:
    estate = ReconciledEstate(Schema.load())
    rows = held("kmeier", "kmeier@example.org", "other@example.org")
    proposal = estate.propose(sheet(*rows))
    assert {(p.code, *p.suggested) for p in proposal.problems} <= {
        ("similar.new", "kmeier"), ("similar.new", "kmeier@example.org"),
    }  # fmt: skip
    assert proposal.problems


def test_a_known_name_with_a_title_is_pointed_out() -> None:
    estate = ReconciledEstate(Schema.load())
    estate.take(sheet(Observation("person", {"name": "Dr. Cy Poe"})))
    proposal = estate.propose(sheet(*held("Cy Poe", "Cy Roe")))
    assert [(p.value, p.code, p.suggested) for p in proposal.problems] == [("Cy Poe", "similar.new", ("Dr. Cy Poe",))]


def test_a_surname_that_nobody_has_is_a_person(known: ReconciledEstate) -> None:
    proposal = known.propose(sheet(*held("Frau Dr. Weiß", "Weiß", "C. Lee")))
    assert proposal.created_references == [("person", "C. Lee"), ("person", "Weiß")]
    among = known.propose(sheet(*held("Jörg Müller", "Mueller J.", "Ida Voß-Lange", "Frau Voß-Lange", "M. Lee")))
    assert {(p.value, p.suggested) for p in among.problems} == {
        ("Mueller J.", ("Jörg Müller",)), ("Frau Voß-Lange", ("Ida Voß-Lange",)), ("M. Lee", ("Ann Lee",)),
    }  # fmt: skip
    owned = [Link("owned_by", NamedReference("", name)) for name in ("Dev team", "Marketing", "Cy Poe", "Lager", "Lee")]
    made = known.propose(
        sheet(*(Observation("application", {"name": str(n)}, links=[one]) for n, one in enumerate(owned)))
    )
    assert made.created_references == [("department", "Marketing"), ("person", "Cy Poe"), ("team", "Dev team")]
    assert {(p.value, p.severity) for p in made.problems} == {("Lager", "left-out"), ("Lee", "left-out")}
    assert (made.created, made.rejected, made.relationships) == (8, 0, 3)


def test_a_row_of_less_than_a_full_name_is_pointed_out(known: ReconciledEstate) -> None:
    proposal = known.propose(sheet(Observation("person", {"name": "Lee", "email": "lee@example.org"})))
    assert [(p.code, p.suggested) for p in proposal.problems] == [("similar.new", ("Ann Lee",))]
