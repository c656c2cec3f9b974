"""What fails with some CIs: down, degraded, exhausted and at risk, each with its proof."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from cmdb.graph.graph import DataError, Graph, Group
from cmdb.graph.spread import Spread, dependents, spread

State = Literal["failed", "down", "exhausted", "degraded", "at_risk", "up"]

#: Worst first.
STATES: tuple[State, ...] = ("failed", "down", "exhausted", "degraded", "at_risk", "up")


@dataclass(frozen=True, slots=True)
class Reason:
    """One group that was hit: which, and its lost members, the earliest first.

    For a CI that is down, only the members that were lost before it; ``up`` counts the others.
    """

    group: Group
    lost: tuple[int, ...]

    @property
    def up(self) -> int:
        """How many members were left."""
        return len(self.group.members) - len(self.lost)


class Impact:
    """The answer for one set of failed CIs. CIs are ids; ``down`` goes from the failure outwards, the rest by id."""

    def __init__(self, graph: Graph, failed: Iterable[int]) -> None:
        self.graph = graph
        self.failed: tuple[int, ...] = tuple(dict.fromkeys(failed))
        self._spread: Spread = spread(graph, [graph.node(ci) for ci in self.failed])

    @cached_property
    def down(self) -> tuple[int, ...]:
        """Lost with the failure; the failed CIs themselves left out."""
        ids = self.graph.ids
        lost = sorted((level, node) for node, level in self._spread.levels.items() if level)
        return tuple(ids[node] for _, node in lost)

    @cached_property
    def degraded(self) -> tuple[int, ...]:
        """Up, but a group lost a member with its quorum held, or a soft group failed. Includes the exhausted."""
        owners = {self.graph.group_owner[group] for group in self._spread.held}
        return tuple(self.graph.ids[node] for node in sorted(owners))

    @cached_property
    def exhausted(self) -> frozenset[int]:
        """Degraded, and a hard group that lost a member has exactly as many up as it needs."""
        g = self.graph
        return frozenset(
            g.ids[g.group_owner[group]]
            for group, lost in self._spread.held.items()
            if g.group_hard[group] and g.group_size[group] - lost == g.group_needs[group]
        )

    @cached_property
    def at_risk(self) -> tuple[int, ...]:
        """Up, not degraded itself, and depends through any number of hard links on something degraded."""
        return tuple(self.graph.ids[node] for node in sorted(self._risk))

    @property
    def errors(self) -> tuple[DataError, ...]:
        """Groups that contradict themselves, whatever fails."""
        return self.graph.errors

    def lost(self, ci: int) -> bool:
        """Whether a CI failed or is down."""
        return self.graph.node(ci) in self._spread.levels

    def state(self, ci: int) -> State:
        """The state of one CI. Raises NotFound."""
        node = self.graph.node(ci)
        level = self._spread.levels.get(node)
        if level is not None:
            return "down" if level else "failed"
        if ci in self.exhausted:
            return "exhausted"
        if node in self._degraded_nodes:
            return "degraded"
        return "at_risk" if node in self._risk else "up"

    def hit(self) -> dict[int, State]:
        """Every CI that is not simply up, with its state, worst first."""
        return dict(self._hit)

    @cached_property
    def _hit(self) -> dict[int, State]:
        found: dict[int, State] = dict.fromkeys(self.failed, "failed")
        found.update(dict.fromkeys(self.down, "down"))
        found.update((ci, "exhausted") for ci in self.degraded if ci in self.exhausted)
        found.update((ci, "degraded") for ci in self.degraded if ci not in self.exhausted)
        found.update(dict.fromkeys(self.at_risk, "at_risk"))
        return found

    def reasons(self, ci: int) -> list[Reason]:
        """Why a CI is in its state: the group that broke, or all that lost members and held. Raises NotFound."""
        node = self.graph.node(ci)
        cause = self._spread.causes.get(node)
        if cause is not None:
            return [self._reason(cause, before=self._spread.levels[node])]
        if node in self._spread.levels or node not in self._degraded_nodes:
            return []
        return [self._reason(group) for group in self.graph.groups_owned(node) if group in self._spread.held]

    def path(self, ci: int) -> list[int]:
        """From a failed CI to ``ci``, each depending on the one before; empty for one that is up. Raises NotFound."""
        trail = [self.graph.node(ci)]
        if self.state(ci) == "up":
            return []
        while (before := self._before(trail[-1])) is not None:
            trail.append(before)
        return [self.graph.ids[node] for node in reversed(trail)]

    def risk_from(self, ci: int) -> int | None:
        """For a CI at risk: what it depends on that is degraded or, nearer to that, at risk too."""
        node = self.graph.node(ci)
        if node not in self._risk:
            return None
        before = self._before(node)
        return None if before is None else self.graph.ids[before]

    # -- inside: nodes ----------------------------------------------------------------------------------------------

    @cached_property
    def _degraded_nodes(self) -> frozenset[int]:
        return frozenset(self.graph.group_owner[group] for group in self._spread.held)

    @cached_property
    def _risk(self) -> dict[int, int]:
        return dependents(self.graph, sorted(self._degraded_nodes), self._spread.levels)

    def _reason(self, number: int, before: int | None = None) -> Reason:
        levels, graph = self._spread.levels, self.graph
        lost = sorted(
            (levels[node], node)
            for node in graph.members(number)
            if node in levels and (before is None or levels[node] < before)
        )
        return Reason(graph.group(number), tuple(graph.ids[node] for _, node in lost))

    def _before(self, node: int) -> int | None:
        """The node by which the failure reached this one: the earliest lost member, or the nearest that is at risk."""
        levels, graph = self._spread.levels, self.graph
        if node in levels:
            return min(self._lost_members(self._spread.causes[node]))[1] if levels[node] else None
        if node in self._degraded_nodes:
            return min(min(self._lost_members(g)) for g in graph.groups_owned(node) if g in self._spread.held)[1]
        distance = self._risk[node]
        return min(
            member
            for group in graph.groups_owned(node)
            if graph.group_hard[group]
            for member in graph.members(group)
            if (member in self._degraded_nodes if distance == 1 else self._risk.get(member) == distance - 1)
        )

    def _lost_members(self, group: int) -> list[tuple[int, int]]:
        levels = self._spread.levels
        return [(levels[node], node) for node in self.graph.members(group) if node in levels]


def impact(graph: Graph, failed: Iterable[int]) -> Impact:
    """What fails with CIs ``failed``. Raises NotFound for an id that the graph does not have."""
    return Impact(graph, failed)
