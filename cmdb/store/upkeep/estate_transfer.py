"""Moves a whole estate: from a file to a server, back, or to another file or server.

Every table is copied unchanged, with superseded rows and the hash chain. So the target is the same estate: ids, numbers
and times stay. What is written there later is of a copy of its own.

Derived data (indexes, the search index) is built anew in the target. All of it happens in one
transaction of the target. The source is not changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Table, func, select

from cmdb.model.control import Control
from cmdb.model.drafts import OPEN
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.store.connection import engine as engines
from cmdb.store.connection import shares
from cmdb.store.connection.cancellation import cancellable
from cmdb.store.connection.database_address import is_url, named, shown
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import bulk_writes, indexes, tables
from cmdb.store.rows.derived_rows import index_again
from cmdb.store.rows.estate_copies import begin_copy
from cmdb.store.rows.head_signatures import OF_PACKS
from cmdb.store.store import Store
from cmdb.store.upkeep.layout import create, lay_out_database

_OF_DRAFTS = select(tables.draft.c.uid).where(tables.draft.c.state == OPEN)
_ONLY = {
    tables.meta.name: tables.meta.c.key.not_in((indexes.PUT_OFF, *OF_PACKS)),
    tables.staging.name: tables.staging.c.set_id.in_(_OF_DRAFTS),
    tables.staging_set.name: tables.staging_set.c.id.in_(_OF_DRAFTS),
}
"""Of staging, what open drafts hold is copied. Proposals that were not applied are not part of the register; the rows
that a draft would make are worked out anew. In the target all indexes are made.
"""

_CHUNKS = 16
"""The number of chunks of attached files, of 256 KiB each, that are in memory at once."""
_WHAT = {
    "ci": Message("records"),
    "claim": Message("statements of sources"),
    "relationship": Message("relationships"),
    "installation": Message("software"),
    "sighting": Message("sightings"),
    "document": Message("settings and decisions"),
    "blob_chunk": Message("attached files"),
    "evidence": Message("evidence"),
    "revision": Message("the journal"),
}


@dataclass(frozen=True, slots=True)
class TransferResult:
    """The numbers of copied configuration items and revisions, and of rows in each table."""

    records: int
    revisions: int
    rows: Mapping[str, int]


def move(store: Store, target: str | Path, control: Control | None = None) -> TransferResult:
    """Copies a whole estate to a new file or an empty database.

    The source stays unchanged. Raises StoreProblem (the target exists, or cannot be reached, read or written) and
    Cancelled: then nothing is left in the target.
    """
    with store.read() as reader:
        copying = _Copying(store, reader, target, control or Control())
        if is_url(target):
            _to_database(str(target), copying)
        else:
            fill: Callable[[str | Path, Engine], None] = lambda _, engine: _to_file(engine, copying)  # noqa: E731
            create(target, fill, key=store.key, share=shares.kind_of(Path(target))).dispose()
        rows = copying.rows
    return TransferResult(rows[tables.ci.name], rows[tables.revision.name], rows)


class _Copying:
    """The work in the target's transaction."""

    def __init__(self, store: Store, reader: Reader, target: str | Path, control: Control) -> None:
        self._store = store
        self._reader = reader
        self._target = target
        self._control = control
        with engines.in_words(store.where):
            self._tables = list(tables.metadata.sorted_tables)
            self.rows = {t.name: _count(reader._connection, t) for t in self._tables}
        self._total = sum(self.rows.values())
        self._done = 0

    def run(self, connection: Connection) -> None:
        """Fills an empty estate that has its tables. Raises StoreProblem, Cancelled."""
        with engines.in_words(self._target), cancellable(connection, self._control):
            for table in self._tables:
                self._copy(connection, table)
            schema = self._reader.schema
            wanted = indexes.missing(connection, schema)
            for number, sql in enumerate(wanted.values()):
                self._control.progress(number, len(wanted), Message("Making the indexes"))
                connection.exec_driver_sql(sql)
            index_again(connection, schema, self._control)
            if connection.dialect.name == "postgresql":
                # PostgreSQL's autovacuum would take a minute to analyse the new rows.
                connection.exec_driver_sql("ANALYZE")
            self._compare(connection)
            begin_copy(connection, named(self._target))

    def _copy(self, connection: Connection, table: Table) -> None:
        what = _WHAT.get(table.name.removesuffix("_version"), Message("the rest"))
        columns = [c.name for c in table.columns]
        for rows in self._read(table):
            self._control.progress(self._done, self._total, Message("Copying {what}", what=what))
            bulk_writes.insert(connection, table.name, columns, rows)
            self._done += len(rows)

    def _read(self, table: Table) -> Iterator[list[tuple[Any, ...]]]:
        statement = select(table).where(*_only(table))
        if table is tables.meta:
            statement = statement.where(table.c.key != "format")  # The target's layout has its own.
        options = {"yield_per": _CHUNKS if table is tables.blob_chunk else bulk_writes.BATCH}
        with engines.in_words(self._store.where):
            result = self._reader._connection.execute(statement, execution_options=options)
            for rows in result.partitions():
                yield [tuple(row) for row in rows]

    def _compare(self, connection: Connection) -> None:
        """Raises StoreProblem unless everything was copied."""
        self._control.check()
        for table in self._tables:
            if _count(connection, table) != self.rows[table.name]:
                raise StoreProblem(
                    Message(
                        "Not all of {table} arrived in {target}: nothing is kept.",
                        table=table.name,
                        target=shown(self._target),
                    )
                )
        if _chain(connection) != _chain(self._reader._connection):
            raise StoreProblem(
                Message("The journal in {target} is not the same: nothing is kept.", target=shown(self._target))
            )


def _to_database(url: str, copying: _Copying) -> None:
    engine = engines.make_engine(url)
    try:
        with engines.in_words(url), engines.writing(engine) as connection:
            lay_out_database(url, connection)
            copying.run(connection)
    finally:
        engine.dispose()


def _to_file(engine: Engine, copying: _Copying) -> None:
    with engines.writing(engine) as connection:
        copying.run(connection)


def _count(connection: Connection, table: Table) -> int:
    return int(connection.execute(select(func.count()).select_from(table).where(*_only(table))).scalar_one())


def _only(table: Table) -> tuple[ColumnElement[bool], ...]:
    """Which rows of a table are copied, where that is not all of them."""
    return (_ONLY[table.name],) if table.name in _ONLY else ()


def _chain(connection: Connection) -> str:
    """The last hash of the journal, which depends on all revisions."""
    r = tables.revision.c
    return str(connection.execute(select(r.hash).order_by(r.number.desc()).limit(1)).scalar() or "")
