"""The hash chain over the journal: chain 2.

The link of a revision is the SHA-256 of the previous link, of the canonical form of its header, and of the canonical
forms of its edits (see ``canonical_rows``). An edit is a row that the revision made, or the key of a row that it ended
without replacing it. Edits have no order: the hashes of their forms are sorted before they are hashed together.

docs/decisions/chain.md says why.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from msgspec import Raw
from sqlalchemy import Connection, Table, select

from cmdb.model.control import Control
from cmdb.store.rows import tables
from cmdb.store.rows.canonical_rows import CanonicalNames, Row, RowForm
from cmdb.store.rows.hash_set import HashSet

VERSION = 2
"""The chain in which revisions are made now."""
BATCH = 5_000
"""The number of rows that are read and hashed at once."""
_ROWS = 200_000
_REVISIONS = 20_000
"""How many rows, and how many revisions, are proved in one pass over the tables, to limit memory. A revision of more
rows is proved on its own."""


FORMS: dict[str, tuple[RowForm, Table]] = {now.name: (RowForm(now), past) for now, past in tables.VERSIONED}
"""Table → the form of its rows, and its table of superseded rows."""
_HEADER = RowForm(tables.revision, without=("hash",))


def link(previous: str, header: Mapping[str, Any], edits: HashSet, names: CanonicalNames) -> str:
    """The link of a revision. ``header`` has the values of its row, by column."""
    (form,) = _HEADER.of([[header.get(name) for name in _HEADER.columns]], names)
    parts = [b"chain 2", previous.encode(), form, edits.hash().encode()]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def made(table: str) -> bytes:
    """The prefix of the forms of rows that a revision made."""
    return f"made {table} ".encode()


def ended(table: str) -> bytes:
    """The prefix of the forms of the keys of rows that a revision ended without replacing them."""
    return f"ended {table} ".encode()


def add_edits(connection: Connection, table: str, number: int, edits: HashSet, names: CanonicalNames) -> None:
    """Adds what a revision made and ended in a table."""
    for found in _sets(connection, _parts(table, number, number), names, Control()).values():
        edits.take(found)


def links(connection: Connection, after: int, last: int, control: Control) -> Iterator[tuple[Any, str]]:
    """The row of each revision after ``after`` up to ``last``, in order, with the link that it should have, given the
    stored link of the one before. Raises Cancelled.
    """
    names = CanonicalNames(connection)
    previous = stored_link(connection, after)
    for row, edits in edits_of(connection, after, last, names, control):
        yield row, link(previous, row._asdict(), edits, names)
        previous = row.hash


def stored_link(connection: Connection, number: int) -> str:
    """The link that a revision is stored with; empty for the number of none."""
    r = tables.revision.c
    return str(connection.execute(select(r.hash).where(r.number == number)).scalar() or "")


def edits_of(
    connection: Connection, after: int, last: int, names: CanonicalNames, control: Control
) -> Iterator[tuple[Any, HashSet]]:
    """The row of each revision after ``after`` up to ``last``, in order, with its edits. Nothing is being read while it
    yields. Raises Cancelled.
    """
    r = tables.revision
    for low, high in _windows(connection, after, last, control):
        sets = _sets(connection, [part for table in FORMS for part in _parts(table, low, high)], names, control)
        rows = connection.execute(r.select().where(r.c.number >= low, r.c.number <= high).order_by(r.c.number)).all()
        yield from ((row, sets.pop(row.number) if row.number in sets else HashSet()) for row in rows)


def valid_rows(connection: Connection, number: int, control: Control) -> Iterator[tuple[int, HashSet]]:
    """The rows that were valid at a revision, by the revision that made them, in order. Raises Cancelled."""
    names = CanonicalNames(connection)
    for low, high in _windows(connection, 0, number, control):
        parts = []
        for table, (form, _) in FORMS.items():
            now, then, _ = _parts(table, low, high)
            parts += [now, _Part(made(table), form, keys=False, sql=f"{then.sql} AND t.ended > {number}")]
        yield from sorted(_sets(connection, parts, names, control).items())


def _windows(connection: Connection, after: int, last: int, control: Control) -> Iterator[tuple[int, int]]:
    """The revisions after ``after`` up to ``last`` in ranges that have few rows, or one revision: first and last."""
    for start in range(after + 1, last + 1, _REVISIONS):
        stop = min(start + _REVISIONS - 1, last)
        sizes: Counter[int] = Counter()
        for now, past in tables.VERSIONED:
            for table, column in ((now, "revision"), (past, "revision"), (past, "ended")):
                control.check()
                sql = f"SELECT {column}, count(*) FROM {table.name} WHERE {_between(column, start, stop)}"
                for number, count in connection.exec_driver_sql(f"{sql} GROUP BY {column}"):
                    sizes[number] += count
        low, rows = start, 0
        for number in sorted(sizes):
            rows += sizes[number]
            if rows > _ROWS and number > low:
                yield low, number - 1
                low, rows = number, sizes[number]
        yield low, stop


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a table that count as edits of revisions: those made, or the keys of those ended. The statement's last
    column is the number of the revision.
    """

    prefix: bytes
    form: RowForm
    keys: bool
    sql: str


