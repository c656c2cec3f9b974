"""What a person, a team, a place or a thing had at any time: records whose custody names it, now or before."""

from __future__ import annotations

from sqlalchemy import Connection, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import Identities, name_key
from cmdb.store.rows.roots import ROOTS

_CUSTODY = ("assigned_to", "location")


def held(connection: Connection, ids: Identities, inner: int, number: int) -> set[str]:
    """The ids of the records that were assigned to another one, or located there, as a revision knew it."""
    found: set[int] = set()
    for table in (tables.ci, tables.ci_version):
        for name in _CUSTODY:
            statement = select(table.c.id).where(table.c[name] == inner, table.c.revision <= number).distinct()
            found.update(connection.execute(statement).scalars())
    for table in (tables.event, tables.event_version):
        for name in ("after_ref", "before_ref"):
            statement = select(table.c.record).where(table.c[name] == inner, table.c.revision <= number).distinct()
            found.update(connection.execute(statement.where(table.c.field.in_(_CUSTODY))).scalars())
    ids.want_outer(found)
    return {uid for one in found if (uid := ids.outer.get(one)) is not None}


def deleted(connection: Connection, word: str) -> list[str]:
    """The ids of deleted records that a person may mean: by the id, or by the last name."""
    found: dict[str, None] = {}
    for root in ROOTS:
        c = root.past.c
        for condition in (c.uid == word.strip().lower(), c.name_key == name_key(word)):
            found.update(dict.fromkeys(connection.execute(select(c.uid).where(condition).distinct()).scalars()))
    return list(found)
