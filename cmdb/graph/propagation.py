"""How a failure spreads: the least fixpoint, level by level, at a cost that follows what is hit.

Small failures are counted in dicts; one that hits much goes on in arrays over the whole graph, wide levels at once.
Both give the same answer. The counters are those of Dowling and Gallier (1984) for Horn formulae.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from cmdb.graph.edges import Ints
from cmdb.graph.frozen import Graph
from cmdb.graph.marks import Few, Marks
from cmdb.model.control import Control

#: From this many touched groups on, arrays are cheaper than dicts.
WIDE = 4_000
#: Levels narrower than this are walked one by one even then: a long chain has very many of them.
NARROW = 150


@dataclass(frozen=True, slots=True)
class Spread:
    """What is lost, as nodes: their levels (0: failed) and the group of each that broke first.

    ``held`` are the touched groups that took nothing down (hard with their quorum, or soft), ascending, and ``lost``
    how many members each of them lost.
    """

    levels: Marks
    causes: Marks
    held: Ints
    lost: Ints


def spread(graph: Graph, failed: Iterable[int], wide: int = WIDE) -> Spread:
    """The consequences of the loss of nodes ``failed``. Past ``wide`` touched groups the rest is done in arrays."""
    levels = Few(dict.fromkeys(failed, 0))
    causes = Few()
    counts: dict[int, int] = {}
    first = graph.first_single
    frontier = list(levels)
    level = touched = 0
    while frontier:
        touched += sum(len(graph.groups_of(node)) for node in frontier)
        if touched > wide:
            from cmdb.graph.vectorised_propagation import spread_wide

            return spread_wide(graph, levels, causes, counts, frontier, level)
        level += 1
        broken: dict[int, int] = {}
        for node in frontier:
            for group in graph.groups_of(node):
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
                    if other is None or (other != group and graph.rank(group) < graph.rank(other)):
                        broken[hit] = group
        frontier = list(broken)
        levels.update(dict.fromkeys(frontier, level))
        causes.update(broken)
    held = sorted(group for group in counts if (owner := graph.owner(group)) >= 0 and owner not in levels)
    lost = [counts[group] for group in held]
    return Spread(levels, causes, np.array(held, dtype=np.int32), np.array(lost, dtype=np.int32))


def losses(
    graph: Graph, failed: Iterable[int], within: set[int] | None = None, before: Marks | None = None
) -> set[int]:
    """The nodes that are lost with ``failed``, themselves included; only those ``within`` if given.

    With what was lost ``before``, those that are lost on top of it.
    """
    lost = set(failed)
    counts: dict[int, int] = {}
    first = graph.first_single
    stack = list(lost)
    while stack:
        node = stack.pop()
        for group in graph.groups_of(node):
            hit = graph.owner(group)
            if hit < 0 or hit in lost or (within is not None and hit not in within) or not graph.hard(group):
                continue
            if before is not None and hit in before:
                continue
            if group < first:
                if before is not None and group not in counts:
                    counts[group] = sum(1 for member in graph.members(group) if member in before)
                count = counts[group] = counts.get(group, 0) + 1
                if graph.size(group) - count >= graph.needed(group):
                    continue
            lost.add(hit)
            stack.append(hit)
    return lost


def dependents(graph: Graph, nodes: Iterable[int], blocked: Marks, wide: int = WIDE) -> Marks:
    """Nodes that depend on ``nodes`` through hard links → through how many; those and ``blocked`` left out."""
    frontier = list(nodes)
    seen = set(frontier)
    levels = Few()
    level = touched = 0
    while frontier:
        touched += sum(len(graph.groups_of(node)) for node in frontier)
        if touched > wide:
            from cmdb.graph.vectorised_propagation import dependents_wide

            return dependents_wide(graph, seen, levels, blocked, frontier, level)
        level += 1
        following = []
        for node in frontier:
            for group in graph.groups_of(node):
                hit = graph.owner(group)
                if hit >= 0 and hit not in seen and hit not in blocked and graph.hard(group):
                    seen.add(hit)
                    levels[hit] = level
                    following.append(hit)
        frontier = following
    return levels


def providers(graph: Graph, nodes: Iterable[int]) -> set[int]:
    """The nodes that ``nodes`` depend on through any number of hard links, themselves included."""
    seen = set(nodes)
    stack = list(seen)
    while stack:
        node = stack.pop()
        for group in graph.groups_owned(node):
            if graph.hard(group):
                for member in graph.members(group):
                    if member not in seen:
                        seen.add(member)
                        stack.append(member)
    return seen


def support(graph: Graph, target: int, lost: Container[int], rank: Callable[[int], Any]) -> set[int]:
    """Nodes, none of them in ``lost``, that together keep the target up whatever else fails.

    The target is up with ``lost``. Of the members of a group those are taken that are in the support already, then
    those of low ``rank``.
    """
    found = {target}
    stack = [target]
    while stack:
        for group in graph.groups_owned(stack.pop()):
            if not graph.hard(group):
                continue
            up = [node for node in graph.members(group) if node not in lost]
            if len(up) > 1:
                up.sort(key=lambda node: (node not in found, rank(node)))
            for node in up[: graph.needed(group)]:
                if node not in found:
                    found.add(node)
                    stack.append(node)
    return found


def single_points(graph: Graph, target: int, within: set[int], control: Control | None = None) -> set[int]:
    """The nodes whose loss by itself takes the target down, itself left out; ``within`` are its providers.

    What a chain of groups without a spare leads to is certain. Behind the others, only a node that is in every
    support can be one: each support that misses a candidate rules out all candidates that it does not need.
    """
    certain = {target}
    stack = [target]
    while stack:
        for group in graph.groups_owned(stack.pop()):
            if graph.hard(group) and graph.size(group) <= graph.needed(group):
                fresh = [node for node in graph.members(group) if node not in certain]
                certain.update(fresh)
                stack.extend(fresh)
    found = certain - {target}
    left = support(graph, target, (), graph.id) - certain
    tried = 0
    while left:
        candidate = min(left)
        left.discard(candidate)
        tried += 1
        if control is not None and tried % 64 == 1:
            control.progress(tried, tried + len(left), "Single points of failure")
        lost = losses(graph, (candidate,), within)
        if target in lost:
            found.add(candidate)
        else:
            left &= support(graph, target, lost, graph.id)
    return found
