"""What a revision writes, row by row, read inside the transaction that wrote it and that is rolled back afterwards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, select

from cmdb.store.drafts.overlay import DERIVED, INTERNED, OverlaidTable, overlaid
from cmdb.store.rows import search_index, tables
from cmdb.store.rows.codec import IN_CHUNK, chunks
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS


class RevisionCapture:
    """Made before a revision is applied; ``changed`` then says what the revision with that number did."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = overlaid(connection.dialect.name)
        self._interned = {
            table.name: connection.execute(select(func.max(table.c.id))).scalar() or 0 for table in INTERNED
        }

    def changed(self, number: int) -> list[OverlaidTable]:
        """The rows that went and that were made, of every table."""
        found: list[OverlaidTable] = []
        records: set[int] = set()
        for current, past in tables.VERSIONED:
            now, then = self._table(current.name), self._table(past.name)
            now.made = self._rows(select(*current.columns).where(current.c.revision == number))
            then.made = self._rows(select(*past.columns).where(past.c.ended == number))
            places = [now.columns.index(current.c[name]) for name in now.key]
            now.gone = [tuple(row[place] for place in places) for row in then.made]
            found += [now, then]
            of = {"ci": "id", "work": "id", "claim": "ci"}.get(current.name)
            if of is not None:
                place = now.columns.index(current.c[of])
                records.update(row[place] for row in (*now.made, *then.made))
        revision = self._table("revision")
        revision.made = self._rows(select(*tables.revision.columns).where(tables.revision.c.number == number))
        found.append(revision)
        for table in INTERNED:
            one = self._table(table.name)
            one.made = self._rows(select(*table.columns).where(table.c.id > self._interned[table.name]))
            found.append(one)
        for table in DERIVED:
            found.append(self._derived(self._table(table.name), records, table.c.ci, table.columns))
        if self._connection.dialect.name != "sqlite":
            found += [
                self._searched(name, records) for root in ROOTS for name in search_index.names("postgresql", root)
            ]
        return found

    def _table(self, name: str) -> OverlaidTable:
        columns, key = self._tables[name]
        return OverlaidTable(str(name), columns, key)

    def _rows(self, statement: Any) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._connection.execute(statement)]

    def _derived(self, one: OverlaidTable, records: set[int], key: Any, columns: Any) -> OverlaidTable:
        one.gone = [(inner,) for inner in sorted(records)]
        for batch in chunks(one.gone, IN_CHUNK):
            one.made += self._rows(select(*columns).where(in_values(key, [inner for (inner,) in batch])))
        return one

    def _searched(self, name: str, records: set[int]) -> OverlaidTable:
        one = self._table(name)
        one.gone = [(inner,) for inner in sorted(records)]
        if records:
            sql = f"SELECT id, letters, words::text FROM {name} WHERE id = ANY(%s)"
            one.made = [tuple(row) for row in self._connection.exec_driver_sql(sql, (sorted(records),))]
        return one
