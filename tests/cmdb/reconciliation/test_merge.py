"""The winning source, and the changes of an import: none the second time."""

from __future__ import annotations

from typing import Any

from cmdb.model.cell_hash import cell_hash
from cmdb.model.observation import InstalledSoftware, NamedReference, Observation, Origin, Reading, Source
from cmdb.model.revision import Edit, Record, Revision, ci, now
from cmdb.reconciliation.unchanged_rows import FINGERPRINT
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet


def laptop(name: str = "nb-1", serial: str = "PF1ABCDE", **values: Any) -> Observation:
    return Observation("laptop", {"name": name, "serial_number": serial, **values})


def edits_of(estate: ReconciledEstate, *readings: Reading, **options: Any) -> list[Edit]:
    return list(estate.propose(*readings, **options).revision.edits)


def person_says(estate: ReconciledEstate, uid: str, **values: Any) -> None:
    """A person's correction."""
    own = estate.said[uid].get("person", {})
    record = Record("claim", (uid, "person"))
    edits = [Edit(record, attribute, own.get(attribute), [value, now()]) for attribute, value in values.items()]
    estate.apply(Revision(edits, "anna"))


def test_a_new_record_has_the_source_of_the_revision(estate: ReconciledEstate) -> None:
    proposal = estate.propose(sheet(laptop(memory=8192), observed=now()))
    (edit,) = proposal.revision.edits
    assert edit.record == ci(edit.record.key[0])
    values = {a: v for a, v in edit.after.items() if a != FINGERPRINT}
    assert values == {"class": "laptop", "name": "nb-1", "serial_number": "PF1ABCDE", "memory": 8192}
    assert proposal.revision.source == "sheet:assets.xlsx"


def test_an_old_observation_keeps_its_time(estate: ReconciledEstate) -> None:
    estate.take(scan(laptop(memory=8192), observed="2020-01-01T00:00:00Z"))
    said = estate.said[estate.uid("nb-1")]
    assert said == {
        "scan:agent": {
            "name": ["nb-1", "2020-01-01T00:00:00Z"],
            "serial_number": ["PF1ABCDE", "2020-01-01T00:00:00Z"],
            "memory": [8192, "2020-01-01T00:00:00Z"],
            "status": ["Deployed", "2020-01-01T00:00:00Z"],
        }
    }


def test_the_same_file_twice_changes_nothing(estate: ReconciledEstate) -> None:
    rows = [
        laptop(
            f"nb-{n}",
            f"PF1ABCD{n}",
            model=NamedReference("hardware_model", "T14"),
            location=NamedReference("place", "Lyon / Floor 2"),
            assigned_to=NamedReference("person", "Anna Smith", (("email", "anna@example.org"),)),
        )
        for n in range(4)
    ]
    first = estate.take(sheet(*rows, observed=now()))
    assert (first.created, first.rejected, first.problems) == (4 + 1 + 2 + 1, 0, [])
    again = estate.propose(sheet(*rows, observed=now()))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 4)
    assert list(again.revision.edits) == []


def test_a_change_is_one_statement(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(cost_centre="100", notes="x")))
    proposal = estate.take(sheet(laptop(cost_centre="200", notes="x"), observed="2026-03-05T00:00:00Z"))
    (edit,) = (e for e in proposal.revision.edits if e.field != FINGERPRINT)
    assert edit.record.kind == "claim"
    assert (edit.field, edit.before, edit.after) == (
        "cost_centre", ["100", "2026-03-01T10:00:00Z"], ["200", "2026-03-05T00:00:00Z"],
    )  # fmt: skip
    (change,) = proposal.changes
    assert (change.state, [tuple(c) for c in change.cells]) == ("changed", [("cost_centre", "100", "200")])


def test_agreement_of_another_source_is_a_statement_but_no_change(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(memory=8192)))
    proposal = estate.take(scan(laptop(memory=8192)))
    assert (proposal.updated, proposal.unchanged) == (0, 1)
    assert {e.field for e in proposal.revision.edits} == {"name", "serial_number", "memory"}


