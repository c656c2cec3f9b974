"""Retention: how long the history is kept, and the deletion of what is older. Off unless people set it.

Pruning first writes a checkpoint (``cmdb.store.reading.checkpoints``) as a revision. From then on nothing before it
is read, and the superseded rows are deleted, some thousands in each transaction. It can be stopped at any time: the
estate stays sound, and the next pruning continues. Headers of revisions stay, so that it is still known who did what
and when.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.retention import PruningPlan, PruningResult, in_words
from cmdb.model.revision import Edit, Record, Revision, new_id
from cmdb.register.baselines import baselines
from cmdb.store.reading import checkpoints
from cmdb.store.upkeep.pruning import sweep

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader
    from cmdb.store.store import Store

SOURCE = "retention"
"""The source of the revisions that write checkpoints."""
_RULE = Record("retention", ("retention",))
_WEEK = timedelta(days=7)


def rule(reader: Reader) -> str:
    """How long the history is kept: ``24m``, ``2y``, or "" for ever."""
    fields = reader.records("retention").get(_RULE.key)
    return str(fields["keep"]) if fields else ""


def set_rule(reader: Reader, keep: str, author: str) -> Revision:
    """Keeps the history for a time (``24m``, ``2y``), or ("") for ever. It deletes nothing. Raises InvalidValue."""
    before = rule(reader)
    if keep:
        checkpoints.months(keep)
        keep = keep.strip().casefold()
    reason = Message("History is kept for {time}", time=in_words(keep)) if keep else Message("History is kept for ever")
    edits = []
    if keep != before:
        whole = not before or not keep
        field, then, now = ("", {"keep": before}, {"keep": keep}) if whole else ("keep", before, keep)
        edits = [Edit(_RULE, field, then if before else None, now if keep else None)]
    return Revision(edits, author, reason=reason)


def plan(reader: Reader, keep: str, now: datetime | None = None) -> PruningPlan:
    """What would be deleted if the history were kept for a time (``24m``) before ``now``. Raises InvalidValue."""
    wanted = reader.number_at(_before(now or clock.moment(), checkpoints.months(keep)))
    oldest = min(baselines(reader), key=lambda one: one.number, default=None)
    bound = oldest is not None and oldest.number < wanted
    number = oldest.number if oldest is not None and bound else wanted
    present = reader.checkpoint()
    if not number or (present is not None and number <= present.number):
        number = 0
    recorded = reader.revision(number).recorded if number else ""
    versions = reader.superseded(number or (present.number if present else 0))
    return PruningPlan(number, recorded, versions, oldest.name if oldest is not None and bound else "")


def _before(now: datetime, months: int) -> datetime:
    """The same time of day some months earlier, at most the last day of that month."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, monthrange(year, month + 1)[1]))


def due(reader: Reader, now: datetime | None = None) -> bool:
    """Whether it is time to prune automatically: there are old versions, and the last pruning is a week behind.

    Each pruning is a revision, so there is at most one a week in the journal.
    """
    keep = rule(reader)
    if not keep:
        return False
    found, present = plan(reader, keep, now), reader.checkpoint()
    if not found.versions:
        return False
    if present is None or not found.number:
        return True
    return datetime.fromisoformat(found.recorded) - datetime.fromisoformat(present.recorded) >= _WEEK


def prune(store: Store, author: str, control: Control | None = None, now: datetime | None = None) -> PruningResult:
    """Deletes what is older than the rule says, and what an earlier pruning left. Not for the GUI's thread.

    Raises StoreProblem, and Cancelled where it is stopped before anything was changed.
    """
    control = control or Control()
    written = 0
    with store.read() as reader:
        keep = rule(reader)
        found = plan(reader, keep, now) if keep else None
        wanted = found is not None and found.number and found.versions
        if found is not None and wanted:
            point = reader.checkpoint_at(found.number, control)
    if wanted:
        edit = Edit(Record("checkpoint", (new_id(),)), "", None, asdict(point))
        reason = Message("The history before {day} is no longer kept", day=date.fromisoformat(point.day))
        written = store.apply(Revision([edit], author, SOURCE, reason), control).number
    return PruningResult(written, *sweep(store, control))


def remaining(reader: Reader) -> tuple[int, str]:
    """The first revision that can be shown, and its time (ISO UTC). 0 and "" if the whole history is kept."""
    point = reader.checkpoint()
    return (point.number, point.recorded) if point is not None else (0, "")
