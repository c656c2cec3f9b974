"""Risks: the next loss that the estate cannot bear, groups without a spare, single points of failure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from cmdb.graph.direct_dependencies import losses, providers, single_points
from cmdb.graph.graph import Graph
from cmdb.graph.lookups import dependency_group
from cmdb.graph.node_values import Marks
from cmdb.graph.propagation import propagate
from cmdb.graph.results import DependencyGroup, NextLoss
from cmdb.model.control import Control
from cmdb.model.messages import Message


@dataclass(slots=True)
class Budget:
    """The number of nodes that a search may visit; ``over()`` is true when it is used up."""

    left: float = inf

    def spend(self, nodes: int) -> None:
        """Subtracts visited nodes from the budget."""
        self.left -= nodes

    def over(self) -> bool:
        """Whether the budget is used up."""
        return self.left <= 0


def cannot_lose_next(
    graph: Graph, failed: Iterable[int], control: Control | None = None, budget: Budget | None = None
) -> list[NextLoss]:
    """Every single CI whose loss, in addition to ``failed``, takes down CIs that neither would alone.

    If CIs go down only with both losses, some group lost members by both; the candidate alone takes down a member of
    the first such group that breaks. So only these members are tried, and the CIs that alone take one of them down. The
    largest loss comes first. If a ``budget`` is used up, the result says so. Raises NotFound, and Cancelled through
    ``control``.
    """
    start = [graph.node(ci) for ci in failed]
    now = propagate(graph, start)
    held = now.held[graph.hards(now.held)].tolist()
    budget = budget or Budget()
    lost_already = now.levels
    found: list[NextLoss] = []
    for done, candidate in enumerate(_candidates(graph, held, lost_already, budget, control)):
        if control is not None and done % 64 == 0:
            control.progress(done, 0, Message("What cannot be lost next"))
        alone = propagate(graph, (candidate,)).levels
        budget.spend(len(alone))
        if not _breaks(graph, held, lost_already, alone):
            continue
        further = losses(graph, (candidate,), before=lost_already)
        budget.spend(len(further))
        new = {node for node in further if node not in alone}
        if new:
            found.append(NextLoss(graph.id(candidate), tuple(sorted(map(graph.id, new)))))
    found.sort(key=lambda one: (-len(one.takes_down), one.ci))
    return found


def _candidates(graph: Graph, held: list[int], lost: Marks, budget: Budget, control: Control | None) -> Iterator[int]:
    """The members of touched groups that are up, then what alone takes one of them down; each once."""
    members = dict.fromkeys(node for group in held for node in graph.members(group) if node not in lost)
    seen: set[int] = set()
    for node in members:
        if budget.over():
            return
        seen.add(node)
        yield node
    for node in members:
        if budget.over():
            return
        within = providers(graph, (node,))
        budget.spend(len(within))
        for one in sorted(single_points(graph, node, within, control) - seen, key=graph.id):
            if budget.over():
                return
            seen.add(one)
            if one not in lost:
                yield one


def _breaks(graph: Graph, held: list[int], before: Marks, alone: Marks) -> bool:
    """Whether one of the affected groups breaks if the members in ``before`` and ``alone`` are all lost."""
    for group in held:
        if graph.owner(group) in alone:
            continue
        up = sum(1 for node in graph.members(group) if node not in before and node not in alone)
        if up < graph.needed(group):
            return True
    return False


def standing_exhausted(graph: Graph) -> list[DependencyGroup]:
    """Stored hard groups that have no spare member even before any failure: all their members are needed."""
    return [
        dependency_group(graph, number)
        for number in graph.stored_groups()
        if graph.hard(number) and graph.owner(number) >= 0 and graph.size(number) == graph.needed(number) > 0
    ]


def spof(graph: Graph, ci: int, control: Control | None = None) -> list[int]:
    """The single CIs whose loss takes ``ci`` down, without ``ci`` itself. The result is exact.

    Raises NotFound, and Cancelled through ``control``.
    """
    target = graph.node(ci)
    found = single_points(graph, target, providers(graph, (target,)), control)
    return sorted(map(graph.id, found))
