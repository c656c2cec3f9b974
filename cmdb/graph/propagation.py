"""The propagation of a failure: the least fixpoint, level by level, at a cost that depends on the number of affected
CIs.

Small failures are counted in dicts. A failure that affects many CIs continues in arrays over the whole graph, with wide
levels in one step. Both give the same result. The counters are those of Dowling and Gallier (1984) for Horn formulae.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

import numpy as np

from cmdb.graph.graph import Graph
from cmdb.graph.node_values import Marks, Propagation, SparseNodeValues
from cmdb.graph.vectorised_propagation import dependents_vectorised, propagate_vectorised

#: From this many touched groups on, arrays are cheaper than dicts.
WIDE = 4_000


def propagate(graph: Graph, failed: Iterable[int], wide: int = WIDE) -> Propagation:
    """The consequences of the loss of nodes ``failed``. Past ``wide`` touched groups the rest is done in arrays."""
    levels = SparseNodeValues(dict.fromkeys(failed, 0))
    causes = SparseNodeValues()
    counts: dict[int, int] = {}
    first = graph.first_single
    frontier = list(levels)
    level = touched = 0
    while frontier:
        if len(frontier) <= wide:
            groups = list(map(graph.groups_of, frontier))
            touched += sum(map(len, groups))
        if max(len(frontier), touched) > wide:
            return propagate_vectorised(graph, levels, causes, counts, frontier, level)
        level += 1
        broken: dict[int, int] = {}
        for group in chain.from_iterable(groups):
            if group < first:
                count = counts[group] = counts.get(group, 0) + 1
                if not graph.hard(group) or graph.size(group) - count >= graph.needed(group):
                    continue
            elif not graph.hard(group):
                counts[group] = 1
                continue
            hit = graph.owner(group)
            if hit >= 0 and hit not in levels:
                other = broken.get(hit)
                broken[hit] = group if other is None else graph.earlier(other, group)
        frontier = list(broken)
        levels.update(dict.fromkeys(frontier, level))
        causes.update(broken)
    held = sorted(group for group in counts if (owner := graph.owner(group)) >= 0 and owner not in levels)
    lost = [counts[group] for group in held]
    return Propagation(levels, causes, np.array(held, dtype=np.int32), np.array(lost, dtype=np.int32))


def dependents(graph: Graph, nodes: Iterable[int], blocked: Marks, wide: int = WIDE) -> Marks:
    """Nodes that depend on ``nodes`` through hard links → number of steps. ``nodes`` and ``blocked`` are excluded."""
    frontier = list(nodes)
    seen = set(frontier)
    levels = SparseNodeValues()
    level = touched = 0
    while frontier:
        if len(frontier) <= wide:
            groups = list(map(graph.groups_of, frontier))
            touched += sum(map(len, groups))
        if max(len(frontier), touched) > wide:
            return dependents_vectorised(graph, seen, levels, blocked, frontier, level)
        level += 1
        following = []
        for group in chain.from_iterable(groups):
            hit = graph.owner(group)
            if hit >= 0 and hit not in seen and hit not in blocked and graph.hard(group):
                seen.add(hit)
                levels[hit] = level
                following.append(hit)
        frontier = following
    return levels
