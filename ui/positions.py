"""The licence position, computed once for all who show it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ui.context import Remembered

if TYPE_CHECKING:
    from cmdb.licences.results import Positions
    from cmdb.store import Reader


def positions_of(remembered: Remembered, reader: Reader, at: date) -> Positions:
    """The licence position of a day, over what the reader's moment knows; in a worker. Computed once per revision."""

    def compute() -> Positions:
        from cmdb.licences import position
        from cmdb.licences.gather import gather

        return position(gather(reader, at), at)

    return remembered.get("licence positions", (reader.number, at), compute)
