"""After a merge imports and scans find the kept record by what the merged one was called, and make no double of it."""

from __future__ import annotations

from typing import Any

import pytest

from cmdb.model.observation import Observation, Reading, Source
from cmdb.model.revision import Revision
from cmdb.model.selection import Selection
from cmdb.reconciliation import Proposal, reconcile
from cmdb.register.edits import set_values
from cmdb.register.forgetting import forgetting
from cmdb.register.merging import merge
from cmdb.store.reading.lookup import StoreLookup
from cmdb.store.store import Store
from tests.cmdb.reconciliation.stored_estate import Stored

MAC = "3c:52:82:aa:00:07"
LIST = [
    {"name": "LT-01000", "asset_tag": "01000", "serial_number": "SN-77-A", "cost_centre": "1"},
    {"name": "LT-1000", "asset_tag": "1000", "serial_number": "SN-77-B"},
]


def listed(*rows: dict[str, Any], at: str = "2026-03-01T00:00:00Z", kind: str = "sheet", **evidence: Any) -> Reading:
    """A reading of rows of laptops."""
    observations = [Observation("laptop", dict(row), evidence=dict(evidence)) for row in rows]
    return Reading(Source(kind, "stock.xlsx"), at, observations)


@pytest.fixture
def estate(store: Store) -> Stored:
    """Two laptops of a list that are one, and were merged into the first."""
    found = Stored(store)
    found.take(listed(*LIST))
    found.take(listed({}, kind="scan", record=[uid(found, "LT-1000")], mac=[MAC]))
    with store.read() as reader:
        kept = reader.find("01000").uid
        store.apply(merge(reader, [reader.find("1000").uid], kept, "tester"))
    return found


def uid(found: Stored, name: str) -> str:
    with found.store.read() as reader:
        return reader.find(name).uid


def laptops(found: Stored) -> list[dict[str, Any]]:
    with found.store.read() as reader:
        return [dict(one.values) for one in reader.all(Selection("laptop"))]


def test_the_same_list_again_changes_nothing(estate: Stored) -> None:
    before = laptops(estate)
    proposal = estate.take(listed(*LIST, at="2026-04-01T00:00:00Z"))
    assert (proposal.created, proposal.updated, proposal.review) == (0, 0, [])
    assert laptops(estate) == before


@pytest.mark.parametrize("row", [
    {"asset_tag": "1000", "name": "LT-1000"},
    {"asset_tag": "1000", "name": "LT-1000", "serial_number": "sn-77-b"},
    {"serial_number": "SN-77-B"},
    {"asset_tag": "1000"},
])  # fmt: skip
def test_a_row_with_former_names_changes_the_kept_record(estate: Stored, row: dict[str, Any]) -> None:
    (before,) = laptops(estate)
    proposal = estate.take(listed({**row, "cost_centre": "2"}, at="2026-04-01T00:00:00Z"))
    assert (proposal.created, proposal.updated, proposal.review) == (0, 1, [])
    assert laptops(estate) == [{**before, "cost_centre": "2"}], "what it was called is no news"


def test_a_scan_finds_it_by_what_it_saw_of_the_merged_one(estate: Stored) -> None:
    seen = listed({"memory": 4096}, kind="scan", at="2026-04-01T00:00:00Z", mac=[MAC])
    proposal = estate.take(seen)
    assert (proposal.created, proposal.review) == (0, [])
    assert [one["memory"] for one in laptops(estate)] == [4096]


def test_a_row_with_the_id_of_the_merged_one_is_the_kept_ones(estate: Stored) -> None:
    with estate.store.read() as reader:
        old = next(key[1] for key in reader.records("alias") if key[0] == "id")
    proposal = estate.take(listed({"cost_centre": "9"}, record=[old], at="2026-04-01T00:00:00Z"))
    assert (proposal.created, proposal.updated) == (0, 1)
    assert [one["cost_centre"] for one in laptops(estate)] == ["9"]


def test_another_record_with_that_tag_goes_first(estate: Stored) -> None:
    estate.take(listed({"name": "another", "asset_tag": "4711"}))
    other = uid(estate, "another")
    with estate.store.read() as reader:
        revision = set_values(reader, [other], {"asset_tag": "1000"}, "tester")
    estate.store.apply(revision)
    assert uid(estate, "1000") == other
    proposal = estate.take(listed({"asset_tag": "1000", "cost_centre": "5"}, at="2026-05-01T00:00:00Z"))
    assert proposal.created == 0
    with estate.store.read() as reader:
        assert reader.get(other).values["cost_centre"] == "5"


def test_an_import_that_was_decided_before_the_merge_makes_no_double(store: Store) -> None:
    estate = Stored(store)
    estate.take(listed(LIST[0]))
    late: list[Proposal] = []

    def decided() -> Revision:
        with store.read() as reader:
            late.append(reconcile([listed({**LIST[1], "cost_centre": "3"})], StoreLookup(reader), store.schema, "feed"))
        return late[-1].revision

    first = decided()
    assert late[-1].created == 1
    estate.take(listed(LIST[1]))
    with store.read() as reader:
        store.apply(merge(reader, [reader.find("1000").uid], reader.find("01000").uid, "tester"))
    with pytest.raises(Exception, match="written meanwhile"):
        store.apply(first)
    store.apply(decided())
    assert late[-1].created == 0
    assert [one["cost_centre"] for one in laptops(estate)] == ["3"]


def test_after_its_list_was_forgotten_the_kept_record_takes_both_rows_again(estate: Stored) -> None:
    with estate.store.read() as reader:
        estate.store.apply(forgetting(reader, "sheet:stock.xlsx", "tester")[0])
    assert [one.get("asset_tag") for one in laptops(estate)] == [None]
    proposal = estate.take(listed(*LIST, at="2026-04-01T00:00:00Z"))
    assert (proposal.created, proposal.review) == (0, [])
    assert [one["asset_tag"] for one in laptops(estate)] == ["01000"]
