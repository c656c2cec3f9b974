"""A sheet of 100,000 rows and 20 columns, in and out, in CPU seconds of whole processes and in their peak memory.

The memory is that of the largest process: a large file is read by another one, which has ended before most is needed.

The yardstick of an import is what no import can do without: python-calamine reads the file, and a bare table with three
indexes is filled. It leaves out all that makes an import: what cells mean, whose records they are, the history, the
search index.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from estate import write_workbook
from result import Result

ROWS = 100_000
MORE = 3
"""As many times the rows show how memory grows."""
MOST_MEMORY = 150
"""Mebibytes above what reading alone takes."""
PROBES = ROOT / "bench" / "probes"


class Cost(NamedTuple):
    """What a process and those that it started took: CPU seconds, and the peak memory of the largest (MiB)."""

    seconds: float
    memory: float


def cost(*words: str) -> Cost:
    """Runs Python with a command and says what it took."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, words)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def terrier(path: Path, *words: str) -> Cost:
    """What a command of the command line takes."""
    return cost(str(ROOT / "main.py"), "--db", str(path), *words, "--json")


def measure(folder: Path, times: int) -> list[Result]:
    """Import, import again, undo and export, and their memory; and the memory of a sheet of thrice the rows."""
    book, larger = folder / "sheet.xlsx", folder / "larger.xlsx"
    write_workbook(book, ROWS)
    write_workbook(larger, MORE * ROWS)
    found = [_first_rows(book, min(times, 3)), *_import(folder, book, min(times, 3))]
    found += [_memory(folder, book, ROWS), _memory(folder, larger, MORE * ROWS)]
    return [*found, *_export(folder, book)]


def _first_rows(book: Path, times: int) -> Result:
    """The wait for the first rows on the import page, against python-calamine reading the sheet in a program."""
    waits: list[float] = []
    reads: list[float] = []
    for _ in range(times):
        reads.append(_seconds(PROBES / "calamine_read.py", book))
        waits.append(_seconds(PROBES / "sheet_preview.py", book))
    return Result(f"first rows of {ROWS:,}", statistics.median(waits), statistics.median(reads), 1.5).told()


def _seconds(probe: Path, book: Path) -> float:
    """What a probe says that it took."""
    words = [sys.executable, str(probe), str(book)]
    return float(subprocess.run(words, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def _import(folder: Path, book: Path, times: int) -> list[Result]:
    estate, bare = folder / "sheet.terrier", folder / "bare.db"
    bares, first, again, undone = [], [], [], []
    for _ in range(times):
        _remove(estate, bare)
        bares.append(cost(str(PROBES / "calamine_table.py"), str(book), str(bare)).seconds)
        first.append(terrier(estate, "import", str(book)).seconds)
        again.append(terrier(estate, "import", str(book)).seconds)
        undone.append(terrier(estate, "undo").seconds)
    yardstick = statistics.median(bares)
    rows = f"{ROWS:,} rows x 20 columns"
    return [
        Result(f"import of {rows}", statistics.median(first), yardstick, 6).told(),
        Result("the same again, unchanged", statistics.median(again), yardstick, 3).told(),
        Result("undo of it", statistics.median(undone), yardstick, 4).told(),
    ]


def _memory(folder: Path, book: Path, rows: int) -> Result:
    """Peak memory of an import above that of calamine's reading."""
    estate = folder / "memory.terrier"
    _remove(estate)
    alone = cost(str(PROBES / "calamine_table.py"), str(book)).memory
    above = terrier(estate, "import", str(book)).memory - alone
    return Result(f"memory of an import of {rows:,} rows above reading", above, MOST_MEMORY, 1, "MB").told()


def _export(folder: Path, book: Path) -> list[Result]:
    """An export of the whole estate as xlsx against the same cells written by XlsxWriter."""
    estate, out = folder / "export.terrier", folder / "export.xlsx"
    _remove(estate)
    terrier(estate, "import", str(book))
    ours = terrier(estate, "export", "--out", str(out))
    words = [sys.executable, str(PROBES / "xlsxwriter_cells.py"), str(out), str(folder / "bare.xlsx")]
    alone = float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
    return [
        Result(f"export of {ROWS:,} rows to xlsx", ours.seconds, alone, 1.4).told(),
        Result("its peak memory", ours.memory, MOST_MEMORY, 1, "MB").told(),
    ]


def _remove(*paths: Path) -> None:
    for path in paths:
        for ending in ("", "-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
