"""Small estates for the graph's tests, and a simple implementation of the definition of impact."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import strategies as st

from cmdb.graph.edges import Edges
from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.graph import Graph
from cmdb.graph.quorum import resolve
from cmdb.model.schema import Schema

Key = TypeVar("Key", bound=Hashable)

CLASSES = """
ci: virtual_machine server cluster switch pdu service application entitlement licence_server
"""

TYPES: dict[str, dict[str, Any]] = {
    "depends_on": {"label": "depends on", "inverse": "is needed by", "impact": "backward"},
    "uses": {"label": "uses", "inverse": "is used by", "impact": "backward", "strength": "soft"},
    "supports": {"label": "supports", "inverse": "is supported by", "impact": "forward"},
    "runs_on": {"label": "runs on", "inverse": "runs", "impact": "backward"},
    "virtualised_on": {"label": "virtualised on", "inverse": "virtualises", "impact": "backward"},
    "member_of": {"label": "member of", "inverse": "has member", "impact": "forward", "grouped": True},
    "part_of": {"label": "part of", "inverse": "contains", "impact": "backward"},
    "uplinks_through": {
        "label": "uplinks through", "inverse": "gives uplink to", "impact": "backward", "grouped": True,
    },
    "powered_by": {"label": "powered by", "inverse": "powers", "impact": "backward", "grouped": True},
    "connected_to": {"label": "connected to", "inverse": "connected to", "symmetric": True},
    "licensed_by": {"label": "licensed by", "inverse": "licenses", "impact": "backward"},
    "stands_by_for": {"label": "stands by for", "inverse": "has standby"},
}  # fmt: skip


def schema() -> Schema:
    """A schema with the classes and types that the tests name."""
    root, leaves = CLASSES.strip().split(": ")
    document: dict[str, Any] = {
        "class": {root: {"attributes": {"name": {}}}} | {leaf: {"parent": root} for leaf in leaves.split()},
        "relationship": TYPES,
    }
    return Schema.load(folder=Path(__file__).parent / "no-such-folder", extra=[document])


def graph_of_records(
    cis: Iterable[tuple[int, str]],
    links: Iterable[tuple[str, int, int, Hashable | None]],
    groups: Mapping[Key, tuple[int, str, str]],
    of: Schema | None = None,
) -> FrozenGraph:
    """The graph of plain records, of the tests' own schema; see ``Edges.from_records``."""
    of = of or schema()
    return FrozenGraph.build(Edges.from_records(cis, links, groups, of), of)


@dataclass
class World:
    """CIs by name, links and groups, and the graph of them."""

    classes: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str, str | None]] = field(default_factory=list)
    groups: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> World:
        """Lines "name: class", "a -type-> b [group]" and "group owner needs N label"."""
        world = cls()
        for line in filter(None, map(str.strip, text.splitlines())):
            words = line.split()
            if words[0].endswith(":"):
                world.classes[words[0][:-1]] = words[1]
            elif words[1].startswith("-") and words[1].endswith("->"):
                group = words[3].strip("[]") if len(words) > 3 else None
                world.links.append((words[1][1:-2], words[0], words[2], group))
            else:
                key, owner, _, needs, *label = words
                world.groups[key] = (owner, " ".join(label), needs)
        for _, source, target, _ in world.links:
            world.classes.setdefault(source, "server")
            world.classes.setdefault(target, "server")
        return world

    @property
    def ids(self) -> dict[str, int]:
        return {name: 10 * number + 7 for number, name in enumerate(self.classes)}

    def graph(self) -> Graph:
        ids = self.ids
        return graph_of_records(
            [(ids[name], cls) for name, cls in self.classes.items()],
            [(kind, ids[a], ids[b], group) for kind, a, b, group in self.links],
            {key: (ids[owner], label, needs) for key, (owner, label, needs) in self.groups.items()},
        )

    def name(self, ci: int) -> str:
        return {number: name for name, number in self.ids.items()}[ci]

    def names(self, cis: Any) -> set[str]:
        return {self.name(ci) for ci in cis}


