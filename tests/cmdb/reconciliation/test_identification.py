"""Identification: cases with known outcomes."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.observation import NamedReference, Observation, Origin
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet

UUID_A = "4c4c4544-0042-3510-8052-b4c04f4e5332"
UUID_B = "4c4c4544-0099-4410-8033-c4c04f423132"


def machine(name: str, cls: str = "laptop", evidence: Any = None, **values: Any) -> Observation:
    return Observation(cls, {"name": name, "host_name": name, **values}, evidence=evidence or {})


def vm(name: str, mac: str, **values: Any) -> Observation:
    return machine(name, "virtual_machine", {"mac": [mac]}, **values)


def test_board_swapped_but_serial_kept(estate: ReconciledEstate) -> None:
    old = {"mac": ["00:1b:21:aa:bb:01"], "board_serial": ["BOARD-1"], "disk_serial": ["DISK-1"]}
    estate.take(scan(machine("nb-1", serial_number="PF1ABCDE", uuid=UUID_A, machine_id="a" * 31 + "1", evidence=old)))
    new = {"mac": ["00:1b:21:aa:bb:77"], "board_serial": ["BOARD-9"], "disk_serial": ["DISK-1"]}
    swapped = machine("nb-1", serial_number="PF1ABCDE", uuid=UUID_B, machine_id="a" * 31 + "1", evidence=new)
    proposal = estate.take(scan(swapped, observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 1, 0)
    assert estate.get("nb-1")["uuid"] == UUID_B


def test_cloned_vm_is_two(estate: ReconciledEstate) -> None:
    estate.take(scan(vm("web-1", "52:54:00:00:00:01", uuid=UUID_A, machine_id="c" * 30 + "01")))
    clone = vm("web-1", "52:54:00:00:00:02", uuid=UUID_B, machine_id="c" * 30 + "01")
    proposal = estate.take(scan(clone, observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (1, 0, 0)


def test_cloned_vm_in_one_import_is_two(estate: ReconciledEstate) -> None:
    one = vm("web-1", "52:54:00:00:00:01", uuid=UUID_A, machine_id="c" * 30 + "01")
    two = vm("web-1", "52:54:00:00:00:02", uuid=UUID_B, machine_id="c" * 30 + "01")
    proposal = estate.take(scan(one), scan(two, observed="2026-03-04T10:00:00Z"))
    assert (proposal.created, len(proposal.review)) == (2, 0)


def test_identical_vms_seen_within_minutes_under_two_names_are_two(estate: ReconciledEstate) -> None:
    same = {"uuid": UUID_A, "machine_id": "c" * 30 + "01"}
    readings = [scan(vm(f"web-{n}", "52:54:00:00:00:01", **same), observed=f"2026-03-02T10:0{n}:00Z") for n in (1, 2)]
    assert estate.take(*readings).created == 2


def test_identical_vms_not_known_to_be_alive_together_go_to_review(estate: ReconciledEstate) -> None:
    same = {"uuid": UUID_A, "machine_id": "c" * 30 + "01"}
    readings = [scan(vm(f"web-{n}", "52:54:00:00:00:01", **same), observed=f"2026-03-0{n}T10:00:00Z") for n in (1, 2)]
    proposal = estate.take(*readings)
    assert (proposal.created, len(proposal.review)) == (0, 1)


@pytest.mark.parametrize(
    "placeholder", ["To Be Filled By O.E.M.", "Default string", "00000000", "System Serial Number"]
)
def test_two_pcs_with_the_same_placeholder_are_two(estate: ReconciledEstate, placeholder: str) -> None:
    for name in ("pc-1", "pc-2"):
        proposal = estate.take(scan(machine(name, "desktop", serial_number=placeholder)))
        assert (proposal.created, len(proposal.review)) == (1, 0)
    both = [machine(name, "desktop", serial_number=placeholder) for name in ("pc-3", "pc-4")]
    assert estate.take(scan(*both)).created == 2


def test_a_placeholder_nobody_has_listed_is_not_believed_against_all_else(estate: ReconciledEstate) -> None:
    def pc(n: int) -> Observation:
        return machine(
            f"pc-{n}", "desktop", {"mac": [f"00:1b:21:00:00:0{n}"]},
            serial_number="WHITEBOX7", uuid=(UUID_A, UUID_B)[n % 2], machine_id=f"{n}" * 32,
        )  # fmt: skip

    estate.take(scan(pc(1)))
    proposal = estate.take(scan(pc(2)))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 0, 1)


def test_same_host_name_in_two_domains_is_two(estate: ReconciledEstate) -> None:
    estate.take(scan(machine("srv-1", "server", domain="north.example")))
    proposal = estate.take(scan(machine("srv-1", "server", domain="south.example")))
    assert (proposal.created, len(proposal.review)) == (1, 0)
    again = estate.propose(scan(machine("srv-1", "server", domain="south.example"), observed="2026-04-01T10:00:00Z"))
    assert (again.created, len(again.review)) == (0, 0)


def test_same_name_for_two_companies_is_two(estate: ReconciledEstate) -> None:
    rows = [
        Observation("server", {"name": "srv-1", "legal_owner": NamedReference("company", company)})
        for company in ("North Ltd", "South Ltd")
    ]
    proposal = estate.take(sheet(*rows))
    assert (len(estate.all("server")), len(proposal.review)) == (2, 0)


def test_renamed_host_is_the_same(estate: ReconciledEstate) -> None:
    known = {"serial_number": "PF1ABCDE", "machine_id": "a" * 31 + "1"}
    estate.take(scan(machine("old-name", **known)))
    proposal = estate.take(scan(machine("new-name", **known), observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated) == (0, 1)
    assert estate.get("new-name")["host_name"] == "new-name"


def test_renamed_vm_is_the_same(estate: ReconciledEstate) -> None:
    known = {"uuid": UUID_A, "machine_id": "a" * 31 + "1"}
    estate.take(scan(vm("old-name", "52:54:00:00:00:01", **known)))
    proposal = estate.take(scan(vm("new-name", "52:54:00:00:00:01", **known), observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 1, 0)


@pytest.mark.parametrize("serials", [("PF1AAAAA", "PF1BBBBB"), ("", "")])
@pytest.mark.parametrize("dock", ["00:50:b6:11:22:33", "3c:18:a0:11:22:33"])
def test_dock_shared_by_two_laptops_is_two(estate: ReconciledEstate, dock: str, serials: tuple[str, str]) -> None:
    for n, serial in enumerate(serials):
        values = {"serial_number": serial} if serial else {}
        laptop = machine(f"nb-{n}", evidence={"mac": [dock, f"00:1b:21:00:00:0{n}"]}, machine_id=f"{n}a" * 16, **values)
        proposal = estate.take(scan(laptop, host=f"nb-{n}"))
        assert (proposal.created, proposal.updated, len(proposal.review)) == (1, 0, 0)


def test_reinstalled_system_is_the_same_hardware(estate: ReconciledEstate) -> None:
    hardware = {"serial_number": "PF1ABCDE", "uuid": UUID_A}
    estate.take(scan(machine("nb-1", machine_id="1a" * 16, operating_system="Windows 10", **hardware)))
    fresh = machine("desktop-x7", machine_id="2b" * 16, operating_system="Debian 12", **hardware)
    proposal = estate.take(scan(fresh, observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated) == (0, 1)


def test_uuid_in_swapped_order_is_the_same(estate: ReconciledEstate) -> None:
    estate.take(scan(vm("vm-1", "52:54:00:00:00:01", uuid="33221100-5544-7766-8899-aabbccddeeff")))
    turned = vm("vm-renamed", "52:54:00:00:00:01", uuid="00112233-4455-6677-8899-aabbccddeeff")
    proposal = estate.take(scan(turned, host="esx", observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 1, 0)


def test_disk_moved_into_a_loaner_goes_to_review(estate: ReconciledEstate) -> None:
    mine = machine("nb-7", serial_number="PF1MINE1", machine_id="1a" * 16, evidence={"disk_serial": ["DISK-7"]})
    loaner = machine("loaner", serial_number="PF1LOAN1", machine_id="9f" * 16, evidence={"disk_serial": ["DISK-L"]})
    estate.take(scan(mine), scan(loaner))
    moved = machine("nb-7", serial_number="PF1LOAN1", machine_id="1a" * 16, evidence={"disk_serial": ["DISK-7"]})
    proposal = estate.take(scan(moved, observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 0, 1)
    (item,) = proposal.review
    assert {o.name for o in item.options if o.uid} == {"nb-7", "loaner"}
    evidence = {o.name: [(e.kind, e.agrees) for e in o.evidence] for o in item.options if o.uid}
    assert ("serial_number", True) in evidence["loaner"]
    assert ("machine_id", False) in evidence["loaner"]
    assert ("serial_number", False) in evidence["nb-7"]
    assert ("machine_id", True) in evidence["nb-7"]


def test_disk_moved_into_an_unknown_loaner_goes_to_review(estate: ReconciledEstate) -> None:
    estate.take(scan(machine("nb-7", serial_number="PF1MINE1", machine_id="1a" * 16)))
    moved = machine("nb-7", serial_number="PF1LOAN1", machine_id="1a" * 16)
    proposal = estate.take(scan(moved, observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, len(proposal.review)) == (0, 1)


def test_lenovo_barcode_is_its_serial(estate: ReconciledEstate) -> None:
    lenovo = NamedReference("manufacturer", "LENOVO")
    estate.take(scan(machine("nb-1", serial_number="PF1ABCDE", manufacturer=lenovo)))
    scanned = Observation("laptop", {"name": "T14", "serial_number": "1S20QDS00K00PF1ABCDE", "asset_tag": "A-1"})
    proposal = estate.take(sheet(scanned))
    assert (proposal.created, proposal.updated) == (0, 1)
    back = estate.propose(
        scan(machine("nb-1", serial_number="PF1ABCDE", manufacturer=lenovo), observed="2026-05-01T00:00:00Z")
    )
    assert (back.created, len(back.review)) == (0, 0)


def test_a_barcode_first_is_found_by_its_serial(estate: ReconciledEstate) -> None:
    estate.take(sheet(Observation("laptop", {"name": "T14", "serial_number": "1S20QDS00K00PF1ABCDE"})))
    proposal = estate.take(scan(machine("nb-1", serial_number="PF1ABCDE")))
    assert (proposal.created, len(proposal.review)) == (0, 0)


def test_same_serial_of_two_makers_is_no_certainty(estate: ReconciledEstate) -> None:
    estate.take(scan(machine("nb-a", serial_number="1234AB", manufacturer=NamedReference("manufacturer", "Dell"))))
    other = machine("nb-b", serial_number="1234AB", manufacturer=NamedReference("manufacturer", "HP"))
    proposal = estate.take(scan(other, host="x"))
    assert proposal.updated == 0
    assert proposal.created + len(proposal.review) >= 1


def test_manufacturers_spelt_differently_agree(estate: ReconciledEstate) -> None:
    estate.take(
        scan(machine("a", serial_number="CZC1234", manufacturer=NamedReference("manufacturer", "Hewlett-Packard")))
    )
    row = Observation(
        "laptop", {"name": "a", "serial_number": "czc1234", "manufacturer": NamedReference("manufacturer", "HP Inc.")}
    )
    proposal = estate.take(sheet(row))
    assert proposal.created == 0
    assert [m["name"] for m in estate.all("manufacturer")] == ["HP"]


def test_several_that_fit_go_to_review(estate: ReconciledEstate) -> None:
    estate.take(scan(machine("pc", "desktop", domain="a.example"), machine("pc", "desktop", domain="b.example")))
    proposal = estate.take(sheet(Observation("desktop", {"name": "PC", "asset_tag": "A-1"})))
    assert (proposal.created, len(proposal.review)) == (0, 1)
    assert len([o for o in proposal.review[0].options if o.uid]) == 2


def test_a_sheet_finds_a_machine_by_its_host_name(estate: ReconciledEstate) -> None:
    estate.take(
        scan(Observation("laptop", {"name": "Anna's laptop", "host_name": "nb-042", "serial_number": "PF1ABCDE"}))
    )
    proposal = estate.take(sheet(Observation("laptop", {"name": "NB-042", "asset_tag": "A-42"})))
    assert (proposal.created, len(proposal.review)) == (0, 0)


def test_a_replacement_under_the_old_name_is_new(estate: ReconciledEstate) -> None:
    estate.take(scan(machine("nb-1", serial_number="PF1OLD11")))
    proposal = estate.take(scan(machine("nb-1", serial_number="PF1NEW22"), observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (1, 0, 0)


def test_the_tag_of_one_and_the_serial_of_another_go_to_review(estate: ReconciledEstate) -> None:
    known = [machine(f"nb-{n}", serial_number=f"PF1AAAA{n}", asset_tag=f"A-{n}") for n in (1, 2)]
    estate.take(sheet(*known))
    mixed = machine("nb-9", serial_number="PF1AAAA1", asset_tag="A-2")
    proposal = estate.take(sheet(mixed, file="other.csv"))
    assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 0, 1)
    assert {o.name for o in proposal.review[0].options if o.uid} == {"nb-1", "nb-2"}


def test_namesakes_with_other_serials_are_others(estate: ReconciledEstate) -> None:
    rows = [Observation("laptop", {"name": "Latitude 5420", "serial_number": f"SN{n:05}"}) for n in range(60)]
    assert estate.take(sheet(*rows)).created == 60
    again = estate.propose(sheet(*rows, observed="2026-04-01T00:00:00Z"))
    assert (again.created, again.unchanged, len(again.review), list(again.revision.edits)) == (0, 60, 0, [])


def test_an_image_cloned_onto_many_pcs_is_no_evidence(estate: ReconciledEstate) -> None:
    pcs = [machine(f"lab-{n}", "desktop", serial_number=f"SNLAB{n}", machine_id="ab" * 16) for n in range(5)]
    proposal = estate.take(
        *(scan(pc, host=f"lab-{n}", observed=f"2026-03-0{n + 1}T10:00:00Z") for n, pc in enumerate(pcs))
    )
    assert (proposal.created, len(proposal.review)) == (5, 0)


def test_a_value_of_many_identifies_none_and_is_reported(estate: ReconciledEstate) -> None:
    rows = [
        Observation(
            "laptop", {"name": f"nb-{n}", "serial_number": "BATCH-2024", "asset_tag": f"A-{n}"}, Origin("f.csv", "", n)
        )
        for n in range(2, 22)
    ]
    proposal = estate.take(sheet(*rows))
    assert (proposal.created, proposal.rejected, len(proposal.review)) == (20, 0, 0)
    (problem,) = proposal.problems
    assert (problem.row, problem.severity, problem.kind, problem.value) == (2, "warning", "shared", "BATCH-2024")
    assert estate.propose(sheet(*rows)).unchanged == 20


class TestPeople:
    def test_by_email_when_renamed(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("person", {"name": "Anna Smith", "email": "anna@example.org"})))
        proposal = estate.take(
            sheet(Observation("person", {"name": "Anna Jones", "email": "anna@example.org"}), file="hr.csv")
        )
        assert (proposal.created, proposal.updated) == (0, 1)

    def test_namesakes_with_other_addresses_are_two(self, estate: ReconciledEstate) -> None:
        people = [Observation("person", {"name": "Jan de Vries", "email": f"jan{n}@example.org"}) for n in (1, 2)]
        proposal = estate.take(sheet(*people))
        assert (proposal.created, len(proposal.review)) == (2, 0)

    def test_user_names_with_and_without_domain(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(Observation("person", {"name": "Anna Smith", "user_name": "asmith"})))
        proposal = estate.take(scan(Observation("person", {"name": "asmith", "user_name": "CORP\\ASmith"})))
        assert proposal.created == 0


class TestEntitlements:
    def bought(self, order: str, quantity: int, **more: Any) -> Observation:
        values = {"name": "Office LTSC", "product": "Office LTSC", "metric": "device", "quantity": quantity, **more}
        return Observation("entitlement", {**values, **({"purchase_order": order} if order else {})})

    def test_two_purchases_are_two(self, estate: ReconciledEstate) -> None:
        proposal = estate.take(sheet(self.bought("PO-1", 10), self.bought("PO-2", 20)))
        assert (proposal.created, len(proposal.review)) == (2, 0)
        assert estate.propose(sheet(self.bought("PO-1", 10), self.bought("PO-2", 20))).unchanged == 2

    def test_a_corrected_quantity_is_the_same_purchase(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(self.bought("PO-1", 10)))
        proposal = estate.take(sheet(self.bought("PO-1", 12), observed="2026-03-05T00:00:00Z"))
        assert (proposal.created, proposal.updated) == (0, 1)

    def test_another_quantity_without_an_order_is_asked(self, estate: ReconciledEstate) -> None:
        estate.take(sheet(self.bought("PO-1", 10)))
        proposal = estate.take(sheet(self.bought("", 5), file="other.xlsx"))
        assert (proposal.created, proposal.updated, len(proposal.review)) == (0, 0, 1)


def test_models_of_two_makers_are_two(estate: ReconciledEstate) -> None:
    rows = [
        Observation("hardware_model", {"name": "T14", "manufacturer": NamedReference("manufacturer", m)})
        for m in ("Lenovo", "Acme")
    ]
    estate.take(sheet(*rows))
    assert len(estate.all("hardware_model")) == 2


def test_hypothetical_rooms_of_one_name_in_two_buildings(estate: ReconciledEstate) -> None:
    rows = [
        Observation("room", {"name": "101", "location": NamedReference("place", b)})
        for b in ("Building A", "Building B")
    ]
    proposal = estate.take(sheet(*rows))
    assert len(estate.all("room")) == 2
    assert {p["class"] for p in estate.all("building")} == {"building"}
    assert len(proposal.review) == 0


@pytest.mark.parametrize(
    ("name", "tag", "number", "outcome"),
    [
        ("nb-1", "T-9", "snipe-it asset 7", (0, 1)),  # labelled anew, or another one
        ("nb-2", None, "snipe-it asset 7", (0, 1)),  # renamed, or of another installation
        ("nb-1", "T-1", "snipe-it asset 8", (0, 0)),  # entered anew
        ("nb-1", "T-1", "glpi computer 3", (0, 0)),  # numbers of two tools are not compared
        ("nb-2", "T-9", "glpi computer 7", (1, 0)),
    ],
)
def test_the_number_in_another_tool_speaks_for_a_thing_but_never_alone(
    estate: ReconciledEstate, name: str, tag: str | None, number: str, outcome: tuple[int, int]
) -> None:
    first = Observation("laptop", {"name": "nb-1", "asset_tag": "T-1"}, evidence={"source_id": ["snipe-it asset 7"]})
    estate.take(sheet(first))
    values: dict[str, Any] = {"name": name, **({"asset_tag": tag} if tag else {})}
    later = Observation("laptop", values, Origin("later.csv", "later", 2), evidence={"source_id": [number]})
    proposal = estate.take(sheet(later, observed="2026-03-09T10:00:00Z"))
    assert (proposal.created, len(proposal.review)) == outcome


def test_a_repeated_row_with_its_number_in_another_tool_is_recognised_at_once(estate: ReconciledEstate) -> None:
    def row() -> Observation:
        values = {"name": "nb-1", "asset_tag": "T-1"}
        return Observation("laptop", values, evidence={"source_id": ["snipe-it asset 7"]})

    estate.take(sheet(row()))
    again = estate.take(sheet(row(), observed="2026-03-09T10:00:00Z"))
    assert (again.unchanged, list(again.revision.edits)) == (1, [])


def _rack(*places: str) -> Observation:
    """A rack R1 in a place, the innermost last."""
    place: NamedReference | None = None
    for name in places:
        place = NamedReference("place", name, (("location", place),) if place else ())  # type: ignore[arg-type]
    return Observation("rack", {"name": "R1", "location": place} if place else {"name": "R1"})


@pytest.mark.parametrize(
    ("places", "created"),
    [(("Bern", "Hall"), 0), (("Bern",), 0), (("Hall",), 0), ((), 0), (("Oslo", "Hall"), 1), (("Bern", "Attic"), 1)],
)
def test_a_rack_of_the_same_name_in_another_place_is_another(
    estate: ReconciledEstate, places: tuple[str, ...], created: int
) -> None:
    estate.take(sheet(_rack("Bern", "Hall")))
    proposal = estate.propose(sheet(_rack(*places), observed="2026-03-09T10:00:00Z"))
    racks = [change for change in proposal.changes if change.cls == "rack" and change.state == "new"]
    assert (len(racks), len(proposal.review)) == (created, 0)
