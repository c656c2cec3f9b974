"""Phases: what a status means, whatever an estate calls it."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """Where in its life a record is. Queries, reports and licences use phases, never the words of a status."""

    PLANNED = "planned"
    """Wanted or ordered; not here yet."""
    STOCK = "stock"
    """Here, and not in use."""
    LIVE = "live"
    """In use. A status without a phase counts as live."""
    AWAY = "away"
    """Ours, and not at hand: in repair, on loan, lost."""
    LEAVING = "leaving"
    """Retired and still in the house: it is audited and still loses value."""
    GONE = "gone"
    """Disposed of, sold, returned, written off."""
