"""A time in which a thing was with one holder, at one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CustodyPeriod:
    """A time in which a thing was with one holder, at one place (ids; None: with nobody, nowhere).

    ``since`` and ``until`` are in milliseconds since 1970 UTC; None is a time that is not known, or that is not over.
    ``recorded`` (ISO UTC) is when its beginning was recorded. ``doubtful``: what began it says that it was otherwise
    before than what is known.
    """

    record: str
    holder: str | None
    place: str | None
    since: int | None
    until: int | None
    recorded: str
    doubtful: bool = False

    def held_at(self, at: int) -> bool:
        """Whether it was so at a moment."""
        return (self.since is None or self.since <= at) and (self.until is None or self.until > at)