def test_a_scan_outranks_a_sheet_for_what_it_measures_only(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(memory=8192, cost_centre="100"), observed="2026-03-09T10:00:00Z"))
    proposal = estate.take(scan(laptop(name="other", memory=16384, cost_centre="900")))
    assert estate.get("nb-1")["memory"] == 16384
    assert estate.get("nb-1")["cost_centre"] == "100"
    assert {d.attribute for d in proposal.deviations} == {"name", "cost_centre"}


def test_a_persons_correction_stands_and_the_next_scan_shows_as_deviation(estate: ReconciledEstate) -> None:
    estate.take(scan(laptop(memory=8192)))
    uid = estate.uid("nb-1")
    person_says(estate, uid, memory=16384)
    proposal = estate.take(scan(laptop(memory=8192), observed="2026-03-20T00:00:00Z"))
    assert estate.get("nb-1")["memory"] == 16384
    (deviation,) = proposal.deviations
    assert (deviation.attribute, deviation.stands, deviation.said, deviation.keeper) == (
        "memory",
        16384,
        8192,
        "person",
    )
    assert (proposal.updated, proposal.unchanged) == (0, 1)


def test_of_a_machine_and_its_host_the_one_wins_that_knows_a_thing_best_whoever_spoke_last(
    estate: ReconciledEstate,
) -> None:
    uuid = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
    said = {"name": "Web server (old)", "uuid": uuid, "memory": 8192, "host": NamedReference("server", "esx-1")}
    guest = Observation("virtual_machine", said, by_host=True)
    host = Observation("server", {"name": "esx-1", "serial_number": "SN-ESX1"})
    own = Observation("virtual_machine", {"name": "web-1", "uuid": uuid, "memory": 7950, "os_version": "22.04"})
    estate.take(scan(host, guest, host="esx-1", observed="2026-03-02T10:00:00Z"))
    estate.take(scan(own, host="web-1", observed="2026-03-03T10:00:00Z"))
    assert (estate.get("web-1")["memory"], estate.get("web-1")["os_version"]) == (8192, "22.04")
    estate.take(scan(host, guest, host="esx-1", observed="2026-03-04T10:00:00Z"))
    assert estate.get("web-1")["memory"] == 8192
    estate.take(scan(own, host="web-1", observed="2026-03-05T10:00:00Z"))
    assert (estate.get("web-1")["memory"], estate.get("web-1")["host"]) == (8192, estate.uid("esx-1"))


def test_an_older_word_of_the_same_source_does_not_return(estate: ReconciledEstate) -> None:
    estate.take(scan(laptop(memory=16384), observed="2026-03-09T00:00:00Z"))
    proposal = estate.propose(scan(laptop(memory=8192), observed="2026-03-02T00:00:00Z"))
    assert list(proposal.revision.edits) == []


def test_two_scans_of_one_machine_in_one_import_the_later_stands(estate: ReconciledEstate) -> None:
    readings = [scan(laptop(memory=m), observed=f"2026-03-0{d}T00:00:00Z") for m, d in ((16384, 9), (8192, 2))]
    proposal = estate.take(*readings)
    assert (proposal.created, len(proposal.review)) == (1, 0)
    assert estate.get("nb-1")["memory"] == 16384


def test_rows_that_complete_each_other_are_one(estate: ReconciledEstate) -> None:
    proposal = estate.take(sheet(laptop(memory=8192), laptop(cost_centre="100")))
    assert proposal.created == 1
    assert estate.get("nb-1")["memory"] == 8192
    assert estate.get("nb-1")["cost_centre"] == "100"


def test_a_new_record_of_several_sources_keeps_every_word(estate: ReconciledEstate) -> None:
    readings = [sheet(laptop(cost_centre=f"{n}"), file=f"{n}.xlsx") for n in (1, 2)]
    proposal = estate.take(*readings)
    assert proposal.created == 1
    assert set(estate.said[estate.uid("nb-1")]) == {"sheet:1.xlsx", "sheet:2.xlsx"}
    assert len(proposal.deviations) == 1


