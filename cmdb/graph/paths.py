"""How two CIs hang together, and what stands around one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from cmdb.graph.graph import Graph

#: Which links a neighbourhood follows: to what depends on a CI, to what it depends on, both of these but always onward
#: (what depends on it and on that; what it needs and what that needs), or every link to all sides.
Follow = Literal["dependents", "providers", "cone", "all"]


@dataclass(frozen=True, slots=True)
class Step:
    """One link walked from ``source`` to ``target`` (CI ids). ``inverse``: the relationship is stored the other way."""

    source: int
    target: int
    type: str
    label: str
    inverse: bool


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """A link to draw: subject, object, type, the number of its dependency group or -1, and who depends on whom.

    ``dependent`` is the CI that the other end's failure hits, or None where the link carries no impact.
    """

    source: int
    target: int
    type: str
    group: int
    dependent: int | None


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """What is drawn: CI → distance in the order found; CI → from which it was reached; CI → neighbours not drawn."""

    distance: dict[int, int]
    parent: dict[int, int]
    edges: tuple[DrawnEdge, ...]
    more: dict[int, int]


def path(graph: Graph, a: int, b: int) -> list[Step] | None:
    """The shortest way from ``a`` to ``b`` over all relationships in either direction; None if there is none.

    Both ends are searched in turn, the smaller frontier first. Raises NotFound.
    """
    start, goal = graph.node(a), graph.node(b)
    if start == goal:
        return []
    came: tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]] = ({start: (-1, -1)}, {goal: (-1, -1)})
    fronts = ([start], [goal])
    while fronts[0] and fronts[1]:
        side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        following: list[int] = []
        meeting: list[int] = []
        for node in fronts[side]:
            for link, other in _touching(graph, node):
                if other not in came[side]:
                    came[side][other] = (node, link)
                    following.append(other)
                    if other in came[1 - side]:
                        meeting.append(other)
        if meeting:
            return _joined(graph, came, min(meeting, key=lambda node: (_depth(came[1 - side], node), node)))
        fronts = (following, fronts[1]) if side == 0 else (fronts[0], following)
    return None


def neighbourhood(
    graph: Graph,
    start: Iterable[int],
    depth: int,
    breadth: int,
    follow: Follow = "all",
    expanded: Mapping[int, int] | None = None,
    collapsed: Collection[int] = (),
    keep: Collection[int] = (),
    limit: int = 1 << 30,
    leave: Follow | None = None,
) -> Neighbourhood:
    """What stands within ``depth`` steps of ``start``, at most ``breadth`` new neighbours on each side of each CI.

    ``expanded`` CIs show so many more, to all sides and however deep they stand; ``collapsed`` ones are not followed;
    CIs in ``keep`` come first where something is cut. In all at most ``limit`` are drawn. ``leave`` says
    which way to leave the start, if not every way of ``follow``. ``more`` says of every drawn CI how many neighbours
    are not drawn. Raises NotFound.
    """
    allowance = {graph.node(ci): extra for ci, extra in (expanded or {}).items()}
    closed = {graph.node(ci) for ci in collapsed}
    first = {graph.node(ci) for ci in keep}
    distance = {graph.node(ci): 0 for ci in start}
    ways: dict[int, Follow] = dict.fromkeys(distance, leave or follow)
    parent: dict[int, int] = {}
    for node in (queue := list(distance)):
        if node in closed or (distance[node] >= depth and node not in allowance):
            continue
        room = (breadth if distance[node] < depth else 0) + allowance.get(node, 0)
        way: Follow = follow if node in allowance else ways[node]
        for onward, others in _sides(graph, node, way):
            fresh = [other for other in others if other not in distance]
            if len(fresh) > room:
                fresh = sorted(fresh, key=lambda other: other not in first)[:room]
            for other in fresh[: limit - len(distance)]:
                distance[other] = distance[node] + 1
                ways[other] = onward
                parent[other] = node
                queue.append(other)
    return Neighbourhood(
        {graph.ids[node]: steps for node, steps in distance.items()},
        {graph.ids[node]: graph.ids[other] for node, other in parent.items()},
        *_drawn(graph, distance, follow),
    )


def joined(graph: Graph, found: Neighbourhood, others: Mapping[int, int], follow: Follow) -> Neighbourhood:
    """A neighbourhood with ``others`` (CI → the drawn CI beside which it stands) drawn as well. Raises NotFound."""
    distance, parent = dict(found.distance), dict(found.parent)
    for ci, beside in others.items():
        if ci not in distance:
            distance[ci], parent[ci] = distance[beside] + 1, beside
    return Neighbourhood(distance, parent, *_drawn(graph, {graph.node(ci) for ci in distance}, follow))


def _drawn(graph: Graph, nodes: Collection[int], follow: Follow) -> tuple[tuple[DrawnEdge, ...], dict[int, int]]:
    """The edges among ``nodes``, and how many neighbours of each are not among them."""
    drawn = set(nodes)
    more = {}
    for node in nodes:
        hidden = {other for _, others in _sides(graph, node, follow) for other in others} - drawn
        if hidden:
            more[graph.ids[node]] = len(hidden)
    return tuple(edges_among(graph, nodes, documentation=follow == "all")), more


def edges_among(graph: Graph, nodes: Collection[int], documentation: bool = True) -> Iterator[DrawnEdge]:
    """The links with both ends in ``nodes``, each once; those that carry no impact only with ``documentation``."""
    ids = graph.ids
    carried: set[int] = set()
    for node in nodes:
        for group in graph.groups_owned(node):
            for at in range(graph.member_start[group], graph.member_start[group + 1]):
                member, link = graph.member_node[at], graph.member_link[at]
                if member in nodes and member != node:
                    source, target = graph.link_source[link], graph.link_target[link]
                    if {source, target} == {node, member}:
                        carried.add(link)
                    else:  # a standby: the link that brought it into the group leads to the one it stands by for
                        source, target = node, member
                    kind = graph.type_names[graph.link_type[link]]
                    yield DrawnEdge(ids[source], ids[target], kind, group, ids[node])
    if documentation:
        for node in nodes:
            for link in graph.links(node):
                source, target = graph.link_source[link], graph.link_target[link]
                if source == node != target and target in nodes and link not in carried:
                    yield DrawnEdge(ids[source], ids[target], graph.type_names[graph.link_type[link]], -1, None)


def _sides(graph: Graph, node: int, follow: Follow) -> Iterator[tuple[Follow, list[int]]]:
    """The distinct neighbours of a node, itself left out, side by side, and how to go on from those of each side."""
    found: dict[int, None]
    if follow in ("dependents", "cone"):
        found = {graph.group_owner[group]: None for group in graph.groups_of(node)}
        yield "dependents", [other for other in found if other != node]
    if follow in ("providers", "cone"):
        found = {member: None for group in graph.groups_owned(node) for member in graph.members(group)}
        yield "providers", [other for other in found if other != node]
    if follow == "all":
        found = {other: None for _, other in _touching(graph, node)}
        yield "all", [other for other in found if other != node]


def _touching(graph: Graph, node: int) -> Iterator[tuple[int, int]]:
    """The links of a node with the node at their other end."""
    for link in graph.links(node):
        source, target = graph.link_source[link], graph.link_target[link]
        yield link, (target if source == node else source)


def _depth(came: dict[int, tuple[int, int]], node: int) -> int:
    steps = 0
    while (node := came[node][0]) >= 0:
        steps += 1
    return steps


def _joined(graph: Graph, came: tuple[dict[int, tuple[int, int]], dict[int, tuple[int, int]]], at: int) -> list[Step]:
    steps: list[Step] = []
    node = at
    while (before := came[0][node])[0] >= 0:
        steps.append(_step(graph, before[1], before[0], node))
        node = before[0]
    steps.reverse()
    node = at
    while (after := came[1][node])[0] >= 0:
        steps.append(_step(graph, after[1], node, after[0]))
        node = after[0]
    return steps


def _step(graph: Graph, link: int, source: int, target: int) -> Step:
    name = graph.type_names[graph.link_type[link]]
    kind = graph.schema.relationships.get(name)
    inverse = graph.link_source[link] != source
    label = name.replace("_", " ") if kind is None else (kind.inverse if inverse else kind.label)
    return Step(graph.ids[source], graph.ids[target], name, label, inverse)
