"""What has happened to records after a revision: asked before it is taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Table, bindparam, select

from cmdb.store import tables
from cmdb.store.codec import IN_CHUNK, REFERENCES, Identities, Kind, chunks, load
from cmdb.store.past import fields_of

_TRACES = (
    (tables.ci, tables.ci_version, ("id",)),
    (tables.claim, tables.claim_version, ("ci",)),
    (tables.relationship, tables.relationship_version, ("source", "target")),
    (tables.installation, tables.installation_version, ("computer", "user")),
    (tables.assignment, tables.assignment_version, ("licence", "holder")),
    (tables.sighting, tables.sighting_version, ("ci",)),
    (tables.dependency_group, tables.dependency_group_version, ("owner",)),
)


def touched(connection: Connection, ids: Identities, uids: set[str], number: int) -> set[str]:
    """Those of the CIs that differ from how they stood at a revision, or that CIs have come to refer to since.

    What was changed and changed back does not count.
    """
    ids.want_inner(uids)
    found: set[int] = set()
    for batch in chunks([ids.inner[u] for u in uids if u in ids.inner], IN_CHUNK):
        for current, past, columns in _TRACES:
            for column in columns:
                newer = _newer(connection, current, past, column, batch, number)
                if newer - found:
                    found |= _differing(connection, current, past, column, sorted(newer - found), number)
        found |= _referred(connection, ids, batch, number)
    return {ids.outer[i] for i in found}


def _newer(connection: Connection, current: Table, past: Table, column: str, batch: list[int], number: int) -> set[int]:
    """Ids with a row that was made or ended after the revision."""
    found: set[int] = set()
    for table, newer in ((current, "revision"), (past, "ended")):
        c = table.c[column]
        statement = select(c).where(c.in_(bindparam("ids", expanding=True)), table.c[newer] > number).distinct()
        found.update(connection.execute(statement, {"ids": batch}).scalars())
    return found


def _differing(
    connection: Connection, current: Table, past: Table, column: str, batch: list[int], number: int
) -> set[int]:
    """Ids whose rows now are not the rows of then."""
    names = [c.name for c in current.columns if c.name != "revision"]
    place = names.index(column)
    now: set[tuple[Any, ...]] = set()
    then: set[tuple[Any, ...]] = set()
    for table, conditions, into in (
        (current, (), now),
        (current, (current.c.revision <= number,), then),
        (past, (past.c.revision <= number, past.c.ended > number), then),
    ):
        statement = select(*(table.c[n] for n in names))
        statement = statement.where(table.c[column].in_(bindparam("ids", expanding=True)), *conditions)
        into.update(tuple(row) for row in connection.execute(statement, {"ids": batch}))
    return {row[place] for row in now ^ then}


def _referred(connection: Connection, ids: Identities, batch: list[int], number: int) -> set[int]:
    """Targets that some CI refers to now and did not at the revision."""
    ci, past = tables.ci.c, tables.ci_version.c
    found: set[int] = set()
    for name in REFERENCES:
        statement = select(ci.id, ci[name]).where(ci[name].in_(bindparam("ids", expanding=True)), ci.revision > number)
        rows = connection.execute(statement, {"ids": batch}).all()
        then: dict[int, Any] = {}
        for part in chunks([r[0] for r in rows], IN_CHUNK):
            old = select(past.id, past[name]).where(past.id.in_(part), past.revision <= number, past.ended > number)
            then.update((r[0], r[1]) for r in connection.execute(old))
        found.update(target for source, target in rows if then.get(source) != target)
    extra = tables.extra_reference.c
    links = select(extra.ci, extra.attribute, extra.target).join(tables.ci, ci.id == extra.ci)
    links = links.where(extra.target.in_(bindparam("ids", expanding=True)), ci.revision > number)
    linked = connection.execute(links, {"ids": batch}).all()
    bodies: dict[int, Any] = {}
    for part in chunks({r[0] for r in linked}, IN_CHUNK):
        old = select(past.id, past.extra).where(past.id.in_(part), past.revision <= number, past.ended > number)
        bodies.update((r[0], load(r[1]) if r[1] else {}) for r in connection.execute(old))
    found.update(target for source, name, target in linked if bodies.get(source, {}).get(name) != ids.outer[target])
    return found


def records_of(
    connection: Connection, kind: Kind, wanted: set[tuple[str, ...]], ids: Identities
) -> dict[tuple[str, ...], dict[str, Any]]:
    """Those records of a kind that exist: key (ids outside) → fields."""
    if kind.document or kind.name == "group":
        return {k: v for k, v in _all(connection, kind, ids).items() if k in wanted}
    place = next(i for i, (_, ref) in enumerate(kind.parts) if ref)
    column = kind.table.c[kind.parts[place][0]]
    index = {"relationship": 1}.get(kind.name, 0)
    ids.want_inner({key[index] for key in wanted})
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    columns = [kind.table.c[c] for c, _ in (*kind.parts, *kind.fields.values())]
    leading = {ids.inner[key[index]] for key in wanted if key[index] in ids.inner}
    for batch in chunks(leading, IN_CHUNK):
        rows = connection.execute(
            select(*columns).where(column.in_(bindparam("ids", expanding=True))), {"ids": batch}
        ).all()
        found.update(fields_of(kind, rows, ids))
    if kind.name == "installation":
        found = _released(connection, found)
    return {k: v for k, v in found.items() if k in wanted}


def _all(connection: Connection, kind: Kind, ids: Identities) -> dict[tuple[str, ...], dict[str, Any]]:
    if kind.document:
        rows = connection.execute(select(kind.table.c.uid, kind.table.c.body).where(kind.table.c.kind == kind.name))
        return {(uid,): load(body) for uid, body in rows}
    columns = [kind.table.c[c] for c, _ in (*kind.parts, *kind.fields.values())]
    return fields_of(kind, connection.execute(select(*columns)).all(), ids)


def _released(
    connection: Connection, found: dict[tuple[Any, ...], dict[str, Any]]
) -> dict[tuple[str, ...], dict[str, Any]]:
    """Keys (computer, release id, scope) as the keys of installations."""
    r = tables.release.c
    releases: dict[int, tuple[str, ...]] = {}
    for batch in chunks({k[1] for k in found}, IN_CHUNK):
        statement = select(r.id, r.publisher, r.product, r.edition, r.version).where(r.id.in_(batch))
        releases.update((row[0], tuple(row[1:])) for row in connection.execute(statement))
    return {(k[0], k[2], *releases[k[1]]): v for k, v in found.items()}
