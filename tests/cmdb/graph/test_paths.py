"""Paths between CIs, the surroundings of one, and proposed redundancy groups."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cmdb.graph.explanation import group_text, noun, summary
from cmdb.graph.lookups import dependency_groups
from cmdb.graph.neighbourhood import edges_among, neighbourhood
from cmdb.graph.paths import path
from cmdb.graph.proposals import propose_groups
from tests.cmdb.graph.test_impact import HARBOUR, ask
from tests.cmdb.graph.worlds import NODES, Groups, Links, World, estates, graph_of
from tests.laws import examples


def test_a_path_names_its_relationships_as_they_are_walked() -> None:
    world = World.parse(HARBOUR)
    steps = path(world.graph(), world.ids["payroll"], world.ids["pdu-a"])
    assert steps is not None
    walked = [(world.name(s.source), s.label, world.name(s.target)) for s in steps]
    assert walked[0] == ("payroll", "is supported by", "vm-pay")
    assert walked[-1] == ("sw-1", "powered by", "pdu-a")
    assert [a[2] for a in walked[:-1]] == [b[0] for b in walked[1:]]


def test_no_path_and_no_step() -> None:
    world = World.parse("a -depends_on-> b\nc -depends_on-> d")
    assert path(world.graph(), world.ids["a"], world.ids["d"]) is None
    assert path(world.graph(), world.ids["a"], world.ids["a"]) == []


@given(estates(), st.integers(0, NODES - 1), st.integers(0, NODES - 1))
@examples(80, soak=1000)
def test_paths_are_shortest(estate: tuple[Links, Groups], a: int, b: int) -> None:
    plain = nx.Graph([(source, target) for _, source, target, _ in estate[0]])
    plain.add_nodes_from(range(NODES))
    steps = path(graph_of(estate), a, b)
    if steps is None:
        assert not nx.has_path(plain, a, b)
    else:
        assert len(steps) == nx.shortest_path_length(plain, a, b)
        ends = [a, *(step.target for step in steps)]
        assert ends[-1] == b
        assert all(plain.has_edge(x, y) for x, y in pairwise(ends))


def test_a_neighbourhood_says_how_much_it_leaves_out() -> None:
    world = World.parse("\n".join(f"leaf{i} -depends_on-> hub" for i in range(10)) + "\nhub -depends_on-> root")
    hub = world.ids["hub"]
    found = neighbourhood(world.graph(), [hub], depth=1, breadth=4)
    assert len(found.distance) == 5
    assert found.more == {hub: 7}
    assert set(found.parent.values()) == {hub}
    assert neighbourhood(world.graph(), [hub], depth=1, breadth=4, expanded={hub: 7}).more == {}
    assert neighbourhood(world.graph(), [hub], depth=0, breadth=4, expanded={hub: 2}).more == {hub: 9}
    assert neighbourhood(world.graph(), [hub], depth=1, breadth=4, collapsed=[hub]).more == {hub: 11}
    assert len(neighbourhood(world.graph(), [hub], depth=1, breadth=40, limit=3).distance) == 3


def test_depth_counts_what_lies_beyond() -> None:
    world = World.parse("a -depends_on-> b\nb -depends_on-> c\nc -depends_on-> d")
    found = neighbourhood(world.graph(), [world.ids["a"]], depth=2, breadth=9)
    assert world.names(found.distance) == {"a", "b", "c"}
    assert found.more == {world.ids["c"]: 1}


def test_kept_neighbours_come_first() -> None:
    world = World.parse("\n".join(f"leaf{i} -depends_on-> hub" for i in range(10)))
    graph = world.graph()
    kept = [world.ids["leaf9"], world.ids["leaf7"]]
    found = neighbourhood(graph, [world.ids["hub"]], 1, 2, keep=lambda nodes: np.isin(graph.ids(nodes), kept))
    assert world.names(found.distance) == {"hub", "leaf7", "leaf9"}


def test_following_only_dependents_or_providers() -> None:
    world = World.parse("a -depends_on-> b\nb -depends_on-> c\nb -connected_to-> d")
    graph, b = world.graph(), world.ids["b"]
    drawn = {f: world.names(neighbourhood(graph, [b], 9, 9, f).distance) for f in ("dependents", "providers", "cone")}
    assert drawn == {"dependents": {"a", "b"}, "providers": {"b", "c"}, "cone": {"a", "b", "c"}}
    assert world.names(neighbourhood(graph, [b], 9, 9).distance) == {"a", "b", "c", "d"}


def test_a_cone_goes_onward_only_unless_a_ci_is_expanded() -> None:
    world = World.parse("a -depends_on-> b\na -depends_on-> other\nb -depends_on-> c\nsibling -depends_on-> c")
    graph, ids = world.graph(), world.ids
    found = neighbourhood(graph, [ids["b"]], 9, 9, "cone")
    assert world.names(found.distance) == {"a", "b", "c"}
    assert found.more == {ids["a"]: 1, ids["c"]: 1}
    found = neighbourhood(graph, [ids["b"]], 9, 9, "cone", expanded={ids["c"]: 5})
    assert world.names(found.distance) == {"a", "b", "c", "sibling"}


def test_edges_know_their_dependent_and_group() -> None:
    world = World.parse(
        "g a needs 1 x\na -depends_on-> x [g]\na -depends_on-> y [g]\na -connected_to-> x\nx -supports-> s\n"
        "t -stands_by_for-> x"
    )
    graph = world.graph()
    nodes = {graph.node(ci) for ci in world.ids.values()}
    found = {
        (world.name(e.source), e.type, world.name(e.target), e.dependent and world.name(e.dependent))
        for e in edges_among(graph, nodes)
    }
    assert found == {
        ("a", "depends_on", "x", "a"),
        ("a", "depends_on", "y", "a"),
        ("a", "stands_by_for", "t", "a"),
        ("s", "stands_by_for", "t", "s"),
        ("a", "connected_to", "x", None),
        ("x", "supports", "s", "s"),
        ("t", "stands_by_for", "x", None),
    }


def test_several_uplinks_are_proposed_as_a_group_by_role() -> None:
    world = World.parse(
        "sw-1: switch\nsw-2: switch\nr-1: server\nhost -uplinks_through-> sw-1\nhost -uplinks_through-> sw-2\n"
        "host -uplinks_through-> r-1\nhost -depends_on-> r-1\nhost -depends_on-> sw-1"
    )
    found = propose_groups(world.graph())
    assert [(world.name(p.owner), str(p.text), world.names(p.members)) for p in found] == [
        ("host", "1 of 2 uplinks?", {"sw-1", "sw-2"})
    ]


def test_members_of_a_cluster_are_proposed_less_one_and_recorded_groups_not_at_all() -> None:
    world = World.parse(
        "c: cluster\na -member_of-> c\nb -member_of-> c\nd -member_of-> c\ng host needs 1 uplinks\n"
        "host -uplinks_through-> x [g]\nhost -uplinks_through-> y [g]"
    )
    assert [(str(p.text), p.needs) for p in propose_groups(world.graph())] == [("2 of 3 Servers?", 2)]


def test_the_words_in_a_box() -> None:
    world = World.parse(HARBOUR)
    answer = ask(world, "sw-2")
    words = {
        name: str(summary(answer, world.ids[name])) for name in ("cluster-rtm", "host-b", "host-c", "mail", "sw-1")
    }
    assert words == {
        "cluster-rtm": "2 of 3 up, needs 2",
        "host-b": "1 of 2 uplinks",
        "host-c": "down: uplink lost",
        "mail": "at risk",
        "sw-1": "up",
    }


def test_a_group_is_named_by_its_label_or_by_what_is_in_it() -> None:
    world = World.parse("g a needs 1\na -depends_on-> x [g]\na -depends_on-> y [g]")
    group = dependency_groups(world.graph(), world.ids["a"])[0]
    assert noun(world.graph(), group) == "Servers"
    assert str(group_text(world.graph(), group)) == "1 of 2 Servers"
    assert str(group_text(world.graph(), group, up=1)) == "1 of 2 Servers up"
