"""The questions that wait for a decision: their number, and the questions themselves."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from app.decision_kinds import CODE
from app.dependence import Dependence

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader


DECISIONS = Dependence(kinds=frozenset({"decision"}))
"""The dependence of the questions."""
DOUBLES = Dependence(None, frozenset({"decision"}), None)
"""The dependence of the pairs of records that look like one: any value may speak for it or against it."""


def open_number(reader: Reader) -> int:
    """The number of open decisions."""
    from cmdb.store.reading import decisions

    return decisions.open_number(reader)


def unknown_codes(reader: Reader) -> int:
    """The number of open questions about a code that was scanned and that nobody knows."""
    return sum(one.get("kind") == CODE for one in open_decisions(reader).values())


def open_decisions(reader: Reader) -> dict[str, dict[str, Any]]:
    """The fields of the open decisions by the decision's id, the oldest first."""
    from cmdb.store.reading import decisions

    return decisions.open_decisions(reader)


def still_open(reader: Reader, ids: Collection[str]) -> int:
    """How many of these questions nobody has decided yet."""
    return len(open_decisions(reader).keys() & set(ids))
