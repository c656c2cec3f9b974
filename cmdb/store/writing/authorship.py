"""What a revision's header says of who wrote it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, func, select

from cmdb.model.actors import Actor, actor_of
from cmdb.model.revision import Revision, new_id
from cmdb.store.rows import tables


def written_by(connection: Connection, revision: Revision, writer: Actor | None) -> tuple[int, Actor]:
    """The actor of a revision and its number. A new one is added.

    On a server the login is the database's, whatever the program says.
    """
    origin = revision.origin
    actor = origin.actor if origin is not None else actor_of(revision.source, revision.author, writer)
    if writer is not None and origin is None and connection.dialect.name == "postgresql":
        actor = replace(actor, login=str(connection.exec_driver_sql("SELECT session_user").scalar_one()))
    found = _found(connection, actor)
    if found is None and actor.person and not _was_there(connection, actor.person):
        # The settings speak of another estate that was in the same place.
        actor = replace(actor, person="")
        found = _found(connection, actor)
    return found or _added(connection, actor), actor


def _found(connection: Connection, actor: Actor) -> int | None:
    t = tables.actor.c
    alike = select(t.id, t.login, t.person).where(t.kind == actor.kind, t.name == actor.name).order_by(t.id)
    for number, login, person in connection.execute(alike):
        if (login or "", person or "") == (actor.login, actor.person):
            return int(number)
    return None


def _was_there(connection: Connection, uid: str) -> bool:
    """Whether the estate has a record, or had it."""
    columns = (tables.ci.c.uid, tables.ci_version.c.uid)
    return any(connection.execute(select(c).where(c == uid).limit(1)).first() for c in columns)


def _added(connection: Connection, actor: Actor) -> int:
    t = tables.actor.c
    number = int(connection.execute(select(func.max(t.id))).scalar() or 0) + 1
    row = {
        "id": number, "uid": new_id(), "kind": actor.kind, "login": actor.login or None, "name": actor.name,
        "person": actor.person or None,
    }  # fmt: skip
    connection.execute(tables.actor.insert(), row)
    return number
