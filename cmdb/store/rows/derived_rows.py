"""Rows that are derived from records: the search index, look-ups by evidence, and references in the JSON column."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, or_, select

from cmdb.model.control import Control
from cmdb.model.messages import Message
from cmdb.model.schema import Schema
from cmdb.store.rows import bulk_writes, search_index, section_index, tables
from cmdb.store.rows.codec import EVIDENCE, Codec, Identities
from cmdb.store.rows.roots import ROOTS

_BATCH = 5_000


class DerivedRows:
    """Collects the derived rows of records of a root that are written, and writes them together."""

    def __init__(
        self, connection: Connection, codec: Codec, ids: Identities, once_searched: frozenset[str] = frozenset()
    ) -> None:
        """``once_searched`` are attributes whose words were in the search index by an earlier schema."""
        self._connection = connection
        self._root = codec.root
        self._searched = codec.searched
        self._reindexed = codec.searched | once_searched
        self._references = codec.extra_references
        self._ids = ids
        self._fresh: list[tuple[int, str, str]] = []
        self._stale: list[tuple[int, str, str]] = []
        self._links: list[tuple[int, str, int]] = []
        self._unlinked: list[tuple[int, str]] = []
        self._evidence: set[tuple[str, str, int]] = set()
        self._reviewed: list[tuple[int]] = []

    def made(self, inner: int, values: Mapping[str, Any]) -> None:
        """Adds the values of a new CI."""
        self._fresh.append(
            (inner, search_index.letters(values, self._root), search_index.words(values, self._searched))
        )
        for name in self._references & values.keys():
            self._links.append((inner, name, self._ids.inner[values[name]]))

    def made_columns(self, inner: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
        """Adds the values of many new CIs: attribute → the value of each, None where it has none."""
        letters = search_index.of_columns(len(inner), (n for n in self._root.letters if n in columns), columns, "\n")
        words = search_index.of_columns(len(inner), sorted(self._searched & columns.keys()), columns, " ")
        self._fresh += zip(inner, letters, words, strict=True)
        for name in self._references & columns.keys():
            pairs = zip(inner, columns[name], strict=True)
            self._links += [(one, name, self._ids.inner[uid]) for one, uid in pairs if uid is not None]

    def add_evidence(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Adds evidence of new CIs: kind, value and inner id."""
        self._evidence.update(rows)

    def changed(self, inner: int, values: Mapping[str, Any], names: set[str]) -> None:
        """Adds the values of a CI in which ``names`` have changed."""
        if not names.isdisjoint(self._reindexed):
            self._stale.append(
                (inner, search_index.letters(values, self._root), search_index.words(values, self._searched))
            )
        for name in self._references & names:
            self._unlinked.append((inner, name))
            if name in values:
                self._links.append((inner, name, self._ids.inner[values[name]]))

    def evidence(self, inner: int, said: Iterable[Mapping[str, Any]], *, new: bool) -> None:
        """Adds the evidence of a CI from every source's statements: name → values."""
        if not new:
            self._reviewed.append((inner,))
        for own in said:
            for name, values in own.items():
                if name.startswith(EVIDENCE):
                    self._evidence.update((name.removeprefix(EVIDENCE), value, inner) for value in values or ())

    def write(self) -> None:
        """Writes the collected rows."""
        search_index.write(self._connection, self._fresh, replace=False, root=self._root)
        search_index.write(self._connection, self._stale, replace=True, root=self._root)
        bulk_writes.delete(self._connection, tables.extra_reference, ("ci", "attribute"), self._unlinked)
        bulk_writes.insert(self._connection, "extra_reference", ("ci", "attribute", "target"), self._links)
        bulk_writes.delete(self._connection, tables.evidence, ("ci",), self._reviewed)
        bulk_writes.insert(self._connection, "evidence", ("kind", "value", "ci"), sorted(self._evidence))
        for rows in (self._fresh, self._stale, self._unlinked, self._links, self._reviewed):
            rows.clear()
        self._evidence.clear()


def index_attributes(connection: Connection, schema: Schema, names: Collection[str]) -> None:
    """Writes the search index of the current records anew that have one of these attributes in their JSON column."""
    for root in ROOTS if names else ():
        codec = Codec(schema, root)
        c = root.table.c
        columns = [c[name] for name in root.row]
        has = or_(*(c.extra.contains(f'"{name}":', autoescape=True) for name in sorted(names)))
        for rows in connection.execute(select(*columns).where(has)).partitions(_BATCH):
            texts = ((row[0], codec.decode(row, {})) for row in rows)
            found = [
                (inner, search_index.letters(values, root), search_index.words(values, codec.searched))
                for inner, values in texts
            ]
            search_index.write(connection, found, replace=True, root=root)


def index_again(connection: Connection, schema: Schema, control: Control | None = None) -> None:
    """Rebuilds the whole search index from the current records."""
    control = control or Control()
    for root in ROOTS:
        codec = Codec(schema, root)
        columns = [root.table.c[name] for name in root.row]
        total = connection.execute(select(func.count()).select_from(root.table)).scalar_one()
        search_index.clear(connection, root)
        last = done = 0
        while rows := connection.execute(
            select(*columns).where(columns[0] > last).order_by(columns[0]).limit(_BATCH)
        ).all():
            last, done = rows[-1][0], done + len(rows)
            texts = ((row[0], codec.decode(row, {})) for row in rows)
            index = [
                (inner, search_index.letters(values, root), search_index.words(values, codec.searched))
                for inner, values in texts
            ]
            search_index.write(connection, index, replace=False, root=root)
            control.progress(done, total, Message("Indexing"))
    section_index.rebuild(connection, schema)
