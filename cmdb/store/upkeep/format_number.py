"""The number of an estate's format: how it is read, and which ones this Terrier knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from cmdb.model.errors import StoreProblem
from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.store.connection.database_address import shown
from cmdb.store.rows import tables


def check_format(where: str | Path, number: int) -> None:
    """Raises StoreProblem unless this Terrier knows the format."""
    if number > tables.FORMAT:
        raise StoreProblem(
            Message(
                "{where} was written by a newer Terrier (format {number}; this one knows {known}). Update Terrier.",
                where=shown(where),
                number=Plain(number),
                known=Plain(tables.FORMAT),
            )
        )
    if number < 1:
        raise StoreProblem(Message("{where} is not a Terrier estate, or it is damaged.", where=shown(where)))


def format_of(connection: Connection) -> int:
    """The number of an estate's format; 0 where there is none."""
    meta = tables.meta.c
    found = connection.execute(select(meta.value).where(meta.key == "format")).scalar()
    return int(found[:9]) if found and found.isdecimal() else 0
