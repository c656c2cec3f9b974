"""The steps of ``check`` that concern more than one record: links, the graph, versions, and the journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, func, select

from cmdb.graph.frozen_graph import FrozenGraph
from cmdb.graph.quorum import resolve
from cmdb.model.actors import KINDS_OF_ACTORS
from cmdb.model.control import Control
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted
from cmdb.model.schema import Schema
from cmdb.store.reading import checkpoints
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import chain, tables
from cmdb.store.rows.canonical_rows import RECORDS
from cmdb.store.rows.codec import KIND_TABLES, OWNED_DOCUMENTS, load
from cmdb.store.rows.journal import PAIRS
from cmdb.store.rows.roots import CI, ROOTS
from cmdb.store.store import Store
from cmdb.store.upkeep.format_changes import check_format_changes

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class AuditContext:
    """The input of a step of the check: a view of one moment, and the control that gets the progress."""

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
        """Reports the progress of the step. Raises Cancelled."""
        self.control.progress(min(done, total), total, self.title)

    @property
    def inner(self) -> Control:
        """A control for a function that reports a title of its own: the step's title is shown instead."""
        return Control(lambda done, total, _: self.progress(done, total))

    def count(self, table: str, condition: str = "") -> int:
        """The number of rows of a table, named ``t``, that meet a condition."""
        self.control.check()
        where = f" WHERE {condition}" if condition else ""
        return int(self.connection.exec_driver_sql(f"SELECT count(*) FROM {table} AS t{where}").scalar() or 0)


# -- links ----------------------------------------------------------------------------------------------------------


def check_links(look: AuditContext) -> Iterator[Message]:
    """Problems of links: an end that does not exist, or an unknown type."""
    asked = list(_ends())
    for number, (table, condition, problem) in enumerate(asked):
        look.progress(number, len(asked))
        if lost := look.count(table, condition):
            yield problem(lost)
    if checkpoints.checkpoint(look.connection) is None:  # otherwise the record may be forgotten
        known = "EXISTS (SELECT 1 FROM ci AS o WHERE o.uid = t.person)"
        once = "EXISTS (SELECT 1 FROM ci_version AS o WHERE o.uid = t.person)"
        if lost := look.count("actor", f"t.person IS NOT NULL AND NOT {known} AND NOT {once}"):
            yield _dangling_row("actor", "person", lost)
    for name in look.connection.execute(select(tables.relationship.c.type).distinct()).scalars():
        if name not in look.schema.relationships:
            yield Message("There are relationships of the type “{name}”, which the schema lacks.", name=name)
    d = tables.document.c
    documents = look.connection.execute(select(d.kind, d.uid, d.body), execution_options={"yield_per": _BATCH})
    for kind, uid, body in documents:
        if kind not in KIND_TABLES or not isinstance(load(body), dict):
            yield Message("The record {uid} of the kind {kind} cannot be read.", uid=uid, kind=kind)


def _ends() -> Iterator[tuple[str, str, Callable[[int], Message]]]:
    """Rows that must not exist: table, condition, and the problem text for the number of rows."""
    for kind in KIND_TABLES.values():
        ends = [c for c, ref in kind.parts if ref] + ([kind.owner] if kind.owner and not kind.document else [])
        for column in ends:
            missing = gone(f't."{column}"')
            yield kind.table.name, missing, partial(_dangling_key, kind.name, column)
    there = " OR ".join(f"EXISTS (SELECT 1 FROM {root.name} AS o WHERE o.uid = t.owner)" for root in ROOTS)
    for name in OWNED_DOCUMENTS:
        lost = f"t.kind = '{name}' AND (t.owner IS NULL OR NOT ({there}))"
        yield "document", lost, partial(_dangling_key, name, "owner")
    for kind in KIND_TABLES.values():
        if kind.part_of:
            yield (
                kind.table.name,
                f"NOT ({there.replace('t.owner', f't.{kind.part_of}')})",
                partial(_dangling_key, kind.name, kind.part_of),
            )
    missing = "NOT EXISTS (SELECT 1 FROM release WHERE release.id = t.release)"
    yield "installation", missing, _without_product
    missing = "NOT EXISTS (SELECT 1 FROM section_body AS b WHERE b.id = t.body)"
    yield "section", missing, partial(_dangling_row, "section", "body")
    user = 't."user"'
    missing = f"{user} IS NOT NULL AND {gone(user)}"
    yield "installation", missing, _without_user
    for kind in KIND_TABLES.values():
        for field in kind.fields.values():
            if kind.lasting and field.refers:
                target = f"t.{field.column}"
                never = f"{target} IS NOT NULL AND {gone(target)} AND {_never(target)}"
                yield kind.table.name, never, partial(_dangling_key, kind.name, field.column)
    for column in CI.references:
        target = f"t.{column}"
        yield "ci", f"{target} IS NOT NULL AND {gone(target)}", partial(_dangling_reference, column)
    loose = "NOT EXISTS (SELECT 1 FROM dependency_group AS g WHERE g.uid = t.group_id)"
    yield "membership", loose, _without_group
    for table, column, of in (
        ("revision", "actor", "actor"), ("revision", "copy", "estate_copy"), ("estate_copy", "parent", "estate_copy"),
        ("number_block", "copy", "estate_copy"),
    ):  # fmt: skip
        missing = f'NOT EXISTS (SELECT 1 FROM {of} AS o WHERE o.id = t."{column}")'
        yield table, f't."{column}" IS NOT NULL AND {missing}', partial(_dangling_row, table, column)
    kinds = ", ".join(f"'{kind}'" for kind in KINDS_OF_ACTORS)
    yield "actor", f"t.kind NOT IN ({kinds})", _unknown_actor
    same = "o.type = t.type AND o.source = t.source AND o.target = t.target"
    yield "membership", f"NOT EXISTS (SELECT 1 FROM relationship AS o WHERE {same})", _without_relationship
    yield "relationship", f"t.alone = 0 AND NOT EXISTS (SELECT 1 FROM membership AS o WHERE {same})", _nowhere
    yield "relationship", "t.source = t.target", _to_itself
    for table in (tables.evidence.name, tables.extra_reference.name, tables.outvoted_reference.name):
        yield table, gone("t.ci"), partial(_of_no_record, table)


