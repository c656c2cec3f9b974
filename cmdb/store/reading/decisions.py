"""The open decisions. An index holds them, so that the number of closed decisions does not slow down the search."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, literal_column, select

from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import load
from cmdb.store.rows.indexes import open_decision


def open_number(reader: Reader) -> int:
    """How many decisions are open."""
    found = _moment(reader)
    statement = select(func.count()).select_from(found).where(_is_open(reader))
    return int(reader._connection.execute(statement).scalar_one())


def open_decisions(reader: Reader) -> dict[str, dict[str, Any]]:
    """The fields of the open decisions by id, in the order in which they were recorded."""
    found = _moment(reader)
    statement = select(found.c.uid, found.c.body).where(_is_open(reader)).order_by(found.c.uid)
    return {uid: load(body) for uid, body in reader._connection.execute(statement)}


def _moment(reader: Reader) -> Any:
    return reader._moment(tables.document, tables.document_version)


def _is_open(reader: Reader) -> Any:
    # This must be the same text as in the index, or the database does not use the index.
    return literal_column(open_decision(reader._connection.dialect.name))
