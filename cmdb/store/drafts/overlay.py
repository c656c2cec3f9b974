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

from cmdb.store.rows import bulk_writes, search_index, tables
from cmdb.store.rows.codec import chunks, dump, load
from cmdb.store.rows.in_values import KEPT, MADE, OVERLAY
from cmdb.store.rows.roots import ROOTS

_STAGED = ("set_id", "position", "uid", "class", "state", "label", "body")
_BATCH = 2_000


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
    """Replaces the rows of a draft. ``header`` is kept with them; ``number``: the revision that they would be."""
    set_id = overlay_id(draft)
    clear(connection, set_id)
    rows: list[tuple[Any, ...]] = []
    names = []
    for one in changed:
        if not one.gone and not one.made:
            continue
        names.append(one.name)
        if one.gone:
            keys = [key[0] for key in one.gone] if len(one.key) == 1 else one.gone
            rows.append((set_id, len(rows), None, None, f"{one.name}-", None, dump(keys).decode()))
        for made in one.made:
            rows.append((set_id, len(rows), None, None, f"{one.name}+", None, dump(made).decode()))
    for batch in chunks(rows, _BATCH):
        bulk_writes.insert(connection, "staging", _STAGED, batch)
    said = {**header, "draft": draft, "tables": names}
    created = header.get("time", "")
    connection.execute(tables.staging_set.insert(), {"id": set_id, "created": created, "header": dump(said).decode()})


def clear(connection: Connection, set_id: str) -> None:
    """Deletes a set of staging."""
    for table, column in ((tables.staging, "set_id"), (tables.staging_set, "id")):
        connection.execute(delete(table).where(table.c[column] == set_id))


def header_of(connection: Connection, draft: str) -> dict[str, Any] | None:
    """What is kept with a draft's rows; None where there are none."""
    s = tables.staging_set.c
    found = connection.execute(select(s.header).where(s.id == overlay_id(draft))).scalar()
    return None if found is None else load(found)


class Overlay:
    """Rewrites the statements of one connection so that they see the tables with a draft's rows."""

    def __init__(self, connection: Connection, draft: str, names: Collection[str]) -> None:
        dialect = connection.dialect.name
        self._sqlite = dialect == "sqlite"
        self._dialect = connection.dialect
        self._set = overlay_id(draft)
        self._schema = "main" if self._sqlite else str(connection.exec_driver_sql("SELECT current_schema()").scalar())
        known = overlaid(dialect)
        self._texts: dict[str, str] = {}
        for name in sorted({*names, *(root.table.name for root in ROOTS)} & known.keys()):
            kept, made = self._parts(name, *known[name])
            if name in names:
                self._texts[name] = f'"{name}" AS NOT MATERIALIZED ({kept} UNION ALL {made})'
            for part, text in ((KEPT, kept), (MADE, made)):
                self._texts[f"{name}_{part}"] = f'"{name}_{part}" AS NOT MATERIALIZED ({text})'
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

    def _parts(self, name: str, columns: Sequence[Column[Any]], key: tuple[str, ...]) -> tuple[str, str]:
        quoted = [f'"{c.name}"' for c in columns]
        staged = f"{self._schema}.staging WHERE set_id = '{self._set}' AND state = '{name}"
        made = ", ".join(
            f"{self._value('body', n, c)} AS {q}" for n, (c, q) in enumerate(zip(columns, quoted, strict=True))
        )
        of_key = [next(c for c in columns if c.name == one) for one in key]
        if self._sqlite:
            each = f"json_each((SELECT body FROM {staged}-'))"
            parts = "value" if len(key) == 1 else ", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(key)))
        else:
            each = f"jsonb_array_elements((SELECT body::jsonb FROM {staged}-')) AS gone(value)"
            parts = ", ".join(
                self._cast("value #>> '{}'" if len(key) == 1 else f"value ->> {n}", c) for n, c in enumerate(of_key)
            )
        keys = ", ".join(f'"{one}"' for one in key)
        keys = keys if len(key) == 1 else f"({keys})"
        kept = (
            f'SELECT {", ".join(quoted)} FROM {self._schema}."{name}" WHERE {keys} NOT IN (SELECT {parts} FROM {each})'
        )
        return kept, f"SELECT {made} FROM {staged}+'"

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