class TestClearing:
    def cleared(self, *attributes: str) -> Reading:
        row = laptop()
        row.clears = attributes
        return sheet(row, observed="2026-03-05T00:00:00Z")

    def test_takes_its_own_word_back(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop(cost_centre="100")))
        assert estate.take(self.cleared("cost_centre")).updated == 1
        assert "cost_centre" not in estate.get("nb-1")
        assert edits_of(estate, self.cleared("cost_centre")) == []

    def test_overrules_a_source_of_lower_rank(self, estate: ReconciledEstate) -> None:
        estate.take(scan(laptop(cost_centre="100")))
        assert estate.take(self.cleared("cost_centre")).updated == 1
        assert "cost_centre" not in estate.get("nb-1")
        assert edits_of(estate, self.cleared("cost_centre")) == []

    def test_blank_cells_state_nothing(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop()))
        assert edits_of(estate, self.cleared("cost_centre")) == []


class TestRoundTrip:
    def row(self, estate: ReconciledEstate, base: str, **values: Any) -> Reading:
        evidence = {"record": [estate.uid("nb-1")], "base": [base] if base else []}
        row = Observation("laptop", values, Origin("export.xlsx", "Laptop", 2), evidence)
        return Reading(Source("person"), "2026-03-05T00:00:00Z", [row], read=1)

    def test_an_exported_row_has_the_rank_of_a_person(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop(cost_centre="100")))
        proposal = estate.take(self.row(estate, f"cost_centre={cell_hash('100')}", cost_centre="200"))
        assert proposal.updated == 1
        assert estate.said[estate.uid("nb-1")]["person"] == {"cost_centre": ["200", "2026-03-05T00:00:00Z"]}

    def test_an_unchanged_row_states_nothing(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop(cost_centre="100")))
        assert edits_of(estate, self.row(estate, "", cost_centre="100")) == []

    def test_what_was_changed_here_meanwhile_is_a_problem(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop(cost_centre="300")))
        proposal = estate.propose(self.row(estate, f"cost_centre={cell_hash('100')}", cost_centre="200"))
        assert (proposal.rejected, proposal.problems[0].kind, list(proposal.revision.edits)) == (1, "conflict", [])

    def test_a_rename_finds_its_record(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop()))
        proposal = estate.take(self.row(estate, f"name={cell_hash('nb-1')}", name="nb-one"))
        assert (proposal.created, proposal.updated) == (0, 1)

    def test_unchanged_rows_do_not_conflict(self, estate: ReconciledEstate) -> None:
        owned = [Observation("entitlement", {"name": n, "product": n, "metric": "device", "quantity": 1}) for n in "AB"]
        estate.take(sheet(*owned))
        rows = [
            Observation("entitlement", {}, Origin("export.xlsx", "Entitlements", r), {"record": [estate.uid(n)]})
            for r, n in enumerate("AB", 2)
        ]
        proposal = estate.propose(Reading(Source("person"), "2026-03-05T00:00:00Z", rows, read=2))
        assert (proposal.unchanged, proposal.rejected, list(proposal.revision.edits)) == (2, 0, [])

    def test_rows_of_two_records_stay_two_whatever_they_are_renamed_to(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop(), Observation("laptop", {"name": "nb-2", "serial_number": "PF2ZZZZZ"})))
        rows = [
            Observation(
                "laptop", {"name": "spare"}, Origin("export.xlsx", "Laptops", r),
                {"record": [estate.uid(n)], "base": [f"name={cell_hash(n)}"]},
            )
            for r, n in enumerate(("nb-1", "nb-2"), 2)
        ]  # fmt: skip
        proposal = estate.take(Reading(Source("person"), "2026-03-05T00:00:00Z", rows, read=2))
        assert (proposal.created, proposal.updated, proposal.rejected) == (0, 2, 0)


