"""The hash chain of an estate that was brought up to date: chained anew over what the rows say now.

What a revision wrote stays the same, but not how rows store it. Each revision keeps its old link as ``former_hash``.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.store.reading import checkpoints
from cmdb.store.rows import chain, tables
from cmdb.store.rows.canonical_rows import CanonicalNames
from cmdb.store.rows.codec import dump, load
from cmdb.store.rows.interned_rows import drop_unnamed_rows

_BATCH = 5_000


def rechain(connection: Connection, control: Control) -> str:
    """Gives every revision after the retention's checkpoint its link of today's chain, over the rows as they are now.

    The old link stays as ``former_hash``, which the new one covers. Revisions up to the checkpoint keep theirs: their
    rows are gone, and the checkpoint proves them. Interned rows that nothing names, which older programs left behind,
    go. Returns the last link. Raises Cancelled.
    """
    drop_unnamed_rows(connection)
    gone = checkpoints.first_kept(connection)
    r = tables.revision
    last = int(connection.execute(select(func.max(r.c.number))).scalar() or 0)
    names = CanonicalNames(connection)
    previous = chain.stored_link(connection, gone)
    changed: list[dict[str, Any]] = []
    statement = r.update().where(r.c.number == bindparam("which"))
    for row, edits in chain.edits_of(connection, gone, last, names, control):
        header = {**row._asdict(), "former_hash": row.hash}
        previous = chain.link(previous, header, edits, names)
        changed.append({"which": row.number, "hash": previous, "former_hash": row.hash})
        if len(changed) == _BATCH:
            connection.execute(statement, changed)
            changed = []
        control.progress(row.number, last, Message("Renewing the journal's hashes"))
    if changed:
        connection.execute(statement, changed)
    return previous


def renew_checkpoint(connection: Connection, control: Control) -> None:
    """Writes what proves the retention's checkpoint, if there is one, over the rows and headers as they are now.

    It has to be done before ``rechain``, which covers the checkpoint's row. Raises Cancelled.
    """
    point = checkpoints.checkpoint(connection)
    if point is None:
        return
    d = tables.document
    proof = {
        "state": checkpoints.state_hash(connection, point.number, control),
        "headers": checkpoints.headers_hash(connection, point.number),
    }
    for uid, body in connection.execute(select(d.c.uid, d.c.body).where(d.c.kind == "checkpoint")).all():
        fields = load(body)
        if fields["number"] == point.number:
            row = (d.c.kind == "checkpoint") & (d.c.uid == uid)
            body = dump({**fields, **proof}).decode()
            connection.execute(d.update().where(row).values(body=body, state=proof["state"]))
