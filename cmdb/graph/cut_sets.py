"""Minimal cut sets: the smallest sets of CIs whose loss takes one down, complete up to an order.

While a CI is up, some set of CIs keeps it up: a *support*, in which every hard group of every member has its quorum. A
cut set must contain a member of every support. The search starts from the empty set, asks for a support that the set
does not hit, and branches over the support's members. A branch excludes the members that earlier branches tried. (This
is Reiter's hitting set tree, 1987, with supports in place of conflicts.) Loops need no special treatment: the CIs that
are down are a least fixpoint, so CIs in a loop may keep each other up.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from cmdb.graph.direct_dependencies import losses, providers, single_points, support
from cmdb.graph.graph import Graph
from cmdb.graph.lookups import class_codes
from cmdb.graph.results import CutSets
from cmdb.model.control import Control
from cmdb.model.messages import Message


def cutsets(
    graph: Graph,
    ci: int,
    order: int = 2,
    among: str | None = None,
    limit: int = 200_000,
    control: Control | None = None,
    effort: float = inf,
) -> CutSets:
    """The minimal sets of at most ``order`` CIs whose loss takes ``ci`` down; the CI itself is in none.

    Only CIs of the class ``among`` and its subclasses can fail independently; the others fail only as a consequence.
    After ``limit`` trials, or once it has looked at ``effort`` CIs, the search stops and the answer is marked
    incomplete. Raises NotFound, SchemaError and, through ``control``, Cancelled.
    """
    target = graph.node(ci)
    within = providers(graph, (target,))
    able = within - {target}
    if among is not None:
        codes = class_codes(graph, among)
        able = {node for node in able if graph.code(node) in codes}
    search = _Search(graph, target, within, able, limit, control)
    search.effort = effort
    search.run(order)
    sets = sorted((tuple(sorted(map(graph.id, found))) for found in search.minimal()), key=_shortest)
    return CutSets(ci, order, tuple(sets), not search.stopped)


def _shortest(cut: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return len(cut), cut


class _Search:
    def __init__(
        self, graph: Graph, target: int, within: set[int], able: set[int], limit: int, control: Control | None
    ) -> None:
        self.graph, self.target, self.within, self.able = graph, target, within, able
        self.limit, self.control = limit, control
        self.found: set[frozenset[int]] = set()
        self.trials = 0
        self.effort = inf
        self.stopped = False
        #: Members on which many others depend come first in a support, so that supports overlap and stay small.
        self.weight = {node: len(graph.groups_of(node)) for node in within}

    def run(self, order: int) -> None:
        """Finds every minimal cut set of up to ``order`` members (and perhaps some that are not minimal)."""
        if order < 1:
            return
        singles = single_points(self.graph, self.target, self.within, self.control) & self.able
        self.found = {frozenset((node,)) for node in singles}
        if order > 1:
            self._grow((), frozenset(singles), order)

    def minimal(self) -> list[frozenset[int]]:
        """The found sets without a proper subset that is a cut set."""
        smaller = sorted(self.found, key=len)
        return [one for one in smaller if len(one) == 1 or not any(self._lost(one - {node}) is None for node in one)]

    def _grow(self, chosen: tuple[int, ...], barred: frozenset[int], order: int) -> None:
        lost = self._lost(chosen)
        if lost is None:
            self.found.add(frozenset(chosen))
            return
        if len(chosen) == order:
            return
        branches = sorted(
            (node for node in self._support(lost) if node in self.able and node not in barred), key=self.graph.id
        )
        for at, node in enumerate(branches):
            if self.stopped:
                return
            self._grow((*chosen, node), barred.union(branches[:at]), order)

    def _lost(self, failed: Iterable[int]) -> set[int] | None:
        """The nodes that are lost with ``failed``; None if the target is one of them."""
        self.trials += 1
        if self.trials > self.limit or self.effort < 0:
            self.stopped = True
        if self.control is not None and self.trials % 64 == 0:
            self.control.progress(self.trials, 0, Message("Cut sets"))
        lost = losses(self.graph, failed, self.within)
        self.effort -= len(lost)
        return None if self.target in lost else lost

    def _support(self, lost: set[int]) -> set[int]:
        """A support without lost nodes. Nodes that cannot fail independently come first: they add no branches."""
        able, weight = self.able, self.weight
        return support(self.graph, self.target, lost, lambda node: (node in able, -weight[node], self.graph.id(node)))
