"""The neighbourhood of a CI: the CIs to draw, and the links between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

import numpy as np

from cmdb.graph.edges import Ints, Mask
from cmdb.graph.graph import Graph
from cmdb.graph.lookups import link_parts
from cmdb.graph.results import DrawnEdge, Follow, Neighbourhood

#: The number of groups of a CI from which on they are filtered as arrays.
HUB = 64
_NOBODY = np.empty(0, dtype=np.int32)


def neighbourhood(
    graph: Graph,
    start: Iterable[int],
    depth: int,
    breadth: int,
    follow: Follow = "all",
    expanded: Mapping[int, int] | None = None,
    collapsed: Collection[int] = (),
    keep: Callable[[Ints], Mask] | None = None,
    limit: int = 1 << 30,
    leave: Follow | None = None,
) -> Neighbourhood:
    """The CIs within ``depth`` steps of ``start``, at most ``breadth`` new neighbours on each side of each CI.

    ``expanded`` CIs show that many more, on all sides and at any depth; ``collapsed`` CIs are not followed. If
    neighbours are left out, nodes for which ``keep`` is true come first. At most ``limit`` are drawn. ``leave``
    restricts the directions from the start to some of ``follow``. ``more`` is the number of neighbours of each drawn CI
    that are not drawn. Raises NotFound.
    """
    allowance = {graph.node(ci): extra for ci, extra in (expanded or {}).items()}
    closed = {graph.node(ci) for ci in collapsed}
    distance = {graph.node(ci): 0 for ci in start}
    ways: dict[int, Follow] = dict.fromkeys(distance, leave or follow)
    parent: dict[int, int] = {}
    for node in (queue := list(distance)):
        if node in closed or (distance[node] >= depth and node not in allowance) or len(distance) >= limit:
            continue
        room = (breadth if distance[node] < depth else 0) + allowance.get(node, 0)
        way: Follow = follow if node in allowance else ways[node]
        for onward, others in _sides(graph, node, way):
            fresh = others[~np.isin(others, np.fromiter(distance, dtype=np.int32, count=len(distance)))]
            if len(fresh) > room and keep is not None:
                fresh = fresh[np.argsort(~keep(fresh), kind="stable")]
            for other in fresh[: max(0, min(room, limit - len(distance)))].tolist():
                distance[other] = distance[node] + 1
                ways[other] = onward
                parent[other] = node
                queue.append(other)
    return Neighbourhood(
        {graph.id(node): steps for node, steps in distance.items()},
        {graph.id(node): graph.id(other) for node, other in parent.items()},
        *_drawn(graph, distance, follow),
    )


def joined(graph: Graph, found: Neighbourhood, others: Mapping[int, int], follow: Follow) -> Neighbourhood:
    """A neighbourhood with additional CIs ``others`` (CI → the drawn CI beside it). Raises NotFound."""
    distance, parent = dict(found.distance), dict(found.parent)
    for ci, beside in others.items():
        if ci not in distance:
            distance[ci], parent[ci] = distance[beside] + 1, beside
    return Neighbourhood(distance, parent, *_drawn(graph, {graph.node(ci) for ci in distance}, follow))


def _drawn(graph: Graph, nodes: Collection[int], follow: Follow) -> tuple[tuple[DrawnEdge, ...], dict[int, int]]:
    """The edges among ``nodes``, and how many neighbours of each are not among them."""
    drawn = np.fromiter(nodes, dtype=np.int32, count=len(nodes))
    more = {}
    for node in nodes:
        every = np.unique(np.concatenate([_NOBODY, *(others for _, others in _sides(graph, node, follow))]))
        hidden = len(every) - int(np.count_nonzero(np.isin(drawn, every)))
        if hidden:
            more[graph.id(node)] = hidden
    return tuple(edges_among(graph, nodes, documentation=follow == "all")), more


def edges_among(graph: Graph, nodes: Collection[int], documentation: bool = True) -> Iterator[DrawnEdge]:
    """The links with both ends in ``nodes``, each once. Links without impact only with ``documentation``."""
    carried: set[tuple[int, int, int]] = set()
    drawn = np.fromiter(nodes, dtype=np.int32, count=len(nodes))
    for node in nodes:
        for group in _groups_among(graph, node, drawn):
            for member, link in zip(graph.members(group), graph.member_links(group), strict=True):
                if member in nodes and member != node:
                    source, target, kind = link_parts(graph, link)
                    if {source, target} == {node, member}:
                        carried.add((source, target, graph.kind(link)))
                    else:  # A standby: the link that makes it a member leads to the node for which it stands by.
                        source, target = node, member
                    yield DrawnEdge(graph.id(source), graph.id(target), kind, group, graph.id(node))
    if documentation:
        for node in nodes:
            links, others = _links_of(graph, node)
            for link in links[np.isin(others, drawn)].tolist():
                source, target, kind = link_parts(graph, link)
                if source == node != target and (source, target, graph.kind(link)) not in carried:
                    yield DrawnEdge(graph.id(source), graph.id(target), kind, -1, None)


def _groups_among(graph: Graph, node: int, drawn: Ints) -> Iterator[int]:
    """The groups of a node that may have a member in ``drawn``. Of very many single links only those with such a
    member.
    """
    groups = graph.groups_owned(node)
    if len(groups) <= HUB:
        yield from groups
        return
    every = np.array(groups, dtype=np.int32)
    single = every[every >= graph.first_single]
    yield from every[every < graph.first_single].tolist()
    yield from single[np.isin(_single_members(graph, single), drawn)].tolist()


def _sides(graph: Graph, node: int, follow: Follow) -> Iterator[tuple[Follow, Ints]]:
    """The distinct neighbours of a node without itself, by side, and the directions to follow from each side."""
    if follow in ("dependents", "cone"):
        groups = np.array(graph.groups_of(node), dtype=np.int32)
        yield "dependents", _distinct(graph.owners(groups), node)
    if follow in ("providers", "cone"):
        groups = np.array(graph.groups_owned(node), dtype=np.int32)
        singles = _single_members(graph, groups[groups >= graph.first_single])
        stored = [np.array(graph.members(group), dtype=np.int32) for group in groups[groups < graph.first_single]]
        yield "providers", _distinct(np.concatenate([_NOBODY, *stored, singles]), node)
    if follow == "all":
        yield "all", _distinct(_links_of(graph, node)[1], node)


def _links_of(graph: Graph, node: int) -> tuple[Ints, Ints]:
    """The links of a node, and the nodes at their other ends."""
    links = np.array(graph.links(node), dtype=np.int32)
    sources, targets = graph.ends(links)
    return links, np.where(sources == node, targets, sources)


def _single_members(graph: Graph, groups: Ints) -> Ints:
    """The members of single links' groups."""
    link, side = np.divmod(groups - graph.first_single, 2)
    sources, targets = graph.ends(link)
    return np.where(side == 1, sources, targets)


def _distinct(nodes: Ints, but: int) -> Ints:
    """The nodes in their order, each once, without the node itself and missing nodes."""
    found, first = np.unique(nodes, return_index=True)
    first = np.sort(first[(found != but) & (found >= 0)])
    return nodes[first]
