"""The times at which machines were running. Two observations at the same moment with different start times are of two
machines.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cmdb.reconciliation.keys import Identity

CLOCK_SECONDS = 600
"""Start times that differ by less are the same time: the clock was adjusted in between."""


def together(a: Identity, b: Identity) -> bool:
    """Whether both were running at one moment with different start times.

    Then they are two machines, because a machine has only one start time at any moment.
    """
    started_a, seen_a = (_moment(t) for t in a.alive)
    started_b, seen_b = (_moment(t) for t in b.alive)
    if started_a is None or seen_a is None or started_b is None or seen_b is None:
        return False
    if abs((started_a - started_b).total_seconds()) <= CLOCK_SECONDS:
        return False
    return max(started_a, started_b) < min(seen_a, seen_b)


def same_moment(a: Identity, b: Identity) -> bool:
    """Whether both were seen running within ten minutes of each other."""
    seen_a, seen_b = _moment(a.alive[1]), _moment(b.alive[1])
    if seen_a is None or seen_b is None or not (a.scanned and b.scanned):
        return False
    return abs((seen_a - seen_b).total_seconds()) <= CLOCK_SECONDS


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