class TestClasses:
    def test_the_more_specific_class_stays(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop()))
        for cls in ("computer", "virtual_machine"):
            row = Observation(cls, {"name": "nb-1", "serial_number": "PF1ABCDE"})
            assert estate.take(scan(row, host=cls)).created == 0
        assert estate.classes[estate.uid("nb-1")] == "laptop"

    def test_a_more_specific_class_is_taken_on(self, estate: ReconciledEstate) -> None:
        estate.take(scan(Observation("computer", {"name": "nb-1", "serial_number": "PF1ABCDE"})))
        assert estate.take(sheet(laptop())).updated == 1
        assert estate.classes[estate.uid("nb-1")] == "laptop"

    def test_attributes_of_the_other_class_are_left_out(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop()))
        values = {"name": "nb-1", "serial_number": "PF1ABCDE", "virtual_cores": 4, "memory": 8192}
        estate.take(scan(Observation("virtual_machine", values)))
        assert "virtual_cores" not in estate.said[estate.uid("nb-1")]["scan:agent"]

    def test_an_abstract_class_makes_no_record(self, estate: ReconciledEstate) -> None:
        proposal = estate.propose(sheet(Observation("peripheral", {"name": "thing"})))
        assert (proposal.created, proposal.rejected, proposal.problems[0].kind) == (0, 1, "class")


def test_what_must_be_there_is_missing(estate: ReconciledEstate) -> None:
    proposal = estate.propose(
        sheet(Observation("entitlement", {"name": "Office", "product": "Office", "metric": "device"}))
    )
    assert (proposal.created, proposal.rejected) == (0, 1)
    assert str(proposal.problems[0].message) == "Quantity is missing."


def test_a_record_without_a_name_is_given_one(estate: ReconciledEstate) -> None:
    estate.take(scan(Observation("server", {"host_name": "srv-9", "serial_number": "CZC9999"})))
    assert estate.get("srv-9")["serial_number"] == "CZC9999"


def test_a_fallback_name_renames_nothing(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop()))
    row = Observation(
        "laptop", {"name": "PF1ABCDE", "serial_number": "PF1ABCDE"}, evidence={"fallback_name": ["PF1ABCDE"]}
    )
    estate.take(sheet(row, file="second.xlsx"))
    assert estate.get("nb-1")["serial_number"] == "PF1ABCDE"


def test_an_asset_tag_is_one_records_only(estate: ReconciledEstate) -> None:
    estate.take(sheet(Observation("monitor", {"name": "m-1", "asset_tag": "A-1", "serial_number": "MON111"})))
    estate.take(sheet(Observation("monitor", {"name": "m-2", "serial_number": "MON222"})))
    row = Observation("monitor", {"name": "m-2", "serial_number": "MON222", "asset_tag": "a-1"}, Origin("x.csv", "", 7))
    proposal = estate.propose(sheet(row))
    assert proposal.updated == 0
    assert proposal.rejected + len(proposal.review) == 1


def test_an_address_is_one_persons_only_however_many_claim_it(estate: ReconciledEstate) -> None:
    rows = [
        Observation("person", {"name": f"Person {n}", "email": "info@example.org"}, Origin("p.csv", "", n))
        for n in range(2, 32)
    ]
    proposal = estate.propose(sheet(*rows))
    assert (proposal.created, proposal.rejected) == (0, 30)
    assert {p.kind for p in proposal.problems} == {"unique"}


def test_a_placeholder_tag_identifies_nothing(estate: ReconciledEstate) -> None:
    rows = [
        Observation("monitor", {"name": f"m-{n}", "serial_number": f"MON11{n}", "asset_tag": "n/a"}) for n in (1, 2)
    ]
    proposal = estate.take(sheet(*rows))
    assert (proposal.created, proposal.rejected) == (2, 0)
    assert {p.kind for p in proposal.problems} == {"placeholder"}


def test_all_or_nothing(estate: ReconciledEstate) -> None:
    good, bad = laptop(), Observation("peripheral", {"name": "thing"})
    proposal = estate.propose(sheet(good, bad), all_or_nothing=True)
    assert (proposal.created, proposal.rejected, list(proposal.revision.edits)) == (0, 2, [])
    assert estate.propose(sheet(good, bad)).created == 1


def test_a_partial_inventory_makes_no_record_and_empties_nothing(estate: ReconciledEstate) -> None:
    part = laptop(memory=8192)
    part.partial = True
    proposal = estate.propose(scan(part))
    assert (proposal.created, proposal.rejected, proposal.problems[0].kind) == (0, 1, "partial")
    estate.take(sheet(laptop(notes="kept")))
    assert estate.take(scan(part)).updated == 1
    assert estate.get("nb-1")["notes"] == "kept"


