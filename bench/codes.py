"""What a scan's answer costs: a code is resolved among 100,000 items, against the bare look-up by its index."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
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


def _bare(reader: Reader, tag: str) -> object:
    sql = "SELECT id, uid, class, name FROM ci WHERE asset_tag = ?"
    return reader._connection.exec_driver_sql(sql, (tag,)).all()


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

    def seconds(ask: Callable[[Reader, str], object], code: str) -> float:
        with store.read() as reader:
            start = time.process_time()
            ask(reader, code)
            return time.process_time() - start

    unknown = [f"NOBODY{number}" for number in range(len(tags))]
    results = []
    for what, codes in (("an asset tag", tags), ("a serial number", serials), ("an unknown code", unknown)):
        both = [(seconds(resolve, code), seconds(_bare, tag)) for code, tag in zip(codes, tags, strict=True)]
        ours, bare = (statistics.median(side[5:]) for side in zip(*both, strict=True))
        results.append(Result(f"answer to {what}", ours, bare, LIMIT).told())
    store.close()
    return results
