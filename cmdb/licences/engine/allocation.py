"""The allocation: which lots cover which demands, so that as little as possible stays uncovered.

A plain problem over numbers: nothing here knows products or dates. Demands of the same kind come grouped. Fewest
uncovered units come first; among those allocations the one that uses the narrowest rights; then the one that leaves
the last demands open; ties fall by position, and whoever builds the problem sorts it, so the order of anybody's input
changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from cmdb.licences.engine.integer_program import IntegerProgram


@dataclass(frozen=True, slots=True)
class CoverageArc:
    """A lot may cover units of a demand, one for one, at a cost per unit."""

    demand: int
    lot: int
    cost: int


@dataclass(frozen=True, slots=True)
class SuiteCoverage:
    """A unit of any of these lots covers one unit of several demands of one holder together (a suite)."""

    holder: int
    """Patterns of the same holder group are chosen together."""
    size: int
    """How many holders the group has."""
    demands: tuple[int, ...]
    lots: tuple[tuple[int, int], ...]
    """(lot, cost)"""


@dataclass(frozen=True, slots=True)
class WholeCoverage:
    """All or nothing: ``units`` from these lots cover the demands wholly (a host whose licence covers its machines)."""

    units: int
    lots: tuple[tuple[int, int], ...]
    demands: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MachineLicence:
    """A machine that may be licensed by itself for ``units``; it then no longer counts among ``per`` to a block."""

    units: int
    lots: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class BlockDemand:
    """A demand made of equal blocks, one per ``per`` machines or part of it; single machines take blocks off."""

    demand: int
    size: int
    per: int
    machines: int
    singles: tuple[int, ...]
    keep: int = 0
    """Blocks that no machine's own licence takes off (the host runs the product itself)."""


@dataclass(frozen=True, slots=True)
class SecondaryUse:
    """A covered unit of ``primary`` lets a unit of ``portable`` run free, if one of these lots covers it."""

    primary: int
    portable: int
    lots: frozenset[int]


@dataclass(slots=True)
class AllocationProblem:
    """Demands and lots by their position in ``needs`` and ``units`` (None: without limit), and what may cover what."""

    needs: list[int] = field(default_factory=list)
    units: list[int | None] = field(default_factory=list)
    arcs: list[CoverageArc] = field(default_factory=list)
    lanes: dict[int, dict[int, str]] = field(default_factory=dict)
    """Demands that one lane alone may cover (all cores of a machine in one edition): demand → lot → lane."""
    patterns: list[SuiteCoverage] = field(default_factory=list)
    bundles: list[WholeCoverage] = field(default_factory=list)
    singles: list[MachineLicence] = field(default_factory=list)
    blocks: list[BlockDemand] = field(default_factory=list)
    secondaries: list[SecondaryUse] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LotUse:
    """Units of a lot that cover a demand. ``how``: arc, pattern, bundle, single; ``which`` numbers it there."""

    lot: int
    units: int
    demands: tuple[int, ...]
    how: str
    which: int = 0


@dataclass(slots=True)
class Solution:
    """What stays uncovered per demand, the uses of lots, and the units that run free as secondary copies."""

    uncovered: list[int]
    uses: list[LotUse] = field(default_factory=list)
    free: dict[int, int] = field(default_factory=dict)
    used: dict[int, int] = field(default_factory=dict)


def allocate(problem: AllocationProblem) -> Solution:
    """The best allocation. Simple problems are settled without the solver."""
    return _simple(problem) or _solve(problem)


def _simple(problem: AllocationProblem) -> Solution | None:
    """Settles a problem whose demands can each be covered at their cheapest without taking from one another."""
    if problem.patterns or problem.bundles or problem.singles or problem.secondaries:
        return None
    best: dict[int, list[CoverageArc]] = defaultdict(list)
    served: dict[int, set[int]] = defaultdict(set)
    for arc in problem.arcs:
        best[arc.demand].append(arc)
        served[arc.lot].add(arc.demand)
    left = list(problem.units)
    solution = Solution([0] * len(problem.needs))
    for demand, need in enumerate(problem.needs):
        options = sorted(best[demand], key=lambda a: (a.cost, a.lot))
        if not options or not need:
            solution.uncovered[demand] = need
            continue
        for arc in (a for a in options if a.cost == options[0].cost):
            if problem.lanes.get(demand) and len({problem.lanes[demand][a.lot] for a in options}) > 1:
                return None
            room = left[arc.lot]
            units = need if room is None else min(room, need)
            if units:
                _take(solution, LotUse(arc.lot, units, (demand,), "arc"))
                need -= units
                left[arc.lot] = None if room is None else room - units
        solution.uncovered[demand] = need
        if need and not _alone(options, served):
            return None
    return solution


def _alone(options: list[CoverageArc], served: dict[int, set[int]]) -> bool:
    """Whether a demand's shortage is nobody else's business: all its lots serve it alone, at one cost."""
    return len({a.cost for a in options}) <= 1 and all(len(served[a.lot]) == 1 for a in options)


def _take(solution: Solution, use: LotUse) -> None:
    solution.uses.append(use)
    solution.used[use.lot] = solution.used.get(use.lot, 0) + use.units


