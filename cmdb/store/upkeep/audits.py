"""The parts of ``check`` that are about more than one record: links, the graph, versions, and the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, Table, select

from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.quorum import resolve
from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.store.reading import checkpoints
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import KIND_TABLES, load
from cmdb.store.rows.journal import PAIRS, digest
from cmdb.store.store import Store

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class AuditContext:
    """What a step of the check works with: a view of one moment, and whom it tells how far it is."""

    reader: Reader
    store: Store
    control: Control
    title: Message

    @property
    def connection(self) -> Connection:
        """The view's connection."""
        return self.reader._connection

    @property
    def schema(self) -> Schema:
        """The estate's classes and relationship types."""
        return self.reader.schema

    def progress(self, done: int, total: int) -> None:
        """How far the step is. Raises Cancelled."""
        self.control.progress(min(done, total), total, self.title)

    @property
    def inner(self) -> Control:
        """For work that would name itself: it goes on under the step's title."""
        return Control(lambda done, total, _: self.progress(done, total))

    def count(self, table: str, condition: str = "") -> int:
        """The rows of a table, called ``t``, that meet a condition."""
        self.control.check()
        where = f" WHERE {condition}" if condition else ""
        return int(self.connection.exec_driver_sql(f"SELECT count(*) FROM {table} AS t{where}").scalar() or 0)


# -- links ----------------------------------------------------------------------------------------------------------


def check_links(look: AuditContext) -> Iterator[str]:
    """Every link ends at CIs that exist, and its type is known."""
    asked = list(_ends())
    for number, (table, condition, problem) in enumerate(asked):
        look.progress(number, len(asked))
        if lost := look.count(table, condition):
            yield f"{lost} {problem}"
    for name in look.connection.execute(select(tables.relationship.c.type).distinct()).scalars():
        if name not in look.schema.relationships:
            yield f"There are relationships of the type {name!r}, which the schema lacks."
    d = tables.document.c
    documents = look.connection.execute(select(d.kind, d.uid, d.body), execution_options={"yield_per": _BATCH})
    for kind, uid, body in documents:
        if kind not in KIND_TABLES or not isinstance(load(body), dict):
            yield f"The record {uid} of the kind {kind} cannot be read."


def _ends() -> Iterator[tuple[str, str, str]]:
    """What must not be: table, condition, and what to say of the rows that meet it."""
    for kind in KIND_TABLES.values():
        ends = [c for c, ref in kind.parts if ref] + (["owner"] if kind.name == "group" else [])
        for column in ends:
            missing = f'NOT EXISTS (SELECT 1 FROM ci WHERE ci.id = t."{column}")'
            yield kind.table.name, missing, f"records of the kind {kind.name} point to a {column} that does not exist."
    missing = "NOT EXISTS (SELECT 1 FROM release WHERE release.id = t.release)"
    yield "installation", missing, "installations are of a product that does not exist."
    missing = 't."user" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ci WHERE ci.id = t."user")'
    yield "installation", missing, "installations are used by someone who does not exist."
    for column in (c for c, kind in tables.COLUMNS.items() if kind == "reference"):
        missing = f"t.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ci WHERE ci.id = t.{column})"
        yield "ci", missing, f"records refer to a {column} that does not exist."
    loose = "group_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM dependency_group AS g WHERE g.uid = t.group_id)"
    yield "relationship", loose, "relationships are in a dependency group that does not exist."
    yield "relationship", "t.source = t.target", "relationships lead from a record to itself."


# -- graph ----------------------------------------------------------------------------------------------------------


def check_graph(look: AuditContext) -> Iterator[str]:
    """The graph can be built, holds every record, and its groups say how many they need of what is their owner's."""
    g, r = tables.dependency_group, tables.relationship
    options = {"yield_per": _BATCH}
    for uid, label, needs in look.connection.execute(select(g.c.uid, g.c.label, g.c.needs), execution_options=options):
        if not needs or resolve(needs, 1) is None:
            yield f"The dependency group {label or uid} needs {needs!r}, which is neither a number nor a percentage."
    astray = (
        select(g.c.label, g.c.uid)
        .join(r, r.c.group_id == g.c.uid)
        .where(r.c.source != g.c.owner, r.c.target != g.c.owner)
    )
    for label, uid in look.connection.execute(astray.distinct()):
        yield f"The dependency group {label or uid} has members that are not links of the record it belongs to."
    graph = FrozenGraph.build(look.reader.edges(look.inner), look.schema)
    there = look.count("ci")
    if len(graph) != there:
        yield f"The graph has {len(graph)} records, the register {there}."


# -- versions -------------------------------------------------------------------------------------------------------


def check_versions(look: AuditContext) -> Iterator[str]:
    """Of each record one version is valid at a time: none ends before it begins, and no two overlap."""
    asked = [(current.name, past.name, sql, what) for current, past in PAIRS for sql, what in _overlaps(current, past)]
    for number, (_, table, condition, problem) in enumerate(asked):
        look.progress(number, len(asked))
        if wrong := look.count(table, condition):
            yield f"{wrong} rows of {table} {problem}"


def _overlaps(current: Table, past: Table) -> Iterator[tuple[str, str]]:
    keys = [c.name for c in current.primary_key.columns]
    yield "t.ended <= t.revision", "ended before they began."
    same = " AND ".join(f'c."{k}" = t."{k}"' for k in keys)
    yield f"EXISTS (SELECT 1 FROM {current.name} AS c WHERE {same} AND c.revision < t.ended)", "overlap what is now."
    same = " AND ".join(f'p."{k}" = t."{k}"' for k in keys)
    between = "p.revision > t.revision AND p.revision < t.ended"
    yield f"EXISTS (SELECT 1 FROM {past.name} AS p WHERE {same} AND {between})", "overlap other versions."


# -- journal --------------------------------------------------------------------------------------------------------


def check_journal(look: AuditContext) -> Iterator[str]:
    """The numbers have no gap, times don't run back, and each link of the hash chain covers the rows it wrote."""
    r = tables.revision
    point = checkpoints.checkpoint(look.connection)
    total = look.count("revision")
    previous, expected, recorded, last = "", 1, "", 0
    statement = select(r).order_by(r.c.number).limit(_BATCH)
    while rows := look.connection.execute(statement.where(r.c.number > last)).all():
        for row in rows:
            look.progress(row.number, total)
            if row.number != expected:
                yield f"Revisions {expected} to {row.number - 1} are missing from the journal."
            if row.recorded < recorded:
                yield f"Revision {row.number} is recorded before the one that precedes it."
            if row.undoes >= row.number:
                yield f"Revision {row.number} takes back one that comes after it."
            header = (row.number, row.uid, row.time, row.recorded, row.author, row.source, row.reason, row.undoes)
            # What revisions up to a checkpoint wrote may be gone: of them the checkpoint has the proof.
            gone = point is not None and row.number <= point.number
            if not gone and digest(look.connection, previous, header, look.control) != row.hash:
                yield f"Revision {row.number} does not hold what was written: the journal was changed from outside."
            previous, expected, recorded = row.hash, row.number + 1, row.recorded
        last = rows[-1].number
    yield from checkpoints.problems(look.connection, look.inner)
    for current, past in PAIRS:
        for table, column in ((current, "revision"), (past, "revision"), (past, "ended")):
            if later := look.count(table.name, f"t.{column} >= {expected} OR t.{column} < 1"):
                yield f"{later} rows of {table.name} are of a revision that is missing from the end of the journal."
