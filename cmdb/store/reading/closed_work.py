"""What closed work goes on naming: the ends of its relationships that were deleted, and the relationships with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, FromClause, func, select

from cmdb.model.schema import Schema
from cmdb.model.state_tables import is_closed
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS


def closed_work(connection: Connection, schema: Schema, now: FromClause, work: Collection[int]) -> list[int]:
    """Which pieces of work (inner ids) are over. ``now`` are the records of work at the moment."""
    found: list[int] = []
    for batch in chunks(list(work), IN_CHUNK):
        rows = connection.execute(select(now.c.id, now.c["class"], now.c.state).where(in_values(now.c.id, batch)))
        found += [inner for inner, cls, state in rows if is_closed(schema, cls, state)]
    return found


def last_ends(connection: Connection, kind: str, sources: Collection[int], number: int) -> dict[tuple[int, int], int]:
    """(source, target) → the revision that ended a relationship of a type last, up to a revision."""
    t = tables.relationship_version.c
    found: dict[tuple[int, int], int] = {}
    for batch in chunks(list(sources), IN_CHUNK):
        ended = select(t.source, t.target, func.max(t.ended)).where(t.type == kind, in_values(t.source, batch))
        rows = connection.execute(ended.where(t.ended <= number).group_by(t.source, t.target))
        found.update(((source, target), last) for source, target, last in rows)
    return found


def deleted_ends(connection: Connection, ended: Mapping[tuple[int, int], int]) -> dict[int, list[tuple[str, str, str]]]:
    """Source → (id, class, name) of the targets that were deleted by the revision that ended the relationship."""
    names: dict[tuple[int, int], tuple[str, str, str]] = {}
    for root in ROOTS:
        v = root.past.c
        ids = sorted({target for _, target in ended if root.first_id <= target <= root.last_id})
        for batch in chunks(ids, IN_CHUNK):
            rows = connection.execute(select(v.id, v.ended, v.uid, v["class"], v.name).where(in_values(v.id, batch)))
            names.update(((row[0], row[1]), (row[2], row[3], row[4] or "")) for row in rows)
    found: dict[int, list[tuple[str, str, str]]] = {}
    for (source, target), last in sorted(ended.items()):
        if one := names.get((target, last)):
            found.setdefault(source, []).append(one)
    return found
