"""What an estate knows of who wrote in it."""

from __future__ import annotations

from sqlalchemy import select

from cmdb.model.actors import PERSON
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables


def person_of_login(reader: Reader) -> str:
    """The id of the record that this login of the server last named as the person's own; "" where it named none.

    A file says nothing of it: there a login may be that of many people.
    """
    connection = reader._connection
    if connection.dialect.name != "postgresql":
        return ""
    login = connection.exec_driver_sql("SELECT session_user").scalar_one()
    t = tables.actor.c
    own = select(t.person).where(t.kind == PERSON, t.login == login, t.person.is_not(None))
    return str(connection.execute(own.order_by(t.id.desc()).limit(1)).scalar() or "")
