"""The impact of failed CIs: CIs that are down, degraded, exhausted or at risk, each with its proof."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

import numpy as np

from cmdb.graph.edges import Longs, Mask, Numbers
from cmdb.graph.graph import Graph
from cmdb.graph.lookups import dependency_group
from cmdb.graph.node_values import DenseNodeValues, Marks, Propagation, SparseNodeValues
from cmdb.graph.propagation import WIDE, dependents, propagate
from cmdb.graph.results import STATES, DataError, Reason, State

#: What ``_degraded`` holds.
_DEGRADED, _EXHAUSTED = 1, 2


class Impact:
    """The effects of a set of failed CIs. CIs are ids; ``down`` is in the order of the failure, the rest by id.

    It holds arrays; ``of`` and ``counts`` are fast even if very many CIs are affected.
    """

    def __init__(self, graph: Graph, failed: Iterable[int]) -> None:
        self.graph = graph
        self.failed: tuple[int, ...] = tuple(dict.fromkeys(failed))
        self._spread: Propagation = propagate(graph, [graph.node(ci) for ci in self.failed])

    @property
    def down(self) -> tuple[int, ...]:
        """Lost with the failure; the failed CIs themselves left out."""
        return tuple(self.of("down").tolist())

    @property
    def degraded(self) -> tuple[int, ...]:
        """Up, but a group lost a member with its quorum held, or a soft group failed. Includes the exhausted."""
        nodes, _ = self._degraded.arrays()
        return tuple(np.sort(self.graph.ids(nodes)).tolist())

    @property
    def exhausted(self) -> frozenset[int]:
        """Degraded, and a hard group that lost a member has exactly as many up as it needs."""
        return frozenset(self.of("exhausted").tolist())

    @property
    def at_risk(self) -> tuple[int, ...]:
        """Up, not degraded itself, and depends through any number of hard links on something degraded."""
        return tuple(self.of("at_risk").tolist())

    @property
    def errors(self) -> tuple[DataError, ...]:
        """The groups that contradict themselves, independent of failures."""
        return self.graph.errors

    def of(self, state: State) -> Longs:
        """The ids of the CIs in one state. "degraded" excludes exhausted CIs; "up" is empty."""
        if state == "failed":
            return np.array(self.failed, dtype=np.int64)
        if state == "down":
            nodes, levels = self._spread.levels.arrays()
            ids = self.graph.ids(nodes[levels > 0])
            found: Longs = ids[np.lexsort((ids, levels[levels > 0]))]
            return found
        if state == "at_risk":
            return np.sort(self.graph.ids(self._risk.arrays()[0]))
        nodes, marks = self._degraded.arrays()
        wanted = {"exhausted": _EXHAUSTED, "degraded": _DEGRADED}.get(state, -1)
        return np.sort(self.graph.ids(nodes[marks == wanted]))

    def of_classes(self, state: State, codes: Collection[int], limit: int) -> tuple[list[int], list[int]]:
        """The first CIs in a state whose class is among ``codes``, and the first of all others; ``limit`` of each."""
        ids = self.of(state)
        if not len(ids) or limit <= 0:
            return [], []
        among = np.isin(self.graph.codes(self.graph.nodes_at(ids)), list(codes))
        return ids[among][:limit].tolist(), ids[~among][:limit].tolist()

    @cached_property
    def counts(self) -> dict[State, int]:
        """The number of CIs in each state that occurs, worst first; "degraded" excludes exhausted CIs."""
        exhausted = int(np.count_nonzero(self._degraded.arrays()[1] == _EXHAUSTED))
        numbers: dict[State, int] = {
            "failed": len(self.failed),
            "down": len(self._spread.levels) - len(self.failed),
            "exhausted": exhausted,
            "degraded": len(self._degraded) - exhausted,
            "at_risk": len(self._risk),
        }
        return {state: number for state, number in numbers.items() if number}

    def lost(self, ci: int) -> bool:
        """Whether a CI failed or is down."""
        return self.graph.node(ci) in self._spread.levels

    def state(self, ci: int) -> State:
        """The state of one CI. Raises NotFound."""
        node = self.graph.node(ci)
        level = self._spread.levels.of(node)
        if level >= 0:
            return "down" if level else "failed"
        mark = self._degraded.of(node)
        if mark >= 0:
            return "exhausted" if mark == _EXHAUSTED else "degraded"
        return "at_risk" if node in self._risk else "up"

    def hit(self) -> dict[int, State]:
        """Every CI that is not simply up, with its state, worst first."""
        return {ci: state for state in STATES for ci in self.of(state).tolist()}

    def hit_among(self, nodes: Numbers) -> Mask:
        """The nodes among ``nodes`` that are not up."""
        return self._spread.levels.among(nodes) | self._degraded.among(nodes) | self._risk.among(nodes)

    def reasons(self, ci: int) -> list[Reason]:
        """Why a CI is in its state: the group that broke, or all that lost members and held. Raises NotFound."""
        node = self.graph.node(ci)
        cause = self._spread.causes.of(node)
        if cause >= 0:
            return [self._reason(cause, before=self._spread.levels[node])]
        if node in self._spread.levels or node not in self._degraded:
            return []
        return [self._reason(group) for group in self.graph.groups_owned(node) if self._lost_members(group)]

    def path(self, ci: int) -> list[int]:
        """The path from a failed CI to ``ci``; each CI depends on the one before. Empty for a CI that is up. Raises
        NotFound.
        """
        trail = [self.graph.node(ci)]
        if self.state(ci) == "up":
            return []
        while (before := self._before(trail[-1])) is not None:
            trail.append(before)
        return [self.graph.id(node) for node in reversed(trail)]

    def steps(self, ci: int) -> int:
        """By how many steps at most a failure reached a CI, as far as that is known without walking them."""
        node = self.graph.node(ci)
        if node in self._spread.levels:
            return self._spread.levels[node]
        if node in self._degraded:
            lost = (self._lost_members(g) for g in self.graph.groups_owned(node))
            return 1 + min(min(some)[0] for some in lost if some)
        deepest = int(self._spread.levels.arrays()[1].max(initial=0))
        return self._risk.of(node) + 1 + deepest if node in self._risk else 0

    def root(self, ci: int) -> int:
        """The failed CI by which the failure reached a CI that is hit. Raises NotFound."""
        return self.failed[0] if len(self.failed) == 1 else self.path(ci)[0]

    def risk_from(self, ci: int) -> int | None:
        """For a CI at risk: the provider that is degraded, or that is at risk and nearer to a degraded CI."""
        node = self.graph.node(ci)
        if node not in self._risk:
            return None
        before = self._before(node)
        return None if before is None else self.graph.id(before)

    # -- inside: nodes ----------------------------------------------------------------------------------------------

    @cached_property
    def _degraded(self) -> Marks:
        """The owners of the groups that held."""
        graph, held, lost = self.graph, self._spread.held, self._spread.lost
        owners = graph.owners(held)
        marks = np.full(len(held), _DEGRADED, dtype=np.int32)
        counted = held < graph.first_single
        marks[counted] += graph.hards(held[counted]) & (graph.spare(held[counted]) == lost[counted])
        if len(held) > WIDE:
            dense = np.full(graph.room, -1, dtype=np.int32)
            np.maximum.at(dense, owners, marks)
            return DenseNodeValues(dense)
        found = SparseNodeValues()
        for owner, mark in zip(owners.tolist(), marks.tolist(), strict=True):
            found[owner] = max(mark, found.get(owner, 0))
        return found

    @cached_property
    def _risk(self) -> Marks:
        return dependents(self.graph, self._degraded.arrays()[0].tolist(), self._spread.levels)

    def _reason(self, number: int, before: int | None = None) -> Reason:
        lost = sorted(one for one in self._lost_members(number) if before is None or one[0] < before)
        return Reason(dependency_group(self.graph, number), tuple(ci for _, ci, _ in lost))

    def _before(self, node: int) -> int | None:
        """The node by which the failure reached this one: the earliest lost member, or the nearest that is at risk."""
        levels, graph = self._spread.levels, self.graph
        if node in levels:
            return min(self._lost_members(self._spread.causes[node]))[2] if levels[node] else None
        if node in self._degraded:
            return min(min(lost) for g in graph.groups_owned(node) if (lost := self._lost_members(g)))[2]
        distance = self._risk[node]
        return min(
            (graph.id(member), member)
            for group in graph.groups_owned(node)
            if graph.hard(group)
            for member in graph.members(group)
            if (member in self._degraded if distance == 1 else self._risk.of(member) == distance - 1)
        )[1]

    def _lost_members(self, group: int) -> list[tuple[int, int, int]]:
        """The lost members of a group: level, id, node."""
        levels, graph = self._spread.levels, self.graph
        return [(levels[node], graph.id(node), node) for node in graph.members(group) if node in levels]


def impact(graph: Graph, failed: Iterable[int]) -> Impact:
    """The impact of the failure of ``failed``. Raises NotFound for an id that the graph does not have."""
    return Impact(graph, failed)
