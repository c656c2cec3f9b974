"""Recognition of other tools' tables by their columns."""

from __future__ import annotations

from collections.abc import Iterable

from cmdb.model.schema import fold
from importers.foreign_tables.declarations import ForeignTable, tools


def recognise(headers: Iterable[str]) -> ForeignTable | None:
    """The table that has these columns, or None. Of several the one that knows most of them."""
    known = frozenset(map(fold, headers))
    fitting = [table for tool in tools() for table in tool.tables if table.fits(known)]
    return max(fitting, key=lambda table: (table.knows(known), len(table.signature)), default=None)
