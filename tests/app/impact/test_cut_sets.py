"""The smallest sets whose loss takes a record down."""

from __future__ import annotations

from app.impact.cut_sets import cut_sets
from cmdb.model.name_keys import name_key
from tests.app.impact.conftest import Known


def test_cut_sets_are_given_by_name(known: Known) -> None:
    found = cut_sets(known.reader, known.graph, known.ci("cluster-rtm"))
    assert found.complete
    assert set(found.sets) >= {("PDU-A",), ("host-a", "host-b"), ("sw-1", "sw-2")}
    assert all(list(one) == sorted(one, key=name_key) for one in found.sets)


def test_only_one_class_may_fail_by_itself(known: Known) -> None:
    found = cut_sets(known.reader, known.graph, known.ci("cluster-rtm"), among="switch")
    assert found.sets == (("sw-1", "sw-2"),)


def test_a_search_that_is_cut_short_says_so(known: Known) -> None:
    assert not cut_sets(known.reader, known.graph, known.ci("cluster-rtm"), trials=1).complete
