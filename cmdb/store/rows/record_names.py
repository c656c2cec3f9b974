"""What records are called in messages: by their names, also those that are gone, never by an id alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.messages import Message
from cmdb.model.record_kinds import one_of
from cmdb.model.revision import Record
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS

_ID = 36
"""The length of an id."""


def last_names(connection: Connection, uids: Collection[str]) -> dict[str, str]:
    """Id → name of items. For a deleted item its last name, if that is kept."""
    found: dict[str, str] = {}
    for table in (table for root in ROOTS for table in (root.past, root.table)):
        for batch in chunks(uids, IN_CHUNK):
            statement = select(table.c.uid, table.c.name).where(in_values(table.c.uid, batch))
            found.update((uid, name or "") for uid, name in connection.execute(statement.order_by(table.c.revision)))
    return found


def called(connection: Connection, uid: str) -> Message | str:
    """The current or last name of an item, or a text for an unknown item."""
    return last_names(connection, [uid]).get(uid) or Message("a record that is not known here")


def described(connection: Connection, record: Record, fields: Mapping[str, Any] | None = None) -> Message:
    """A record that is no item, for errors: what its kind is called, what it names, and its own name.

    The other parts of its key are words of the program, which nobody knows it by.
    """
    own = fields or {}
    named = [part for part in (*record.key, own.get("owner"), own.get("record")) if isinstance(part, str)]
    names = last_names(connection, [part for part in named if len(part) == _ID])
    words = [*(names.get(part, "") for part in named), *(str(own.get(name) or "") for name in ("name", "label"))]
    kind, name = one_of(record.kind) or Message("Record"), " · ".join(filter(None, words))
    return Message("{kind} “{name}”", kind=kind, name=name) if name else Message("{kind}", kind=kind)
