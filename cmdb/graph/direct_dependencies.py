"""The dependencies of one CI: the nodes it depends on, its supports, and its single points of failure.

Counts are kept in dicts, because these functions are called many times for the providers of one CI.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable

from cmdb.graph.graph import Graph
from cmdb.graph.node_values import Marks
from cmdb.model.control import Control
from cmdb.model.messages import Message

#: The rank by which members of a group are ordered.
Rank = int | tuple[int, ...]


def losses(
    graph: Graph, failed: Iterable[int], within: set[int] | None = None, before: Marks | None = None
) -> set[int]:
    """The nodes that are lost with ``failed``, with these themselves; only those ``within`` if given.

    With ``before``, only the nodes that are lost in addition.
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


def support(graph: Graph, target: int, lost: Container[int], rank: Callable[[int], Rank]) -> set[int]:
    """Nodes outside ``lost`` that together keep the target up even if all other nodes fail.

    The target must be up with ``lost``. From each group, members that are in the support already are taken first, then
    those of low ``rank``.
    """
    found = {target}
    stack = [target]
    first = graph.first_single
    while stack:
        for group in graph.groups_owned(stack.pop()):
            if not graph.hard(group):
                continue
            up = [node for node in graph.members(group) if node not in lost]
            if group < first:
                up.sort(key=lambda node: (node not in found, rank(node)))
                del up[graph.needed(group) :]
            for node in up:
                if node not in found:
                    found.add(node)
                    stack.append(node)
    return found


def single_points(graph: Graph, target: int, within: set[int], control: Control | None = None) -> set[int]:
    """The nodes whose loss alone takes the target down, without the target; ``within`` are its providers.

    Nodes that a chain of groups without a spare leads to are certain. Of the others, only a node in every support can
    be one: each support without a candidate excludes all candidates that it does not contain.
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
            control.progress(tried, tried + len(left), Message("Single points of failure"))
        lost = losses(graph, (candidate,), within)
        if target in lost:
            found.add(candidate)
        else:
            left &= support(graph, target, lost, graph.id)
    return found
