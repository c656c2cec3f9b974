"""The fixpoint over arrays, for a failure that hits a large part of the estate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

import numpy as np

from cmdb.graph.edges import Ints, Longs
from cmdb.graph.graph import Graph
from cmdb.graph.node_values import DenseNodeValues, Marks, Propagation, SparseNodeValues

#: Levels narrower than this are walked one by one: a long chain has very many of them.
NARROW = 150


def propagate_vectorised(
    graph: Graph,
    levels: SparseNodeValues,
    causes: SparseNodeValues,
    counts: Mapping[int, int],
    frontier: list[int],
    level: int,
) -> Propagation:
    """Continues a propagation that has become large: ``frontier`` are the nodes of ``level``, not yet counted."""
    state = _State(graph, levels, causes, counts)
    front = np.array(frontier, dtype=np.int32)
    while len(front):
        level += 1
        front = state.narrow(front.tolist(), level) if _narrow(graph, front) else state.broad(front, level)
    return state.result()


def _narrow(graph: Graph, front: Ints) -> bool:
    """Whether a level is processed faster group by group."""
    return len(front) < NARROW and sum(len(graph.groups_of(node)) for node in front.tolist()) < 4 * NARROW


class _State:
    """Levels and causes of every node, and the losses of groups with several members.

    Both methods of stepping share it. A single link needs no counter, because it is lost with its member. Soft ones are
    collected.
    """

    def __init__(
        self, graph: Graph, levels: SparseNodeValues, causes: SparseNodeValues, counts: Mapping[int, int]
    ) -> None:
        self.graph = graph
        self.first = graph.first_single
        self.levels = np.full(graph.room, -1, dtype=np.int32)
        self.causes = np.full(graph.room, -1, dtype=np.int32)
        self.counts = np.zeros(self.first, dtype=np.int32)
        self.soft: list[Ints] = []
        for target, values in ((self.levels, levels), (self.causes, causes)):
            nodes, numbers = values.arrays()
            target[nodes] = numbers
        for group, count in counts.items():
            if group < self.first:
                self.counts[group] = count
            else:
                self.soft.append(np.array([group], dtype=np.int32))
        self.level, self.count = self.levels.data, self.counts.data

    def broad(self, front: Ints, level: int) -> Ints:
        """One level at once."""
        graph = self.graph
        touched = graph.groups_of_all(front)
        single = touched[touched >= self.first]
        hard = graph.hards(single)
        self.soft.append(single[~hard])
        groups, hits = np.unique(touched[touched < self.first], return_counts=True)
        self.counts[groups] += hits.astype(np.int32)
        broken = groups[graph.hards(groups) & (graph.spare(groups) < self.counts[groups])]
        return self._take(np.concatenate([broken, single[hard]]), level)

    def _take(self, broken: Ints, level: int) -> Ints:
        """The owners of broken groups that were up until now, each lost by the first of its groups."""
        owners = self.graph.owners(broken)
        fresh = owners >= 0
        fresh &= self.levels[np.where(fresh, owners, 0)] < 0
        broken, owners = broken[fresh], owners[fresh]
        pairs = (owners.astype(np.int64) << 32) | broken
        pairs.sort()
        owners = (pairs >> 32).astype(np.int32)
        start = np.flatnonzero(np.diff(owners, prepend=-1))
        hit: Ints = owners[start]
        cause = (pairs[start] & 0xFFFFFFFF).astype(np.int32)
        self.levels[hit] = level
        self.causes[hit] = cause
        self._reorder(hit, (pairs & 0xFFFFFFFF).astype(np.int32), start)
        return hit

    def _reorder(self, hit: Ints, groups: Ints, start: Longs) -> None:
        """Of the broken groups of a node the first in order counts, which may have been added later and have a higher
        number.
        """
        ends = np.append(start[1:], len(groups))
        for at in self.graph.unordered(hit).tolist():
            self.causes[hit[at]] = reduce(self.graph.earlier, groups[start[at] : ends[at]].tolist())

    def narrow(self, front: list[int], level: int) -> Ints:
        """One level, node by node."""
        graph, first, broken = self.graph, self.first, dict[int, int]()
        soft: list[int] = []
        for node in front:
            for group in graph.groups_of(node):
                if group < first:
                    self.count[group] += 1
                    if not graph.hard(group) or graph.size(group) - self.count[group] >= graph.needed(group):
                        continue
                elif not graph.hard(group):
                    soft.append(group)
                    continue
                hit = graph.owner(group)
                if hit >= 0 and self.level[hit] < 0:
                    other = broken.get(hit)
                    broken[hit] = group if other is None else graph.earlier(other, group)
        for hit, group in broken.items():
            self.level[hit] = level
            self.causes[hit] = group
        if soft:
            self.soft.append(np.array(soft, dtype=np.int32))
        return np.array(list(broken), dtype=np.int32)

    def result(self) -> Propagation:
        """The lost nodes, as a ``Propagation``."""
        groups = np.concatenate([np.flatnonzero(self.counts).astype(np.int32), np.sort(np.concatenate(
            [np.empty(0, dtype=np.int32), *self.soft]))])  # fmt: skip
        owners = self.graph.owners(groups)
        held = groups[(owners >= 0) & (self.levels[np.where(owners >= 0, owners, 0)] < 0)]
        lost = np.ones(len(held), dtype=np.int32)
        counted = held < self.first
        lost[counted] = self.counts[held[counted]]
        return Propagation(DenseNodeValues(self.levels), DenseNodeValues(self.causes), held, lost)


def dependents_vectorised(
    graph: Graph, seen: Iterable[int], levels: SparseNodeValues, blocked: Marks, frontier: list[int], level: int
) -> Marks:
    """Continues a traversal of dependents that has become large: ``frontier`` are the nodes of ``level``."""
    found = np.full(graph.room, -1, dtype=np.int32)
    done = np.zeros(graph.room, dtype=bool)
    done[list(seen)] = True
    done[blocked.arrays()[0]] = True
    nodes, values = levels.arrays()
    found[nodes] = values
    front = np.array(frontier, dtype=np.int32)
    while len(front):
        level += 1
        if _narrow(graph, front):
            fresh = dict.fromkeys(
                hit
                for node in front.tolist()
                for group in graph.groups_of(node)
                if (hit := graph.owner(group)) >= 0 and not done[hit] and graph.hard(group)
            )
            front = np.array(list(fresh), dtype=np.int32)
        else:
            groups = graph.groups_of_all(front)
            owners = graph.owners(groups)
            owners = owners[(owners >= 0) & graph.hards(groups)]
            front = np.unique(owners[~done[owners]]).astype(np.int32)
        done[front] = True
        found[front] = level
    return DenseNodeValues(found)