def gone(number: str) -> str:
    """The condition that there is no record with an inner id."""
    return " AND ".join(f"NOT EXISTS (SELECT 1 FROM {root.name} AS o WHERE o.id = {number})" for root in ROOTS)


def _never(number: str) -> str:
    """The condition that there was no record with an inner id."""
    return " AND ".join(f"NOT EXISTS (SELECT 1 FROM {root.past.name} AS o WHERE o.id = {number})" for root in ROOTS)


def _dangling_key(kind: str, column: str, number: int) -> Message:
    return counted(
        "{count} record of the kind {kind} points to a {column} that does not exist.",
        "{count} records of the kind {kind} point to a {column} that does not exist.",
        number,
        kind=kind,
        column=column,
    )


def _dangling_reference(column: str, number: int) -> Message:
    return counted(
        "{count} record refers by “{column}” to what does not exist.",
        "{count} records refer by “{column}” to what does not exist.",
        number,
        column=column,
    )


def _dangling_row(table: str, column: str, number: int) -> Message:
    return counted(
        "{count} row of {table} names in “{column}” what does not exist.",
        "{count} rows of {table} name in “{column}” what does not exist.",
        number,
        table=table,
        column=column,
    )


def _unknown_actor(number: int) -> Message:
    return counted("{count} actor is of an unknown kind.", "{count} actors are of an unknown kind.", number)


def _without_product(number: int) -> Message:
    return counted(
        "{count} installation is of a product that does not exist.",
        "{count} installations are of a product that does not exist.",
        number,
    )


def _without_user(number: int) -> Message:
    return counted(
        "{count} installation is used by someone who does not exist.",
        "{count} installations are used by someone who does not exist.",
        number,
    )


def _without_group(number: int) -> Message:
    return counted(
        "{count} relationship is in a redundancy group that does not exist.",
        "{count} relationships are in a redundancy group that does not exist.",
        number,
    )


def _of_no_record(table: str, number: int) -> Message:
    return counted(
        "{count} row of {table} is of a record that does not exist.",
        "{count} rows of {table} are of records that do not exist.",
        number,
        table=table,
    )


def _without_relationship(number: int) -> Message:
    return counted(
        "{count} membership of a redundancy group is of a relationship that does not exist.",
        "{count} memberships of redundancy groups are of relationships that do not exist.",
        number,
    )


def _nowhere(number: int) -> Message:
    return counted(
        "{count} relationship neither stands alone nor is in a redundancy group.",
        "{count} relationships neither stand alone nor are in a redundancy group.",
        number,
    )


def _to_itself(number: int) -> Message:
    return counted(
        "{count} relationship leads from a record to itself.",
        "{count} relationships lead from a record to itself.",
        number,
    )


# -- graph ----------------------------------------------------------------------------------------------------------


def check_graph(look: AuditContext) -> Iterator[Message]:
    """Problems of the graph: it cannot be built, lacks a record, or a group's owner or number needed is wrong."""
    g, m = tables.dependency_group, tables.membership
    options = {"yield_per": _BATCH}
    for uid, label, needs in look.connection.execute(select(g.c.uid, g.c.label, g.c.needs), execution_options=options):
        if not needs or resolve(needs, 1) is None:
            yield Message(
                "The redundancy group {group} needs “{needs}”, which is neither a number nor a percentage.",
                group=label or uid,
                needs=needs,
            )
    astray = (
        select(g.c.label, g.c.uid)
        .join(m, m.c.group_id == g.c.uid)
        .where(m.c.source != g.c.owner, m.c.target != g.c.owner)
    )
    for label, uid in look.connection.execute(astray.distinct()):
        yield Message(
            "The redundancy group {group} has members that are not links of the record it belongs to.",
            group=label or uid,
        )
    graph = FrozenGraph.build(look.reader.edges(look.inner), look.schema)
    there = look.count("ci")
    if len(graph) != there:
        yield Message("The graph has {graph} records, the register {register}.", graph=len(graph), register=there)


