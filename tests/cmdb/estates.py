"""Estates for tests: their places, fast empty estates, and ``Hand``, which writes records."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.records import CI
from cmdb.model.revision import Edit, Revision, ci, new_id
from cmdb.store.connection import engine as engines
from cmdb.store.rows import search_index, tables
from cmdb.store.rows.roots import ROOTS
from cmdb.store.store import Store
from cmdb.store.upkeep.startup import create_estate, open_estate
from tests.cmdb.spare_databases import SpareDatabases
from tests.server import Server

DIALECTS = ("sqlite", "postgresql")
GERMAN = "TEMPLATE template0 LOCALE 'C.UTF-8' LOCALE_PROVIDER icu ICU_LOCALE 'de-DE'"
"""The databases' locale has another order than files have: lists must not show it."""


class Places:
    """Where estates can stand, and an empty one of each kind to copy."""

    def __init__(self, folder: Path, server: Callable[[], Server]) -> None:
        self._folder = folder
        self._server = server
        self._numbers = itertools.count(1)
        self._blank: dict[str, str | Path] = {}
        self._spare: SpareDatabases | None = None

    def close(self) -> None:
        """Ends what is kept open between estates."""
        if self._spare is not None:
            self._spare.close()

    def new(self, dialect: str) -> str | Path:
        """A place where nothing is yet."""
        name = f"{self._folder.name}_{os.getpid()}_{next(self._numbers)}"
        return self._folder / f"{name}.terrier" if dialect == "sqlite" else self._server().url(name)

    def lay_out(self, where: str | Path) -> Store:
        """An empty, open estate there."""
        dialect = "sqlite" if isinstance(where, Path) else "postgresql"
        if dialect not in self._blank:
            blank = self._blank[dialect] = self.new(dialect)
            self.make(blank)
            create_estate(blank).close()
        blank = self._blank[dialect]
        if isinstance(where, Path):
            shutil.copy(blank, where)
        else:
            self._spare = self._spare or SpareDatabases(self._server(), _database(blank))
            self._spare.take(_database(where))
        return open_estate(where)

    @contextmanager
    def borrowed(self, dialect: str) -> Iterator[Store]:
        """An empty estate for several tests, until the end of the block."""
        where = self.new(dialect)
        store = self.lay_out(where)
        yield store
        store.close()
        self.clear(where)

    def make(self, where: str | Path, options: str = GERMAN) -> None:
        """An empty database there; of a file there is nothing to make."""
        if not isinstance(where, Path):
            self._server().ask(f'CREATE DATABASE "{_database(where)}" {options}')

    def clear(self, where: str | Path) -> None:
        """Takes an estate away."""
        if isinstance(where, Path):
            where.unlink()
        elif self._spare is None or not self._spare.give_back(_database(where)):
            self._server().ask(f'DROP DATABASE "{_database(where)}" WITH (FORCE)')

    def connected(self, where: str | Path) -> Any:
        """A plain connection to a database, as another program has it."""
        return self._server().connect(_database(where))

    def cut_off(self, where: str | Path) -> None:
        """Ends all connections to a database."""
        self._server().ask(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_database(where)}'"
        )

    @contextmanager
    def user(self, name: str) -> Iterator[str]:
        """Somebody who may log in, and nothing else."""
        name = f"{name}_{os.getpid()}"
        self._server().ask(f"CREATE ROLE {name} LOGIN")
        yield name
        self._server().ask(f"DROP ROLE {name}")


def _database(where: str | Path) -> str:
    return str(where).rpartition("@/")[2].partition("?")[0]


def emptied(store: Store) -> Store:
    """The store without its rows, its layout left as it is."""
    names = [t.name for t in tables.metadata.sorted_tables if t.name not in ("meta", "estate_copy")]
    names += [name for root in ROOTS for name in search_index.names(store._engine.dialect.name, root)]
    deleting = [f"DELETE FROM {name}" for name in names]
    if store._engine.dialect.name == "postgresql":  # asked once instead of for each table
        deleting = [f"DO $$ BEGIN {'; '.join(deleting)}; END $$"]
    with engines.writing(store._engine) as connection:
        for statement in deleting:
            connection.exec_driver_sql(statement)
    return store


class KeptRows:
    """The rows of an estate as they are now; a test that changes some from outside restores them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._rows = self._now()

    def _now(self) -> dict[str, list[Any]]:
        with self._store._engine.connect() as connection:
            return {t.name: list(connection.execute(select(t)).all()) for t in tables.metadata.sorted_tables}

    def restore(self) -> None:
        """Writes the rows of each table that has others."""
        now = self._now()
        with engines.writing(self._store._engine) as connection:
            for name, rows in self._rows.items():
                if rows != now[name]:
                    table = tables.metadata.tables[name]
                    connection.execute(table.delete())
                    connection.execute(table.insert(), [row._asdict() for row in rows])


class Hand:
    """Writes into an estate in few words."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def apply(self, *edits: Edit, **header: Any) -> AppliedRevision:
        """Applies edits as one revision."""
        return self.store.apply(Revision(list(edits), header.pop("author", "tester"), **header))

    def make(self, cls: str, name: str, **values: Any) -> str:
        """A new CI; returns its id."""
        edit = self.new(cls, name, **values)
        self.apply(edit)
        return edit.record.key[0]

    @staticmethod
    def new(cls: str, name: str, **values: Any) -> Edit:
        """The edit that creates a CI."""
        return Edit(ci(new_id()), "", None, {"class": cls, "name": name, **values})

    def set(self, uid: str, field: str, value: Any, **header: Any) -> AppliedRevision:
        """Sets one attribute to what it should be."""
        return self.apply(Edit(ci(uid), field, self.get(uid).values.get(field), value), **header)

    def get(self, uid: str) -> CI:
        """A CI as it is now."""
        with self.store.read() as reader:
            return reader.get(uid)
