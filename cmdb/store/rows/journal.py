"""Writes current rows and keeps the rows that they supersede; and the hash chain over what each revision wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, literal, select

from cmdb.store.rows import bulk_writes, chain, tables
from cmdb.store.rows.canonical_rows import INTERNED, CanonicalNames
from cmdb.store.rows.codec import chunks
from cmdb.store.rows.hash_set import HashSet
from cmdb.store.rows.in_values import in_values

_BATCH = 5_000


class Journal:
    """Writes rows of one revision.

    Every table that is written through it has a table of superseded rows. Rows that are inserted, or deleted with a CI,
    are added to the hash chain's set of edits immediately. Tables with other changes are read again for it.
    """

    def __init__(self, connection: Connection, number: int, records: dict[int, str] | None = None) -> None:
        """``records`` has what is known of the ids of records: inner id → id."""
        self.connection = connection
        self.number = number
        self.touched: set[str] = set()
        self._names = CanonicalNames(connection, records)
        self._made: dict[str, HashSet] = {}
        self._ended: set[str] = set()
        """Tables with rows that were ended, and that a new row may replace."""
        self._reread: set[str] = set()

    def insert(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """New rows; the last column is ``revision``. Columns that are not named have no value."""
        if not rows:
            return
        self.touched.add(table.name)
        bulk_writes.insert(self.connection, table.name, columns, rows)
        if table.name in self._ended:
            self._reread.add(table.name)
        if table.name in self._reread:
            return
        form, _ = chain.FORMS[table.name]
        if all(c.name in columns or (c.nullable and c.server_default is None) for c in table.columns):
            for batch in chunks(rows, _BATCH):
                forms = form.of_fresh(columns, batch, self._names)
                self._made.setdefault(table.name, HashSet()).add(chain.made(table.name), forms)
        else:
            self._reread.add(table.name)

    def intern(self, kind: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """New rows that others refer to by number (see ``INTERNED``). ``columns`` are all of their table."""
        bulk_writes.insert(self.connection, INTERNED[kind].name, columns, rows)
        self._names.add(kind, columns, rows)

    def supersede(self, table: Table, past: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Copies current rows to the past before they change. Rows that the same revision created are not copied."""
        if not keys:
            return
        self._reread.add(table.name)
        bulk_writes.supersede(self.connection, table, past, keys, self.number)

    def update(self, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        """Sets ``columns`` (and the revision) of rows given as values followed by the key."""
        if not rows:
            return
        self.touched.add(table.name)
        self._reread.add(table.name)
        bulk_writes.update(self.connection, table, columns, rows, f"revision = {self.number}")

    def delete(self, table: Table, past: Table, keys: Sequence[tuple[Any, ...]]) -> None:
        """Ends current rows."""
        if not keys:
            return
        self.supersede(table, past, keys)
        self.touched.add(table.name)
        bulk_writes.delete(self.connection, table, [c.name for c in table.primary_key.columns], keys)

    def delete_where(self, table: Table, past: Table, column: str, values: Sequence[Any], kind: str = "") -> None:
        """Ends the current rows whose column is one of the values; of documents those of a kind."""
        names = [c.name for c in table.columns]
        form, _ = chain.FORMS[table.name]
        for batch in chunks(values, _BATCH):
            rows = in_values(table.c[column], batch)
            if kind:
                rows = and_(table.c.kind == kind, rows)
            older = table.c.revision < self.number
            keys: list[Any] = []
            if table.name not in self._reread:
                keys = list(self.connection.execute(select(*(table.c[n] for n in form.key)).where(rows, older)).all())
                if not keys and table.name not in self.touched:
                    continue  # there is none, and this revision made none
            # The number is a parameter: the statement of another revision is the same, and is compiled once.
            ending = select(*(table.c[n] for n in names), literal(self.number)).where(rows, older)
            self.connection.execute(past.insert().from_select([*names, "ended"], ending))
            deleted = self.connection.execute(table.delete().where(rows)).rowcount
            if deleted:
                self.touched.add(table.name)
                self._ended.add(table.name)
            if deleted != len(keys):
                self._reread.add(table.name)
            elif keys:
                forms = form.of_keys(keys, self._names)
                self._made.setdefault(table.name, HashSet()).add(chain.ended(table.name), forms)

    @property
    def wrote(self) -> bool:
        """Whether anything was written."""
        return bool(self.touched)

    def digest(self, previous: str, header: Mapping[str, Any]) -> str:
        """The revision's link of the hash chain; ``header`` has its row's values. It equals what ``chain.links`` finds,
        which reads all rows again.
        """
        edits = HashSet()
        for current, _ in PAIRS:
            if current.name in self._reread:
                chain.add_edits(self.connection, current.name, self.number, edits, self._names)
            elif current.name in self._made:
                edits.take(self._made[current.name])
        return chain.link(previous, header, edits, self._names)


PAIRS = tables.VERSIONED
"""Every table whose rows are written by revisions, with its table of superseded rows."""
