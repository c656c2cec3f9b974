"""The rows of a draft, laid over the tables of the estate for whoever reads it with the draft.

What a draft would write is kept as rows in staging: of each table the keys of the rows that would go, and the rows that
would be made. A reader with a draft sees each of these tables through a common table expression of the same name, so
that every query that exists works unchanged, and nothing is written in order to read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from sqlalchemy import Column, Connection, Table, delete, event, select
from sqlalchemy.types import BigInteger, Integer, String

from cmdb.model.revision import new_id
from cmdb.store.rows import bulk_writes, search_index, tables
from cmdb.store.rows.codec import chunks, dump, load
from cmdb.store.rows.in_values import GONE, KEPT, MADE, OVERLAY, STORED
from cmdb.store.rows.roots import ROOTS

_STAGED = ("set_id", "position", "uid", "class", "state", "label", "body")
_BATCH = 2_000
_REST = 1 << 60
"""The first position of rows that are no records: above all inner ids, which are the positions of records."""
_RECORDS = frozenset(root.table.name for root in ROOTS)
_HELD = {"id": "position", "uid": "uid", "class": "class", "name_key": "label"}
"""Columns of records that staging holds in columns of its own, which have indexes."""


@dataclass(slots=True)
class OverlaidTable:
    """What a draft changes in one table: the keys of the rows that go, and the rows that are made."""

    name: str
    columns: Sequence[Column[Any]]
    key: tuple[str, ...]
    """The columns by which rows go: several rows may go by one key."""
    gone: list[tuple[Any, ...]] = field(default_factory=list)
    made: list[tuple[Any, ...]] = field(default_factory=list)


def overlay_id(draft: str) -> str:
    """The set of staging that holds a draft's rows, beside the one that holds its edits."""
    return str(uuid5(NAMESPACE_OID, draft))


def overlaid(dialect: str) -> dict[str, tuple[Sequence[Column[Any]], tuple[str, ...]]]:
    """Every table that drafts change: its columns, and the key by which its rows go."""
    found: dict[str, tuple[Sequence[Column[Any]], tuple[str, ...]]] = {}
    for current, past in tables.VERSIONED:
        for table in (current, past):
            found[table.name] = (list(table.columns), tuple(c.name for c in table.primary_key.columns))
    for table in (tables.revision, *INTERNED):
        found[table.name] = (list(table.columns), tuple(c.name for c in table.primary_key.columns))
    for table in DERIVED:
        found[table.name] = (list(table.columns), ("ci",))
    if dialect != "sqlite":
        for root in ROOTS:
            (name,) = search_index.names(dialect, root)
            found[name] = (
                [Column("id", BigInteger()), Column("letters", String()), Column("words", _Vector())],
                ("id",),
            )
    return found


class _Vector(String):
    """The words of PostgreSQL's index, written as text."""


INTERNED: tuple[Table, ...] = (tables.release, tables.section_body, tables.actor, tables.estate_copy)
"""Tables whose rows are only ever added; others name them by number."""
DERIVED: tuple[Table, ...] = (tables.evidence, tables.extra_reference, tables.outvoted_reference)
"""Tables whose rows follow from a record's claims, by the record's inner id."""


def write(connection: Connection, draft: str, header: dict[str, Any], changed: Iterable[OverlaidTable]) -> None:
    """Replaces the rows of a draft. ``header`` is kept with them; ``number``: the revision that they would be.

    Whatever is written gets a new ``token``, by which others see that the draft has changed.
    """
    set_id = overlay_id(draft)
    clear(connection, set_id)
    rows: list[tuple[Any, ...]] = []
    names = []
    for one in changed:
        if not one.gone and not one.made:
            continue
        names.append(one.name)
        if one.name in _RECORDS:  # What is made stands in the place of what goes.
            place = next(n for n, column in enumerate(one.columns) if column.name == "id")
            deleted = {inner for (inner,) in one.gone} - {row[place] for row in one.made}
            rows += [(set_id, inner, None, None, f"{one.name}-", None, "[]") for inner in sorted(deleted)]
        elif one.gone:
            keys = [key[0] for key in one.gone] if len(one.key) == 1 else one.gone
            rows.append((set_id, _REST + len(rows), None, None, f"{one.name}-", None, dump(keys).decode()))
        for made in one.made:
            rows.append(_staged(set_id, one, made, _REST + len(rows)))
    for batch in chunks(rows, _BATCH):
        bulk_writes.insert(connection, "staging", _STAGED, batch)
    said = {**header, "draft": draft, "tables": names, "token": new_id()}
    created = header.get("time", "")
    connection.execute(tables.staging_set.insert(), {"id": set_id, "created": created, "header": dump(said).decode()})


def _staged(set_id: str, one: OverlaidTable, made: tuple[Any, ...], position: int) -> tuple[Any, ...]:
    """A row that is made, as staging holds it; of a record, what lists ask for stands in columns of its own."""
    body = dump(made).decode()
    if one.name not in _RECORDS:
        return (set_id, position, None, None, f"{one.name}+", None, body)
    of = dict(zip((column.name for column in one.columns), made, strict=True))
    return (set_id, of["id"], of["uid"], of["class"], f"{one.name}+", of["name_key"], body)


def clear(connection: Connection, set_id: str) -> None:
    """Deletes a set of staging."""
    for table, column in ((tables.staging, "set_id"), (tables.staging_set, "id")):
        connection.execute(delete(table).where(table.c[column] == set_id))


def header_of(connection: Connection, draft: str) -> dict[str, Any] | None:
    """What is kept with a draft's rows; None where there are none."""
    s = tables.staging_set.c
    found = connection.execute(select(s.header).where(s.id == overlay_id(draft))).scalar()
    return None if found is None else load(found)


