"""The records whose values may be others when another order of sources counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import Connection, func, select

from cmdb.model.schema import Schema
from cmdb.store.rows import tables
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS, Root

_BATCH = 2_000


def disputed_records(
    connection: Connection, before: Schema, now: Schema, classes: Collection[str]
) -> Iterator[list[str]]:
    """The ids of records of these classes of which several sources speak, in batches.

    Where an order holds what a source says, or did so, one source is enough.
    """
    held = {cls for cls in classes if before.source_orders(cls).holds or now.source_orders(cls).holds}
    for alone, some in ((True, held), (False, set(classes) - held)):
        for root in ROOTS:
            mine = sorted(cls for cls in some if now.root_of(cls) == root.name)
            if mine:
                yield from _records(connection, root, mine, alone=alone)


def _records(connection: Connection, root: Root, classes: list[str], *, alone: bool) -> Iterator[list[str]]:
    c = root.table.c
    statement = select(c.id, c.uid).where(in_values(c["class"], classes)).order_by(c.id).limit(_BATCH)
    if not alone:
        claim = tables.claim.c
        statement = statement.where(c.id.in_(select(claim.ci).group_by(claim.ci).having(func.count() > 1)))
    last = root.first_id
    while rows := connection.execute(statement.where(c.id > last)).all():
        last = rows[-1].id
        yield [row.uid for row in rows]
