"""What waits for a decision: how much it is, and the questions themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.dependence import Dependence

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


DECISIONS = Dependence(kinds=frozenset({"decision"}))
"""What it is made of."""


def open_number(reader: Reader) -> int:
    """How many decisions wait."""
    from cmdb.store.reading import decisions

    return decisions.open_number(reader)


def open_decisions(reader: Reader) -> dict[str, dict[str, Any]]:
    """What waits, by the decision's id, in the order in which it came up: its fields."""
    from cmdb.store.reading import decisions

    return decisions.open_decisions(reader)
