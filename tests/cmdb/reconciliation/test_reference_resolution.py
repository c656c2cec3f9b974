"""References of rows: found, created and reported, or a problem."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.observation import (
    InstalledSoftware,
    Link,
    NamedReference,
    Observation,
    ObservedAssignment,
    ObservedInstallation,
    ObservedLink,
    Origin,
)
from cmdb.model.schema import Schema
from cmdb.reconciliation.relations import reading_needs
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet


def laptop(name: str = "nb-1", row: int = 2, **values: Any) -> Observation:
    return Observation("laptop", {"name": name, **values}, Origin("assets.xlsx", "Assets", row))


def vm(name: str, *links: Link, **values: Any) -> Observation:
    return Observation("virtual_machine", {"name": name, **values}, links=list(links))


class TestReferences:
    def test_missing_ones_are_created_once_and_reported(self, estate: ReconciledEstate) -> None:
        rows = [
            laptop(f"nb-{n}", manufacturer=NamedReference("manufacturer", m))
            for n, m in enumerate(("Lenovo", "LENOVO ", "lenovo"))
        ]
        proposal = estate.take(sheet(*rows))
        assert proposal.created_references == [("manufacturer", "Lenovo")]
        assert proposal.created == 4
        assert {one["manufacturer"] for one in estate.all("laptop")} == {"Lenovo"}

    def test_order_does_not_matter_among_the_imports_own(self, estate: ReconciledEstate) -> None:
        person = Observation("person", {"name": "Anna Smith", "email": "anna@example.org"})
        for mention in ("anna smith", "ANNA@example.org"):
            own = ReconciledEstate(estate.schema)
            proposal = own.take(sheet(laptop(assigned_to=NamedReference("person", mention)), person))
            assert proposal.created_references == []
            assert own.all("laptop")[0]["assigned_to"] == "Anna Smith"

    @pytest.mark.parametrize(
        "name", ["Anna  SMITH", "anna@example.org", "asmith", "CORP\\asmith", "Smith, Anna", "e-77"]
    )
    def test_people_are_found_by_what_identifies_them(self, estate: ReconciledEstate, name: str) -> None:
        values = {"email": "anna@example.org", "user_name": "asmith", "employee_number": "E-77"}
        estate.take(sheet(Observation("person", {"name": "Anna Smith", **values})))
        proposal = estate.take(sheet(laptop(assigned_to=NamedReference("person", name))))
        assert proposal.created_references == []
        assert estate.all("laptop")[0]["assigned_to"] == "Anna Smith"

    def test_a_person_named_by_address_is_not_renamed(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("person", {"name": "Anna Smith", "email": "anna@example.org"})))
        for mention in (
            NamedReference("person", "anna@example.org"),
            NamedReference("person", "A. Smith", (("email", "anna@example.org"),)),
        ):
            proposal = estate.take(sheet(laptop(assigned_to=mention), file=f"{mention.name}.xlsx"))
            assert (len(estate.all("person")), proposal.created_references) == (1, [])
        assert estate.all("person")[0]["name"] == "Anna Smith"

    def test_what_is_said_of_a_person_is_kept(self, estate: ReconciledEstate) -> None:
        said = (("department", "Sales"), ("email", "anna@example.org"))
        estate.take(sheet(laptop(assigned_to=NamedReference("person", "Anna Smith", said))))
        (person,) = estate.all("person")
        assert (person["email"], person["department"]) == ("anna@example.org", "Sales")

    def test_several_that_answer_are_listed(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(*(Observation("person", {"name": "Jan", "email": f"jan{n}@example.org"}) for n in (1, 2))))
        proposal = estate.propose(sheet(laptop(assigned_to=NamedReference("person", "jan")), laptop("nb-2", 3)))
        assert (proposal.created, proposal.rejected) == (1, 1)
        (problem,) = proposal.problems
        assert (problem.row, problem.column, problem.kind) == (2, "Assigned to", "ambiguous")
        assert "jan1@example.org" in str(problem.message)
        assert "jan2@example.org" in str(problem.message)

    def test_creating_can_be_switched_off(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("manufacturer", {"name": "Framework"})))
        row = laptop(manufacturer=NamedReference("manufacturer", "Framewrok"))
        proposal = estate.propose(sheet(row), create_references=False)
        assert (proposal.created, proposal.rejected) == (0, 1)
        assert proposal.problems[0].suggested == ("Framework",)

    def test_near_duplicates_are_pointed_out(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("department", {"name": "Purchasing"})))
        proposal = estate.propose(sheet(laptop(department=NamedReference("department", "Purchassing"))))
        (problem,) = proposal.problems
        assert (problem.severity, problem.kind, problem.suggested) == ("warning", "similar", ("Purchasing",))
        assert proposal.rejected == 0

    def test_a_misspelt_manufacturer_is_read_and_pointed_out(self, estate: ReconciledEstate) -> None:
        proposal = estate.take(sheet(laptop(manufacturer=NamedReference("manufacturer", "Lenvo"))))
        assert [p.suggested for p in proposal.problems] == [("Lenovo",)]
        assert [m["name"] for m in estate.all("manufacturer")] == ["Lenovo"]

    def test_room_101_is_not_room_102(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("room", {"name": "Room 101"})))
        assert estate.propose(sheet(laptop(location=NamedReference("place", "Room 102")))).problems == []

    def test_a_new_model_is_its_makers(self, estate: ReconciledEstate) -> None:
        lenovo, t14 = NamedReference("manufacturer", "Lenovo"), NamedReference("hardware_model", "ThinkPad T14")
        estate.take(sheet(laptop(manufacturer=lenovo, model=t14)))
        assert estate.all("hardware_model")[0]["manufacturer"] == "Lenovo"

    def test_places_nest(self, estate: ReconciledEstate) -> None:
        rows = [
            laptop(f"nb-{n}", location=NamedReference("place", p))
            for n, p in enumerate(("Rotterdam / Floor 2", "Rotterdam", "rotterdam > floor 2"))
        ]
        proposal = estate.take(sheet(*rows))
        assert sorted(proposal.created_references) == [("floor", "Floor 2"), ("site", "Rotterdam")]
        assert estate.all("floor")[0]["location"] == "Rotterdam"
        assert [one["location"] for one in estate.all("laptop")] == ["Floor 2", "Rotterdam", "Floor 2"]

    def test_floors_of_one_name_are_told_apart_by_their_site(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop(location=NamedReference("place", "Lyon / Floor 2"))))
        estate.take(sheet(laptop("nb-2", location=NamedReference("place", "Rotterdam / Floor 2"))))
        assert [f["location"] for f in estate.all("floor")] == ["Lyon", "Rotterdam"]

    def test_a_place_of_that_very_name_is_not_taken_apart(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("site", {"name": "Bonn / Beuel"})))
        proposal = estate.take(sheet(laptop(location=NamedReference("place", "Bonn / Beuel"))))
        assert proposal.created_references == []

    def test_an_id_names_a_record(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("person", {"name": "Anna Smith"})))
        proposal = estate.take(sheet(laptop(assigned_to=NamedReference("person", estate.uid("Anna Smith")))))
        assert proposal.created_references == []

    def test_a_scan_is_taken_in_without_what_it_cannot_name(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(*(Observation("person", {"name": "Jan", "email": f"jan{n}@example.org"}) for n in (1, 2))))
        proposal = estate.take(scan(laptop(main_user=NamedReference("person", "Jan"))))
        assert (proposal.created, proposal.rejected) == (1, 0)
        assert [p.severity for p in proposal.problems] == ["warning"]

    def test_what_only_a_row_in_doubt_or_rejected_names_is_not_created(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(*(Observation("person", {"name": "Jan", "email": f"jan{n}@example.org"}) for n in (1, 2))))
        doubtful = [
            laptop("nb-1", n, serial_number="PF1ABCDE", memory=n, model=NamedReference("hardware_model", "T14"))
            for n in (2, 3)
        ]
        rejected = laptop(
            "nb-2", 4, assigned_to=NamedReference("person", "Jan"), supplier=NamedReference("supplier", "Shop")
        )
        good = laptop("nb-3", 5, model=NamedReference("hardware_model", "X1", (("manufacturer", "Lenovo"),)))
        proposal = estate.take(sheet(*doubtful, rejected, good))
        assert (len(proposal.review), proposal.rejected) == (1, 1)
        assert sorted(proposal.created_references) == [("hardware_model", "X1"), ("manufacturer", "Lenovo")]

    def test_rows_that_need_a_rejected_row_are_rejected_too(self, estate: ReconciledEstate) -> None:
        bad = Observation(
            "person", {"name": "Anna", "manager": NamedReference("person", "jan")}, Origin("p.csv", "", 2)
        )
        estate.take(sheet(*(Observation("person", {"name": "Jan", "email": f"jan{n}@example.org"}) for n in (1, 2))))
        proposal = estate.take(sheet(bad, laptop(assigned_to=NamedReference("person", "Anna"))))
        assert (proposal.created, proposal.rejected) == (0, 2)


class TestRelationships:
    def hosts(self, estate: ReconciledEstate) -> None:
        estate.take(
            sheet(
                *(Observation("server", {"name": f"esx-{n}"}) for n in (1, 2, 3)),
                Observation("application", {"name": "erp"}),
            )
        )

    def link(self, source: str, kind: str, target: str, group: str = "", needs: str = "", row: int = 2) -> ObservedLink:
        return ObservedLink(
            NamedReference("", source), kind, NamedReference("", target), group, needs, Origin("links.xlsx", "R", row)
        )

    def test_made_once(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        rows = [self.link("ERP", "runs_on", "esx-1"), self.link("erp", "runs_on", "ESX-1", row=3)]
        proposal = estate.take(sheet(links=rows))
        assert (proposal.relationships, proposal.rejected, len(estate.records["relationship"])) == (1, 0, 1)
        again = estate.propose(sheet(links=rows))
        assert (again.relationships, list(again.revision.edits)) == (0, [])

    def test_symmetric_links_are_one_either_way(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        rows = [self.link("esx-1", "connected_to", "esx-2"), self.link("esx-2", "connected_to", "esx-1", row=3)]
        assert estate.take(sheet(links=rows)).relationships == 1
        assert estate.propose(sheet(links=rows[::-1])).relationships == 0

    def test_a_missing_end_is_a_problem_not_a_record(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        proposal = estate.propose(sheet(links=[self.link("erp", "runs_on", "esx-9")]))
        assert (proposal.created, proposal.relationships, proposal.rejected) == (0, 0, 1)
        assert proposal.problems[0].column == "Target"

    def test_a_missing_end_of_a_stated_class_is_created(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        row = ObservedLink(NamedReference("", "erp"), "runs_on", NamedReference("server", "esx-9"))
        proposal = estate.take(sheet(links=[row]))
        assert (proposal.created_references, proposal.relationships) == ([("server", "esx-9")], 1)

    def test_nobody_is_made_of_a_known_thing_that_a_tools_relationship_names(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        row = ObservedLink(NamedReference("", "esx-1"), "owned_by", NamedReference("", "erp"), known=True)
        proposal = estate.propose(sheet(links=[row]))
        assert (proposal.created, proposal.rejected) == (0, 1)

    def test_ends_must_fit(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("person", {"name": "Anna"}), Observation("application", {"name": "erp"})))
        row = ObservedLink(
            NamedReference("application", "erp"),
            "runs_on",
            NamedReference("person", "Anna"),
            origin=Origin("l.csv", "", 2),
        )
        proposal = estate.propose(sheet(links=[row]))
        assert (proposal.relationships, proposal.rejected) == (0, 1)
        assert "cannot stand between" in str(proposal.problems[0].message)

    def test_nothing_is_linked_to_itself(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        assert estate.propose(sheet(links=[self.link("erp", "depends_on", "erp")])).rejected == 1

    def test_groups_belong_to_the_dependent_one(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        rows = [self.link("erp", "depends_on", f"esx-{n}", "Hosts", "2" if n == 1 else "", n) for n in (1, 2, 3)]
        estate.take(sheet(links=rows))
        (group,) = estate.records["group"].values()
        stated = {"stated_by": ["sheet:assets.xlsx"]}
        assert group == {"owner": estate.uid("erp"), "label": "Hosts", "needs": "2", **stated}
        assert list(estate.records["relationship"].values()) == [{"alone": False, **stated}] * 3
        assert len({key[0] for key in estate.records["membership"]}) == 1
        assert len(estate.records["membership"]) == 3
        assert list(estate.propose(sheet(links=rows)).revision.edits) == []

    def test_of_a_forward_type_the_group_is_the_objects(self, estate: ReconciledEstate) -> None:
        service = Observation("business_service", {"name": "Sales"})
        apps = [
            Observation(
                "application",
                {"name": n},
                links=[Link("supports", NamedReference("", "Sales"), group="Apps", needs="1")],
            )
            for n in ("a1", "a2")
        ]
        proposal = estate.take(sheet(service, *apps))
        assert proposal.relationships == 2
        (group,) = estate.records["group"].values()
        assert group["owner"] == estate.uid("Sales")

    def test_rows_of_a_group_that_disagree_are_problems(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        rows = [self.link("erp", "depends_on", f"esx-{n}", "Hosts", str(n), n) for n in (1, 2)]
        proposal = estate.propose(sheet(links=rows))
        assert (proposal.relationships, proposal.rejected) == (0, 2)
        assert [p.kind for p in proposal.problems] == ["needs", "needs"]

    def test_needs_changes_later(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        estate.take(sheet(links=[self.link("erp", "depends_on", "esx-1", "Hosts", "1")]))
        proposal = estate.take(sheet(links=[self.link("erp", "depends_on", "esx-1", "hosts", "50 %")]))
        (edit,) = proposal.revision.edits
        assert (proposal.updated, proposal.unchanged, [c.name for c in proposal.changes]) == (1, 0, ["erp"])
        assert (edit.record.kind, edit.field, edit.before, edit.after) == ("group", "needs", "1", "50%")

    def test_a_group_that_needs_more_than_it_has_is_said(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        rows = [self.link("erp", "depends_on", f"esx-{n}", "Hosts", "3", n) for n in (1, 2)]
        proposal = estate.take(sheet(links=rows))
        assert (proposal.rejected, [p.code for p in proposal.problems]) == (0, ["group.short"])
        third = estate.take(sheet(links=[self.link("erp", "depends_on", "esx-3", "Hosts", "3", 1)]))
        assert third.problems == []

    def test_a_group_that_says_no_number_needs_all(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        estate.take(sheet(links=[self.link("erp", "depends_on", "esx-1", "Hosts")]))
        assert [g["needs"] for g in estate.records["group"].values()] == ["100%"]

    def test_a_link_that_an_attribute_stands_for_is_its_value(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        estate.take(sheet(vm("web-1")))
        proposal = estate.take(sheet(links=[self.link("web-1", "virtualised_on", "esx-1")]))
        assert (proposal.relationships, proposal.updated, estate.records["relationship"]) == (1, 1, {})
        assert estate.get("web-1")["host"] == estate.uid("esx-1")
        assert estate.propose(sheet(links=[self.link("web-1", "virtualised_on", "esx-1")])).relationships == 0

    def test_also_beside_rows_that_are_rejected(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        estate.take(sheet(vm("web-1")))
        rows = [self.link("web-1", "virtualised_on", "esx-1"), self.link("erp", "runs_on", "nowhere", row=3)]
        proposal = estate.take(sheet(links=rows))
        assert (proposal.relationships, proposal.updated, proposal.rejected) == (1, 1, 1)

    def test_it_can_have_one_only(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        estate.take(sheet(vm("web-1")))
        proposal = estate.propose(
            sheet(links=[self.link("web-1", "virtualised_on", f"esx-{n}", row=n) for n in (1, 2)])
        )
        assert (proposal.relationships, proposal.rejected, proposal.updated) == (0, 2, 0)

    def test_rows_link_by_their_own_columns(self, estate: ReconciledEstate) -> None:
        self.hosts(estate)
        rows = [
            vm("web-1", Link("virtualised_on", NamedReference("", "esx-2"))),
            Observation("application", {"name": "crm"}, links=[Link("runs_on", NamedReference("", "web-1"))]),
        ]
        proposal = estate.take(sheet(*rows))
        assert (proposal.created, proposal.relationships) == (2, 2)
        assert estate.get("web-1")["host"] == estate.uid("esx-2")

    def test_monitors_link_to_the_computer_of_their_scan(self, estate: ReconciledEstate) -> None:
        machine = Observation("laptop", {"name": "nb-1", "host_name": "nb-1", "machine_id": "1a" * 16})
        named = NamedReference("laptop", "nb-1", (("host_name", "nb-1"), ("machine_id", "1a" * 16)))
        screen = Observation(
            "monitor", {"name": "U2720Q", "serial_number": "MON1234"}, links=[Link("connected_to", named)]
        )
        proposal = estate.take(scan(machine, screen))
        assert (proposal.created, proposal.relationships, proposal.created_references) == (2, 1, [])
        assert list(estate.propose(scan(machine, screen)).revision.edits) == []


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("2", "2"), ("2.0", "2"), ("50%", "50%"), ("1 of 2", "1"), ("all", "100%"), ("any", "1"), ("", ""),
        ("0", None), ("120%", None), ("some", None),
    ],
)  # fmt: skip
def test_needs(text: str, needs: str | None) -> None:
    assert reading_needs(text) == needs


class TestInstallationsAndAssignments:
    def test_an_unknown_computer_is_a_problem(self, estate: ReconciledEstate) -> None:
        row = ObservedInstallation(
            NamedReference("computer", "nb-9"), InstalledSoftware("CAD"), Origin("sw.csv", "", 5)
        )
        proposal = estate.propose(sheet(installations=[row]))
        assert (proposal.created, proposal.installed, proposal.rejected, proposal.problems[0].row) == (0, 0, 1, 5)

    def test_a_computer_of_the_same_import(self, estate: ReconciledEstate) -> None:
        row = ObservedInstallation(NamedReference("computer", "NB-1"), InstalledSoftware("CAD"))
        proposal = estate.take(sheet(laptop()), sheet(installations=[row], file="software.csv"))
        assert (proposal.installed, proposal.rejected) == (1, 0)
        again = estate.propose(sheet(laptop()), sheet(installations=[row], file="software.csv"))
        assert list(again.revision.edits) == []

    def entitlement(self, estate: ReconciledEstate) -> None:
        values = {"name": "Visio licence", "product": "Visio", "metric": "named user", "quantity": 5}
        estate.take(sheet(Observation("entitlement", values), Observation("person", {"name": "Anna"}), laptop()))

    @pytest.mark.parametrize(
        "licence",
        [
            NamedReference("entitlement", "Visio licence"),
            NamedReference("entitlement", "visio"),
            NamedReference("", "Visio"),
        ],
    )
    @pytest.mark.parametrize(
        "holder", [NamedReference("person", "Anna"), NamedReference("", "anna"), NamedReference("computer", "nb-1")]
    )
    def test_assigned_once(self, estate: ReconciledEstate, licence: NamedReference, holder: NamedReference) -> None:
        self.entitlement(estate)
        row = ObservedAssignment(licence, holder)
        assert estate.take(sheet(assignments=[row])).assigned == 1
        assert list(estate.propose(sheet(assignments=[row])).revision.edits) == []

    def test_of_a_product_without_entitlement(self, estate: ReconciledEstate) -> None:
        estate.take(
            sheet(Observation("software_product", {"name": "Project"}), Observation("person", {"name": "Anna"}))
        )
        proposal = estate.take(
            sheet(
                assignments=[
                    ObservedAssignment(NamedReference("software_product", "Project"), NamedReference("person", "Anna"))
                ]
            )
        )
        assert (proposal.assigned, proposal.rejected) == (1, 0)

    def test_a_missing_licence_is_a_problem_and_a_missing_person_is_created(self, estate: ReconciledEstate) -> None:
        self.entitlement(estate)
        rows = [
            ObservedAssignment(
                NamedReference("entitlement", licence), NamedReference("person", holder), Origin("a.csv", "", row)
            )
            for row, licence, holder in ((2, "Nothing", "Anna"), (3, "Visio licence", "Bert"))
        ]
        proposal = estate.take(sheet(assignments=rows))
        assert (proposal.assigned, proposal.rejected, proposal.created_references) == (1, 1, [("person", "Bert")])


def test_the_rows_own_manufacturer_tells_models_of_one_name_apart(schema: Schema) -> None:
    estate = ReconciledEstate(schema)

    def made(number: int, model: str, maker: str) -> Observation:
        more = {"manufacturer": NamedReference("manufacturer", maker)} if maker else {}
        return laptop(f"nb-{number}", number, model=NamedReference("hardware_model", model), **more)

    rows = [made(1, "L540", "Lenovo"), made(2, "L540", "Dell"), made(3, "L540", "LENOVO"), made(4, "X1", "Lenovo")]
    proposal = estate.take(sheet(*rows))
    assert (proposal.problems, proposal.rejected) == ([], 0)
    models = {name: estate.values[estate.get(name)["model"]] for name in ("nb-1", "nb-2", "nb-3", "nb-4")}
    makers = {name: estate.values[model["manufacturer"]]["name"] for name, model in models.items()}
    assert makers == {"nb-1": "Lenovo", "nb-2": "Dell", "nb-3": "Lenovo", "nb-4": "Lenovo"}
    assert len(estate.all("hardware_model")) == 3
    again = estate.propose(sheet(*rows, made(5, "L540", "Dell Inc."), made(6, "L540", "")))
    assert (again.created, again.unchanged, again.rejected) == (1, 4, 1)
    assert [p.code for p in again.problems] == ["ambiguous"]
    other = estate.propose(sheet(made(7, "X1", "Dell"), made(8, "X1", "Dell"), made(9, "X1", "Lenovo")))
    assert [(p.severity, p.code, p.value) for p in other.problems] == [("warning", "model.other-maker", "X1")]
    assert "X1” is a model of Lenovo; the row says Dell" in str(other.problems[0].message)


def test_an_unknown_name_for_which_nothing_can_be_made_costs_the_cell_not_the_row() -> None:
    rows = (vm("vm-1", host=NamedReference("", "esx-9")), vm("vm-2"))
    lenient = ReconciledEstate(Schema.load()).take(sheet(*rows))
    assert (lenient.created, lenient.rejected, lenient.left_out) == (2, 0, 1)
    assert [(p.value, p.severity, p.code) for p in lenient.problems] == [
        ("esx-9", "left-out", "reference.class-unknown")
    ]
    strict = ReconciledEstate(Schema.load()).take(sheet(*rows, strict=True))
    assert (strict.created, strict.rejected, strict.left_out) == (1, 1, 0)


@pytest.mark.parametrize("name", ["Berlin/HQ", "Berlin - HQ", "Berlin, HQ", "Berlin | HQ", "Berlin > HQ"])
def test_a_path_with_another_mark_is_the_place_of_that_path(name: str) -> None:
    estate = ReconciledEstate(Schema.load())
    estate.take(sheet(_at("T-1", "Berlin / HQ / 2. OG")))
    proposal = estate.propose(sheet(_at("T-2", name), _at("T-3", "Kiel / Nord"), _at("T-4", "Kiel/Nord")))
    assert sorted(name for _, name in proposal.created_references) == ["Kiel", "Nord"]
    flat = ReconciledEstate(Schema.load())
    flat.take(sheet(Observation("site", {"name": name.replace(">", "/")})))
    assert flat.propose(sheet(_at("T-2", "Berlin > HQ"), _at("T-3", "Berlin/HQ"))).created_references == []


def _at(tag: str, place: str) -> Observation:
    values = {"name": tag, "asset_tag": tag, "location": NamedReference("place", place)}
    return Observation("laptop", values)
