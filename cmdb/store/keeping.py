"""Checking all of an estate that can be checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from cmdb.claims import effective
from cmdb.errors import InvalidValue, SchemaError, StoreProblem
from cmdb.jobs import Control
from cmdb.store import engine as engines
from cmdb.store import kept, search, tables
from cmdb.store.codec import CI_COLUMNS, KIND_TABLES, Checker, Codec, Identities, chunks, unpack
from cmdb.store.journal import PAIRS, digest

if TYPE_CHECKING:
    from cmdb.store import Store

_BATCH = 2_000
_INDEX_CHECK = 500_000
"""Up to how many CIs SQLite looks into its search tables: others cannot write meanwhile, and wait for seconds only."""


def check(store: Store, control: Control) -> list[str]:
    """Problems of the file, the schema, the versions, the journal, the graph and the search index, one line each."""
    found: list[str] = []
    with engines.in_words(store.where), store.engine.connect() as connection:
        for number, (what, step) in enumerate(_STEPS.items()):
            control.progress(number, len(_STEPS), "Checking")
            try:
                with engines.in_words(store.where):
                    found.extend(step(connection, store, control))
            except StoreProblem as error:
                found.append(f"The {what} cannot be checked: {error}")
            except (LookupError, TypeError, ValueError) as error:
                # The rows are not what we write: that is what was looked for.
                found.append(f"The {what} cannot be checked, for what is stored makes no sense ({error!r}).")
    return found


def _check_pages(connection: Connection, _store: Store, _control: Control) -> Iterator[str]:
    if connection.dialect.name != "sqlite":
        return
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield f"The file is damaged: {line}"
    there = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index'").scalars())
    for table in tables.metadata.sorted_tables:
        for index in table.indexes:
            if index.name not in there and index.name and not index.name.endswith("_lower"):
                yield f"The index {index.name} is missing: some lists are slow."


def _check_records(connection: Connection, store: Store, control: Control) -> Iterator[str]:
    """Values against the schema, and against what the claims say they should be."""
    codec, ids = Codec(store.schema), Identities(connection, ever=True)
    checkers: dict[str, Checker] = {}
    columns = [tables.ci.c[c] for c in CI_COLUMNS]
    claims = tables.claim.c
    last = 0
    while rows := connection.execute(
        select(*columns).where(columns[0] > last).order_by(columns[0]).limit(_BATCH)
    ).all():
        control.check()
        last = rows[-1][0]
        ids.want_outer(Codec.reference_ids(rows))
        said: dict[int, dict[str, Any]] = {row[0]: {} for row in rows}
        statement = select(claims.ci, claims.source, claims.said).where(claims.ci.between(rows[0][0], last))
        for inner, source, text in connection.execute(statement):
            said.setdefault(inner, {})[source] = unpack(text)
        for row in rows:
            values = codec.decode(row, ids.outer)
            name = f"{values.get('name', row.uid)} ({row.uid})"
            try:
                if row[2] not in checkers:
                    checkers[row[2]] = Checker(store.schema, row[2])
                checkers[row[2]].check(values)
                checkers[row[2]].check_complete(values)
            except (InvalidValue, SchemaError) as error:
                yield f"{name}: {error}"
                continue
            derived = effective(store.schema, row[2], said[row[0]])
            for attribute in sorted(derived.keys() | values.keys()):
                present, should = values.get(attribute), derived.get(attribute)
                if present != should:
                    yield f"{name}: {attribute} is {present!r}, but its claims say {should!r}."


def _check_links(connection: Connection, store: Store, _control: Control) -> Iterator[str]:
    """Every link ends at CIs that exist, and its type is known."""
    for kind in KIND_TABLES.values():
        ends = [c for c, ref in kind.parts if ref] + (["owner"] if kind.name == "group" else [])
        for column in ends:
            lost = _count(connection, kind.table.name, f'NOT EXISTS (SELECT 1 FROM ci WHERE ci.id = t."{column}")')
            if lost:
                yield f"{lost} records of the kind {kind.name} point to a {column} that does not exist."
    lost = _count(connection, "installation", "NOT EXISTS (SELECT 1 FROM release WHERE release.id = t.release)")
    if lost:
        yield f"{lost} installations are of a product that does not exist."
    for column in (c for c, kind in tables.COLUMNS.items() if kind == "reference"):
        missing = f"t.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM ci WHERE ci.id = t.{column})"
        lost = _count(connection, "ci", missing)
        if lost:
            yield f"{lost} records refer to a {column} that does not exist."
    for name in connection.execute(select(tables.relationship.c.type).distinct()).scalars():
        if name not in store.schema.relationships:
            yield f"There are relationships of the type {name!r}, which the schema lacks."
    loose = "group_id IS NOT NULL AND group_id NOT IN (SELECT uid FROM dependency_group)"
    orphans = _count(connection, "relationship", loose)
    if orphans:
        yield f"{orphans} relationships are in a dependency group that does not exist."


def _count(connection: Connection, table: str, condition: str) -> int:
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table} AS t WHERE {condition}").scalar() or 0)


def _check_journal(connection: Connection, _store: Store, control: Control) -> Iterator[str]:
    """The numbers have no gap, times don't run back, and each link of the hash chain covers the rows it wrote."""
    r = tables.revision
    point = kept.checkpoint(connection)
    previous, expected, recorded = "", 1, ""
    for row in connection.execute(select(r).order_by(r.c.number)).all():
        control.check()
        if row.number != expected:
            yield f"Revisions {expected} to {row.number - 1} are missing from the journal."
        if row.recorded < recorded:
            yield f"Revision {row.number} is recorded before the one that precedes it."
        header = (row.number, row.uid, row.time, row.recorded, row.author, row.source, row.reason, row.undoes)
        # What revisions up to a checkpoint wrote may be gone: of them the checkpoint has the proof.
        if (point is None or row.number > point.number) and digest(connection, previous, header) != row.hash:
            yield f"Revision {row.number} does not hold what was written: the journal was changed from outside."
        previous, expected, recorded = row.hash, row.number + 1, row.recorded
    yield from kept.problems(connection, control)
    for current, past in PAIRS:
        for table, column in ((current, "revision"), (past, "revision"), (past, "ended")):
            later = _count(connection, table.name, f"t.{column} >= {expected}")
            if later:
                yield f"{later} rows of {table.name} are of a revision that is missing from the end of the journal."


