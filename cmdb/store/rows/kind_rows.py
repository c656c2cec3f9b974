"""Rows of the record kinds as keys and fields: the one place that knows what stands in them by number.

A row begins with the columns of ``RecordKind.read``; what follows is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, select

from cmdb.store.rows import tables
from cmdb.store.rows.codec import IN_CHUNK, Identities, NumberedValues, RecordKind, chunks
from cmdb.store.rows.in_values import in_values

Key = tuple[str, ...]


class InternedRows:
    """Interned rows by the numbers that other rows use for them."""

    def __init__(self, connection: Connection, table: Table, *columns: str) -> None:
        self._connection = connection
        self._table = table
        self._columns = [table.c[name] for name in ("id", *columns)]
        self._known: dict[int, tuple[str, ...]] = NumberedValues()

    def want(self, wanted: Iterable[int]) -> None:
        """Looks up those that aren't known yet."""
        for batch in chunks(set(wanted) - self._known.keys(), IN_CHUNK):
            statement = select(*self._columns).where(in_values(self._table.c.id, batch))
            self._known.update({row[0]: tuple(row[1:]) for row in self._connection.execute(statement)})

    def __getitem__(self, number: int) -> tuple[str, ...]:
        return self._known[number]


class KindRows:
    """Makes keys and fields of rows, with ids outside. ``want`` looks up in bulk what rows name; ``ids`` is shared."""

    def __init__(self, connection: Connection, ids: Identities) -> None:
        self.ids = ids
        self._releases = InternedRows(connection, tables.release, "publisher", "product", "edition", "version")
        self._bodies = InternedRows(connection, tables.section_body, "body")

    def want(self, kind: RecordKind, rows: Sequence[Sequence[Any]]) -> None:
        """Looks up the records and the interned rows that rows of a kind name."""
        self._want(kind, rows, 0)
        if kind.name == "installation":
            self._releases.want({row[1] for row in rows})

    def want_fields(self, kind: RecordKind, rows: Sequence[Sequence[Any]]) -> None:
        """As ``want``, for those of whose rows only the fields are asked for."""
        self._want(kind, rows, len(kind.parts))

    def _want(self, kind: RecordKind, rows: Sequence[Sequence[Any]], first: int) -> None:
        refers = (*(ref for _, ref in kind.parts), *kind.refers)
        refs = [place for place, ref in enumerate(refers) if ref and place >= first]
        self.ids.want_outer({row[place] for row in rows for place in refs if row[place] is not None})
        if kind.interned:
            self._bodies.want({row[len(kind.parts)] for row in rows})

    def key(self, kind: RecordKind, row: Sequence[Any]) -> Key:
        """The key of a row. Raises StoreProblem where it names no record."""
        if kind.document:
            return (row[1],)
        if kind.name == "installation":
            return (self.ids.outer[row[0]], row[2], *self._releases[row[1]])
        outer = self.ids.outer
        return tuple([outer[v] if ref else v for v, (_, ref) in zip(row, kind.parts, strict=False)])

    def fields(self, kind: RecordKind, row: Sequence[Any]) -> dict[str, Any]:
        """The fields of a row."""
        size = len(kind.parts)
        if kind.interned:
            return kind.decode(self._bodies[row[size]], self.ids.outer)
        return kind.decode(row[size : size + len(kind.columns)], self.ids.outer)

    def of(self, kind: RecordKind, rows: Sequence[Sequence[Any]]) -> dict[Key, dict[str, Any]]:
        """Key → fields of rows. Those whose key names a record that is unknown are left out."""
        self.want(kind, rows)
        places = [place for place, (_, ref) in enumerate(kind.parts) if ref]
        known = self.ids.outer
        there = (row for row in rows if all(row[place] in known for place in places))
        return {self.key(kind, row): self.fields(kind, row) for row in there}