def _sets(
    connection: Connection, parts: Iterable[_Part], names: CanonicalNames, control: Control
) -> dict[int, HashSet]:
    """The forms of rows, by revision."""
    sets: dict[int, HashSet] = {}
    for part in parts:
        forms_of = part.form.of_keys if part.keys else part.form.of
        for rows in streamed(connection, part.sql, control):
            forms = forms_of([row[:-1] for row in rows], names)
            # Rows of one revision stand together, mostly.
            for number, its in groupby(zip(rows, forms, strict=True), key=lambda pair: pair[0][-1]):
                found = sets.get(number)
                if found is None:
                    found = sets[number] = HashSet()
                found.add(part.prefix, [form for _, form in its])
    return sets


def _parts(table: str, low: int, high: int) -> Iterator[_Part]:
    form, past = FORMS[table]
    columns = ", ".join(f't."{c}"' for c in form.columns)
    for name in (table, past.name):
        sql = f"SELECT {columns}, t.revision FROM {name} AS t WHERE {_between('t.revision', low, high)}"
        yield _Part(made(table), form, keys=False, sql=sql)
    key = [c.name for c in past.primary_key.columns if c.name != "revision"]
    same = " AND ".join(f'm."{k}" = t."{k}"' for k in key)
    replaced = (
        f"EXISTS (SELECT 1 FROM {name} AS m WHERE {same} AND m.revision = t.ended)" for name in (table, past.name)
    )
    columns = ", ".join(f't."{c}"' for c in form.key)
    sql = f"SELECT {columns}, t.ended FROM {past.name} AS t WHERE {_between('t.ended', low, high)}"
    sql += "".join(f" AND NOT {one}" for one in replaced)
    yield _Part(ended(table), form, keys=True, sql=sql)


def _between(column: str, low: int, high: int) -> str:
    return f"{column} = {low}" if low == high else f"{column} BETWEEN {low} AND {high}"


def streamed(connection: Connection, sql: str, control: Control) -> Iterator[list[Row]]:
    """The rows of a statement in batches, with only a few in memory. Raises Cancelled."""
    result = connection.exec_driver_sql(sql, execution_options={"stream_results": True})
    try:
        for rows in result.partitions(BATCH):
            control.check()
            yield [_typed(row) for row in rows]
    finally:
        result.close()


def _typed(row: Any) -> Row:
    """A row as a tuple. A BLOB has a form that no text has: programs may read it as the text that it spells."""
    values = tuple(row)
    if bytes in map(type, values):
        return tuple(Raw(b"blob: " + value) if type(value) is bytes else value for value in values)
    return values
