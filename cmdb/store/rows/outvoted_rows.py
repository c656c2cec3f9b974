"""The look-up of references that a source states and that are not what everyone sees: another source's word stands.

Derived from the claims. Without it, whoever deletes a record would have to read all claims for those that name it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, select

from cmdb.model.claims import Statement, effective
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.store.rows import bulk_writes, tables
from cmdb.store.rows.codec import IN_CHUNK, Identities, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS, Root
from cmdb.store.rows.stored_statements import unpack

_BATCH = 5_000
_COLUMNS = ("ci", "source", "attribute", "target")


def outvoted(
    said: Mapping[str, Mapping[str, Statement]], references: Collection[str], values: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Source, attribute and target of what sources say of references, and what is not the effective value.

    ``references`` are the attributes of the record's class that refer to records.
    """
    found = []
    for source, own in said.items():
        for name in references:
            if name in own:
                target: Any = own[name][0]
                if target is not None and target != values.get(name):
                    found.append((source, name, target))
    return found


class OutvotedRows:
    """Writes the rows of records that are written."""

    def __init__(self, connection: Connection, ids: Identities) -> None:
        self._connection = connection
        self._ids = ids

    def write(self, found: Mapping[int, list[tuple[str, str, str]]]) -> None:
        """Makes the rows of records what was found: inner id → what is outvoted."""
        if not found:
            return
        wanted = {(i, source, name): uid for i, its in found.items() for source, name, uid in its}
        inner = _ever(self._connection, self._ids, set(wanted.values()))
        now = {key: inner[uid] for key, uid in wanted.items() if uid in inner}
        t = tables.outvoted_reference
        present: dict[tuple[int, str, str], int] = {}
        for batch in chunks(found, IN_CHUNK):
            rows = self._connection.execute(select(*t.c).where(in_values(t.c.ci, batch)))
            present.update(((row[0], row[1], row[2]), row[3]) for row in rows)
        stale = [key for key, target in present.items() if now.get(key) != target]
        fresh = [(*key, target) for key, target in now.items() if present.get(key) != target]
        bulk_writes.delete(self._connection, t, _COLUMNS[:3], stale)
        bulk_writes.insert(self._connection, t.name, _COLUMNS, fresh)


def _ever(connection: Connection, known: Identities, uids: Collection[str]) -> Mapping[str, int]:
    """Inner ids of records, also of those that were deleted: what is over goes on naming them."""
    known.want_inner(uids)
    if all(uid in known.inner for uid in uids):
        return known.inner
    ever = Identities(connection, ever=True)
    ever.want_inner(uids)
    return ever.inner


def find_outvoted_again(connection: Connection, schema: Schema, control: Control | None = None) -> None:
    """Derives all rows anew from the claims."""
    control = control or Control()
    connection.execute(tables.outvoted_reference.delete())
    ids = Identities(connection, ever=True)
    for root in ROOTS:
        rows: list[tuple[int, str, str, str]] = []
        holding = any(schema.source_orders(cls).holds for cls in schema.classes)
        for number, (inner, cls, said) in enumerate(_stated(connection, root, several=not holding)):
            if number % _BATCH == 0:
                control.progress(number, 0, Message("Finding outvoted references"))
            if cls not in schema.classes:
                continue
            references = [a.name for a in schema.classes[cls].attributes.values() if a.type == "reference"]
            stated = [[own[name][0] for own in said.values() if name in own] for name in references]
            if schema.source_orders(cls).holds or any(len(set(targets)) > 1 for targets in stated):
                rows += [(inner, *one) for one in outvoted(said, references, effective(schema, cls, said))]
        for batch in chunks(rows, _BATCH):
            ids.want_inner({row[3] for row in batch})
            written = [(*row[:3], ids.inner[row[3]]) for row in batch if row[3] in ids.inner]
            bulk_writes.insert(connection, tables.outvoted_reference.name, _COLUMNS, written)


def _stated(
    connection: Connection, root: Root, *, several: bool
) -> Iterator[tuple[int, str, Mapping[str, Mapping[str, Statement]]]]:
    """The records of a root: inner id, class, and what sources say; with ``several`` those of which several speak."""
    sql = f"SELECT c.ci, r.class, c.source, c.said FROM {root.name} AS r JOIN claim AS c ON c.ci = r.id "
    sql += "WHERE c.ci IN (SELECT ci FROM claim GROUP BY ci HAVING count(*) > 1) " if several else ""
    sql += "ORDER BY c.ci"
    streamed = connection.exec_driver_sql(sql, execution_options={"stream_results": True})
    for (inner, cls), rows in groupby(_rows(streamed), key=lambda row: (row[0], row[1])):
        all_said: dict[str, Mapping[str, Statement]] = {source: unpack(said) for _, _, source, said in rows}
        yield inner, cls, all_said


def _rows(streamed: Any) -> Iterator[Any]:
    for part in streamed.partitions(_BATCH):
        yield from part


def forget_unknown_targets(connection: Connection) -> None:
    """Removes the rows whose target the estate no longer knows, now or in the kept past."""
    known = [f"SELECT id FROM {table.name}" for root in ROOTS for table in (root.table, root.past)]
    connection.exec_driver_sql(f"DELETE FROM outvoted_reference WHERE target NOT IN ({' UNION '.join(known)})")


def reference_attributes(schema: Schema) -> dict[str, frozenset[str]]:
    """Class → its attributes that refer to records."""
    return {
        name: frozenset(a.name for a in one.attributes.values() if a.type == "reference")
        for name, one in schema.classes.items()
    }
