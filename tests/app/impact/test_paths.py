"""Paths between two records."""

from __future__ import annotations

from app.impact.paths import path_between
from tests.app.impact.conftest import Known


def test_the_way_has_both_ends_and_its_links(known: Known) -> None:
    stops = path_between(known.reader, known.graph, known.ci("sw-2"), known.ci("cluster-rtm"))
    assert [(stop.name, stop.label) for stop in stops][::2] == [("sw-2", "Switch"), ("cluster-rtm", "Cluster")]
    assert [bool(stop.link) for stop in stops] == [False, True, True]
    assert path_between(known.reader, known.graph, known.ci("sw-2"), known.ci("sw-2"))[0].name == "sw-2"
