"""The affected items, with reasons."""

from __future__ import annotations

import pytest

from app.impact import affected_items as module
from app.impact.affected_items import contradictions, hits
from cmdb.graph.impact import impact
from cmdb.graph.results import DataError
from tests.app.impact.conftest import Known


def test_a_hit_tells_its_state_its_proof_and_its_path(known: Known) -> None:
    found = impact(known.graph, [known.ci("sw-2")])
    (host,) = hits(known.reader, found, [known.ci("host-c")])
    assert (host.uid, host.label, host.name, host.word) == (known.uids["host-c"], "Server", "host-c", "down")
    assert host.why == "its only uplink, sw-2, failed"
    assert host.path == ["sw-2", "host-c"]


def test_many_are_looked_up_some_at_a_time_and_keep_their_order(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    found = impact(known.graph, [known.ci("sw-2")])
    whole = [(hit.name, hit.why, hit.path) for hit in hits(known.reader, found, found.hit(), paths=True)]
    monkeypatch.setattr(module, "BATCH", 2)
    assert [(hit.name, hit.why, hit.path) for hit in hits(known.reader, found, found.hit())] == whole
    assert whole[0] == ("sw-2", "it is what failed", ["sw-2"])


def test_deleted_cis_are_left_out(known: Known) -> None:
    found = impact(known.graph, [known.ci("sw-2")])
    assert [hit.name for hit in hits(known.reader, found, [known.ci("sw-2"), 999_999])] == ["sw-2"]


def test_a_contradiction_names_whose_it_is(known: Known) -> None:
    errors = [DataError(known.ci("host-b"), "uplinks", "needs 3 but has 2"), DataError(999_999, "gone", "is nobody's")]
    first, second = contradictions(known.reader, errors)
    assert (first.uid, first.label, first.name, first.group) == (known.uids["host-b"], "Server", "host-b", "uplinks")
    assert (second.uid, second.label, second.name, second.text) == ("", "", "", "is nobody's")