def _check_search(connection: Connection, store: Store, control: Control) -> Iterator[str]:
    """The index holds every CI, and what it holds of a sample of them is what they say."""
    table = "ci_words" if connection.dialect.name == "sqlite" else "ci_search"
    held = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() or 0
    there = connection.exec_driver_sql("SELECT count(*) FROM ci").scalar() or 0
    if held != there:
        yield f"The search index holds {held} records, the register {there}."
    if connection.dialect.name != "sqlite":
        return
    if not store.read_only and there <= _INDEX_CHECK:
        yield from _check_index(store)
    codec, ids = Codec(store.schema), Identities(connection, ever=True)
    columns = [tables.ci.c[c] for c in CI_COLUMNS]
    wrong = 0
    for batch in chunks(connection.execute(select(tables.ci.c.id).order_by(tables.ci.c.id)).scalars().all(), _BATCH):
        control.check()
        rows = connection.execute(select(*columns).where(columns[0].in_(batch))).all()
        marks = ", ".join("?" * len(batch))
        bodies = {
            name: dict(
                tuple(r)
                for r in connection.exec_driver_sql(
                    f"SELECT rowid, body FROM {name} WHERE rowid IN ({marks})", tuple(batch)
                )
            )
            for name in ("ci_letters", "ci_words")
        }
        for row in rows:
            values = codec.decode(row, ids.outer)
            texts = (search.letters(values), search.words(values, codec.searched))
            indexed = (bodies[name].get(row[0], "\0") for name in ("ci_letters", "ci_words"))
            wrong += any(sorted(a.split()) != sorted(b.split()) for a, b in zip(texts, indexed, strict=True))
    if wrong:
        yield f"The search index disagrees with {wrong} records."


def _check_index(store: Store) -> Iterator[str]:
    """SQLite's own look into its search tables. It asks for it in the form of a write, which is taken back."""
    for name in ("ci_words", "ci_letters"):
        with store.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin() as transaction:
                try:
                    connection.exec_driver_sql(f"INSERT INTO {name} ({name}) VALUES ('integrity-check')")
                except DBAPIError as error:
                    if "malformed" not in str(error.orig):
                        raise
                    yield f"The search index is damaged ({name})."
                transaction.rollback()


_STEPS: dict[str, Callable[[Connection, Store, Control], Iterator[str]]] = {
    "file": _check_pages,
    "records": _check_records,
    "links": _check_links,
    "journal": _check_journal,
    "search index": _check_search,
}
