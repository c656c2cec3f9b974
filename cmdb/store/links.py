"""The estate's links in bulk, for the graph: relationships, and the reference attributes that stand for them.

What a reference means depends on the class that has it: where a laptop is located is a matter of impact, where a
person is based is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, FromClause, select

from cmdb.schema import Schema
from cmdb.store import tables
from cmdb.store.codec import REFERENCES, Identities, load

Link = tuple[str, int, int, str | None]
"""Relationship type, source, target, dependency group."""


class Edges(NamedTuple):
    """CIs as (inner id, class), links, and dependency groups: id → (owner, label, needs, strength)."""

    nodes: Iterator[tuple[int, str]]
    links: Iterator[Link]
    groups: dict[str, tuple[int, str, str, str]]


def edges(
    connection: Connection, schema: Schema, ids: Identities, sources: Mapping[str, FromClause], *, past: bool
) -> Edges:
    """Everything the graph is made of. ``sources``: table name → the rows of the moment."""
    g = sources["dependency_group"].c
    groups = {
        row[0]: (row[1], row[2] or "", row[3] or "", row[4] or "")
        for row in connection.execute(select(g.uid, g.owner, g.label, g.needs, g.strength))
    }
    links = _links(connection, schema, ids, sources, past)
    return Edges(_nodes(connection, sources["ci"]), links, groups)


def _nodes(connection: Connection, ci: FromClause) -> Iterator[tuple[int, str]]:
    for batch in _streamed(connection, select(ci.c.id, ci.c["class"])):
        yield from batch


def _links(
    connection: Connection, schema: Schema, ids: Identities, sources: Mapping[str, FromClause], past: bool
) -> Iterator[Link]:
    t = sources["relationship"].c
    for batch in _streamed(connection, select(t.type, t.source, t.target, t.group_id)):
        yield from batch
    types = {name: schema.reference_types(name) for name in schema.classes}
    meaning = {name for by_name in types.values() for name in by_name}
    c = sources["ci"].c
    for name in [n for n in REFERENCES if n in meaning]:
        column: Any = c[name]
        for batch in _streamed(connection, select(c.id, c["class"], column).where(column.is_not(None))):
            for source, cls, target in batch:
                if name in types[cls]:
                    yield types[cls][name], source, target, None
    for source, cls, name, target in (_extra_then if past else _extra_now)(connection, ids, sources["ci"], meaning):
        if name in types[cls]:
            yield types[cls][name], source, target, None


def _extra_now(
    connection: Connection, _ids: Identities, _ci: FromClause, meaning: set[str]
) -> Iterator[tuple[int, str, str, int]]:
    e, c = tables.extra_reference.c, tables.ci.c
    statement = select(e.ci, c["class"], e.attribute, e.target).join(tables.ci, c.id == e.ci)
    for batch in _streamed(connection, statement.where(e.attribute.in_(sorted(meaning)))):
        yield from batch


def _extra_then(
    connection: Connection, ids: Identities, ci: FromClause, meaning: set[str]
) -> Iterator[tuple[int, str, str, int]]:
    names = sorted(meaning - set(REFERENCES))
    rows = connection.execute(select(ci.c.id, ci.c["class"], ci.c.extra).where(ci.c.extra.is_not(None))).all()
    found = [(row[0], row[1], name, load(row[2]).get(name)) for row in rows for name in names if f'"{name}"' in row[2]]
    ids.want_inner({f[3] for f in found if f[3]})
    for source, cls, name, uid in found:
        if uid in ids.inner:
            yield source, cls, name, ids.inner[uid]


def _streamed(connection: Connection, statement: Any) -> Iterator[Any]:
    yield from connection.execution_options(yield_per=10_000).execute(statement).partitions()
