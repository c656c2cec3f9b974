"""Deleting superseded rows that no one can read any more: those that ended at or before the checkpoint.

Interned rows that only they named go with them.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, not_, select, tuple_

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from cmdb.store.connection import engine as engines
from cmdb.store.rows.interned_rows import drop_unnamed_contents, drop_unnamed_rows
from cmdb.store.rows.journal import PAIRS
from cmdb.store.rows.last_versions import is_last_named
from cmdb.store.rows.outvoted_rows import forget_unknown_targets
from cmdb.store.store import Store

BATCH = 5_000
"""The number of rows of a table that one transaction deletes. Other writers wait for one at most."""


def sweep(store: Store, control: Control) -> tuple[int, int]:
    """Deletes them in batches. Returns the numbers of deleted rows and of rows left after a cancellation."""
    with store.read() as reader:
        point = reader.checkpoint()
        total = reader.superseded(point.number) if point else 0
    if point is None or not total:
        return 0, 0
    done = 0
    try:
        for gone in _delete(store, point.number):
            done += gone
            control.progress(done, total, Message("Deleting old versions"))
    except Cancelled:
        return done, max(total - done, 0)
    return done, 0


def _delete(store: Store, number: int) -> Iterator[int]:
    """Deletes rows that ended at or before a revision. Yields the number after each transaction."""
    # CIs are deleted last: their inner ids are reused afterwards, and no row may refer to them then. The last version
    # of one that events and closed work name stays.
    for _, past in reversed(PAIRS):
        keys = [past.c[c.name] for c in past.primary_key.columns]
        going = select(*keys).where(past.c.ended <= number, not_(is_last_named(past, number))).limit(BATCH)
        gone = BATCH
        while gone == BATCH:
            with engines.in_words(store.where), engines.writing(store._engine) as connection:
                gone = connection.execute(delete(past).where(tuple_(*keys).in_(going))).rowcount
            yield gone
    with engines.in_words(store.where), engines.writing(store._engine) as connection:
        drop_unnamed_rows(connection)
        drop_unnamed_contents(connection)
        forget_unknown_targets(connection)
