"""A second process that works on an estate: it writes small revisions, one after the other, or holds the lock.

    python -m tests.soak.writer FILE write NAME COUNT
    python -m tests.soak.writer FILE hold SECONDS

Reports are JSON lines on stdout.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from contextlib import closing
from pathlib import Path

from app.keys import find
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.upkeep.startup import open_estate


def write(where: Path, name: str, count: int) -> None:
    """Writes ``count`` revisions: a new site, or a note on the last one."""
    store = open_estate(where, key=find(where))
    print(json.dumps("ready"), flush=True)
    sys.stdin.readline()
    slowest, uid, note = 0.0, "", ""
    for number in range(count):
        if number % 2 == 0:
            uid, note = new_id(), ""
            edit = Edit(ci(uid), "", None, {"class": "site", "name": f"{name} {number}"})
        else:
            edit = Edit(ci(uid), "notes", note or None, f"{name} was here")
        start = time.monotonic()
        applied = store.apply(Revision([edit], name))
        slowest = max(slowest, time.monotonic() - start)
        print(json.dumps([applied.number, applied.revision]), flush=True)
    store.close()
    print(json.dumps(slowest), flush=True)


def hold(where: Path, seconds: float) -> None:
    """Holds the lock for writing."""
    with closing(sqlite3.connect(where, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        print(json.dumps("ready"), flush=True)
        time.sleep(seconds)


if __name__ == "__main__":
    if sys.argv[2] == "write":
        write(Path(sys.argv[1]), sys.argv[3], int(sys.argv[4]))
    else:
        hold(Path(sys.argv[1]), float(sys.argv[3]))