@dataclass(frozen=True)
class ReferenceGroup:
    """A plain dependency group of the definition: owner, distinct members, how many are needed, hard or soft."""

    owner: int
    members: frozenset[int]
    needs: int
    hard: bool


def plain_groups(links: Links, groups: Mapping[int, tuple[int, str, str]]) -> list[ReferenceGroup]:
    """The groups that follow from links of depends_on, uses, supports and connected_to, by the definition's words."""
    members: dict[int, list[tuple[int, bool]]] = {key: [] for key in groups}
    found = []
    for kind, source, target, group in links:
        ends = (source, target)
        hard = kind != "uses"
        if group is not None and groups[group][0] in ends:
            owner = groups[group][0]
            members[group].append((target if owner == source else source, hard))
            if owner == (source if kind != "supports" else target):
                continue
        if kind == "connected_to":
            continue
        owner, provider = (target, source) if kind == "supports" else (source, target)
        if owner != provider:
            found.append(ReferenceGroup(owner, frozenset({provider}), 1, hard))
    for key, (owner, _, text) in groups.items():
        distinct = frozenset(node for node, _ in members[key])
        needs = resolve(text, len(distinct))
        assert needs is not None
        found.append(ReferenceGroup(owner, distinct, needs, not members[key] or any(hard for _, hard in members[key])))
    return found


NODES = 9
Links = list[tuple[str, int, int, int | None]]
Groups = dict[int, tuple[int, str, str]]

_nodes = st.integers(0, NODES - 1)
failures = st.sets(_nodes, max_size=4)


@st.composite
def estates(draw: st.DrawFn) -> tuple[Links, Groups]:
    """Links and groups over ``NODES`` nodes: loops, repeated members, mixed types, links in others' groups."""
    needs = st.sampled_from(["0", "1", "2", "3", "50%", "34%", "100%", ""])
    owners = draw(st.lists(st.tuples(_nodes, needs), max_size=6))
    groups = {key: (owner, f"group {key}", text) for key, (owner, text) in enumerate(owners)}
    kinds = st.sampled_from(["depends_on", "depends_on", "uses", "supports", "connected_to"])
    loose = draw(st.lists(st.tuples(kinds, _nodes, _nodes, st.sampled_from([None, *groups])), max_size=20))
    if not groups:
        return loose, groups
    kind = st.sampled_from(["depends_on", "uses"])
    own = draw(st.lists(st.tuples(kind, st.sampled_from(sorted(groups)), _nodes), max_size=14))
    links = loose + [(kind, groups[key][0], node, key) for kind, key, node in own]
    if links:  # a link in several groups, which may stand alone besides
        again = st.tuples(st.sampled_from(links), st.sampled_from([None, *groups]))
        links += [(kind, a, b, key) for (kind, a, b, _), key in draw(st.lists(again, max_size=6))]
    return links, groups


def graph_of(estate: tuple[Links, Groups]) -> Graph:
    links, groups = estate
    return graph_of_records([(node, "server") for node in range(NODES)], links, groups)


@dataclass
class Truth:
    """The states by brute force: repeat over all groups until nothing changes."""

    down: set[int]
    degraded: set[int]
    exhausted: set[int]
    at_risk: set[int]


def truth(nodes: list[int], groups: list[ReferenceGroup], failed: set[int]) -> Truth:
    lost = set(failed)

    def hit(group: ReferenceGroup) -> bool:
        return bool(group.members & lost)

    def up(group: ReferenceGroup) -> int:
        return len(group.members - lost)

    while True:
        new = {g.owner for g in groups if g.hard and hit(g) and up(g) < g.needs} - lost
        if not new:
            break
        lost |= new
    degraded = {g.owner for g in groups if hit(g)} - lost
    exhausted = {g.owner for g in groups if g.hard and hit(g) and up(g) == g.needs} - lost
    risky = set(degraded)
    while True:
        new = {g.owner for g in groups if g.hard and g.members & risky} - risky - lost
        if not new:
            break
        risky |= new
    return Truth(lost - failed, degraded, exhausted, risky - degraded)
