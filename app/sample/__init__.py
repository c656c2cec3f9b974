"""The sample estate: Harbour Works, a company with three sites, two years of history and the usual troubles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from app.sample.sample_estate import revisions
from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.messages import verbatim

if TYPE_CHECKING:
    from cmdb.store.store import Store


def load(store: Store, today: date | None = None, control: Control | None = None) -> int:
    """Fills an empty estate with the sample; its dates count from ``today``. Returns how many revisions were applied.

    Raises Cancelled; revisions that were applied before stay, so the caller must delete the estate.
    """
    control = control or Control()
    told = list(revisions(store.schema, today or clock.today()))
    present, moments = store.clock, iter([r.time for r in told])
    store.clock = (
        moments.__next__
    )  # the past is recorded as it went, so that the estate can be seen as of any day of it
    try:
        for number, revision in enumerate(told, 1):
            store.apply(revision)
            control.progress(number, len(told), verbatim(str(revision.reason)))
    finally:
        store.clock = present
    return len(told)
