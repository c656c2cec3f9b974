"""The estate's store: one file (SQLite) or a shared PostgreSQL database. ``Store.apply`` is the only way to write."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text

from cmdb.model.actors import Actor
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.control import Control
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import EMPTY, Message
from cmdb.model.records import CI, Claim, Installation, Related, Sighting
from cmdb.model.revision import KINDS, Revision, now
from cmdb.model.selection import Selection
from cmdb.store.connection import engine as engines
from cmdb.store.connection import shares
from cmdb.store.connection.cancellation import cancellable
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.database_address import named
from cmdb.store.reading import checkpoints
from cmdb.store.reading.reader import Reader
from cmdb.store.rows import indexes, tables
from cmdb.store.rows.codec import TOLD_DOCUMENTS, Codec
from cmdb.store.rows.schema_entries import entry_marks, read_schema
from cmdb.store.writing.revision_transaction import apply

__all__ = ["CI", "AppliedRevision", "Claim", "Installation", "Reader", "Related", "Selection", "Sighting", "Store"]

SMALL = 20_000
"""The number of CIs up to which an index is built immediately: it takes a few hundredths of a second."""

Listener = Callable[[AppliedRevision], None]


class Store:
    """An open estate. Thread-safe: one writer at a time, readers on connections of their own."""

    def __init__(self, where: str | Path, engine: Engine, key: Key | None = None, share: str = "") -> None:
        self.where = where
        self._engine = engine
        self.key = key
        """What opens the file, where it is encrypted; its backups are encrypted with it."""
        self.share = share
        """The type of the network share that the file is on, "" where it is on a disk of this computer's."""
        self.clock: Callable[[], str] = now
        """Says when a revision is recorded (ISO UTC); a history that is brought along sets its own."""
        self.writer: Callable[[], Actor] | None = None
        """Says who writes; without it, actors are known by the names of the revisions' authors alone."""
        self._writing = threading.RLock()
        self._listeners: list[Listener] = []
        try:
            self._load_schema()
            with self.read() as reader:
                self._published = reader.number
        except BaseException:
            engine.dispose()
            raise

    @property
    def name(self) -> str:
        """The estate's name: the name of its file, or of its database and server."""
        return named(self.where)

    @property
    def read_only(self) -> bool:
        """Whether the estate can only be read."""
        return engines.is_read_only(self.where)

    @property
    def remark(self) -> Message:
        """A remark for the person who opens the estate, or an empty text."""
        return shares.remark(Path(self.where), self.share) if self.share else EMPTY

    def close(self) -> None:
        """Closes all connections. SQLite then moves its write-ahead log into the file."""
        self._engine.dispose()

    # -- writing ----------------------------------------------------------------------------------------------------

    def apply(self, revision: Revision, control: Control | None = None) -> AppliedRevision:
        """Validates, writes and numbers a revision in one transaction, then publishes what changed.

        Raises Conflict, InvalidValue, NotFound, Cancelled (nothing written) and StoreProblem (in use, read-only, full).
        """

        def write(connection: Connection) -> AppliedRevision:
            return self.apply_within(connection, revision, control)

        return self.write(write)

    def apply_within(
        self, connection: Connection, revision: Revision, control: Control | None = None
    ) -> AppliedRevision:
        """Applies a revision in a transaction of ``write``. Raises what ``apply`` raises."""
        if entry_marks(connection) != self._entries:  # another process has changed it, and nobody has heard of it yet
            self._take_schema(connection)
        writer = self.writer() if self.writer is not None else None
        return apply(connection, self.schema, revision, control or Control(), self.clock(), writer)

    def write(self, make: Callable[[Connection], AppliedRevision]) -> AppliedRevision:
        """Runs ``make`` in a transaction that may write, and publishes the revision that it applied.

        Where it applied none (number 0), nothing is written.
        """
        with self._writing:
            with engines.in_words(self.where), engines.writing(self._engine) as connection:
                _wait_for_writers(connection)
                applied = make(connection)
                if not applied.number:
                    connection.rollback()
            if applied.number:
                if "schema_entry" in applied.kinds:
                    self._load_schema()
                    # An index that another process blocks is built when the estate is opened again.
                    with suppress(StoreProblem):
                        self.follow_schema()
                if self._listeners:
                    # The revision is committed, even if the connection is lost: then ``poll`` reports the other
                    # revisions later.
                    with suppress(StoreProblem):
                        self._hear(applied.number - 1)
                        self._published = applied.number
                    self._publish(applied)
                elif applied.number == self._published + 1:
                    self._published = applied.number  # New listeners do not need the earlier revisions.
        return applied

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Calls ``listener`` with every revision after its commit, on the writer's thread. Returns the unsubscriber."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def poll(self) -> None:
        """Publishes the revisions that other processes have committed since.

        Raises StoreProblem if the file was moved, replaced or deleted: it can still be read, but not written to.
        """
        engines.require_in_place(self._engine)
        with self._writing:
            self._hear()

    def _hear(self, until: int | None = None) -> None:
        """Publishes the revisions of other processes up to a number, so that listeners get all revisions in order."""
        if until is not None and until <= self._published:
            return
        with self.read() as reader:
            last = reader.number if until is None else until
            if last <= self._published:
                return
            first, found = self._published + 1, []
            gone = min(checkpoints.first_kept(reader._connection), last)
            if first <= gone:  # Others have pruned it already: anything may have changed.
                found.append(_unknown(reader, gone))
                first = gone + 1
            found += [self._applied(reader, number) for number in range(first, last + 1)]
        for applied in found:
            if "schema_entry" in applied.kinds:
                self._load_schema()
            self._published = applied.number
            self._publish(applied)

    def _publish(self, applied: AppliedRevision) -> None:
        for listener in list(self._listeners):
            listener(applied)

    @staticmethod
    def _applied(reader: Reader, number: int) -> AppliedRevision:
        """The changes of a revision of another process, from the journal."""
        created: set[str] = set()
        updated: set[str] = set()
        deleted: set[str] = set()
        fields: set[str] = set()
        kinds: set[str] = set()
        for edit in reader.edits(number):
            kinds.add(edit.record.kind)
            uid = edit.record.key[0]
            if edit.record.kind == "ci":
                if edit.field:
                    updated.add(uid)
                    fields.add(edit.field)
                else:
                    (created if edit.before is None else deleted).add(uid)
                    whole: Any = edit.after or edit.before
                    fields.update(whole)
            elif edit.record.kind in ("relationship", "membership"):
                updated.update(edit.record.key[-2:])
            elif edit.record.kind in ("installation", "sighting", "assignment", "result"):
                updated.add(uid)
            elif edit.record.kind == "alias":
                updated.add(edit.record.key[-1])
            elif edit.record.kind in ("event", "attachment"):
                whole = edit.after or edit.before
                updated.update(filter(None, (whole.get("record"),)) if not edit.field else ())
            elif edit.record.kind == "reservation":
                whole = edit.after or edit.before
                if edit.field:
                    whole = reader.records_of(edit.record.kind, [edit.record]).get(edit.record.key, {})
                updated.update(filter(None, (whole.get("subject"),)))
            elif edit.record.kind in TOLD_DOCUMENTS:
                whole = edit.after or edit.before
                if edit.field:
                    whole = reader.records_of(edit.record.kind, [edit.record]).get(edit.record.key, {})
                updated.update(filter(None, (whole.get("owner"),)))
        updated -= created | deleted
        revision = reader.revision(number)
        return AppliedRevision(
            number, revision.id, frozenset(created), frozenset(updated), frozenset(deleted),
            frozenset(fields), frozenset(kinds), undoes=revision.undoes,
        )  # fmt: skip

    # -- reading ----------------------------------------------------------------------------------------------------

    @contextmanager
    def read(self, at: int | None = None, today: date | None = None) -> Iterator[Reader]:
        """A consistent view, now or as of a revision, on a connection of its own. Use it on one thread at a time.

        ``today`` is the day that this word means in filters (None: the present day).
        """
        with engines.in_words(self.where), self._engine.connect() as connection:
            if self._engine.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                reader = Reader(connection, self.schema, self._codec, at)
                reader.judge_by(today)
                yield reader

    # -- schema -----------------------------------------------------------------------------------------------------

    def _load_schema(self) -> None:
        with engines.in_words(self.where), self._engine.connect() as connection:
            self._take_schema(connection)

    def _take_schema(self, connection: Connection) -> None:
        self.schema, self._entries = read_schema(connection), entry_marks(connection)
        self._codec = Codec(self.schema)

    def reload_schema(self) -> None:
        """Reads the schema again: another process may have changed it."""
        with self._writing:
            self._load_schema()

    def missing_indexes(self) -> list[str]:
        """The indexes that the schema needs and that do not exist yet; see ``build_index``."""
        with engines.in_words(self.where), self._engine.connect() as connection:
            return sorted(indexes.missing(connection, self.schema))

    def build_index(self, name: str, control: Control | None = None) -> None:
        """Builds one of the ``missing_indexes``.

        Readers continue, writers wait. It does nothing if the schema no longer needs the index. Raises Cancelled,
        StoreProblem.
        """
        sql = indexes.wanted(self.schema, self._engine.dialect.name).get(name)
        if sql is None:
            return
        with (
            self._writing,
            engines.in_words(self.where),
            engines.writing(self._engine) as connection,
            cancellable(connection, control or Control()),
        ):
            _wait_for_writers(connection)
            connection.exec_driver_sql(sql)

    def follow_schema(self) -> None:
        """Drops indexes that the schema no longer needs. It builds missing ones if that is fast."""
        with engines.in_words(self.where), engines.writing(self._engine) as connection:
            _wait_for_writers(connection)
            indexes.drop_unwanted(connection, self.schema)
            if (connection.execute(select(func.max(tables.ci.c.id))).scalar() or 0) <= SMALL:
                for sql in indexes.missing(connection, self.schema).values():
                    connection.exec_driver_sql(sql)

    # -- size ---------------------------------------------------------------------------------------------------------

    def size(self) -> int:
        """The number of CIs. Raises StoreProblem."""
        with engines.in_words(self.where), self._engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(tables.ci)).scalar_one())

    def data_version(self) -> int:
        """A number that changes when any process commits: cheap, tells whether to ``poll``. Raises StoreProblem."""
        with engines.in_words(self.where), self._engine.connect() as connection:
            return int(connection.execute(text("SELECT max(number) FROM revision")).scalar() or 0)


def _unknown(reader: Reader, number: int) -> AppliedRevision:
    """A revision that may have changed anything."""
    fields = frozenset(reader.schema.every_attribute)
    return AppliedRevision(number, reader.revision(number).id, fields=fields, kinds=frozenset(KINDS))


def _wait_for_writers(connection: Connection) -> None:
    """Allows one writer at a time, also on a server, which has no lock like SQLite's."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE meta IN EXCLUSIVE MODE")
