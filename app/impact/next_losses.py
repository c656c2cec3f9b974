"""The CIs that cannot be lost next, after those that have failed already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.impact.affected_items import services_of
from app.impact.names import GraphNames
from cmdb.graph.results import NextLoss
from cmdb.graph.risk import Budget, cannot_lose_next

if TYPE_CHECKING:
    from cmdb.graph.graph import Graph
    from cmdb.model.control import Control
    from cmdb.store.reading.reader import Reader

#: The numbers of listed consequences, of named CIs for each, and of named CIs that it takes down.
SHOWN, MOST, NAMED = 12, 200, 6
#: The number of visited CIs after which the search stops and reports this.
EFFORT = 2_000_000


@dataclass(frozen=True, slots=True)
class CriticalLoss:
    """CIs (uid, name) of which each, lost next, takes down the same CIs; these by name, services first.

    Both lists have only the first ones; ``several`` and ``count`` say how many there are.
    """

    cis: tuple[tuple[str, str], ...]
    several: int
    takes_down: tuple[str, ...]
    count: int


def next_losses(
    reader: Reader, graph: Graph, failed: Iterable[int], control: Control
) -> tuple[list[CriticalLoss], bool]:
    """The CIs that cannot be lost next, grouped by the same consequence, the largest first; and whether that is all.

    Raises Cancelled.
    """
    budget = Budget(EFFORT)
    found = cannot_lose_next(graph, failed, control, budget)
    together: dict[tuple[int, ...], list[NextLoss]] = {}
    for one in found:
        together.setdefault(one.takes_down, []).append(one)
    names = GraphNames(reader)
    services = services_of(graph)
    shown = list(together.items())[:SHOWN]
    firsts = [sorted(takes, key=lambda ci: (graph.code(graph.node(ci)) not in services, ci))[:NAMED]
              for takes, _ in shown]  # fmt: skip
    names.want({one.ci for _, losses in shown for one in losses[:MOST]})
    names.want({ci for first in firsts for ci in first})
    told = [
        CriticalLoss(
            tuple((names.found[one.ci][0], names(one.ci)) for one in losses[:MOST] if one.ci in names.found),
            len(losses),
            tuple(names(ci) for ci in first if ci in names.found),
            len(takes_down),
        )
        for (takes_down, losses), first in zip(shown, firsts, strict=True)
    ]
    return told, not budget.over()
