"""An updated graph gives the same results as a new graph."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cmdb.graph.changes import GraphChange, GraphLink, GroupRecord
from cmdb.graph.compaction import folded
from cmdb.graph.cut_sets import cutsets
from cmdb.graph.graph import Graph
from cmdb.graph.impact import impact
from cmdb.graph.incremental_update import follow
from cmdb.graph.lookups import class_of, dependency_group, link_parts
from cmdb.graph.neighbourhood import neighbourhood
from cmdb.graph.paths import path
from cmdb.graph.propagation import propagate
from tests.cmdb.graph.test_impact import told
from tests.cmdb.graph.worlds import graph_of_records, schema
from tests.laws import examples

CLASSES = ("server", "cluster", "virtual_machine", "entitlement", "licence_server")
KINDS = (
    "depends_on", "uses", "supports", "runs_on", "virtualised_on", "virtualised_on", "member_of", "part_of",
    "connected_to", "licensed_by", "stands_by_for", "stands_by_for",
)  # fmt: skip
SCHEMA = schema()


@dataclass(frozen=True)
class State:
    """An estate at one moment."""

    cis: dict[int, str]
    links: tuple[tuple[str, int, int, str | None], ...]
    groups: dict[str, tuple[int, str, str]]

    def graph(self) -> Graph:
        return graph_of_records(self.cis.items(), self.links, self.groups, SCHEMA)


def change(before: State, after: State) -> GraphChange:
    """What is different, as the store would say it."""
    old, new = Counter(before.links), Counter(after.links)
    groups = {key for key in after.groups if before.groups.get(key) != after.groups[key]}
    return GraphChange(
        gone=tuple(before.cis.keys() - after.cis.keys()),
        came=tuple((ci, cls) for ci, cls in after.cis.items() if before.cis.get(ci) != cls),
        unlinked=tuple(GraphLink(*link) for link in (old - new).elements()),
        linked=tuple(GraphLink(*link) for link in (new - old).elements()),
        ungrouped=tuple(before.groups.keys() - after.groups.keys()),
        grouped=tuple(GroupRecord(key, *after.groups[key]) for key in sorted(groups)),
    )


@st.composite
def states(draw: st.DrawFn) -> State:
    ids = draw(st.sets(st.integers(1, 12), min_size=2, max_size=10))
    node = st.sampled_from(sorted(ids))
    cis = {ci: draw(st.sampled_from(CLASSES)) for ci in sorted(ids)}
    needs = st.sampled_from(["0", "1", "2", "50%", "", "3", "many"])
    groups = {
        f"g{at}": (draw(st.integers(1, 12)), f"group {at}", draw(needs)) for at in draw(st.sets(st.integers(0, 4)))
    }
    key = st.sampled_from([None, None, *groups])
    links = draw(st.lists(st.tuples(st.sampled_from(KINDS), node, node, key), max_size=24))
    own = [(owner, name) for name, (owner, _, _) in groups.items() if owner in ids]
    if own:
        held = st.tuples(st.sampled_from(["depends_on", "uses", "runs_on"]), st.sampled_from(own), node)
        links += [(kind, owner, other, name) for kind, (owner, name), other in draw(st.lists(held, max_size=10))]
    if links and groups:  # a link in several groups, which may stand alone besides
        again = st.tuples(st.sampled_from(links), st.sampled_from([None, *groups]))
        links += [(kind, a, b, name) for (kind, a, b, _), name in draw(st.lists(again, max_size=6))]
    return State(cis, tuple(links), groups)


@st.composite
def edited(draw: st.DrawFn, before: State) -> State:
    """A state that is much like the one before it, or another altogether."""
    other = draw(states())
    if draw(st.booleans()):
        return other
    cis = dict(before.cis)
    for ci in draw(st.sets(st.sampled_from(sorted({*cis, *other.cis})), max_size=2)):
        if ci in other.cis:
            cis[ci] = other.cis[ci]
        else:
            del cis[ci]
    groups = dict(before.groups)
    for name in draw(st.sets(st.sampled_from(sorted({*groups, *other.groups, "g0"})), max_size=2)):
        groups.pop(name, None)
        if name in other.groups:
            groups[name] = other.groups[name]
    links = list(before.links)
    for at in sorted(draw(st.sets(st.integers(0, max(0, len(links) - 1)), max_size=4)), reverse=True):
        del links[at : at + 1]
    links += other.links[:3]
    links = [(kind, a, b, group if group in groups else None) for kind, a, b, group in links if a in cis and b in cis]
    return State(cis, tuple(links), groups)


def structure(graph: Graph) -> dict[int, Any]:
    """Everything that hangs on each CI."""
    found: dict[int, Any] = {}
    for node in graph.nodes():
        owned = [dependency_group(graph, number) for number in graph.groups_owned(node)]
        of = [dependency_group(graph, number) for number in graph.groups_of(node)]
        links = [link_parts(graph, number) for number in graph.links(node)]
        found[graph.id(node)] = (
            class_of(graph, graph.id(node)),
            [(g.owner, g.label, g.needs, g.hard, g.members, g.type, g.key) for g in owned],
            [(g.owner, g.label, g.needs, g.hard, g.members, g.type, g.key) for g in of],
            [(graph.id(a), graph.id(b), kind) for a, b, kind in links],
        )
    return found


def answers(graph: Graph, cis: list[int]) -> list[Any]:
    """What it says of impact, with the proofs, of cut sets, ways and surroundings."""
    found: list[Any] = [sorted(map(str, graph.errors)), len(graph)]
    for failed in ([ci] for ci in cis):
        answer = impact(graph, failed)
        reasons = {ci: [(r.group.owner, r.group.key, r.lost) for r in answer.reasons(ci)] for ci in answer.hit()}
        found.append((answer.hit(), answer.down, reasons, {ci: answer.path(ci) for ci in answer.hit()}))
    for ci in cis:
        found.append(cutsets(graph, ci, 2))
        found.append([(len(way) if way is not None else -1) for other in cis for way in [path(graph, ci, other)]])
        for follow_ in ("all", "cone"):
            around = neighbourhood(graph, [ci], 2, 3, follow_)
            found.append((list(around.distance.items()), around.more))
            found.append(sorted((e.source, e.target, e.type, e.dependent or 0) for e in around.edges))
    return found


@given(st.data())
@examples(20, soak=300)
def test_a_graph_that_follows_answers_as_one_built_anew(data: st.DataObject) -> None:
    state = data.draw(states())
    graph = state.graph()
    for _ in range(3):
        after = data.draw(edited(state))
        following = follow(graph, change(state, after))
        assert following is not None
        anew = after.graph()
        assert structure(following) == structure(anew)
        cis = sorted(after.cis)[:4]
        assert answers(following, cis) == answers(anew, cis)
        failed = [following.node(ci) for ci in cis[:2]]
        assert told(propagate(following, failed)) == told(propagate(following, failed, wide=-1))
        state, graph = after, following
    assert structure(folded(graph)) == structure(graph)


def test_the_graph_before_stays_as_it_was() -> None:
    before = State({1: "server", 2: "server"}, (("depends_on", 1, 2, None),), {})
    after = State({1: "server", 2: "server", 3: "server"}, (("depends_on", 1, 3, None),), {})
    graph = before.graph()
    following = follow(graph, change(before, after))
    assert following is not None
    assert impact(graph, [2]).down == (1,)
    assert impact(following, [2]).down == ()
    assert impact(following, [3]).down == (1,)
    assert 3 not in graph


def test_an_unknown_type_or_class_asks_for_a_graph_built_anew() -> None:
    state = State({1: "server", 2: "server"}, (), {})
    assert follow(state.graph(), GraphChange(linked=(GraphLink("orbits", 1, 2),))) is None
    assert follow(state.graph(), GraphChange(came=((3, "comet"),))) is None
