"""The part of the search index that finds records by what is in rows of their sections: serial numbers, addresses;
and by the names of their files.

It is in the letters of the index under the negative number of the record, so that a record and its rows are written
apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, select, union

from cmdb.model.schema import Schema
from cmdb.store.rows import search_index, tables
from cmdb.store.rows.codec import IN_CHUNK, chunks, load
from cmdb.store.rows.in_values import in_values
from cmdb.store.rows.roots import ROOTS

_BATCH = 2_000


def searched_columns(schema: Schema) -> dict[str, frozenset[str]]:
    """Section → its columns by which records are found; without those that find none."""
    found = {
        name: frozenset(c.name for c in one.columns.values() if c.searched and not one.is_volatile(c.name))
        for name, one in schema.sections.items()
    }
    return {name: columns for name, columns in found.items() if columns}


def texts_of(
    connection: Connection, schema: Schema, rows: FromClause, *conditions: ColumnElement[bool]
) -> dict[int, str]:
    """Record (its inner id) → the text whose substrings find it, of rows of the table of sections or a moment of it."""
    searched = searched_columns(schema)
    b, s = tables.section_body.c, rows.c
    statement = select(s.record, s.section, b.body).join(rows, s.body == b.id)
    statement = statement.where(in_values(s.section, sorted(searched)), *conditions)
    found: dict[int, set[str]] = defaultdict(set)
    bodies: dict[tuple[str, str], tuple[str, ...]] = {}
    result = connection.execute(statement, execution_options={"yield_per": _BATCH})
    for record, section, body in result:
        values = bodies.get((section, body))
        if values is None:
            values = bodies[section, body] = tuple(_values(load(body), searched[section]))
        found[record].update(values)
    return {record: "\n".join(sorted(values)) for record, values in found.items() if values}


def _values(row: Mapping[str, Any], columns: Iterable[str]) -> Iterator[str]:
    return (str(row[name]) for name in columns if name in row)


def names_of(connection: Connection, rows: FromClause, *conditions: ColumnElement[bool]) -> dict[int, str]:
    """Record (its inner id) → the names of its files, and what is said about them; of the table of attachments or a
    moment of it.
    """
    statement = select(rows.c.record, rows.c.name, rows.c.about).where(*conditions)
    found: dict[int, set[str]] = defaultdict(set)
    for record, name, about in connection.execute(statement, execution_options={"yield_per": _BATCH}):
        found[record].update(filter(None, (name, about)))
    return {record: "\n".join(sorted(texts)) for record, texts in found.items() if texts}


def together(rows: Mapping[int, str], files: Mapping[int, str]) -> dict[int, str]:
    """What finds records by rows of sections and by files, as one text for each."""
    return {
        record: "\n".join(text for text in (rows.get(record), files.get(record)) if text)
        for record in rows.keys() | files.keys()
    }


def write(connection: Connection, schema: Schema, records: Iterable[int]) -> None:
    """Indexes the rows and the files of records as they are now."""
    section, attachment = tables.section, tables.attachment
    for batch in chunks(sorted(records), IN_CHUNK):
        texts = together(
            texts_of(connection, schema, section, in_values(section.c.record, batch)),
            names_of(connection, attachment, in_values(attachment.c.record, batch)),
        )
        for root in ROOTS:
            its = [one for one in batch if root.first_id <= one <= root.last_id]
            if its:
                search_index.write_apart(connection, its, texts, root)


def rebuild(connection: Connection, schema: Schema) -> None:
    """Indexes all rows of sections and all files; the index is empty."""
    of = [table.c.record for table in (tables.section, tables.attachment)]
    last = -1
    while True:
        parts = [
            select(record).where(record > last).distinct().order_by(record).limit(_BATCH).subquery() for record in of
        ]
        found = union(*(select(part.c.record) for part in parts)).order_by("record").limit(_BATCH)
        records: Sequence[int] = connection.execute(found).scalars().all()
        if not records:
            return
        write(connection, schema, records)
        last = records[-1]
