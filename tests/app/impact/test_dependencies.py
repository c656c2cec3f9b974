"""The dependencies, dependents and cut sets of one CI."""

from __future__ import annotations

from app.impact.dependencies import dependencies_of
from cmdb.model.control import Control
from tests.app.impact.conftest import Known


def test_the_dependencies_of_one_item(known: Known) -> None:
    found = dependencies_of(known.reader, known.graph, known.uids["host-c"], Control())
    shop = dependencies_of(known.reader, known.graph, known.uids["Web shop"], Control())
    assert found is not None
    assert shop is not None
    assert found.needed_by == 1
    assert [need.text for need in found.needs] == ["powered by", "powered by", "uplinks through"]
    assert ("host-a", "host-b") in shop.pairs
    assert shop.pairs_complete
    assert [str(proposed.text) for proposed in found.proposed] == ["1 of 2 power feeds?"]
    assert {name for _, name in shop.single_points} == {"shop-web", "vm-web", "cluster-rtm", "PDU-A"}
    assert [name for _, name in shop.single_points] == ["cluster-rtm", "PDU-A", "shop-web", "vm-web"]


def test_a_missing_item_has_no_dependencies(known: Known) -> None:
    nobody = "00000000-0000-7000-8000-000000000000"
    assert dependencies_of(known.reader, known.graph, nobody, Control()) is None
