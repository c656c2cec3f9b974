"""How two CIs are connected."""

from __future__ import annotations

import numpy as np

from cmdb.graph.graph import Graph
from cmdb.graph.lookups import link_parts
from cmdb.graph.results import PathStep


def path(graph: Graph, a: int, b: int) -> list[PathStep] | None:
    """The shortest path from ``a`` to ``b`` over all relationships in either direction; None if they are not connected.

    The search runs from both ends in turn, the smaller frontier first. Raises NotFound.
    """
    start, goal = graph.node(a), graph.node(b)
    if start == goal:
        return []
    sides = (_Side(graph, start), _Side(graph, goal))
    while len(sides[0].front) and len(sides[1].front):
        mine, other = sides if len(sides[0].front) <= len(sides[1].front) else sides[::-1]
        mine.step()
        meeting = mine.front[other.depth[mine.front] >= 0]
        if len(meeting):
            nearest = np.lexsort((graph.ids(meeting), other.depth[meeting]))[0]
            return _joined(graph, sides, int(meeting[nearest]))
    return None


class _Side:
    """The nodes reached from one end: the distance of each, and the link by which it was reached first."""

    def __init__(self, graph: Graph, start: int) -> None:
        self.graph = graph
        self.depth = np.full(graph.room, -1, dtype=np.int32)
        self.link = np.full(graph.room, -1, dtype=np.int32)
        self.depth[start] = 0
        self.front = np.array([start], dtype=np.int32)

    def step(self) -> None:
        """One step outwards. Of several links to a node the first is used."""
        links, others = self.graph.links_of_all(self.front)
        fresh = self.depth[others] < 0
        links, others = links[fresh], others[fresh]
        front, first = np.unique(others, return_index=True)
        level = int(self.depth[self.front[0]]) + 1
        self.depth[front] = level
        self.link[front] = links[first]
        self.front = front

    def before(self, node: int) -> tuple[int, int]:
        """The link by which a node was reached, and from where; -1 at the start."""
        link = int(self.link[node])
        if link < 0:
            return -1, -1
        source, target = self.graph.source(link), self.graph.target(link)
        return link, target if source == node else source


def _joined(graph: Graph, sides: tuple[_Side, ...], at: int) -> list[PathStep]:
    steps: list[PathStep] = []
    node = at
    while (found := sides[0].before(node))[0] >= 0:
        steps.append(_step(graph, found[0], found[1], node))
        node = found[1]
    steps.reverse()
    node = at
    while (found := sides[1].before(node))[0] >= 0:
        steps.append(_step(graph, found[0], node, found[1]))
        node = found[1]
    return steps


def _step(graph: Graph, link: int, source: int, target: int) -> PathStep:
    first, _, name = link_parts(graph, link)
    kind = graph.schema.relationships.get(name)
    inverse = first != source
    label = name.replace("_", " ") if kind is None else (kind.inverse if inverse else kind.label)
    return PathStep(graph.id(source), graph.id(target), name, label, inverse)
