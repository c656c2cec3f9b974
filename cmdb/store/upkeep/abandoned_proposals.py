"""Proposals in staging that nobody will apply or drop any more: named by ``check``, cleared when an estate is opened.

The process that staged one may have been killed. Where it can be told that it does not run any more, its proposal is
abandoned; as long as it runs, it is not. Of processes on other computers nothing can be told: their proposals count as
abandoned after a time that none is worked at for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.store.connection import engine as engines
from cmdb.store.connection.process import is_running
from cmdb.store.rows import tables
from cmdb.store.rows.codec import load
from cmdb.store.staging import StagedProposal
from cmdb.store.store import Store

DAYS = 7
"""After so many days a proposal of a process of which nothing can be told is abandoned."""


@dataclass(frozen=True, slots=True)
class AbandonedProposal:
    """A staged proposal that is left over: when it was made (ISO UTC), by whom, from which source, how many rows."""

    id: str
    created: str
    author: str
    source: str
    rows: int

    def __str__(self) -> str:
        """A line for ``check``."""
        return (
            f"A proposal of {self.created[:10]} from {self.source} ({self.author}, {self.rows:,} rows) was left in "
            "staging, neither applied nor dropped. It is cleared when the estate is next opened in the window."
        )


def abandoned(store: Store, now: datetime | None = None) -> list[AbandonedProposal]:
    """The abandoned proposals, the oldest first. Raises StoreProblem."""
    limit = ((now or datetime.now(UTC)) - timedelta(days=DAYS)).isoformat(timespec="milliseconds")
    s, t = tables.staging_set.c, tables.staging.c
    found = []
    with engines.in_words(store.where), store._engine.connect() as connection:
        for set_id, created, header in connection.execute(select(s.id, s.created, s.header).order_by(s.created)).all():
            said = load(header)
            runs = is_running(said.get("owner") or {})
            if runs or (runs is None and created > limit):
                continue
            rows = connection.execute(select(func.count()).where(t.set_id == set_id)).scalar_one()
            found.append(AbandonedProposal(set_id, created, said.get("author", ""), said.get("source", ""), int(rows)))
    return found


def clear_abandoned(store: Store, control: Control) -> int:
    """Clears them; how many there were. Raises StoreProblem, Cancelled."""
    found = abandoned(store)
    for number, one in enumerate(found):
        control.progress(number, len(found), Message("Clearing what was left in staging"))
        StagedProposal(store, one.id).discard()
    return len(found)
