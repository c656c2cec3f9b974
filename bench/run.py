"""Terrier's speeds as ratios, each measured against its yardstick in the same run: ``make bench``.

Every figure is the median of whole processes, started in turn so that a busy machine slows both sides alike. Ends with
status 1 where a limit is passed. See README.md beside it.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))

PROBES = ROOT / "bench" / "probes"
MAIN = str(ROOT / "main.py")


@dataclass(frozen=True)
class Result:
    """Seconds of Terrier and of its yardstick, and how many times the yardstick is allowed."""

    name: str
    ours: float
    yardstick: float
    limit: float

    @property
    def ratio(self) -> float:
        """Terrier's time as a multiple of the yardstick's."""
        return self.ours / self.yardstick

    @property
    def passed(self) -> bool:
        """Whether it is within the limit."""
        return self.ratio <= self.limit


def timed(command: Sequence[str], environment: dict[str, str]) -> float:
    """Seconds that a process takes. Raises CalledProcessError where it fails."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def compared(
    name: str, ours: Callable[[int], Sequence[str]], yardstick: Sequence[str], limit: float, times: int, folder: Path
) -> Result:
    """Runs both in turn, ``times`` each after one unmeasured run; ``ours`` gets the number of the run."""
    environment = {
        **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
        "QT_QPA_PLATFORM": "offscreen",
        "TERRIER_CONFIG": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }
    mine, others = [], []
    for number in range(times + 1):
        others.append(timed(yardstick, environment))
        mine.append(timed(ours(number), environment))
    result = Result(name, statistics.median(mine[1:]), statistics.median(others[1:]), limit)
    print(
        f"{name:<44} {result.ours:7.3f} s   yardstick {result.yardstick:7.3f} s   ratio {result.ratio:5.2f}"
        f"   at most {limit:g}   {'ok' if result.passed else 'TOO SLOW'}",
        flush=True,
    )
    return result


def measure_import(folder: Path, times: int) -> Result:
    """Import of 20,000 rows x 20 columns into a new estate, against openpyxl's read-only reader."""
    from estate import write_workbook

    book = folder / "hardware.xlsx"
    write_workbook(book, 20_000)
    return compared(
        "import, 20,000 rows x 20 columns",
        lambda number: [MAIN, "--db", str(folder / f"import-{number}.terrier"), "import", str(book), "--json"],
        [str(PROBES / "openpyxl_read.py"), str(book)],
        1.0,
        times,
        folder,
    )


def measure_scan(folder: Path, times: int) -> Result:
    """``scan --out`` against a bare psutil script that also lists the packages."""
    return compared(
        "scan --out",
        lambda number: [MAIN, "scan", "--out", str(folder / f"scan-{number}.json")],
        [str(PROBES / "bare_scan.py"), str(folder / "bare.json")],
        3.0,
        times,
        folder,
    )


def measure_window(folder: Path, times: int) -> Result:
    """The window with the sample's first rows, against an empty Qt window."""
    sample = folder / "sample.terrier"
    subprocess.run([sys.executable, MAIN, "new", str(sample), "--sample"], check=True, stdout=subprocess.DEVNULL)
    return compared(
        "window with the sample's first rows",
        lambda number: [str(PROBES / "first_rows.py"), str(sample)],
        [str(PROBES / "empty_window.py")],
        3.0,
        times,
        folder,
    )


MEASURES = {"import": measure_import, "scan": measure_scan, "window": measure_window}


def main() -> int:
    """Measures what is asked for, all by default; status 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"of: {', '.join(MEASURES)}")
    parser.add_argument("--times", type=int, default=5, help="runs of each side (by default 5)")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "bench.json", help="where the figures go as JSON")
    args = parser.parse_args()
    unknown = set(args.measures) - set(MEASURES)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    for name in ("cmdb", "importers", "app", "ui", "bench"):
        compileall.compile_dir(ROOT / name, quiet=1)
    with tempfile.TemporaryDirectory(prefix="terrier-bench-") as temporary:
        results = [MEASURES[name](Path(temporary), args.times) for name in args.measures or MEASURES]
    args.out.parent.mkdir(parents=True, exist_ok=True)
    figures = [
        {"name": r.name, "ours": r.ours, "yardstick": r.yardstick, "ratio": r.ratio, "limit": r.limit} for r in results
    ]
    args.out.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0 if all(r.passed for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
