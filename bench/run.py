"""Terrier's speeds as ratios, each measured against its yardstick in the same run: ``make bench``.

Ends with status 1 where a limit is passed. See README.md beside it.
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
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from result import Result, seconds

PROBES = ROOT / "bench" / "probes"
MAIN = str(ROOT / "main.py")


def compared(
    name: str, ours: Callable[[int], Sequence[str]], yardstick: Sequence[str], limit: float, times: int, folder: Path
) -> Result:
    """Whole processes, run in turn, ``times`` each after one unmeasured run; ``ours`` gets the number of the run."""
    environment = {
        **{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"},
        "QT_QPA_PLATFORM": "offscreen",
        "TERRIER_CONFIG": str(folder / "config"),
        "XDG_DATA_HOME": str(folder / "data"),
    }

    def timed(command: Sequence[str]) -> float:
        words = [sys.executable, *command]
        return seconds(lambda: subprocess.run(words, check=True, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL))

    mine, others = [], []
    for number in range(times + 1):
        others.append(timed(yardstick))
        mine.append(timed(ours(number)))
    return Result(name, statistics.median(mine[1:]), statistics.median(others[1:]), limit).told()


def measure_import(folder: Path, times: int) -> list[Result]:
    """Import of 20,000 rows x 20 columns into a new estate, against openpyxl's read-only reader."""
    from estate import write_workbook

    book = folder / "hardware.xlsx"
    write_workbook(book, 20_000)

    def command(number: int) -> Sequence[str]:
        return MAIN, "--db", str(folder / f"import-{number}.terrier"), "import", str(book), "--json"

    reading = [str(PROBES / "openpyxl_reader.py"), str(book)]
    return [compared("import, 20,000 rows x 20 columns", command, reading, 1.0, times, folder)]


def measure_scan(folder: Path, times: int) -> list[Result]:
    """``scan --out`` against a bare psutil script that also lists the packages, and FusionInventory's agent."""
    import scan

    return scan.measure_scan(folder, times)


def measure_window(folder: Path, times: int) -> list[Result]:
    """The window with its first rows, of the sample and of a million, against an empty Qt window."""
    from million import estate

    sample = folder / "sample.terrier"
    subprocess.run([sys.executable, MAIN, "new", str(sample), "--sample"], check=True, stdout=subprocess.DEVNULL)
    probe, empty = str(PROBES / "first_rows.py"), [str(PROBES / "empty_window.py")]
    return [
        compared(
            f"window with the first rows of {name}", lambda _, path=path: [probe, str(path)], empty, 3.0, times, folder
        )
        for name, path in (("the sample", sample), ("a million", estate()))
    ]


def measure_reading(folder: Path, times: int) -> list[Result]:
    """Pages and searches of a million, now and in the past."""
    import million

    return million.measure_reading(folder, times)


def measure_changes(folder: Path, times: int) -> list[Result]:
    """The feed of the latest changes, of a tenth of a million and of a million."""
    import million

    return million.measure_changes(folder, times)


def measure_writing(folder: Path, times: int) -> list[Result]:
    """100,000 CIs into an empty estate and into a million."""
    import million

    return million.measure_writing(folder, min(times, 3))


def measure_sheet(folder: Path, times: int) -> list[Result]:
    """A large sheet imported, imported again, taken back and exported, with their memory."""
    import sheets

    return sheets.measure(folder, times)


def measure_graph(folder: Path, times: int) -> list[Result]:
    """The graph of a million."""
    import graph

    return graph.measure(folder, times)


def measure_postgres(folder: Path, times: int) -> list[Result]:
    """100,000 CIs into PostgreSQL."""
    import postgres

    ours, copied = postgres.measure(folder, min(times, 3))
    return [Result(f"apply of {postgres.COUNT:,} CIs on PostgreSQL", ours, copied, postgres.LIMIT).told()]


def measure_licences(folder: Path, times: int) -> list[Result]:
    """The licence position of 500,000 installations."""
    import licences

    return licences.measure(folder, min(times, 3))


def measure_audits(folder: Path, times: int) -> list[Result]:
    """A scan's answer in an audit of 100,000 items, against looking the tag up."""
    import audits

    return audits.measure_audits(folder, times)


def measure_guards(folder: Path, times: int) -> list[Result]:
    """An import of 20,000 rows with and without guards."""
    import guards

    return guards.measure(folder, min(times, 3))


def measure_sections(folder: Path, times: int) -> list[Result]:
    """Rows of sections of 1,000 computers against the rows of their software, and a rescan."""
    import sections

    return sections.measure(folder, times)


def measure_dependencies(folder: Path, times: int) -> list[Result]:
    """Connections of many machines joined with listening ports."""
    import dependencies

    return dependencies.measure(folder, min(times, 3))


def measure_inventories(folder: Path, times: int) -> list[Result]:
    """A thousand inventories with a thousand programs each."""
    import inventories

    return inventories.measure(folder, min(times, 3))


def measure_near_equal(folder: Path, times: int) -> list[Result]:
    """Nearly equal texts among 200,000."""
    import near_equal

    return near_equal.measure(min(times, 3))


def measure_drafts(folder: Path, times: int) -> list[Result]:
    """Pages of a million with a draft."""
    import drafts

    return drafts.measure(folder, times)


def measure_labels(folder: Path, times: int) -> list[Result]:
    """Labels to a PDF."""
    import labels

    return labels.measure(min(times, 3))


def measure_codes(folder: Path, times: int) -> list[Result]:
    """A scan's answer among 100,000 items, against the bare look-up by the tag's index."""
    import codes

    return codes.measure(folder, times)


MEASURES = {
    "import": measure_import, "scan": measure_scan, "window": measure_window, "reading": measure_reading,
    "changes": measure_changes, "writing": measure_writing, "sheet": measure_sheet, "graph": measure_graph,
    "postgres": measure_postgres, "licences": measure_licences, "guards": measure_guards, "drafts": measure_drafts,
    "near_equal": measure_near_equal, "labels": measure_labels, "audits": measure_audits, "codes": measure_codes,
    "sections": measure_sections, "dependencies": measure_dependencies, "inventories": measure_inventories,
}  # fmt: skip


def main() -> int:
    """Runs the given benchmarks, all by default; status 1 where a limit is passed."""
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
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="terrier-bench-") as temporary:
        for name in args.measures or MEASURES:
            results += MEASURES[name](Path(temporary), args.times)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    figures = [
        {"name": r.name, "ours": r.ours, "yardstick": r.yardstick, "ratio": r.ratio, "limit": r.limit} for r in results
    ]
    args.out.write_text(json.dumps(figures, indent=1), "utf-8")
    return 0 if all(r.passed for r in results) else 1


if __name__ == "__main__":
    sys.exit(main())
