"""One licence position of an estate, as JSON: its CPU seconds, its peak memory in MB, and what it is compared with.

    python bench/probes/licence_position.py ESTATE

The reference is one grouped count over the installations: the number of computers with each release. Both are measured
in this process, the count before and after.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import statistics
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from cmdb.licences.engine.position import position
from cmdb.licences.register_facts import gather
from cmdb.store.upkeep.startup import open_estate

COUNT = (
    "SELECT r.publisher, r.product, r.edition, r.version, count(DISTINCT i.computer) "
    "FROM installation AS i JOIN release AS r ON r.id = i.release GROUP BY 1, 2, 3, 4"
)
#: A day on which most computers of the estate were seen lately.
DAY = date(2026, 1, 31)


def counting(path: Path) -> float:
    """CPU seconds of the count."""
    with closing(sqlite3.connect(path)) as bare:
        start = time.process_time()
        bare.execute(COUNT).fetchall()
        return time.process_time() - start


def main() -> None:
    """Measures, and prints."""
    path = Path(sys.argv[1])
    counts = [counting(path) for _ in range(3)]
    store = open_estate(path)
    with store.read() as reader:
        start = time.process_time()
        found = position(gather(reader, DAY), DAY)
        ours = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    store.close()
    counts += [counting(path) for _ in range(3)]
    print(json.dumps({"ours": ours, "count": statistics.median(counts), "peak": peak, "hash": found.hash}))


main()