def header_and_head(connection: Connection, draft: str) -> tuple[dict[str, Any] | None, int]:
    """As ``header_of``, with the latest revision: every reader with a draft asks for both, so in one statement."""
    # The id is worked out here: nothing of it was typed.
    sql = f"SELECT max(number), (SELECT header FROM staging_set WHERE id = '{overlay_id(draft)}') FROM revision"
    row = connection.exec_driver_sql(sql).one()
    return (None if row[1] is None else load(row[1])), int(row[0] or 0)


class Overlay:
    """Rewrites statements of connections so that they see the tables with a draft's rows; ``tables`` are those."""

    def __init__(self, connection: Connection, draft: str, names: Collection[str]) -> None:
        self.tables = names
        dialect = connection.dialect.name
        self._sqlite = dialect == "sqlite"
        self._dialect = connection.dialect
        self._set = overlay_id(draft)
        self._schema = "main" if self._sqlite else str(connection.exec_driver_sql("SELECT current_schema()").scalar())
        known = overlaid(dialect)
        self._texts: dict[str, str] = {}
        for name in sorted({*names, *(root.table.name for root in ROOTS)} & known.keys()):
            parts = self._parts(name, *known[name])
            before = ""
            if name in names:
                made = parts[MADE]
                if self._sqlite and name not in _RECORDS:
                    # Read once for each statement, so that a join finds them by an index that SQLite makes.
                    before = f'"{name}_read" AS MATERIALIZED ({made}), '
                    made = f'SELECT * FROM "{name}_read"'
                parts[""] = f"{parts[KEPT]} UNION ALL {made}"
            for part, text in parts.items():
                called = f"{name}_{part}" if part else name
                self._texts[called] = f'{"" if part else before}"{called}" AS NOT MATERIALIZED ({text})'
        self._mentions = re.compile(rf"\b({'|'.join(map(re.escape, self._texts))})\b") if self._texts else None

    def lay_over(self, connection: Connection) -> None:
        """From here on, what the connection reads is read with the draft."""
        connection.execution_options(**{OVERLAY: self.over})

        @event.listens_for(connection, "before_cursor_execute", retval=True)
        def rewritten(
            _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool
        ) -> tuple[str, Any]:
            return self.over(statement), parameters

    def over(self, statement: str) -> str:
        """A statement with the tables that it names as they are with the draft."""
        text = statement.lstrip()
        if self._mentions is None or not text[:6].upper().startswith(("SELECT", "WITH")):
            return statement
        named = dict.fromkeys(self._mentions.findall(text))
        if not named:
            return statement
        tables_with = ", ".join(self._texts[name] for name in named)
        own = re.match(r"WITH(\s+RECURSIVE)?\s+", text, re.IGNORECASE)
        if own:
            return f"WITH RECURSIVE {tables_with}, {text[own.end() :]}"
        return f"WITH {tables_with} {text}"

    def _parts(self, name: str, columns: Sequence[Column[Any]], key: tuple[str, ...]) -> dict[str, str]:
        """The queries that stand for the parts of a table."""
        staged = f"{self._schema}.staging WHERE set_id = '{self._set}' AND state = '{name}"
        made = ", ".join(f'{self._made(name, n, column)} AS "{column.name}"' for n, column in enumerate(columns))
        keys = ", ".join(f'"{one}"' for one in key)
        keys = keys if len(key) == 1 else f"({keys})"
        if name in _RECORDS:
            gone = f"SELECT position FROM {staged}+' UNION ALL SELECT position FROM {staged}-'"
        else:
            gone = self._gone([next(c for c in columns if c.name == one) for one in key], staged)
        quoted = ", ".join(f'"{c.name}"' for c in columns)
        whole = f'SELECT {quoted} FROM {self._schema}."{name}"'
        return {
            KEPT: f"{whole} WHERE {keys} NOT IN ({gone})", GONE: f"{whole} WHERE {keys} IN ({gone})", STORED: whole,
            MADE: f"SELECT {made} FROM {staged}+'",
        }  # fmt: skip

    def _gone(self, key: Sequence[Column[Any]], staged: str) -> str:
        """The query of the keys by which rows go."""
        places = range(len(key))
        if self._sqlite:
            each = f"json_each((SELECT body FROM {staged}-'))"
            parts = "value" if len(key) == 1 else ", ".join(f"json_extract(value, '$[{n}]')" for n in places)
        else:
            each = f"jsonb_array_elements((SELECT body::jsonb FROM {staged}-')) AS gone(value)"
            one = "value #>> '{}'"
            parts = ", ".join(self._cast(one if len(key) == 1 else f"value ->> {n}", key[n]) for n in places)
        return f"SELECT {parts} FROM {each}"

    def _made(self, name: str, place: int, column: Column[Any]) -> str:
        if name in _RECORDS and column.name in _HELD:
            return f'"{_HELD[column.name]}"'
        return self._value("body", place, column)

    def _value(self, body: str, place: int, column: Column[Any]) -> str:
        if not self._sqlite:
            return self._cast(f"({body}::jsonb ->> {place})", column)
        # SQLite looks into a union only where both sides have the same affinity; otherwise it reads all rows first.
        affinity = "INTEGER" if isinstance(column.type, BigInteger | Integer) else "TEXT"
        found = f"CAST(json_extract({body}, '$[{place}]') AS {affinity})"
        collation = getattr(column.type.dialect_impl(self._dialect), "collation", None)
        return f"{found} COLLATE {collation}" if collation else found

    @staticmethod
    def _cast(text: str, column: Column[Any]) -> str:
        if isinstance(column.type, _Vector):
            return f"{text}::tsvector"
        if isinstance(column.type, BigInteger | Integer):
            return f"({text})::bigint"
        return f'CAST({text} AS TEXT) COLLATE "C"'
