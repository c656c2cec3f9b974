"""What names records: rows of every kind, documents, and what sources say of other records. A merge asks this."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, union_all

from cmdb.model.revision import Content, Record
from cmdb.store.reading.outvoted_references import outvoted_references
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, chunks, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS

_UNCHANGING = ("checkpoint", "retention", "schema_entry", "setting")
"""Kinds of documents that name no records, or must stay as they are."""


def naming(
    reader: Reader, kind: str, uids: Collection[str], since: int = 0
) -> dict[tuple[str, ...], dict[str, Content]]:
    """The present records of a kind that name one of some records, in their key or in a field: key → fields.

    ``since``: only those that were written after this revision.
    """
    found = KIND_TABLES[kind]
    columns = [part for part, refers in found.parts if refers]
    columns += [field.column for field in found.fields.values() if field.refers]
    t = reader._moment(found.table, found.past)
    statement = select(*(t.c[name] for name in found.read)).where(t.c.revision > since)
    rows: dict[tuple[Any, ...], None] = {}
    for batch in chunks(reader.inner(uids).values(), IN_CHUNK) if columns else ():
        named = union_all(*(statement.where(in_values(t.c[column], batch)) for column in columns))
        rows.update((tuple(row), None) for row in reader._connection.execute(named))
    return reader.decoded(kind, list(rows)) if rows else {}


def ended_at(reader: Reader, uids: Collection[str]) -> dict[str, int]:
    """Id of a record that was deleted → the revision that deleted it, as far as that is kept."""
    found: dict[str, int] = {}
    for root in ROOTS:
        past = root.past.c
        for batch in chunks(uids, IN_CHUNK):
            statement = select(past.uid, func.max(past.ended)).where(in_values(past.uid, batch)).group_by(past.uid)
            found.update((uid, number) for uid, number in reader._connection.execute(statement))
    for uid in reader.names(found):
        del found[uid]
    return found


def documents_naming(reader: Reader, uids: Collection[str]) -> Iterator[tuple[Record, dict[str, Content]]]:
    """The documents (decisions, views, …) in whose text the id of one of some records stands, with their fields."""
    t = tables.document.c
    for batch in chunks(uids, 20):
        statement = select(t.kind, t.uid, t.body).where(
            t.kind.not_in(_UNCHANGING), or_(*(t.body.contains(uid, autoescape=True) for uid in batch))
        )
        for kind, uid, body in reader._connection.execute(statement.order_by(t.kind, t.uid)):
            yield Record(kind, (uid,)), load(body)


def referring(reader: Reader, uids: Collection[str]) -> set[str]:
    """The records of which some source says that they refer to one of some records, whether everyone sees it or not."""
    inner = sorted(reader.inner(uids).values())
    seen = shown_references(reader._connection, inner)
    return seen | outvoted_references(reader._connection, inner)


def shown_references(connection: Connection, inner: Collection[int]) -> set[str]:
    """The ids of records that refer to one of some records (their own numbers) as everyone sees it."""
    found: set[str] = set()
    extra = tables.extra_reference.c
    for batch in chunks(inner, IN_CHUNK):
        every: list[Select[Any]] = []
        for root in ROOTS:
            c = root.table.c
            every.extend(select(c.uid).where(in_values(c[name], batch)) for name in root.references)
            joined = select(c.uid).join(tables.extra_reference, extra.ci == c.id)
            every.append(joined.where(in_values(extra.target, batch)))
        found.update(connection.execute(union_all(*every)).scalars())
    return found
