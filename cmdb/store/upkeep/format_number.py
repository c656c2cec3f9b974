"""The number of an estate's format: how it is read, and which ones this Terrier knows."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select

from cmdb.model.errors import StoreProblem
from cmdb.store.connection import engine as engines
from cmdb.store.rows import tables


def check_format(where: str | Path, number: int) -> None:
    """Raises StoreProblem unless this Terrier knows the format."""
    if number > tables.FORMAT:
        raise StoreProblem(
            f"{engines.shown(where)} was written by a newer Terrier "
            f"(format {number}; this one knows {tables.FORMAT}). Update Terrier."
        )
    if number < 1:
        raise StoreProblem(f"{engines.shown(where)} is not a Terrier estate, or it is damaged.")


def format_of(connection: Connection) -> int:
    """The number of an estate's format; 0 where there is none."""
    meta = tables.meta.c
    found = connection.execute(select(meta.value).where(meta.key == "format")).scalar()
    return int(found) if found and found.isdecimal() else 0
