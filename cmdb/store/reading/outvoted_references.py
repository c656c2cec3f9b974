"""Claims that name a record though what everyone sees does not: another source's word stands."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS


def outvoted_references(connection: Connection, inner: Sequence[int]) -> set[str]:
    """The ids of records of which some source, besides others, says that they refer to one of these records."""
    t = tables.outvoted_reference.c
    found: set[int] = set()
    for batch in chunks(inner, IN_CHUNK):
        found.update(connection.execute(select(t.ci).where(in_values(t.target, batch))).scalars())
    named: set[str] = set()
    for root in ROOTS:
        c = root.table.c
        for part in chunks([one for one in found if root.first_id <= one <= root.last_id], IN_CHUNK):
            named.update(connection.execute(select(c.uid).where(in_values(c.id, part))).scalars())
    return named
