"""The fixpoint over arrays, for a failure that hits a large part of the estate."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from cmdb.graph.graph import Graph
from cmdb.graph.spread import NARROW, Spread

Ints = NDArray[np.int32]


def spread_wide(
    graph: Graph,
    levels: dict[int, int],
    causes: dict[int, int],
    counts: dict[int, int],
    frontier: list[int],
    level: int,
) -> Spread:
    """Goes on with a spread that has grown large: ``frontier`` are the nodes of ``level``, not yet counted."""
    state = _State(graph, levels, causes, counts)
    front = np.array(frontier, dtype=np.int32)
    while len(front):
        level += 1
        front = state.narrow(front.tolist(), level) if len(front) < NARROW else state.broad(front, level)
    return state.result()


def rows(starts: Ints, values: Ints, keys: Ints) -> Ints:
    """The rows ``keys`` of a compressed table, one after the other."""
    first = starts[keys]
    lengths = starts[keys + 1] - first
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    within = np.arange(total, dtype=np.int64) - np.repeat(ends - lengths, lengths)
    found: Ints = values[np.repeat(first, lengths) + within]
    return found


def view(values: array[int]) -> Ints:
    """The array as numpy sees it, without a copy."""
    return np.frombuffer(values, dtype=np.int32)


class _State:
    """Levels, causes and counters of every node and group; the arrays are shared by both ways of stepping."""

    def __init__(self, graph: Graph, levels: dict[int, int], causes: dict[int, int], counts: dict[int, int]) -> None:
        self.graph = graph
        self.level = array("i", [-1]) * len(graph.ids)
        self.cause = array("i", [-1]) * len(graph.ids)
        self.count = array("i", [0]) * len(graph.group_owner)
        for target, values in ((self.level, levels), (self.cause, causes), (self.count, counts)):
            for key, value in values.items():
                target[key] = value
        self.levels, self.causes, self.counts = view(self.level), view(self.cause), view(self.count)
        self.owner, self.needs, self.size = view(graph.group_owner), view(graph.group_needs), view(graph.group_size)
        self.hard = np.frombuffer(graph.group_hard, dtype=np.bool_)
        self.of_start, self.of_group = view(graph.of_start), view(graph.of_group)

    def broad(self, front: Ints, level: int) -> Ints:
        """One level at once."""
        groups, hits = np.unique(rows(self.of_start, self.of_group, front), return_counts=True)
        self.counts[groups] += hits.astype(np.int32)
        broken = groups[self.hard[groups] & (self.size[groups] - self.counts[groups] < self.needs[groups])]
        broken = broken[self.levels[self.owner[broken]] < 0]
        hit, first = np.unique(self.owner[broken], return_index=True)
        self.levels[hit] = level
        self.causes[hit] = broken[first]
        return hit

    def narrow(self, front: list[int], level: int) -> Ints:
        """One level, node by node."""
        graph, broken = self.graph, dict[int, int]()
        for node in front:
            for group in graph.groups_of(node):
                count = self.count[group] = self.count[group] + 1
                if graph.group_hard[group] and graph.group_size[group] - count < graph.group_needs[group]:
                    hit = graph.group_owner[group]
                    if self.level[hit] < 0 and group < broken.get(hit, group + 1):
                        broken[hit] = group
        for hit, group in broken.items():
            self.level[hit] = level
            self.cause[hit] = group
        return np.array(sorted(broken), dtype=np.int32)

    def result(self) -> Spread:
        """What is lost, as ``Spread`` has it."""
        lost = np.flatnonzero(self.levels >= 0)
        caused = np.flatnonzero(self.causes >= 0)
        touched = np.flatnonzero(self.counts)
        held = touched[self.levels[self.owner[touched]] < 0]
        return Spread(
            dict(zip(lost.tolist(), self.levels[lost].tolist(), strict=True)),
            dict(zip(caused.tolist(), self.causes[caused].tolist(), strict=True)),
            dict(zip(held.tolist(), self.counts[held].tolist(), strict=True)),
        )
