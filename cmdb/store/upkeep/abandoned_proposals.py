"""Abandoned proposals in staging: ``check`` lists them, and opening an estate clears them.

The process that staged a proposal may have been killed. A proposal is abandoned if its process is known to have ended,
and never while it runs. The state of processes on other computers is unknown: their proposals count as abandoned after
some days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from cmdb.model import clock
from cmdb.model.control import Control
from cmdb.model.drafts import OPEN
from cmdb.model.messages import Message, counted
from cmdb.store.connection import engine as engines
from cmdb.store.connection.process import is_running
from cmdb.store.rows import tables
from cmdb.store.rows.codec import load
from cmdb.store.rows.interned_rows import drop_unnamed_contents
from cmdb.store.staging import StagedProposal
from cmdb.store.store import Store

DAYS = 7
"""The days after which a proposal is abandoned, if it is not known whether its process still runs."""


@dataclass(frozen=True, slots=True)
class AbandonedProposal:
    """A staged proposal that was left behind: its time (ISO UTC), author, source and number of rows."""

    id: str
    created: str
    author: str
    source: str
    rows: int

    @property
    def text(self) -> Message:
        """A line for ``check``."""
        return counted(
            "A proposal of {day} from {source} ({author}, {count} row) was left in staging, neither applied nor "
            "dropped. It is cleared when the estate is next opened in the window.",
            "A proposal of {day} from {source} ({author}, {count} rows) was left in staging, neither applied nor "
            "dropped. It is cleared when the estate is next opened in the window.",
            self.rows,
            day=date.fromisoformat(self.created[:10]),
            source=self.source,
            author=self.author,
        )


def abandoned(store: Store, now: datetime | None = None) -> list[AbandonedProposal]:
    """The abandoned proposals, the oldest first. Raises StoreProblem."""
    limit = ((now or clock.moment()).astimezone(UTC) - timedelta(days=DAYS)).isoformat(timespec="milliseconds")
    s, t = tables.staging_set.c, tables.staging.c
    found = []
    with engines.in_words(store.where), store._engine.connect() as connection:
        for set_id, created, header in connection.execute(select(s.id, s.created, s.header).order_by(s.created)).all():
            said = load(header)
            if "draft" in said:
                continue
            runs = is_running(said.get("owner") or {})
            if runs or (runs is None and created > limit):
                continue
            rows = connection.execute(select(func.count()).where(t.set_id == set_id)).scalar_one()
            found.append(AbandonedProposal(set_id, created, said.get("author", ""), said.get("source", ""), int(rows)))
    return found


def clear_abandoned(store: Store, control: Control) -> int:
    """Clears them. Returns their number. Raises StoreProblem, Cancelled."""
    found = abandoned(store)
    for number, one in enumerate(found):
        control.progress(number, len(found), Message("Clearing what was left in staging"))
        StagedProposal(store, one.id).discard()
    closed = _of_closed_drafts(store)
    for set_id in closed:
        StagedProposal(store, set_id).discard()
    if closed:
        with engines.in_words(store.where), engines.writing(store._engine) as connection:
            drop_unnamed_contents(connection)
    return len(found)


def _of_closed_drafts(store: Store) -> list[str]:
    """What drafts held that were applied or dropped days ago: until then an undo brings them back whole."""
    limit = (clock.moment().astimezone(UTC) - timedelta(days=DAYS)).isoformat(timespec="milliseconds")
    s, d = tables.staging_set.c, tables.draft.c
    with engines.in_words(store.where), store._engine.connect() as connection:
        open_ones = set(connection.execute(select(d.uid).where(d.state == OPEN)).scalars())
        rows = connection.execute(select(s.id, s.header).where(s.created <= limit)).all()
    return [set_id for set_id, header in rows if load(header).get("draft") not in (None, *open_ones)]
