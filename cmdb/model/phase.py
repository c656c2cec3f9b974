"""Phases: the meaning of a status, independent of its name in an estate."""

from __future__ import annotations

from enum import StrEnum


class Phase(StrEnum):
    """The stage of a record's life. Queries, reports and licences use phases, never the names of statuses."""

    PLANNED = "planned"
    """Requested or ordered; not delivered yet."""
    STOCK = "stock"
    """Delivered, and not in use."""
    LIVE = "live"
    """In use. A status without a phase counts as live."""
    AWAY = "away"
    """Owned, and not available: in repair, on loan, lost."""
    LEAVING = "leaving"
    """Retired, and not disposed of yet: it is still audited and depreciated."""
    GONE = "gone"
    """Disposed of, sold, returned, written off."""
