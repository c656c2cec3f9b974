"""Deleting superseded rows that no one can read any more: those that ended at or before the checkpoint."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import delete, select, tuple_

from cmdb.model.control import Control
from cmdb.model.errors import Cancelled
from cmdb.model.messages import Message
from cmdb.store.connection import engine as engines
from cmdb.store.rows.journal import PAIRS
from cmdb.store.store import Store

BATCH = 5_000
"""How many rows of a table go in one transaction: others who write wait no longer than that takes."""


def sweep(store: Store, control: Control) -> tuple[int, int]:
    """Deletes them, some at a time: how many went, and how many are left because it was stopped."""
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
    """Deletes what ended at or before a revision; how many, after each transaction."""
    # CIs go last: their inner ids are given out anew once they are gone, and nothing may still hang on those.
    for _, past in reversed(PAIRS):
        keys = [past.c[c.name] for c in past.primary_key.columns]
        going = select(*keys).where(past.c.ended <= number).limit(BATCH)
        gone = BATCH
        while gone == BATCH:
            with engines.in_words(store.where), engines.writing(store._engine) as connection:
                gone = connection.execute(delete(past).where(tuple_(*keys).in_(going))).rowcount
            yield gone
