"""When machines were seen alive: two that ran at one moment, started at different times, are two."""

from __future__ import annotations

from datetime import UTC, datetime

from cmdb.reconciliation.keys import Identity

CLOCK_SECONDS = 600
"""Two times of starting that differ by less are one time, read from a clock that was set meanwhile."""


def together(a: Identity, b: Identity) -> bool:
    """Whether both were up at one moment with different times of starting: then they are two.

    A machine has one time of starting at any moment, so two overlapping spells that began apart are two machines'.
    """
    started_a, seen_a = (_moment(t) for t in a.alive)
    started_b, seen_b = (_moment(t) for t in b.alive)
    if started_a is None or seen_a is None or started_b is None or seen_b is None:
        return False
    if abs((started_a - started_b).total_seconds()) <= CLOCK_SECONDS:
        return False
    return max(started_a, started_b) < min(seen_a, seen_b)


def same_moment(a: Identity, b: Identity) -> bool:
    """Whether both were seen alive within ten minutes of each other."""
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
