"""How long the history is kept, in words, and what pruning would do or did."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PruningPlan:
    """What pruning would do.

    ``number`` is the revision from which on the past stays (0: nothing goes), ``recorded`` its time; ``versions`` the
    superseded rows that would go; ``baseline`` the one that bounds it, or "".
    """

    number: int
    recorded: str
    versions: int
    baseline: str


@dataclass(frozen=True, slots=True)
class PruningResult:
    """What pruning did: the number of the checkpoint's revision (0: none was needed), and how many rows are gone.

    Where it was stopped, some are ``left`` for the next time; nobody can read them any more.
    """

    number: int
    versions: int
    left: int = 0


def in_words(keep: str) -> str:
    """``24m`` as "24 months"."""
    number, unit = int(keep[:-1]), {"m": "month", "y": "year"}[keep[-1]]
    return f"{number} {unit}{'' if number == 1 else 's'}"
