"""The pairs of records that look like one: found in a job, once per revision and per draft, and their number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cmdb.model.messages import Message

if TYPE_CHECKING:
    from app.answer_cache import AnswerCache
    from app.doubles import FoundDoubles
    from app.jobs import Jobs
    from cmdb.model.control import Control
    from cmdb.store.reading.reader import Reader

MOST = 50
"""The number of pairs that are asked about at once, the most evident ones."""


def found_doubles(remembered: AnswerCache, reader: Reader, jobs: Jobs) -> FoundDoubles:
    """The pairs of records that look like one, the most evident first, and how many there are; in a worker.

    All records are looked through, once per revision and per draft. It is a job that can be stopped. Raises Cancelled.
    """
    from app.doubles import doubles

    def look(control: Control) -> FoundDoubles:
        with reader.cancellable(control):
            return doubles(reader, MOST, control)

    return remembered.get(
        "doubles_with_draft" if reader.draft else "doubles",
        reader.moment,
        lambda: jobs.run(Message("Looking for doubles"), look),
    )


def pairs_number(remembered: AnswerCache, reader: Reader, jobs: Jobs) -> int:
    """The number of pairs of records that look like one; in a worker, as ``found_doubles``. Raises Cancelled."""
    return found_doubles(remembered, reader, jobs).number
