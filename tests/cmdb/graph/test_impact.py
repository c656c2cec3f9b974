"""Impact, case by case, and compared with the definition by brute force."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given

from cmdb.graph import edges
from cmdb.graph.explanation import why
from cmdb.graph.impact import Impact, impact
from cmdb.graph.lookups import dependency_groups
from cmdb.graph.node_values import Propagation
from cmdb.graph.propagation import propagate
from cmdb.model.errors import NotFound, UserError
from tests.cmdb.graph.worlds import (
    NODES,
    Groups,
    Links,
    World,
    estates,
    failures,
    graph_of,
    graph_of_records,
    plain_groups,
    truth,
)
from tests.laws import examples
from tests.pseudo_locale import plain_words, spoken

HARBOUR = """
    cluster-rtm: cluster
    payroll: service
    web-shop: service
    mail: service
    vm-pay: virtual_machine
    vm-web: virtual_machine
    vm-mail: virtual_machine
    sw-1: switch
    sw-2: switch
    pdu-a: pdu
    hosts cluster-rtm needs 2 hosts
    uplinks host-b needs 1 uplinks
    host-a -member_of-> cluster-rtm [hosts]
    host-b -member_of-> cluster-rtm [hosts]
    host-c -member_of-> cluster-rtm [hosts]
    host-a -uplinks_through-> sw-1
    host-b -uplinks_through-> sw-1 [uplinks]
    host-b -uplinks_through-> sw-2 [uplinks]
    host-c -uplinks_through-> sw-2
    sw-1 -powered_by-> pdu-a
    vm-pay -virtualised_on-> cluster-rtm
    vm-web -virtualised_on-> cluster-rtm
    vm-mail -virtualised_on-> cluster-rtm
    vm-pay -virtualised_on-> host-c
    vm-pay -supports-> payroll
    vm-web -supports-> web-shop
    vm-mail -supports-> mail
