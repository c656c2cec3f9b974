"""Intervals of time that have their beginning and not their end."""

from __future__ import annotations

from typing import NamedTuple


class Interval(NamedTuple):
    """A time from ``start`` until ``end``, which is no part of it (ISO UTC); "" as the end: it has none."""

    start: str
    end: str

    def overlaps(self, other: Interval) -> bool:
        """Whether some moment is in both. One that begins when the other ends does not overlap it."""
        return (not other.end or self.start < other.end) and (not self.end or other.start < self.end)

    def has(self, at: str) -> bool:
        """Whether a moment is in it."""
        return self.start <= at and (not self.end or at < self.end)
