"""Rows that dispose of a record need a date, a way and a statement about its data."""

from __future__ import annotations

from typing import Any

from cmdb.model.observation import Observation
from tests.cmdb.reconciliation.estate import ReconciledEstate, scan, sheet

GONE: dict[str, Any] = {"status": "Disposed", "disposed_on": "2026-02-01", "disposal": "Sold"}
ERASED = {"data_erasure_method": "Shredded", "data_erased_by": "Ship & Shred", "data_erasure_certificate": "C-1"}


def laptop(serial: str = "PF1ABCDE", **values: Any) -> Observation:
    return Observation("laptop", {"name": "nb-1", "serial_number": serial, **values})


def test_a_known_record_loses_only_the_status_cell(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(status="Retired")))
    for _ in range(2):  # a row that was not taken over whole is told of again
        proposal = estate.take(sheet(laptop(status="Disposed", memory=8192), observed="2026-03-05T10:00:00Z"))
        assert (proposal.rejected, proposal.left_out) == (0, 1)
        (problem,) = proposal.problems
        assert (problem.column, problem.value, problem.severity) == ("Status", "Disposed", "left-out")
        assert "a date and a way (Disposed on and Disposal)" in str(problem.message)
        assert "Data erasure method, Data erased by and Data erasure certificate" in str(problem.message)
    assert estate.get("nb-1")["status"] == "Retired"
    assert estate.get("nb-1")["memory"] == 8192


def test_a_new_record_is_rejected(estate: ReconciledEstate) -> None:
    proposal = estate.take(sheet(laptop(status="Disposed")))
    assert (proposal.created, proposal.rejected) == (0, 1)
    assert "a date and a way" in str(proposal.rejects[0][2][0])


def test_a_complete_row_is_imported(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(status="Retired")))
    proposal = estate.take(sheet(laptop(**GONE, **ERASED), observed="2026-03-05T10:00:00Z"))
    assert not proposal.problems
    assert estate.get("nb-1")["status"] == "Disposed"
    again = sheet(laptop(status="Disposed", memory=8192), file="other.xlsx", observed="2026-03-06T10:00:00Z")
    assert not estate.take(again).problems, "it is gone already: that is no transition"


def test_earlier_statements_count(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(status="Retired", data_erasure_exception="Never had a disk", disposal="Recycled")))
    estate.take(sheet(laptop(status="Disposed", disposed_on="2026-02-01"), observed="2026-03-05T10:00:00Z"))
    assert estate.get("nb-1")["status"] == "Disposed"


def test_a_status_that_does_not_win_asks_for_nothing(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop(status="Deployed"), observed="2026-03-05T10:00:00Z"))
    older = sheet(laptop(status="Disposed"), file="old.xlsx", observed="2025-03-05T10:00:00Z")
    assert not estate.take(older).problems
    assert estate.get("nb-1")["status"] == "Deployed"


def test_hardware_without_data_needs_only_a_date_and_a_way(estate: ReconciledEstate) -> None:
    monitor = Observation("monitor", {"name": "m-1", "serial_number": "PF1M", **GONE})
    assert not estate.take(sheet(monitor)).problems


def test_a_machine_that_a_scan_finds_is_in_use(estate: ReconciledEstate) -> None:
    estate.take(scan(laptop(), Observation("monitor", {"name": "Monitor 1", "serial_number": "CN0MON1"})))
    assert (estate.get("nb-1")["status"], estate.get("Monitor 1")["status"]) == ("Deployed", "Deployed")


def test_a_scan_says_nothing_of_the_status_of_a_known_machine(estate: ReconciledEstate) -> None:
    estate.take(sheet(laptop()))
    estate.take(scan(laptop(memory=8192)))
    assert "status" not in estate.get("nb-1")
    estate.take(sheet(laptop(status="In stock"), observed="2020-01-01T10:00:00Z"))
    assert estate.get("nb-1")["status"] == "In stock"


def test_a_list_of_before_outvotes_the_status_that_a_scan_supposes(estate: ReconciledEstate) -> None:
    estate.take(scan(laptop()))
    estate.take(sheet(laptop(status="In repair"), observed="2020-01-01T10:00:00Z"))
    assert estate.get("nb-1")["status"] == "In repair"
    estate.take(scan(laptop(), observed="2026-06-01T10:00:00Z"))
    assert estate.get("nb-1")["status"] == "In repair"
