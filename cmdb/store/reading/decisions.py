"""The open decisions. An index holds their states: the number of closed ones does not slow down the search."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from cmdb.store.reading.reader import Reader
from cmdb.store.rows import tables
from cmdb.store.rows.codec import load


def open_number(reader: Reader) -> int:
    """How many decisions are open."""
    found = _moment(reader)
    statement = select(func.count()).select_from(found).where(found.c.kind == "decision", found.c.state == "open")
    return int(reader._connection.execute(statement).scalar_one())


def open_decisions(reader: Reader) -> dict[str, dict[str, Any]]:
    """The fields of the open decisions by id, in the order in which they were recorded."""
    found = _moment(reader)
    statement = (
        select(found.c.uid, found.c.body)
        .where(found.c.kind == "decision", found.c.state == "open")
        .order_by(found.c.uid)
    )
    return {uid: load(body) for uid, body in reader._connection.execute(statement)}


def closed_decisions(reader: Reader, beginning: str, limit: int) -> list[tuple[dict[str, Any], int]]:
    """The fields of the closed decisions whose id begins so, and the revision that closed each."""
    found = _moment(reader).c
    after = f"{beginning}~"  # all that ids are made of comes before it
    statement = select(found.body, found.revision).where(
        found.kind == "decision", found.uid >= beginning, found.uid < after
    )
    rows = reader._connection.execute(statement.order_by(found.uid).limit(limit)).all()
    return [(fields, number) for fields, number in ((load(body), number) for body, number in rows) if _closed(fields)]


def _closed(fields: dict[str, Any]) -> bool:
    return fields.get("state") != "open"


def _moment(reader: Reader) -> Any:
    return reader._moment(tables.document, tables.document_version)