class _Model:
    """The integer program of a problem, and what its variables stand for."""

    def __init__(self, problem: AllocationProblem) -> None:
        self.problem = problem
        self.program = IntegerProgram()
        self.covering: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.loading: dict[int, list[int]] = defaultdict(list)
        self.meaning: list[tuple[int, int, tuple[int, ...], str, int]] = []
        self.free: list[tuple[int, int]] = []
        self.arc_variables: dict[tuple[int, int], int] = {}

    def draw(self, lot: int, cost: int, upper: float, demands: tuple[int, ...], how: str, which: int) -> int:
        """A variable for units drawn from a lot."""
        variable = self.program.variable(upper, second=cost)
        self.loading[lot].append(variable)
        self.meaning.append((variable, lot, demands, how, which))
        return variable

    def arcs(self) -> None:
        for number, arc in enumerate(self.problem.arcs):
            variable = self.draw(arc.lot, arc.cost, self.problem.needs[arc.demand], (arc.demand,), "arc", number)
            self.arc_variables[arc.demand, arc.lot] = variable
            self.covering[arc.demand].append((variable, 1))
        for demand, lanes in self.problem.lanes.items():
            self._lanes(demand, lanes)

    def _lanes(self, demand: int, lanes: dict[int, str]) -> None:
        names = sorted({lane for lot, lane in lanes.items() if (demand, lot) in self.arc_variables})
        if len(names) < 2:
            return
        switches = {name: self.program.variable(1) for name in names}
        self.program.constrain([(s, 1) for s in switches.values()], high=1)
        for lot, lane in sorted(lanes.items()):
            variable = self.arc_variables.get((demand, lot))
            if variable is not None:
                self.program.constrain([(variable, 1), (switches[lane], -self.problem.needs[demand])], high=0)

    def patterns(self) -> None:
        """Chooses, per group of like holders, how many take which combination of suites."""
        groups: dict[int, list[int]] = defaultdict(list)
        for number, pattern in enumerate(self.problem.patterns):
            groups[pattern.holder].append(number)
        for numbers in groups.values():
            size = self.problem.patterns[numbers[0]].size
            combined = [(self.program.variable(size), c) for c in _combinations(self.problem.patterns, numbers)]
            self.program.constrain([(v, 1) for v, _ in combined], high=size)
            for variable, combination in combined:
                for demand in {d for n in combination for d in self.problem.patterns[n].demands}:
                    self.covering[demand].append((variable, 1))
            for n in numbers:
                pattern = self.problem.patterns[n]
                drawn = [
                    self.draw(lot, cost, pattern.size, pattern.demands, "pattern", n) for lot, cost in pattern.lots
                ]
                chosen = [(v, -1) for v, combination in combined if n in combination]
                self.program.constrain([*((d, 1) for d in drawn), *chosen], low=0, high=0)

    def bundles(self) -> None:
        for number, bundle in enumerate(self.problem.bundles):
            switch = self.program.variable(1)
            drawn = [self.draw(lot, cost, bundle.units, bundle.demands, "bundle", number) for lot, cost in bundle.lots]
            self.program.constrain([*((d, 1) for d in drawn), (switch, -bundle.units)], low=0, high=0)
            for demand in bundle.demands:
                self.covering[demand].append((switch, self.problem.needs[demand]))

    def blocks(self) -> None:
        switches = []
        for number, single in enumerate(self.problem.singles):
            switch = self.program.variable(1)
            drawn = [self.draw(lot, cost, single.units, (), "single", number) for lot, cost in single.lots]
            self.program.constrain([*((d, 1) for d in drawn), (switch, -single.units)], low=0, high=0)
            switches.append(switch)
        for block in self.problem.blocks:
            most = -(-block.machines // block.per)
            taken = self.program.variable(most - block.keep)
            slack = most * block.per - block.machines
            self.program.constrain([(taken, block.per), *((switches[s], -1) for s in block.singles)], high=slack)
            self.covering[block.demand].append((taken, block.size))

    def secondaries(self) -> None:
        for one in self.problem.secondaries:
            variable = self.program.variable(self.problem.needs[one.portable], second=1)
            primary = [(v, -1) for (d, lot), v in self.arc_variables.items() if d == one.primary and lot in one.lots]
            self.program.constrain([(variable, 1), *primary], high=0)
            self.covering[one.portable].append((variable, 1))
            self.free.append((variable, one.portable))

    def limits(self) -> list[int]:
        """Caps lots and demands; returns the variables of what stays uncovered, per demand."""
        for lot, variables in sorted(self.loading.items()):
            units = self.problem.units[lot]
            if units is not None:
                self.program.constrain([(v, 1) for v in variables], high=units)
        open_units = []
        for demand, need in enumerate(self.problem.needs):
            # Of equally good allocations that which covers the first: a fact about another product then moves nothing.
            variable = self.program.variable(need, first=1, third=len(self.problem.needs) - demand)
            self.program.constrain([*self.covering[demand], (variable, 1)], low=need)
            open_units.append(variable)
        return open_units


def _combinations(patterns: list[SuiteCoverage], numbers: list[int]) -> list[tuple[int, ...]]:
    """Sets of patterns that one holder may carry together with use: each covers something that the rest does not."""
    found: list[tuple[int, ...]] = [()]
    for number in numbers:
        for known in list(found):
            together = (*known, number)
            if len(together) <= 4 and all(
                set(patterns[n].demands) - {d for m in together if m != n for d in patterns[m].demands}
                for n in together
            ):
                found.append(together)
    return [c for c in found if c]


def _solve(problem: AllocationProblem) -> Solution:
    model = _Model(problem)
    model.arcs()
    model.patterns()
    model.bundles()
    model.blocks()
    model.secondaries()
    open_units = model.limits()
    values = model.program.solve()
    solution = Solution([values[v] for v in open_units])
    for variable, lot, demands, how, which in model.meaning:
        if values[variable]:
            _take(solution, LotUse(lot, values[variable], demands, how, which))
    for variable, demand in model.free:
        if values[variable]:
            solution.free[demand] = values[variable]
    return solution
