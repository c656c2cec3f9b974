"""How a failure spreads: the least fixpoint, level by level, at a cost that follows what is hit.

Small failures are counted in dicts; one that hits much goes on in arrays over the whole graph, wide levels at once.
Both give the same answer. The counters are those of Dowling and Gallier (1984) for Horn formulae.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from cmdb.graph.graph import Graph

#: From this many touched groups on, arrays are cheaper than dicts.
WIDE = 20_000
#: Levels narrower than this are walked one by one even then: a long chain has very many of them.
NARROW = 150


@dataclass(frozen=True, slots=True)
class Spread:
    """What is lost, as nodes: their levels (0: failed) and the group of each that broke first.

    ``held`` counts the lost members of every touched group that took nothing down: hard with their quorum, or soft.
    """

    levels: dict[int, int]
    causes: dict[int, int]
    held: dict[int, int]


def spread(graph: Graph, failed: Iterable[int], wide: int = WIDE) -> Spread:
    """The consequences of the loss of nodes ``failed``. Past ``wide`` touched groups the rest is done in arrays."""
    levels = dict.fromkeys(failed, 0)
    causes: dict[int, int] = {}
    counts: dict[int, int] = {}
    owner, needs, size, hard = graph.group_owner, graph.group_needs, graph.group_size, graph.group_hard
    starts, groups = graph.of_start, graph.of_group
    frontier = list(levels)
    level = 0
    while frontier:
        if len(counts) > wide:
            from cmdb.graph.wide import spread_wide

            return spread_wide(graph, levels, causes, counts, frontier, level)
        level += 1
        broken: dict[int, int] = {}
        for node in frontier:
            for group in groups[starts[node] : starts[node + 1]]:
                count = counts[group] = counts.get(group, 0) + 1
                if hard[group] and size[group] - count < needs[group]:
                    hit = owner[group]
                    if hit not in levels and group < broken.get(hit, group + 1):
                        broken[hit] = group
        frontier = sorted(broken)
        levels.update(dict.fromkeys(frontier, level))
        causes.update(broken)
    held = {group: count for group, count in counts.items() if owner[group] not in levels}
    return Spread(levels, causes, held)


def losses(graph: Graph, failed: Iterable[int], within: set[int] | None = None) -> set[int]:
    """The nodes that are lost with ``failed``, themselves included; only those ``within`` if given."""
    lost = set(failed)
    counts: dict[int, int] = {}
    owner, needs, size, hard = graph.group_owner, graph.group_needs, graph.group_size, graph.group_hard
    starts, groups = graph.of_start, graph.of_group
    stack = list(lost)
    while stack:
        node = stack.pop()
        for group in groups[starts[node] : starts[node + 1]]:
            hit = owner[group]
            if not hard[group] or hit in lost or (within is not None and hit not in within):
                continue
            count = counts[group] = counts.get(group, 0) + 1
            if size[group] - count < needs[group]:
                lost.add(hit)
                stack.append(hit)
    return lost


def dependents(graph: Graph, nodes: Iterable[int], blocked: dict[int, int]) -> dict[int, int]:
    """Nodes that depend on ``nodes`` through hard links → through how many; those and ``blocked`` left out."""
    start = list(nodes)
    seen = set(start)
    levels: dict[int, int] = {}
    owner, hard, starts, groups = graph.group_owner, graph.group_hard, graph.of_start, graph.of_group
    frontier = start
    level = 0
    while frontier:
        level += 1
        following = []
        for node in frontier:
            for group in groups[starts[node] : starts[node + 1]]:
                hit = owner[group]
                if hard[group] and hit not in seen and hit not in blocked:
                    seen.add(hit)
                    levels[hit] = level
                    following.append(hit)
        frontier = following
    return levels


def providers(graph: Graph, nodes: Iterable[int]) -> set[int]:
    """The nodes that ``nodes`` depend on through any number of hard links, themselves included."""
    seen = set(nodes)
    stack = list(seen)
    hard, starts, groups = graph.group_hard, graph.own_start, graph.own_group
    member_starts: array[int] = graph.member_start
    while stack:
        node = stack.pop()
        for group in groups[starts[node] : starts[node + 1]]:
            if hard[group]:
                for member in graph.member_node[member_starts[group] : member_starts[group + 1]]:
                    if member not in seen:
                        seen.add(member)
                        stack.append(member)
    return seen