class TestSoftware:
    def seen(self, *products: str, sections: tuple[str, ...] = ("software",), **more: Any) -> Reading:
        one = laptop()
        one.installed = [InstalledSoftware(p, version="1", origin="deb") for p in products]
        one.sections = sections
        return scan(one, **more)

    def installed(self, estate: ReconciledEstate) -> set[str]:
        return {key[3] for key in estate.records["installation"]}

    def test_software_that_a_complete_scan_did_not_see_is_removed(self, estate: ReconciledEstate) -> None:
        estate.take(self.seen("vim", "git"))
        proposal = estate.take(self.seen("git", "curl", observed="2026-03-09T00:00:00Z"))
        assert (proposal.installed, proposal.removed, self.installed(estate)) == (1, 1, {"git", "curl"})

    def test_a_section_that_timed_out_removes_nothing(self, estate: ReconciledEstate) -> None:
        estate.take(self.seen("vim", "git"))
        proposal = estate.take(self.seen("git", sections=("disks",), observed="2026-03-09T00:00:00Z"))
        assert (proposal.removed, self.installed(estate)) == (0, {"vim", "git"})

    def test_an_unchanged_rescan_is_one_sighting(self, estate: ReconciledEstate) -> None:
        estate.take(self.seen("vim", "git"))
        (edit,) = edits_of(estate, self.seen("vim", "git", observed="2026-03-09T00:00:00Z"))
        assert edit.record.kind == "sighting"
        assert (edit.before, edit.after) == ("2026-03-02T10:00:00Z", "2026-03-09T00:00:00Z")
        assert edits_of(estate, self.seen("vim", "git")) == []

    def test_a_scan_does_not_remove_what_a_sheet_states(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(laptop()))
        from cmdb.model.observation import ObservedInstallation

        row = ObservedInstallation(
            NamedReference("computer", "NB-1"), InstalledSoftware("CAD", user="Anna Smith", origin="sheet")
        )
        proposal = estate.take(sheet(installations=[row]))
        assert (proposal.installed, proposal.created_references) == (1, [("person", "Anna Smith")])
        estate.take(self.seen("vim"))
        assert self.installed(estate) == {"CAD", "vim"}

    def test_a_users_own_software_is_removed_only_if_it_was_inspected(self, estate: ReconciledEstate) -> None:
        one = laptop()
        one.installed, one.sections = (
            [InstalledSoftware("Zoom", scope="anna", origin="registry")],
            ("software", "user_software"),
        )
        estate.take(scan(one))
        estate.take(self.seen("vim", observed="2026-03-09T00:00:00Z"))
        assert self.installed(estate) == {"Zoom", "vim"}

    def test_only_the_later_of_two_scans_lists_what_is_there(self, estate: ReconciledEstate) -> None:
        estate.take(self.seen("git", observed="2026-03-09T00:00:00Z"), self.seen("vim", "git"))
        assert self.installed(estate) == {"git"}


def test_a_revision_is_readable_twice(estate: ReconciledEstate) -> None:
    revision: Revision = estate.propose(sheet(laptop())).revision
    assert list(revision.edits) == list(revision.edits) != []


def test_the_same_list_under_another_name_changes_nothing(estate: ReconciledEstate) -> None:
    rows = [laptop(f"nb-{n}", f"PF1ABCD{n}", cost_centre="100") for n in range(3)]
    estate.take(sheet(*rows, file="week 1.xlsx", observed="2026-03-01T10:00:00Z"))
    again = estate.propose(sheet(*rows, file="week 2.xlsx", observed="2026-03-08T10:00:00Z"))
    assert (again.created, again.updated, again.unchanged) == (0, 0, 3)
    assert list(again.revision.edits) == []
    changed = [laptop("nb-0", "PF1ABCD0", cost_centre="200"), *rows[1:]]
    third = estate.take(sheet(*changed, file="week 3.xlsx", observed="2026-03-15T10:00:00Z"))
    assert [e.after[0] for e in third.revision.edits if e.field == "cost_centre"] == ["200"]
    assert len(list(third.revision.edits)) == 1