# -- versions -------------------------------------------------------------------------------------------------------


def check_versions(look: AuditContext) -> Iterator[Message]:
    """Problems of versions: one ends before it begins, or two versions of a record overlap."""
    asked = [(current.name, past.name, sql, what) for current, past in PAIRS for sql, what in _overlaps(current, past)]
    asked += [(now.name, past.name, sql, _two_ids) for now, past in RECORDS for sql in _mixed(now, past)]
    for number, (_, table, condition, problem) in enumerate(asked):
        look.progress(number, len(asked))
        if wrong := look.count(table, condition):
            yield problem(table, wrong)


def _mixed(now: Table, past: Table) -> Iterator[str]:
    """Superseded rows whose record has another id, or another inner id, in another row."""
    for name in (now.name, past.name):
        yield f"EXISTS (SELECT 1 FROM {name} AS o WHERE o.id = t.id AND o.uid <> t.uid)"
        yield f"EXISTS (SELECT 1 FROM {name} AS o WHERE o.uid = t.uid AND o.id <> t.id)"


def _two_ids(table: str, number: int) -> Message:
    return counted(
        "{count} row of {table} has an id that is not that of its record.",
        "{count} rows of {table} have ids that are not those of their records.",
        number,
        table=table,
    )


def _overlaps(current: Table, past: Table) -> Iterator[tuple[str, Callable[[str, int], Message]]]:
    keys = [c.name for c in current.primary_key.columns]
    yield "t.ended <= t.revision", _ended_early
    same = " AND ".join(f'c."{k}" = t."{k}"' for k in keys)
    yield (
        f"EXISTS (SELECT 1 FROM {current.name} AS c WHERE {same} AND c.revision < t.ended)",
        _overlap_present,
    )
    same = " AND ".join(f'p."{k}" = t."{k}"' for k in keys)
    between = "p.revision > t.revision AND p.revision < t.ended"
    yield f"EXISTS (SELECT 1 FROM {past.name} AS p WHERE {same} AND {between})", _overlap_past


def _ended_early(table: str, number: int) -> Message:
    return counted(
        "{count} row of {table} ended before it began.",
        "{count} rows of {table} ended before they began.",
        number,
        table=table,
    )


def _overlap_present(table: str, number: int) -> Message:
    return counted(
        "{count} row of {table} overlaps what is now.",
        "{count} rows of {table} overlap what is now.",
        number,
        table=table,
    )


def _overlap_past(table: str, number: int) -> Message:
    return counted(
        "{count} row of {table} overlaps other versions.",
        "{count} rows of {table} overlap other versions.",
        number,
        table=table,
    )


# -- journal --------------------------------------------------------------------------------------------------------


def check_journal(look: AuditContext) -> Iterator[Message]:
    """Problems of the journal: a gap in the numbers, a time before the previous one, or a hash that does not match its
    rows.
    """
    r = tables.revision.c
    point = checkpoints.checkpoint(look.connection)
    # Rows of revisions up to a checkpoint may have been deleted: the checkpoint proves them.
    gone = point.number if point is not None else 0
    last = int(look.connection.execute(select(func.max(r.number))).scalar() or 0)
    expected, recorded = 1, ""
    for row, link in _links(look, gone, last):
        look.progress(row.number, last)
        if row.number != expected:
            yield Message(
                "Revisions {first} to {last} are missing from the journal.",
                first=Plain(expected),
                last=Plain(row.number - 1),
            )
        if row.recorded < recorded:
            yield Message("Revision {number} is recorded before the one that precedes it.", number=Plain(row.number))
        if row.undoes >= row.number:
            yield Message("Revision {number} takes back one that comes after it.", number=Plain(row.number))
        if link is not None and link != row.hash:
            yield Message(
                "Revision {number} does not hold what was written: the journal was changed from outside.",
                number=Plain(row.number),
            )
        expected, recorded = row.number + 1, row.recorded
    yield from checkpoints.problems(look.connection, look.inner)
    yield from check_format_changes(look.connection)
    for current, past in PAIRS:
        for table, column in ((current, "revision"), (past, "revision"), (past, "ended")):
            if later := look.count(table.name, f"t.{column} >= {expected} OR t.{column} < 1"):
                yield counted(
                    "{count} row of {table} is of a revision that is missing from the end of the journal.",
                    "{count} rows of {table} are of a revision that is missing from the end of the journal.",
                    later,
                    table=table.name,
                )


def _links(look: AuditContext, gone: int, last: int) -> Iterator[tuple[Any, str | None]]:
    """The rows of all revisions in order, with the links that they should have; None up to the revision ``gone``."""
    r = tables.revision
    statement = select(r).where(r.c.number <= gone).order_by(r.c.number)
    result = look.connection.execute(statement, execution_options={"yield_per": _BATCH})
    try:
        yield from ((row, None) for row in result)
    finally:
        result.close()
    yield from chain.links(look.connection, gone, last, look.control)