"""


OF_THREE = "g a needs {} parts\na -depends_on-> x [g]\na -depends_on-> y [g]\na -depends_on-> z [g]"


def ask(world: World, *failed: str) -> Impact:
    return impact(world.graph(), [world.ids[name] for name in failed])


def states(world: World, *failed: str) -> dict[str, str]:
    return {world.name(ci): state for ci, state in ask(world, *failed).hit().items()}


def test_losing_one_switch_of_the_harbour() -> None:
    world = World.parse(HARBOUR)
    found = states(world, "sw-2")
    assert found == {
        "sw-2": "failed",
        "host-c": "down",
        "cluster-rtm": "exhausted",
        "host-b": "exhausted",
        "vm-pay": "at_risk",
        "vm-web": "at_risk",
        "vm-mail": "at_risk",
        "payroll": "at_risk",
        "web-shop": "at_risk",
        "mail": "at_risk",
    }


def test_the_harbour_explains_itself() -> None:
    world = World.parse(HARBOUR)
    answer = ask(world, "sw-2")

    def reason(name: str) -> str:
        return str(why(answer, world.ids[name], world.name))

    assert reason("host-c") == "its only uplink, sw-2, failed"
    assert reason("cluster-rtm") == "2 of 3 hosts up and it needs 2: host-c lost its only uplink sw-2"
    assert reason("host-b") == "1 of 2 uplinks up and it needs 1: sw-2 failed"
    assert reason("vm-web") == "depends on cluster-rtm, which is exhausted"
    assert reason("payroll") == "depends on vm-pay, which is at risk"
    assert reason("sw-1") == ""


def test_a_proof_is_worded_in_the_language_in_which_it_is_shown() -> None:
    world = World.parse(HARBOUR)
    proofs = [why(ask(world, "sw-2"), world.ids[name], lambda _: "42") for name in ("host-c", "cluster-rtm", "vm-web")]
    with spoken():
        assert [plain_words(str(proof), frozenset({"hosts"})) for proof in proofs] == [[], [], []]


def test_a_proof_names_the_earliest_losses() -> None:
    world = World.parse(HARBOUR)
    answer = ask(world, "sw-2", "host-a")
    assert str(why(answer, world.ids["cluster-rtm"], world.name)) == (
        "2 of 3 hosts lost (needs 2): host-a failed; host-c lost its only uplink sw-2"
    )
    assert [world.name(ci) for ci in answer.path(world.ids["payroll"])] == [
        "host-a", "cluster-rtm", "vm-pay", "payroll",
    ]  # fmt: skip


def test_two_failures_at_once() -> None:
    found = states(World.parse(HARBOUR), "sw-2", "pdu-a")
    assert {name for name, state in found.items() if state == "down"} == {
        "sw-1", "host-a", "host-b", "host-c", "cluster-rtm", "vm-pay", "vm-web", "vm-mail", "payroll", "web-shop",
        "mail",
    }  # fmt: skip


def test_down_leaves_out_what_failed() -> None:
    answer = ask(World.parse("a -depends_on-> b\nb -depends_on-> c"), "c", "b")
    assert len(answer.down) == 1
    assert len(answer.failed) == 2


def test_the_host_of_a_clustered_machine_is_placement() -> None:
    world = World.parse(HARBOUR)
    assert states(world, "host-c")["vm-pay"] == "at_risk"


def test_the_host_of_a_machine_without_a_cluster_carries_impact() -> None:
    world = World.parse("vm: virtual_machine\nvm -virtualised_on-> host")
    assert states(world, "host") == {"host": "failed", "vm": "down"}


@pytest.mark.parametrize(
    ("text", "failed", "state"),
    [
        (OF_THREE.format("50%"), ("x",), "exhausted"),
        (OF_THREE.format("50%"), ("x", "y"), "down"),
        (OF_THREE.format("34%"), ("x",), "exhausted"),
        (OF_THREE.format("33%"), ("x",), "degraded"),
        ("a -uses-> x", ("x",), "degraded"),
        ("a -connected_to-> x", ("x",), "up"),
        ("x -supports-> a", ("x",), "down"),
        ("a -supports-> x", ("x",), "up"),
        ("a -depends_on-> a\na -depends_on-> x", ("x",), "down"),
        ("a -depends_on-> x\na -depends_on-> y", ("x",), "down"),
        ("a -part_of-> x", ("x",), "down"),
        ("x -part_of-> a", ("x",), "degraded"),
        ("g a needs 1 supplies\nx -part_of-> a [g]\ny -part_of-> a [g]", ("x",), "exhausted"),
        ("g a needs 1 supplies\nx -part_of-> a [g]\ny -part_of-> a [g]", ("a",), "failed"),
        ("x: entitlement\na -licensed_by-> x", ("x",), "up"),
        ("x: licence_server\na -licensed_by-> x", ("x",), "down"),
        ("a -depends_on-> x\ns -stands_by_for-> x", ("x",), "exhausted"),
        ("a -depends_on-> x\ns -stands_by_for-> x", ("x", "s"), "down"),
        ("a -depends_on-> x\ns -stands_by_for-> x\nt -stands_by_for-> s", ("x", "s"), "exhausted"),
        ("g a needs 2 x\na -depends_on-> x [g]\na -depends_on-> x [g]\na -uses-> y [g]", ("y",), "down"),
        ("g a needs 1 x\na -depends_on-> x [g]\na -runs_on-> x [g]\na -uses-> y [g]", ("y",), "exhausted"),
        ("g a needs 1 x\na -uses-> x [g]\na -uses-> y [g]", ("x", "y"), "degraded"),
        ("g a needs 1 x\na -uses-> x [g]\na -uses-> y [g]", ("x",), "degraded"),
        ("g a needs 1 x\na -connected_to-> x [g]\ny -connected_to-> a [g]", ("x",), "exhausted"),
    ],
)  # fmt: skip
def test_the_state_of_one(text: str, failed: tuple[str, ...], state: str) -> None:
    world = World.parse(text)
    assert ask(world, *failed).state(world.ids["a"]) == state


def test_soft_failures_put_dependents_at_risk_but_do_not_spread() -> None:
    world = World.parse("a -depends_on-> b\nb -uses-> c\nd -uses-> b")
    assert states(world, "c") == {"c": "failed", "b": "degraded", "a": "at_risk"}


def test_a_loop_fails_as_one_and_not_by_itself() -> None:
    world = World.parse("a -depends_on-> b\nb -depends_on-> c\nc -depends_on-> a\nc -depends_on-> x\ny -uses-> a")
    assert states(world, "y") == {"y": "failed"}
    assert states(world, "x") == {"x": "failed", "a": "down", "b": "down", "c": "down", "y": "degraded"}


def test_a_group_that_cannot_hold_is_a_data_error_and_takes_nothing_down_by_itself() -> None:
    world = World.parse(
        "g a needs 3 uplinks\na -uplinks_through-> x [g]\na -uplinks_through-> y [g]\nb -depends_on-> z"
    )
    answer = ask(world, "z")
    assert world.names(answer.down) == {"b"}
    assert [(world.name(e.owner), str(e.text)) for e in answer.errors] == [("a", "Group uplinks needs 3 but has 2.")]


def test_unreadable_needs_and_foreign_links_are_data_errors() -> None:
    world = World.parse("b: server\ng a needs many x\nh b needs 1 y\na -depends_on-> x [g]\na -depends_on-> y [h]")
    answer = ask(world, "y")
    assert world.names(answer.down) == {"a"}
    assert {world.name(error.owner) for error in answer.errors} == {"a", "b"}


def test_links_to_what_is_not_there_are_left_out() -> None:
    graph = graph_of_records([(1, "server")], [("depends_on", 1, 2, None)], {})
    assert impact(graph, [1]).down == ()
    with pytest.raises(NotFound):
        impact(graph, [2])


def test_more_records_than_a_link_has_bits_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edges, "MOST_NODES", 2)
    graph_of_records([(1, "server"), (2, "server")], [], {})
    with pytest.raises(UserError, match="at most 2 records, and there are 3"):
        graph_of_records([(1, "server"), (2, "server"), (3, "server")], [], {})


def test_an_empty_estate() -> None:
    graph = graph_of_records([], [], {})
    assert len(graph) == 0
    assert impact(graph, []).hit() == {}


def test_a_long_chain_names_its_root() -> None:
    world = World.parse("\n".join(f"n{i} -depends_on-> n{i + 1}" for i in range(12)))
    text = str(why(ask(world, "n12"), world.ids["n0"], world.name))
    assert text.startswith("depends on n1, which is down: depends on n2, which is down")
    assert text.endswith("because of n12")


# -- laws ---------------------------------------------------------------------------------------------------------


@given(estates(), failures)
@examples(120, soak=2000)
def test_the_engine_agrees_with_the_definition(estate: tuple[Links, Groups], failed: set[int]) -> None:
    expected = truth(list(range(NODES)), plain_groups(*estate), failed)
    answer = impact(graph_of(estate), sorted(failed))
    assert set(answer.down) == expected.down
    assert set(answer.degraded) == expected.degraded
    assert set(answer.exhausted) == expected.exhausted
    assert set(answer.at_risk) == expected.at_risk


@given(estates(), failures)
@examples(70, soak=1000)
def test_every_hit_is_proved(estate: tuple[Links, Groups], failed: set[int]) -> None:
    graph = graph_of(estate)
    answer = impact(graph, sorted(failed))
    for ci, state in answer.hit().items():
        trail = answer.path(ci)
        assert trail[0] in failed
        assert trail[-1] == ci
        for before, after in pairwise(trail):
            assert any(before in group.members for group in dependency_groups(graph, after))
        assert why(answer, ci, str)
        for reason in answer.reasons(ci):
            assert all(answer.lost(member) for member in reason.lost)
            assert (reason.up < reason.group.needs) == (state == "down") or not reason.group.hard


def told(found: Propagation) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """What a spread came to: levels, causes, and what the groups that held have lost."""
    pairs = [
        dict(zip(*(one.tolist() for one in marks.arrays()), strict=True)) for marks in (found.levels, found.causes)
    ]
    return pairs[0], pairs[1], dict(zip(found.held.tolist(), found.lost.tolist(), strict=True))


@given(estates(), failures)
@examples(70, soak=1000)
def test_wide_failures_are_counted_alike(estate: tuple[Links, Groups], failed: set[int]) -> None:
    graph = graph_of(estate)
    small, wide = propagate(graph, sorted(failed)), propagate(graph, sorted(failed), wide=-1)
    assert told(small) == told(wide)


def test_a_wide_level_is_counted_alike() -> None:
    cis = [(node, "server") for node in range(2_002)]
    links: list[tuple[str, int, int, int | None]] = [("depends_on", node, 0, None) for node in range(1, 2_000)]
    links += [("depends_on", 2_000, node, 1) for node in range(1, 2_000)] + [("uses", 2_001, 5, None)]
    graph = graph_of_records(cis, links, {1: (2_000, "all", "10%")})
    small, wide = propagate(graph, [0]), propagate(graph, [0], wide=100)
    assert told(small) == told(wide)
    assert small.levels[2_000] == 2
