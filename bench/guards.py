"""What guards cost: an import of 20,000 rows with and without them, beside nobody else and beside others who write.

Measured in CPU seconds: reading the rows is left out, comparing them with the register and applying them counts.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from estate import write_workbook
from result import Result

from app import import_proposal
from cmdb.model.observation import Reading
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.upkeep.startup import create_estate, open_estate

ROWS = 20_000
LIMITS = {0: 1.1, 1: 1.3, ROWS: 1.5}
"""Records that others write meanwhile, and the ratio at most."""


def others(count: int) -> Iterator[Edit]:
    """Laptops that no row of the sheet is about."""
    for number in range(count):
        values = {"class": "laptop", "name": f"other {number}", "serial_number": f"OTHER{number:06}"}
        yield Edit(ci(new_id()), "", None, values)


def import_seconds(base: Path, readings: list[Reading], meanwhile: int, guarded: bool) -> float:
    """The CPU seconds of one import into a copy of an estate."""
    path = base.with_name("copy.terrier")
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    shutil.copy(base, path)
    store = open_estate(path)
    start = time.process_time()
    revision = import_proposal.propose(store, readings, "bench").revision
    spent = time.process_time() - start
    if meanwhile:
        store.apply(Revision(list(others(meanwhile)), "other"))
    start = time.process_time()
    store.apply(revision if guarded else replace(revision, guards=()))
    spent += time.process_time() - start
    store.close()
    return spent


def measure(folder: Path, times: int) -> list[Result]:
    """The import beside nobody, beside one record, and beside as many as its own."""
    book, base = folder / "guarded.xlsx", folder / "guarded.terrier"
    write_workbook(book, ROWS)
    store = create_estate(base)
    readings = import_proposal.read_files([book], store.schema)[0]
    store.apply(Revision(list(others(1)), "other"))
    store.close()
    results = []
    for meanwhile, limit in LIMITS.items():
        mine, bare = [], []
        for _ in range(times + 1):
            bare.append(import_seconds(base, readings, meanwhile, guarded=False))
            mine.append(import_seconds(base, readings, meanwhile, guarded=True))
        name = f"guarded import beside {meanwhile:,} records, CPU"
        results.append(Result(name, statistics.median(mine[1:]), statistics.median(bare[1:]), limit).told())
    return results
