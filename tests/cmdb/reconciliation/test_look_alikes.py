"""New items whose tags and serial numbers look like those of others are said, and are imported all the same."""

from __future__ import annotations

from cmdb.model.observation import NamedReference, Observation
from tests.cmdb.reconciliation.estate import ReconciledEstate, sheet


def laptop(name: str, tag: str, serial: str) -> Observation:
    return Observation("laptop", {"name": name, "asset_tag": tag, "serial_number": serial})


OTHERS = [laptop(f"other-{n}", f"Q-7{n}7", f"WZ{n * 7919}W{n}") for n in range(201)]
CASES = (
    ("1000", "NEW-77", ["similar.look"]), ("A-9999", "PF0X1Y2S", ["similar.look"]),
    ("PFOXIY25", "01000", ["similar.swapped"]), ("1001", "NEW-77", []),
)  # fmt: skip


def test_a_new_item_that_looks_like_a_known_one(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop("nb-1", "01000", "PFOXIY25")))
    for tag, serial, codes in CASES:
        proposal = estate.propose(sheet(laptop("nb-2", tag, serial), observed="2026-03-09T10:00:00Z"))
        assert (proposal.created, [p.code for p in proposal.problems]) == (1, codes)
        assert all("nb-1" in str(p.message) and p.severity == "warning" for p in proposal.problems)
    estate.apply(proposal.revision)
    again = estate.propose(sheet(laptop("nb-2", "1001", "NEW-77"), observed="2026-03-10T10:00:00Z"))
    assert again.problems == []


def test_beside_many_new_ones_all_values_of_the_register_are_compared(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop("nb-1", "01000", "PFOXIY25")))
    rows = [laptop(f"nb-{at}", tag, serial) for at, (tag, serial, _) in enumerate(CASES[:3], 2)]
    proposal = estate.propose(sheet(*rows, *OTHERS, observed="2026-03-09T10:00:00Z"))
    assert {p.code for p in proposal.problems} == {"similar.look", "similar.swapped"}


def test_two_rows_of_a_file_that_look_alike(estate: ReconciledEstate) -> None:
    proposal = estate.propose(
        sheet(laptop("nb-1", "A 100", "S1"), laptop("nb-2", "a100", "S2"), laptop("nb-3", "", ""))
    )
    assert [p.value for p in proposal.problems if p.code == "similar.look"] == ["a100"]


def test_a_person_of_the_same_words_is_pointed_out_in_a_row_and_as_a_holder(estate: ReconciledEstate) -> None:
    estate.take(sheet(Observation("person", {"name": "José Núñez"}), Observation("person", {"name": "Ann Lee"})))
    row = estate.propose(sheet(Observation("person", {"name": "Nunez Jose"})))
    held = laptop("nb-1", "A-1", "S1")
    held.values["assigned_to"] = NamedReference("", "Jose Nunez")
    for proposal in (row, estate.propose(sheet(held))):
        assert [(p.code, p.suggested) for p in proposal.problems] == [("similar.new", ("José Núñez",))]
