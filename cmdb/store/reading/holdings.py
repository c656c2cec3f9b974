"""What a person, a team, a place or a thing had at any time: records whose custody names it, now or before."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, FromClause, select

from cmdb.model.name_keys import name_key
from cmdb.store.rows import tables
from cmdb.store.rows.codec import Identities
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


def others(connection: Connection, records: FromClause, people: Collection[str]) -> set[int]:
    """The holders that are not of some classes (of people): of most things the holder is a person."""
    c, holder = records.c, records.alias("holder").c
    named = select(c.assigned_to).where(c.assigned_to.is_not(None)).distinct().subquery()
    statement = select(holder.id).join(named, named.c.assigned_to == holder.id)
    statement = statement.where(holder["class"].not_in(people))
    return set(connection.execute(statement).scalars())


def deleted(connection: Connection, word: str) -> list[str]:
    """The ids of deleted records that a person may mean: by the id, or by the last name."""
    found: dict[str, None] = {}
    for root in ROOTS:
        c = root.past.c
        for condition in (c.uid == word.strip().lower(), c.name_key == name_key(word)):
            found.update(dict.fromkeys(connection.execute(select(c.uid).where(condition).distinct()).scalars()))
    return list(found)
