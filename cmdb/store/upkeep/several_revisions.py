"""Several revisions in one transaction: all of them are written, or none."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.revision import Revision
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, Codec, chunks
from cmdb.store.rows.in_values import in_values

if TYPE_CHECKING:
    from cmdb.store.store import Store


class SeveralRevisions:
    """Revisions that are applied one after another, each on what the ones before it left."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self._store = store
        self._connection = connection

    def reader(self) -> Reader:
        """The estate as the revisions so far have left it."""
        return Reader(self._connection, self._store.schema, Codec(self._store.schema))

    def apply(self, revision: Revision) -> AppliedRevision:
        """Applies one. If it is refused, nothing of it stays, and the others do. Raises what ``Store.apply`` raises."""
        step = self._connection.begin_nested()
        try:
            applied = self._store.apply_within(self._connection, revision, Control())
        except BaseException:
            step.rollback()
            raise
        step.commit()
        return applied


def apply_several(store: Store, make: Callable[[SeveralRevisions], AppliedRevision]) -> AppliedRevision:
    """Runs ``make`` in a transaction; it returns the last revision that it applied. Number 0: nothing is written."""
    return store.write(lambda connection: make(SeveralRevisions(store, connection)))


def known_revisions(reader: Reader, ids: Collection[str]) -> set[str]:
    """Those of some ids of revisions that the estate has."""
    r = tables.revision.c
    found: set[str] = set()
    for batch in chunks(ids, IN_CHUNK):
        found.update(reader._connection.execute(select(r.uid).where(in_values(r.uid, batch))).scalars())
    return found


def numbers_given(reader: Reader, numbers: Collection[str]) -> set[str]:
    """Those of some numbers of work that a record has."""
    w = tables.work.c
    found: set[str] = set()
    for batch in chunks(numbers, IN_CHUNK):
        found.update(reader._connection.execute(select(w.number).where(in_values(w.number, batch))).scalars())
    return found
