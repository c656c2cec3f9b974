"""Drift and the history of software with an open draft, of records that were merged, and where history was pruned."""

from __future__ import annotations

from datetime import UTC, datetime

from app.drift.record_drift import record_drift
from app.drift.software_history import software_history
from cmdb.register import drafts, retention
from cmdb.register.merging import merge
from cmdb.store.drafts.draft_store import DraftStore
from cmdb.store.store import Store
from tests.app.drift.inventories import laptop, take

FOX, FOX_2, EDITOR = ("Fox Browser", "115.0"), ("Fox Browser", "128.0"), ("Editor", "1")


def told(store: Store, uid: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The steps of software (what, product), and the drift since the scan before (section, counts)."""
    with store.read() as reader:
        steps = [(one.what, one.product) for one in software_history(reader, uid)]
        return steps, [(one.name, one.counts_text) for one in record_drift(reader, uid).sections]


def test_a_scan_in_a_draft_shows_with_the_draft_alone(store: Store) -> None:
    take(store, 1, [FOX, EDITOR])
    uid, before = laptop(store), told(store, laptop(store))
    with store.read() as reader:
        draft, revision = drafts.new_draft(reader, "Plan", "tester")
    store.apply(revision)
    plan = DraftStore(store, draft)
    take(plan, 2, [FOX_2])
    steps, drift = told(plan, uid)
    assert steps[:2] == [("removed", "Editor"), ("upgraded", "Fox Browser")]
    assert drift == [("software", "1 upgraded, 1 removed")]
    assert told(store, uid) == before


def test_what_was_merged_is_told_of_the_record_that_stays(store: Store) -> None:
    take(store, 1, [FOX])
    uid = laptop(store)
    take(store, 2, [EDITOR], "other", hardware={"name": "double", "chassis_type": "Laptop"}, bios={"ssn": "XX99"})
    with store.read() as reader:
        double = reader.find("double").uid
        revision = merge(reader, [uid, double], uid, "tester")
    store.apply(revision)
    steps, _ = told(store, uid)
    assert {product for _, product in steps} == {"Editor", "Fox Browser"}
    take(store, 3, [FOX_2])
    steps, drift = told(store, uid)
    assert ("upgraded", "Fox Browser") in steps
    assert dict(drift)["software"] == "1 upgraded, 1 removed"


def test_what_is_no_longer_kept_is_not_told(store: Store) -> None:
    take(store, 1, [FOX, EDITOR])
    take(store, 2, [FOX_2, EDITOR])
    take(store, 3, [FOX_2])
    uid = laptop(store)
    with store.read() as reader:
        store.apply(retention.set_rule(reader, "1y", "tester"))
    retention.prune(store, "tester", now=datetime(2099, 1, 1, tzinfo=UTC))
    with store.read() as reader:
        found = record_drift(reader, uid)
        assert (found.then, found.sections) == (None, ())
        assert [(one.what, one.product, one.last_seen[:10]) for one in software_history(reader, uid)] == [
            ("found", "Fox Browser", "2026-03-03")
        ]
    last = take(store, 4, [FOX])
    with store.read() as reader:
        found = record_drift(reader, uid)
        assert [(one.number, one.observed[:10]) for one in found.scans] == [(last, "2026-03-04"), (4, "2026-03-03")]
        assert [one.name for one in found.sections] == ["software"]
        assert [one.what for one in software_history(reader, uid)] == ["downgraded", "found"]
