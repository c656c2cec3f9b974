"""The speed of writing to PostgreSQL: a revision of CIs through ``Store.apply``, compared with COPY of its rows.

The yardstick's tables have the same columns and indexes. Both sides run on one server, started for it, in turn.
"""

from __future__ import annotations

import io
import itertools
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from estate import Estate

from cmdb.store.upkeep.startup import create_estate
from tests.server import Server, running

COUNT = 100_000
LIMIT = 6.0
TABLES = ("ci", "claim")


def measure(folder: Path, times: int) -> tuple[float, float]:
    """Seconds (medians) of the apply of 100,000 new CIs, and of COPY of the same ``ci`` and ``claim`` rows.

    ``folder`` is where other measures keep their files; a server has its own.
    """
    with running("shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=1h") as server:
        ours, yardstick = [], []
        numbers = itertools.count()
        copied = _copied(server)
        for _ in range(times):
            yardstick.append(_copy(server, f"copied{next(numbers)}", copied))
            ours.append(_apply(server, f"applied{next(numbers)}"))
    return statistics.median(ours), statistics.median(yardstick)


def _apply(server: Server, name: str) -> float:
    """Seconds of one apply into an empty estate."""
    server.ask(f"CREATE DATABASE {name}")
    server.ask("CHECKPOINT")
    store = create_estate(server.url(name))
    (revision,) = Estate(COUNT).revisions()
    start = time.perf_counter()
    store.apply(revision)
    taken = time.perf_counter() - start
    store.close()
    if name != "model_estate":
        server.ask(f"DROP DATABASE {name}")
    return taken


def _copied(server: Server) -> dict[str, bytes]:
    """The rows of an estate in COPY's own form; the estate stays as the model of the yardstick's tables."""
    import psycopg

    _apply(server, "model_estate")
    with psycopg.connect(host=str(server.folder), user="terrier", dbname="model_estate") as connection:
        found = {}
        for table in TABLES:
            held = io.BytesIO()
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                for block in copy:
                    held.write(block)
            found[table] = held.getvalue()
    server.ask("TRUNCATE ci, claim", "model_estate")
    return found


def _copy(server: Server, name: str, copied: dict[str, bytes]) -> float:
    """Seconds of COPY into empty tables with the estate's columns and indexes."""
    import psycopg

    server.ask(f"CREATE DATABASE {name} TEMPLATE model_estate")
    server.ask("CHECKPOINT")
    connection: Any
    with psycopg.connect(host=str(server.folder), user="terrier", dbname=name) as connection:
        start = time.perf_counter()
        for table, rows in copied.items():
            with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows)
        connection.commit()
        taken = time.perf_counter() - start
    server.ask(f"DROP DATABASE {name}")
    return taken


def main() -> int:
    """Measures and prints the ratio; status 1 where it is over the limit."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    ours, yardstick = measure(Path(), times)
    ratio = ours / yardstick
    print(
        f"apply of {COUNT:,} CIs on PostgreSQL {ours:.2f} s   COPY {yardstick:.2f} s   ratio {ratio:.2f} of {LIMIT:g}"
    )
    return 0 if ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
