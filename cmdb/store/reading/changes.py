"""What changed in records after a revision. An undo asks this."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select, true

from cmdb.model.source_keys import KEPT_KEYS
from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, KIND_TABLES, TOLD_DOCUMENTS, Identities, RecordKind, chunks, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.kind_rows import KindRows
from cmdb.store.rows.roots import ROOTS, Root

_TRACES = (
    *((root.table, root.past, ("id",)) for root in ROOTS),
    (tables.claim, tables.claim_version, ("ci",)),
    (tables.relationship, tables.relationship_version, ("source", "target")),
    (tables.installation, tables.installation_version, ("computer", "user")),
    (tables.assignment, tables.assignment_version, ("licence", "holder")),
    (tables.sighting, tables.sighting_version, ("ci",)),
    (tables.section, tables.section_version, ("record",)),
    (tables.dependency_group, tables.dependency_group_version, ("owner",)),
    (tables.attachment, tables.attachment_version, ("record",)),
    (tables.reservation, tables.reservation_version, ("subject", "by")),
    (tables.membership, tables.membership_version, ("source", "target")),
    (tables.alias, tables.alias_version, ("record",)),
    (tables.event, tables.event_version, ("record", "before_ref", "after_ref")),
)
_RECORDS = tuple(root.table for root in ROOTS)
_LINKING = ("source", "target", "computer", "licence", "holder")
"""The columns of the ends of links."""


def touched(connection: Connection, ids: Identities, uids: set[str], number: int) -> set[str]:
    """The CIs that differ from their state at a revision, or that other CIs refer to only since then.

    A change that was reverted does not count, and neither does a link that went with its other end.
    """
    latest = connection.execute(select(func.max(tables.revision.c.number))).scalar() or 0
    if latest <= number:
        return set()
    ids.want_inner(uids)
    inner = {ids.inner[u] for u in uids if u in ids.inner}
    found: set[int] = set()
    for current, past, columns in _TRACES:
        for column in columns:
            for batch in chunks(_newer(connection, current, past, column, inner, number) - found, IN_CHUNK):
                found |= _differing(connection, current, past, column, batch, number)
    for root in ROOTS:
        found |= _referred(connection, root, inner, number)
    found |= _referred_extra(connection, ids, inner, number)
    return {ids.outer[i] for i in found} | _documented(connection, uids & ids.inner.keys(), number)


def _documented(connection: Connection, uids: set[str], number: int) -> set[str]:
    """The records whose comments differ from what they were at a revision."""
    t, past = tables.document.c, tables.document_version.c
    found: set[str] = set()
    for batch in chunks(uids, IN_CHUNK):
        now = select(t.uid, t.owner, t.body).where(t.kind.in_(TOLD_DOCUMENTS), in_values(t.owner, batch))
        then = select(past.uid, past.owner, past.body).where(past.kind.in_(TOLD_DOCUMENTS))
        then = then.where(in_values(past.owner, batch), past.revision <= number, past.ended > number)
        pair = (connection.execute(one).all() for one in (now.where(t.revision > number), then))
        newer, older = ({tuple(row) for row in rows} for rows in pair)
        found.update(owner for _, owner, _ in newer ^ older)
    return found


def _newer(
    connection: Connection, current: Table, past: Table, column: str, inner: Collection[int], number: int
) -> set[int]:
    """Ids that have a row which was created or ended after the revision."""
    found: set[int] = set()
    for table, newer in ((current, "revision"), (past, "ended")):
        statement = select(table.c[column]).where(table.c[newer] > number, *_within(table.c[column], inner)).distinct()
        found.update(connection.execute(statement).scalars().all())
    return found.intersection(inner)


def _within(column: Any, inner: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """The condition that a column is one of the ids. Without a condition for very many ids: then all newer rows are
    read.
    """
    return (in_values(column, inner),) if len(inner) <= IN_CHUNK else ()


def _differing(
    connection: Connection, current: Table, past: Table, column: str, batch: list[int], number: int
) -> set[int]:
    """Ids whose current rows differ from their rows at the revision."""
    names = [c.name for c in current.columns if c.name != "revision"]
    if current in _RECORDS:
        names = ["id", "class"]  # Its values follow from what sources say, and from whose word counts.
    place = names.index(column)
    now = select(*(current.c[n] for n in names)).where(current.c.revision > number)
    then = select(*(past.c[n] for n in names)).where(past.c.revision <= number, past.c.ended > number)
    if current is tables.claim:  # What is kept of a source follows from the order of sources, too.
        now, then = now.where(~current.c.source.like(KEPT_KEYS)), then.where(~past.c.source.like(KEPT_KEYS))
    rows_now = {tuple(row) for row in connection.execute(now.where(in_values(current.c[column], batch))).all()}
    rows_then = {tuple(row) for row in connection.execute(then.where(in_values(past.c[column], batch))).all()}
    linking = [name for name in _LINKING if name in names and name != column]
    others = [names.index(name) for name in linking if current.c[name].info.get("refers") == "record"]
    gone = _gone(connection, {row[at] for row in rows_then - rows_now for at in others}) if others else set()
    return {row[place] for row in rows_now ^ rows_then if row in rows_now or gone.isdisjoint(row[at] for at in others)}


def _gone(connection: Connection, inner: set[int]) -> set[int]:
    """Those of some records that are there no more."""
    present: set[int] = set()
    for root in ROOTS:
        for batch in chunks(inner, IN_CHUNK):
            statement = select(root.table.c.id).where(in_values(root.table.c.id, batch))
            present.update(connection.execute(statement).scalars())
    return inner - present


def _referred(connection: Connection, root: Root, inner: Collection[int], number: int) -> set[int]:
    """Targets that a record of a root refers to now by a column, and did not refer to at the revision."""
    ci, past = root.table.c, root.past.c
    found: set[int] = set()
    newer: dict[int, Any] = {}
    columns = [ci[name] for name in root.references]
    for condition in [in_values(c, inner) for c in columns] if len(inner) <= IN_CHUNK else [true()]:
        statement = select(ci.id, *columns).where(ci.revision > number, condition)
        newer.update((row[0], tuple(row[1:])) for row in connection.execute(statement).all())
    for part in chunks(newer, IN_CHUNK):
        old = select(past.id, *(past[name] for name in root.references))
        old = old.where(in_values(past.id, part), past.revision <= number, past.ended > number)
        then = {row[0]: tuple(row[1:]) for row in connection.execute(old).all()}
        for source in part:
            before = then.get(source) or (None,) * len(columns)
            found.update(t for t, b in zip(newer[source], before, strict=True) if t is not None and t != b)
    return found.intersection(inner)


def _referred_extra(connection: Connection, ids: Identities, inner: Collection[int], number: int) -> set[int]:
    """Targets that a CI refers to now in its JSON column, and did not refer to at the revision."""
    ci, past, extra = tables.ci.c, tables.ci_version.c, tables.extra_reference.c
    statement = select(extra.ci, extra.attribute, extra.target).join(tables.ci, ci.id == extra.ci)
    statement = statement.where(ci.revision > number, *_within(extra.target, inner))
    wanted = set(inner)
    links = [row for row in connection.execute(statement) if row[2] in wanted]
    bodies: dict[int, Any] = {}
    for part in chunks({row[0] for row in links}, IN_CHUNK):
        old = select(past.id, past.extra).where(in_values(past.id, part), past.revision <= number, past.ended > number)
        bodies.update((row[0], load(row[1]) if row[1] else {}) for row in connection.execute(old))
    ids.want_outer(row[2] for row in links)
    return {target for source, name, target in links if bodies.get(source, {}).get(name) != ids.outer[target]}


def records_of(
    connection: Connection, kind: RecordKind, wanted: set[tuple[str, ...]], ids: Identities
) -> dict[tuple[str, ...], dict[str, Any]]:
    """The existing records of a kind: key (with external ids) → fields."""
    if kind.document or kind.owner:
        return _by_id(connection, kind, [key[0] for key in wanted], ids)
    index = {"relationship": 1, "alias": 2}.get(kind.name, 0)
    name, refers = kind.parts[index]
    column = kind.table.c[name]
    leading: set[Any] = {key[index] for key in wanted}
    if refers:
        ids.want_inner(leading)
        leading = {ids.inner[uid] for uid in leading if uid in ids.inner}
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    statement = select(*(kind.table.c[c] for c in kind.read))
    if kind.name == "section":  # a record has a thousand rows
        t = kind.table.c
        statement = statement.where(
            in_values(t.section, {k[1] for k in wanted}), in_values(t.row_key, {k[3] for k in wanted})
        )
    elif kind.name == "result":  # an audit has as many as it expects items
        statement = statement.where(in_values(kind.table.c.code, {k[1] for k in wanted}))
    records = KindRows(connection, ids)
    for batch in chunks(leading, IN_CHUNK):
        rows = connection.execute(statement.where(in_values(column, batch))).all()
        found.update(records.of(kind, rows))
    return {k: v for k, v in found.items() if k in wanted}


def members(connection: Connection, groups: Collection[str], ids: Identities) -> set[tuple[str, ...]]:
    """The keys of the memberships of dependency groups (ids outside)."""
    t, kind = tables.membership.c, KIND_TABLES["membership"]
    statement = select(*(t[name] for name in kind.read))
    records = KindRows(connection, ids)
    found: set[tuple[str, ...]] = set()
    for batch in chunks(groups, IN_CHUNK):
        found |= records.of(kind, connection.execute(statement.where(in_values(t.group_id, batch))).all()).keys()
    return found


def memberships(
    connection: Connection, relationships: Collection[tuple[str, ...]], ids: Identities
) -> dict[tuple[str, ...], set[str]]:
    """Relationship (type, source, target; ids outside) → the dependency groups that it is in now."""
    t = tables.membership.c
    ids.want_inner({end for key in relationships for end in key[1:]})
    wanted: dict[tuple[Any, ...], tuple[str, ...]] = {
        (key[0], *(ids.inner[end] for end in key[1:])): key
        for key in relationships
        if all(end in ids.inner for end in key[1:])
    }
    found: dict[tuple[str, ...], set[str]] = {}
    for kind in {key[0] for key in wanted}:
        statement = select(t.group_id, t.source, t.target).where(t.type == kind)
        for batch in chunks({key[1] for key in wanted if key[0] == kind}, IN_CHUNK):
            for group, source, target in connection.execute(statement.where(in_values(t.source, batch))):
                if (kind, source, target) in wanted:
                    found.setdefault(wanted[kind, source, target], set()).add(group)
    return found


def _by_id(
    connection: Connection, kind: RecordKind, uids: list[str], ids: Identities
) -> dict[tuple[str, ...], dict[str, Any]]:
    """Those documents or groups that exist."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    t = kind.table
    for batch in chunks(uids, IN_CHUNK):
        if kind.document:
            statement = select(t.c.uid, t.c.body).where(t.c.kind == kind.name, in_values(t.c.uid, batch))
            found.update({(uid,): load(body) for uid, body in connection.execute(statement)})
        else:
            columns = [t.c[c] for c in kind.read]
            rows = connection.execute(select(*columns).where(in_values(t.c.uid, batch))).all()
            found.update(KindRows(connection, ids).of(kind, rows))
    return found
