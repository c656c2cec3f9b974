"""The licence position of an estate where every installation was bought: 20,000 computers, 500,000 installations.

Measured in CPU seconds, each time in a process of its own, at two sizes. The estates are made once (a minute) under
``build/bench``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from estate import Estate, fill
from result import Result

from cmdb.model.errors import StoreProblem
from cmdb.store.upkeep.startup import open_estate

#: Computers are two thirds of the records.
SIZES = {"half": Estate(15_400, 0, 250_000, 520), "whole": Estate(30_800, 0, 500_000, 520)}
PROBE = ROOT / "bench" / "probes" / "licence_position.py"
#: How many times the grouped count a position may take, how many MB, and how much longer with twice as much.
COUNTS, MEGABYTES, GROWTH = 20, 500, 2.4


def estate(name: str) -> Path:
    """An estate's file, created if it is missing or of an older format."""
    path = ROOT / "build" / "bench" / f"licences-{name}.terrier"
    try:
        open_estate(path).close()
    except StoreProblem:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        fill(str(path), SIZES[name])
    return path


def measure(_folder: Path, times: int) -> list[Result]:
    """The position against the count, its memory, and its growth."""
    paths = {name: str(estate(name)) for name in SIZES}
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in SIZES}
    for _ in range(times):
        for name, path in paths.items():
            answer = subprocess.run([sys.executable, str(PROBE), path], check=True, capture_output=True, text=True)
            runs[name].append(json.loads(answer.stdout))

    def median(name: str, what: str) -> float:
        return statistics.median(run[what] for run in runs[name])

    whole = median("whole", "ours")
    return [
        Result("licences of 500,000 installations, CPU", whole, median("whole", "count"), COUNTS).told(),
        Result("the same, against half as many", whole, median("half", "ours"), GROWTH).told(),
        Result("its peak memory", median("whole", "peak"), MEGABYTES, 1, "MB").told(),
    ]
