"""What a scan's answer costs: a code is resolved in an estate of 100,000 items, against the bare look-up by its index."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from estate import Estate, fill
from result import Result

from app.codes.resolve import resolve
from cmdb.store.reading.reader import Reader
from cmdb.store.upkeep.startup import open_estate

ITEMS = 100_000
LIMIT = 20
_BARE = "SELECT id, uid, class, name FROM ci WHERE asset_tag = ?"


def measure(folder: Path, times: int) -> list[Result]:
    """A tag, a serial number, and a code that nobody knows."""
    path = folder / "codes.terrier"
    fill(str(path), Estate(ITEMS))
    store = open_estate(path)
    with store.read() as reader:
        chosen = reader._connection.exec_driver_sql(
            f"SELECT asset_tag, serial_number FROM ci WHERE asset_tag IS NOT NULL ORDER BY id DESC LIMIT {40 * times}"
        ).all()
    tags, serials = ([str(row[at]) for row in chosen] for at in (0, 1))

    def seconds(ask: Callable[[Reader, str], object], codes: Sequence[str]) -> float:
        spent = []
        for code in codes:
            with store.read() as reader:
                start = time.perf_counter()
                ask(reader, code)
                spent.append(time.perf_counter() - start)
        return statistics.median(spent[5:])

    bare = seconds(lambda reader, tag: reader._connection.exec_driver_sql(_BARE, (tag,)).all(), tags)
    unknown = [f"NOBODY{number}" for number in range(len(tags))]
    results = [
        Result(f"answer to {what}", seconds(resolve, codes), bare, LIMIT).told()
        for what, codes in (("an asset tag", tags), ("a serial number", serials), ("an unknown code", unknown))
    ]
    store.close()
    return results
