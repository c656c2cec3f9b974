"""The order of licence positions by urgency, and the key that identifies a position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from cmdb.licences.engine.results import Position, Verdict

PositionKey = tuple[str, str, str, str]
"""Product, edition, version, metric."""

#: Verdicts, the most urgent first, with their tones.
VERDICTS: dict[Verdict, str] = {
    "short": "bad",
    "ineligible": "bad",
    "unknown": "warning",
    "over-licensed": "accent",
    "compliant": "good",
    "exempt": "neutral",
}
_ORDER = {verdict: place for place, verdict in enumerate(VERDICTS)}


def key_of(position: Position) -> PositionKey:
    """The key that identifies a position."""
    return position.product, position.edition, position.version, position.metric


def ranked(positions: Iterable[Position]) -> list[Position]:
    """The order of urgency: by verdict, then by cost, then by the number of missing units, then by name.

    Costs of different currencies are not compared: their currencies come one after the other.
    """
    return sorted(positions, key=urgency)


def urgency(position: Position) -> tuple[int, bool, str, Decimal | int, int, str, PositionKey]:
    """Sorts what needs action first."""
    return (
        _ORDER[position.verdict],
        not position.true_up,
        position.currency if position.true_up else "",
        -(position.true_up or 0),
        -position.short,
        position.title.casefold(),
        key_of(position),
    )
