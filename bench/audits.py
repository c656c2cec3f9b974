"""What a scan's answer costs: one code of 100,000 items in an audit that expects them all, against the bare look-up.

The answer says what the code names, whether it was expected where it was scanned, and its earlier scans; the look-up
finds the record by its tag.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from result import Result, in_turn

from app.audits.running import start
from app.audits.scanning import CodeRead, record_scans
from cmdb.model.audits import AuditScope
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate

ITEMS, ROOMS = 100_000, 500
AT_ONCE = 50
"""Codes that are answered in one measurement, one after another."""
LIMIT = 20.0


def _edits() -> Iterator[Edit]:
    rooms = [new_id() for _ in range(ROOMS)]
    for number, uid in enumerate(rooms):
        yield Edit(ci(uid), "", None, {"class": "room", "name": f"Room {number}"})
    for number in range(ITEMS):
        values = {"asset_tag": f"A{number:06}", "serial_number": f"SN{number:06}", "location": rooms[number % ROOMS]}
        yield Edit(ci(new_id()), "", None, {"class": "laptop", "name": f"LT-{number}", "status": "Deployed", **values})


def build(path: Path) -> tuple[Store, str]:
    """An estate with an audit of all of it."""
    store = create_estate(path)
    store.apply(Revision(list(_edits()), "bench"))
    with store.read() as reader:
        started = start(reader, AuditScope(), "bench")
    store.apply(started)
    return store, next(iter(started.edits)).record.key[0]


def measure_audits(folder: Path, times: int) -> list[Result]:
    """A scan's answer against the bare look-up of the same tags."""
    store, audit = build(folder / "audited.terrier")
    numbers = count(7)

    def tags() -> list[str]:
        return [f"A{next(numbers) * 7919 % ITEMS:06}" for _ in range(AT_ONCE)]

    def answer() -> None:
        for tag in tags():
            with store.read() as reader:
                assert record_scans(reader, audit, [CodeRead(tag)], "bench").answers[0].expected is not None

    def look_up() -> None:
        for tag in tags():
            with store.read() as reader:
                assert reader.find(tag).name

    results: Sequence[Result] = [in_turn("a scan's answer at 100,000 items", answer, look_up, LIMIT, times)]
    store.close()
    return list(results)
