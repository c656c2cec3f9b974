"""A small integer program with aims in order: first the one, then, without giving up any of it, the next.

Solved by HiGHS through ``scipy.optimize.milp``; SciPy is imported when a program is solved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class IntegerProgram:
    """Whole-number variables from 0 to their ``upper``, linear constraints, three aims to be minimised.

    The third is asked only where the first is not met wholly: it says which of the equally good solutions is taken.
    """

    first: list[int] = field(default_factory=list)
    second: list[int] = field(default_factory=list)
    third: list[int] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    constraints: list[tuple[list[tuple[int, int]], float, float]] = field(default_factory=list)

    def variable(self, upper: float = float("inf"), first: int = 0, second: int = 0, third: int = 0) -> int:
        """A new variable's number. ``first``, ``second`` and ``third`` are what a unit of it costs the aims."""
        self.first.append(first)
        self.second.append(second)
        self.third.append(third)
        self.upper.append(upper)
        return len(self.upper) - 1

    def constrain(
        self, terms: Iterable[tuple[int, int]], low: float = float("-inf"), high: float = float("inf")
    ) -> None:
        """``low <= sum of coefficient x variable <= high``; terms are (variable, coefficient)."""
        self.constraints.append((list(terms), low, high))

    def solve(self) -> list[int]:
        """The variables' values. Raises ArithmeticError where the program has no solution, which would be a bug."""
        if not self.upper:
            return []
        values = self._solve(self.first, ())
        kept = [(self.first, _cost(self.first, values))]
        values = self._solve(self.second, kept)
        if kept[0][1] and any(self.third):
            values = self._solve(self.third, (*kept, (self.second, _cost(self.second, values))))
        return values

    def _solve(self, aim: list[int], kept: Iterable[tuple[list[int], int]]) -> list[int]:
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        rows = [([(i, c) for i, c in enumerate(costs) if c], float("-inf"), float(cost)) for costs, cost in kept]
        rows += self.constraints
        data = [float(c) for terms, _, _ in rows for _, c in terms]
        columns = [v for terms, _, _ in rows for v, _ in terms]
        starts = np.cumsum([0, *(len(terms) for terms, _, _ in rows)])
        matrix = csr_array((data, columns, starts), shape=(len(rows), len(self.upper)))
        answer = milp(
            c=np.array(aim, dtype=float),
            integrality=np.ones(len(self.upper), dtype=np.int64),
            bounds=Bounds(np.zeros(len(self.upper)), np.array(self.upper)),
            constraints=LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows]),
            options={"mip_rel_gap": 0.0},
        )
        if answer.x is None:
            raise ArithmeticError(f"The allocation could not be solved: {answer.message}")
        return [round(v) for v in answer.x]


def _cost(costs: Iterable[int], values: Iterable[int]) -> int:
    return sum(cost * value for cost, value in zip(costs, values, strict=True))
