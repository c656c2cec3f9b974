"""One measured speed: Terrier against its yardstick in the same run."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """The measurements of Terrier and its reference, in seconds unless another unit is given, and the maximum ratio."""

    name: str
    ours: float
    yardstick: float
    limit: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        """Terrier's time as a multiple of the yardstick's."""
        return self.ours / self.yardstick

    @property
    def passed(self) -> bool:
        """Whether it is within the limit."""
        return self.ratio <= self.limit

    def told(self) -> Result:
        """The same, printed as a line."""
        print(
            f"{self.name:<52} {self.ours:8.4f} {self.unit}   yardstick {self.yardstick:8.4f} {self.unit}"
            f"   ratio {self.ratio:5.2f}   at most {self.limit:g}   {'ok' if self.passed else 'TOO SLOW'}",
            flush=True,
        )
        return self


def in_turn(name: str, ours: Callable[[], object], yardstick: Callable[[], object], limit: float, times: int) -> Result:
    """The medians of both, run in turn in this process after one unmeasured run each."""
    mine, others = [], []
    for _ in range(times + 1):
        others.append(seconds(yardstick))
        mine.append(seconds(ours))
    return Result(name, statistics.median(mine[1:]), statistics.median(others[1:]), limit).told()


def seconds(work: Callable[[], object]) -> float:
    """The duration of a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
