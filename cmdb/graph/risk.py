"""What must not fail now, or ever: the next loss, groups without a spare, single points of failure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cmdb.graph.graph import Graph, Group
from cmdb.graph.spread import losses, providers, spread
from cmdb.jobs import Control


@dataclass(frozen=True, slots=True)
class NextLoss:
    """A CI that cannot be lost on top of a failure, and what that would take down which neither alone would."""

    ci: int
    takes_down: tuple[int, ...]


def cannot_lose_next(graph: Graph, failed: Iterable[int], control: Control | None = None) -> list[NextLoss]:
    """Every single CI whose loss, on top of ``failed``, takes down something that neither would alone.

    What goes down only together owes it to a group that both losses touch (the first that breaks). So only CIs which
    reach a group that the failure touched are tried, and of these only those that would break one. The largest loss
    comes first. Raises NotFound, and Cancelled through ``control``.
    """
    start = [graph.node(ci) for ci in failed]
    now = spread(graph, start)
    held = now.held[graph.hards(now.held)].tolist()
    exposed = {node for group in held for node in graph.members(group) if node not in now.levels}
    lost_already = set(now.levels.arrays()[0].tolist())
    found: list[NextLoss] = []
    candidates = sorted(providers(graph, exposed) - lost_already)
    for done, candidate in enumerate(candidates):
        if control is not None and done % 64 == 0:
            control.progress(done, len(candidates), "What cannot be lost next")
        alone = losses(graph, (candidate,))
        if not _breaks(graph, held, lost_already, alone):
            continue
        together = losses(graph, (*start, candidate))
        new = together - lost_already - alone
        if new:
            found.append(NextLoss(graph.id(candidate), tuple(sorted(map(graph.id, new)))))
    found.sort(key=lambda one: (-len(one.takes_down), one.ci))
    return found


def _breaks(graph: Graph, held: list[int], before: set[int], alone: set[int]) -> bool:
    """Whether one of the touched groups breaks once the members in ``before`` and ``alone`` are all lost."""
    for group in held:
        if graph.owner(group) in alone:
            continue
        up = sum(1 for node in graph.members(group) if node not in before and node not in alone)
        if up < graph.needed(group):
            return True
    return False


def standing_exhausted(graph: Graph) -> list[Group]:
    """Stored hard groups that have no spare member even before any failure: all their members are needed."""
    return [
        graph.group(number)
        for number in graph.stored_groups()
        if graph.hard(number) and graph.owner(number) >= 0 and graph.size(number) == graph.needed(number) > 0
    ]


def spof(graph: Graph, ci: int, control: Control | None = None) -> list[int]:
    """The single CIs whose loss takes ``ci`` down, itself left out: exact, by trying each that it depends on.

    Raises NotFound, and Cancelled through ``control``.
    """
    target = graph.node(ci)
    within = providers(graph, (target,))
    found = []
    for done, candidate in enumerate(sorted(within - {target})):
        if control is not None and done % 64 == 0:
            control.progress(done, len(within), "Single points of failure")
        if target in losses(graph, (candidate,), within):
            found.append(graph.id(candidate))
    return found
