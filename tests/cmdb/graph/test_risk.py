"""Next losses, single points of failure and cut sets, compared with trying everything."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cmdb.graph.cut_sets import cutsets
from cmdb.graph.impact import impact
from cmdb.graph.risk import cannot_lose_next, spof, standing_exhausted
from cmdb.model.control import Control
from cmdb.model.errors import Cancelled, NotFound, SchemaError
from tests.cmdb.graph.test_impact import HARBOUR
from tests.cmdb.graph.worlds import NODES, Groups, Links, World, estates, failures, graph_of, plain_groups, truth
from tests.laws import examples


def test_the_harbour_cannot_lose_another_host_next() -> None:
    world = World.parse(HARBOUR)
    found = cannot_lose_next(world.graph(), [world.ids["sw-2"]])
    names = {world.name(one.ci): world.names(one.takes_down) for one in found}
    everything = {"cluster-rtm", "vm-pay", "vm-web", "vm-mail", "payroll", "web-shop", "mail"}
    assert set(names) == {"host-a", "host-b", "sw-1", "pdu-a"}
    assert names["host-a"] == names["host-b"] == everything
    assert names["sw-1"] == everything | {"host-b"}
    assert len(found[0].takes_down) >= len(found[-1].takes_down)


def test_single_points_of_failure_of_the_harbour() -> None:
    world = World.parse(HARBOUR)
    assert world.names(spof(world.graph(), world.ids["mail"])) == {"vm-mail", "cluster-rtm"}
    assert world.names(spof(world.graph(), world.ids["host-a"])) == {"sw-1", "pdu-a"}


def test_cut_sets_of_the_harbour() -> None:
    world = World.parse(HARBOUR)
    found = cutsets(world.graph(), world.ids["mail"], order=2)
    assert found.complete
    assert {frozenset(world.names(cut)) for cut in found.sets} == {
        frozenset(cut.split())
        for cut in (
            "vm-mail", "cluster-rtm", "host-a host-b", "host-a host-c", "host-b host-c", "host-a sw-2", "host-b sw-1",
            "host-c sw-1", "host-b sw-2", "sw-1 sw-2", "host-b pdu-a", "host-c pdu-a", "pdu-a sw-2",
        )
    }  # fmt: skip


def test_cut_sets_among_a_class() -> None:
    world = World.parse(HARBOUR)
    found = cutsets(world.graph(), world.ids["mail"], order=3, among="switch")
    assert [world.names(cut) for cut in found.sets] == [{"sw-1", "sw-2"}]
    with pytest.raises(SchemaError):
        cutsets(world.graph(), world.ids["mail"], among="ship")


def test_a_search_that_was_cut_short_says_so() -> None:
    world = World.parse(HARBOUR)
    assert not cutsets(world.graph(), world.ids["mail"], order=3, limit=5).complete


def test_groups_without_a_spare() -> None:
    world = World.parse(
        "g a needs 2 pair\nh b needs 1 pair\na -depends_on-> x [g]\na -depends_on-> y [g]\n"
        "b -depends_on-> x [h]\nb -depends_on-> y [h]\nc -depends_on-> x"
    )
    assert [world.name(group.owner) for group in standing_exhausted(world.graph())] == ["a"]


def test_unknown_records_and_cancelling() -> None:
    world = World.parse(HARBOUR)
    with pytest.raises(NotFound):
        spof(world.graph(), 1)
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        cannot_lose_next(world.graph(), [world.ids["sw-2"]], control)
    with pytest.raises(Cancelled):
        spof(world.graph(), world.ids["mail"], control)


def lost(estate: tuple[Links, Groups], failed: set[int]) -> set[int]:
    return truth(list(range(NODES)), plain_groups(*estate), failed).down | failed


@given(estates(), failures)
@examples(80, soak=1000)
def test_the_next_losses_are_all_and_only_those(estate: tuple[Links, Groups], failed: set[int]) -> None:
    expected = {}
    now = lost(estate, failed)
    for node in range(NODES):
        new = lost(estate, failed | {node}) - now - lost(estate, {node})
        if new:
            expected[node] = new
    found = cannot_lose_next(graph_of(estate), sorted(failed))
    assert {one.ci: set(one.takes_down) for one in found} == expected


@given(estates(), st.integers(0, NODES - 1))
@examples(40, soak=500)
def test_single_points_of_failure_are_exact(estate: tuple[Links, Groups], target: int) -> None:
    expected = {node for node in range(NODES) if node != target and target in lost(estate, {node})}
    assert set(spof(graph_of(estate), target)) == expected


@given(estates(), st.integers(0, NODES - 1), st.integers(0, 3))
@examples(60, soak=750)
def test_cut_sets_are_complete_and_minimal(estate: tuple[Links, Groups], target: int, order: int) -> None:
    others = [node for node in range(NODES) if node != target]
    expected: set[frozenset[int]] = set()
    for size in range(1, order + 1):
        for chosen in map(frozenset, combinations(others, size)):
            if not any(cut < chosen for cut in expected) and target in lost(estate, set(chosen)):
                expected.add(chosen)
    found = cutsets(graph_of(estate), target, order)
    assert found.complete
    assert {frozenset(cut) for cut in found.sets} == expected


@given(estates(), failures, st.integers(0, NODES - 1))
@examples(40, soak=500)
def test_losing_more_never_helps(estate: tuple[Links, Groups], failed: set[int], more: int) -> None:
    graph = graph_of(estate)
    fewer, further = impact(graph, sorted(failed)), impact(graph, sorted(failed | {more}))
    assert set(fewer.down) <= {*further.down, *further.failed}
