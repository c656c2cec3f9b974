"""How long the history is kept, and the plan and the result of pruning."""

from __future__ import annotations

from dataclasses import dataclass

from cmdb.model.messages import Message, counted


@dataclass(frozen=True, slots=True)
class PruningPlan:
    """What pruning would do.

    The history is kept from revision ``number`` on (0: nothing is deleted), which was ``recorded`` at that time.
    ``versions`` is the number of superseded rows to delete. ``baseline`` is the name of the baseline that limits
    pruning, or "".
    """

    number: int
    recorded: str
    versions: int
    baseline: str


@dataclass(frozen=True, slots=True)
class PruningResult:
    """What pruning did: the number of the checkpoint's revision (0: none was needed), and how many rows it deleted.

    If it was stopped, some rows are ``left`` for the next time; they can no longer be read.
    """

    number: int
    versions: int
    left: int = 0


def in_words(keep: str) -> Message:
    """``24m`` as "24 months"."""
    number = int(keep[:-1])
    if keep.endswith("m"):
        return counted("{count} month", "{count} months", number)
    return counted("{count} year", "{count} years", number)
