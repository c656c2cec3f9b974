"""The hash chain of an estate that was brought up to date: proved anew over the rows as they are stored now.

What a revision wrote stays the same, but not how rows store it. Each revision keeps its old link as ``former_hash``.
"""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, select

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.store.reading import checkpoints
from cmdb.store.rows import tables
from cmdb.store.rows.codec import dump
from cmdb.store.rows.journal import digest, header_of

_BATCH = 1_000


def rechain(connection: Connection, control: Control) -> None:
    """Links every revision whose history is kept; the ones before a checkpoint keep their link. Raises Cancelled."""
    r = tables.revision
    point = _prove_checkpoint(connection, control)
    first = point.number + 1 if point is not None else 1
    total = connection.execute(select(r.c.number).order_by(r.c.number.desc()).limit(1)).scalar() or 0
    before = select(r.c.hash).where(r.c.number == first - 1)
    previous = connection.execute(before).scalar() or ""
    while rows := connection.execute(select(r).where(r.c.number >= first).order_by(r.c.number).limit(_BATCH)).all():
        for row in rows:
            control.progress(row.number, total, Message("Chaining the journal"))
            previous = digest(connection, previous, header_of(row), control)
            own = r.update().where(r.c.number == row.number)
            connection.execute(own.values(hash=previous, former_hash=row.hash))
        first = rows[-1].number + 1


def _prove_checkpoint(connection: Connection, control: Control) -> checkpoints.Checkpoint | None:
    """Writes the sums of the checkpoint over the rows as they are stored now."""
    point = checkpoints.checkpoint(connection)
    if point is None:
        return None
    state = checkpoints.state_sum(connection, point.number, control)
    headers = checkpoints.headers_hash(connection, point.number)
    fresh = checkpoints.Checkpoint(point.number, point.recorded, state, headers)
    old, new = (dump(asdict(one)).decode() for one in (point, fresh))
    for table in (tables.document, tables.document_version):
        of_it = table.update().where(table.c.kind == "checkpoint", table.c.body == old)
        connection.execute(of_it.values(body=new))
    return fresh
