"""The licence position, computed once for all who show it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cmdb.model.control import Control
from ui.context import Remembered

if TYPE_CHECKING:
    from app.jobs import Jobs
    from cmdb.licences.engine.results import Positions
    from cmdb.store.reading.reader import Reader


def positions_of(remembered: Remembered, reader: Reader, at: date, jobs: Jobs) -> Positions:
    """The licence position of a day, over what the reader's moment knows; in a worker. Computed once per revision.

    It is a job that is seen once it takes its time, and can be stopped: raises Cancelled.
    """

    def compute() -> Positions:
        from cmdb.licences.engine.position import position
        from cmdb.licences.register_facts import gather
        from cmdb.store.connection.cancellation import cancellable

        def count(control: Control) -> Positions:
            with cancellable(reader.connection, control):
                facts = gather(reader, at, control)
            return position(facts, at, control=control)

        return jobs.run("Counting licences", count)

    return remembered.get("licence positions", (reader.number, at), compute)
