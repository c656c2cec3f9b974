"""The first layout: the tables of format 1. They are a copy, so that changes of ``cmdb.store.rows.tables`` do not alter
it.
"""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

metadata = MetaData()

_Id = BigInteger().with_variant(Integer(), "sqlite")
#: Text that SQLite compares without (ASCII) case. PostgreSQL compares lower() of both sides.
_NoCase = String().with_variant(String(collation="NOCASE"), "sqlite")

COLUMNS: dict[str, str] = {
    "name": "text", "status": "text", "notes": "text",
    "asset_tag": "nocase", "serial_number": "nocase", "host_name": "nocase", "uuid": "nocase", "machine_id": "nocase",
    "email": "nocase", "user_name": "nocase", "cost_centre": "text", "operating_system": "text", "environment": "text",
    "purchase_date": "text", "purchase_cost": "float", "currency": "text", "order_number": "text",
    "warranty_until": "text", "last_seen": "text", "start": "text", "end": "text",
    "manufacturer": "reference", "model": "reference", "assigned_to": "reference", "main_user": "reference",
    "department": "reference", "legal_owner": "reference", "location": "reference", "supplier": "reference",
    "host": "reference",
}  # fmt: skip

_INDEXED = (
    "status", "asset_tag", "serial_number", "host_name", "uuid", "machine_id", "email", "user_name", "manufacturer",
    "model", "assigned_to", "main_user", "department", "legal_owner", "location", "supplier", "host",
    "purchase_date", "warranty_until", "last_seen",
)  # fmt: skip

_TYPES: dict[str, TypeEngine[Any]] = {"text": Text(), "nocase": _NoCase, "reference": _Id, "float": Float(53)}


def _versioned(name: str, key: list[Column[Any]], fields: list[Column[Any]]) -> tuple[Table, Table]:
    """A table of current rows and its twin of superseded ones."""
    for column in key:
        column.primary_key = True
        column.nullable = False
    current = Table(
        name, metadata, *key, *fields, Column("revision", _Id, nullable=False),
        Index(f"ix_{name}_revision", "revision"),
    )  # fmt: skip
    past = Table(
        f"{name}_version",
        metadata,
        *(Column(c.name, c.type, primary_key=True, autoincrement=False) for c in key),
        *(Column(c.name, c.type) for c in fields),
        Column("revision", _Id, primary_key=True, autoincrement=False),
        Column("ended", _Id, nullable=False),
        Index(f"ix_{name}_version_ended", "ended"),
        Index(f"ix_{name}_version_revision", "revision"),
    )
    return current, past


def _link(name: str) -> Column[Any]:
    return Column(name, _Id, nullable=False, autoincrement=False)


meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

_revision = Table(
    "revision", metadata,
    Column("number", _Id, primary_key=True, autoincrement=False),
    Column("uid", String(36), nullable=False, unique=True),
    Column("time", String, nullable=False),
    Column("recorded", String, nullable=False),
    Column("author", String, nullable=False),
    Column("source", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("undoes", _Id, nullable=False, index=True),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)  # fmt: skip

ci, ci_version = _versioned(
    "ci",
    [Column("id", _Id, autoincrement=False)],
    [
        Column("uid", String(36), nullable=False),
        Column("class", String, nullable=False),
        Column("name_key", String),
        *(Column(name, _TYPES[kind]) for name, kind in COLUMNS.items()),
        Column("extra", Text),
    ],
)
Index("ux_ci_uid", ci.c.uid, unique=True)
Index("ix_ci_version_uid", ci_version.c.uid)
Index("ix_ci_class_name", ci.c["class"], ci.c.name_key, ci.c.id)
Index("ix_ci_name", ci.c.name_key, ci.c.id)
for _name in _INDEXED:
    _where = text(f"{_name} IS NOT NULL")
    Index(f"ix_ci_{_name}", ci.c[_name], ci.c.id, sqlite_where=_where)
    if COLUMNS[_name] == "nocase":
        Index(f"ix_ci_{_name}_lower", text(f"lower({_name})"), _table=ci).ddl_if(dialect="postgresql")

relationship, relationship_version = _versioned(
    "relationship",
    [Column("type", String), _link("source"), _link("target")],
    [Column("group_id", String(36)), Column("note", Text)],
)
Index("ix_relationship_source", relationship.c.source)
Index("ix_relationship_target", relationship.c.target)

dependency_group, dependency_group_version = _versioned(
    "dependency_group",
    [Column("uid", String(36))],
    [_link("owner"), Column("label", String), Column("needs", String), Column("strength", String)],
)
Index("ix_dependency_group_owner", dependency_group.c.owner)

release = Table(
    "release", metadata,
    Column("id", _Id, primary_key=True),
    Column("publisher", String, nullable=False),
    Column("product", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("version", String, nullable=False),
    UniqueConstraint("product", "version", "edition", "publisher", name="ux_release"),
)  # fmt: skip

installation, installation_version = _versioned(
    "installation",
    [_link("computer"), _link("release"), Column("scope", String)],
    [
        Column("user", _Id), Column("environment", String), Column("installed_on", String),
        Column("last_used", String), Column("origin", String),
    ],
)  # fmt: skip
Index("ix_installation_release", installation.c.release)

claim, claim_version = _versioned("claim", [_link("ci"), Column("source", String)], [Column("said", Text)])

sighting, sighting_version = _versioned(
    "sighting", [_link("ci"), Column("source", String), Column("section", String)], [Column("observed", String)]
)

assignment, assignment_version = _versioned(
    "assignment", [_link("licence"), _link("holder")], [Column("since", String)]
)
Index("ix_assignment_holder", assignment.c.holder)

document, document_version = _versioned(
    "document", [Column("kind", String), Column("uid", String(36))], [Column("body", Text)]
)

evidence = Table(
    "evidence", metadata,
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("ci", _Id, primary_key=True, autoincrement=False),
    Index("ix_evidence_ci", "ci"),
)  # fmt: skip

extra_reference = Table(
    "extra_reference", metadata,
    Column("ci", _Id, primary_key=True, autoincrement=False),
    Column("attribute", String, primary_key=True),
    Column("target", _Id, nullable=False, index=True),
)  # fmt: skip

staging = Table(
    "staging", metadata,
    Column("set_id", String(36), primary_key=True),
    Column("position", _Id, primary_key=True, autoincrement=False),
    Column("uid", String(36)),
    Column("class", String),
    Column("state", String, nullable=False),
    Column("label", String),
    Column("body", Text, nullable=False),
    Index("ix_staging_uid", "set_id", "uid"),
    Index("ix_staging_state", "set_id", "state", "position"),
)  # fmt: skip

staging_set = Table(
    "staging_set", metadata,
    Column("id", String(36), primary_key=True),
    Column("created", String, nullable=False),
    Column("header", Text, nullable=False),
)  # fmt: skip


def upgrade() -> None:
    """Lays out an empty estate."""
    metadata.create_all(op.get_bind())
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE ci_words USING fts5(body, tokenize='unicode61')")
        op.execute("CREATE VIRTUAL TABLE ci_letters USING fts5(body, tokenize='trigram')")
    else:
        op.execute("CREATE TABLE ci_search (id BIGINT PRIMARY KEY, letters TEXT NOT NULL, words TSVECTOR NOT NULL)")
        op.execute("CREATE INDEX ix_ci_search_words ON ci_search USING gin (words)")
