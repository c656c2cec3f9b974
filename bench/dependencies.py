"""What joining connections costs: those of many machines, read from the estate and joined, against what is not to be
had for less: SQLite's rows and their decoding.

    .venv/bin/python bench/run.py dependencies
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import msgspec
from result import Result

from app.connections.seen_dependencies import seen_connections
from cmdb.model.declarations import RecordSection
from cmdb.model.revision import SECTION_NOW, Edit, Record, Revision, ci, new_id
from cmdb.model.section_rows import seen_section
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

MACHINES = 4_000
CONNECTIONS = 50
PORTS = 20
SERVERS = 200
"""Most connections are with these; each has a port that others have not."""
LIMIT = 25.0
SEEN = "2026-03-01T08:00:00Z"


def estate(path: Path, machines: int) -> Store:
    """An estate of machines with their addresses, listening ports and connections."""
    store = create_estate(path)
    one = Random(1)
    uids = [new_id() for _ in range(machines)]
    ports = [one.sample(range(1_000, 30_000), PORTS) for _ in uids]
    sections = store.schema.sections
    for start in range(0, machines, 500):
        edits: list[Edit] = []
        for number in range(start, min(machines, start + 500)):
            edits += _machine(number, uids, ports, one, sections)
        store.apply(Revision(edits, "bench"))
    return store


def _machine(number: int, uids: list[str], ports: list[list[int]], one: Random, sections: Any) -> Iterator[Edit]:
    uid, source = uids[number], f"scan:pc-{number}"
    yield Edit(ci(uid), "", None, {"class": "server", "name": f"pc-{number}", "ip_address": _address(number)})
    others = (one.randrange(SERVERS if one.random() < 0.8 else len(uids)) for _ in range(CONNECTIONS))
    rows: dict[str, list[dict[str, Any]]] = {
        "addresses": [{"interface": "eth0", "version": "4", "address": _address(number), "mask": "255.0.0.0"}],
        "listening_ports": [
            {"protocol": "tcp", "address": "0.0.0.0", "port": port, "process": f"p{port}", "user": "root", "pid": port}
            for port in ports[number]
        ],
        "connections": [
            {"direction": "out", "protocol": "tcp", "local_address": _address(number),
             "remote_address": _address(other), "remote_port": one.choice(ports[other]), "count": 1,
             "last_seen": SEEN, "user": "www", "pid": n, "process": f"p{ports[number][n % 5]}",
             "program": f"/usr/sbin/p{n % 5}"}
            for n, other in enumerate(others)
        ],
    }  # fmt: skip
    for name, listed in rows.items():
        yield from _section(uid, source, sections[name], listed)


def _section(uid: str, source: str, section: RecordSection, rows: list[dict[str, Any]]) -> Iterator[Edit]:
    seen = seen_section(section, rows)
    for key, columns in seen.rows.items():
        yield Edit(Record("section", (uid, section.name, source, key)), "", None, columns)
    yield Edit(Record("sighting", (uid, source, section.name)), "", None, {"observed": SEEN, "digest": seen.digest})
    if seen.now:
        yield Edit(Record(SECTION_NOW, (uid, section.name, source)), "", None, {"observed": SEEN, "rows": seen.now})


def _address(number: int) -> str:
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def bare(path: Path) -> float:
    """The CPU seconds of reading the same rows with sqlite3 alone, each decoded."""
    start = time.process_time()
    decode, number = msgspec.json.decode, 0
    with sqlite3.connect(path) as connection:
        body = dict(connection.execute("SELECT id, body FROM section_body"))
        for _, text in connection.execute("SELECT record, body FROM section"):
            number += len(decode(body[text]))
        for (text,) in connection.execute("SELECT body FROM section_now"):
            number += len(decode(text))
    assert number
    return time.process_time() - start


def answered(store: Store) -> float:
    """The CPU seconds of the answer."""
    start = time.process_time()
    with store.read() as reader:
        found = seen_connections(reader)
    assert len(found.dependencies) > MACHINES
    return time.process_time() - start


def measure(folder: Path, times: int) -> list[Result]:
    """The dependencies of an estate whose connections nearly all show another one."""
    path = folder / "dependencies.terrier"
    store = estate(path, MACHINES)
    mine, others = [], []
    for _ in range(times + 1):
        others.append(bare(path))
        mine.append(answered(store))
    store.close()
    name = f"connections of {MACHINES:,} machines x {CONNECTIONS}, joined"
    return [Result(name, statistics.median(mine[1:]), statistics.median(others[1:]), LIMIT).told()]
