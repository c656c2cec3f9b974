"""What reconciliation says of references: candidates are told apart, classes named, columns called as in the file."""

from __future__ import annotations

from cmdb.model.observation import Link, NamedReference, Observation
from cmdb.model.text_forms import swapped_uuid
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet


def test_candidates_of_one_name_are_told_apart_by_what_differs(estate: ReconciledEstate) -> None:
    sites = [Observation("site", {"name": name}) for name in ("Lyon", "Bonn")]
    inside = [NamedReference("site", name) for name in ("Lyon", "Bonn")]
    halls = [Observation("building", {"name": "Building North", "location": one}) for one in inside]
    estate.take(sheet(*sites, *halls))
    laptop = Observation("laptop", {"name": "nb-1", "location": NamedReference("", "Building North")})
    (problem,) = estate.propose(sheet(laptop)).problems
    assert "(Bonn); " in str(problem.message) or "(Bonn), " in str(problem.message)
    assert "(Lyon)" in str(problem.message)


def test_a_name_that_a_record_of_another_class_has(estate: ReconciledEstate) -> None:
    estate.take(sheet(Observation("site", {"name": "Hall 7"}), Observation("application", {"name": "erp"})))
    link = Link("runs_on", NamedReference("server", "Hall 7"), column="RUNS ON (host)")
    proposal = estate.propose(sheet(Observation("application", {"name": "erp"}, links=[link])), create_references=False)
    (problem,) = proposal.problems
    assert (problem.column, problem.code) == ("RUNS ON (host)", "reference.other-class")
    assert "is of the class Site" in str(problem.message)


def test_evidence_shows_numbers_as_they_are_written(estate: ReconciledEstate) -> None:
    uuid = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
    estate.take(scan(Observation("laptop", {"name": "nb-1", "uuid": uuid, "serial_number": "PF1ABCDE"})))
    other = Observation("laptop", {"name": "nb-2", "uuid": swapped_uuid(uuid), "serial_number": "PF1ABCDX"})
    proposal = estate.propose(scan(other, host="other"))
    told = [str(line.text) for item in proposal.review for option in item.options for line in option.evidence]
    assert [line for line in told if uuid in line and swapped_uuid(uuid) in line]
