"""What the tables of an estate are made of: columns, and tables with a twin for the superseded rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text
from sqlalchemy.types import TypeEngine

metadata = MetaData()

Id = BigInteger().with_variant(Integer(), "sqlite")
#: Text that SQLite compares without (ASCII) case. PostgreSQL compares lower() of both sides.
_NoCase = String().with_variant(String(collation="NOCASE"), "sqlite")

TYPES: dict[str, TypeEngine[Any]] = {"text": Text(), "nocase": _NoCase, "reference": Id, "money": BigInteger()}
RECORD = {"refers": "record"}
JSON = {"json": True}
DERIVED = {"derived": True}


def versioned(name: str, key: list[Column[Any]], fields: list[Column[Any]]) -> tuple[Table, Table]:
    """A table of current rows and its twin of superseded ones."""
    for column in key:
        column.primary_key = True
        column.nullable = False
    current = Table(
        name, metadata, *key, *fields, Column("revision", Id, nullable=False),
        Index(f"ix_{name}_revision", "revision"),
    )  # fmt: skip
    past = Table(
        f"{name}_version",
        metadata,
        *(Column(c.name, c.type, primary_key=True, autoincrement=False, info=c.info) for c in key),
        *(Column(c.name, c.type, info=c.info) for c in fields),
        Column("revision", Id, primary_key=True, autoincrement=False),
        Column("ended", Id, nullable=False),
        Index(f"ix_{name}_version_ended", "ended"),
        Index(f"ix_{name}_version_revision", "revision"),
    )
    return current, past


def link(name: str, refers: str = "record") -> Column[Any]:
    """The inner id of a row that a row needs."""
    return Column(name, Id, nullable=False, autoincrement=False, info={"refers": refers})


def reference(name: str) -> Column[Any]:
    """The inner id of a record, or nothing."""
    return Column(name, Id, info=RECORD)


def uid_column() -> Column[Any]:
    """The external id of a record."""
    return Column("uid", String(36))
