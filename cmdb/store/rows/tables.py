"""The tables of an estate, for SQLite and PostgreSQL alike.

One table holds the current rows of a kind. A second table with the same columns holds the superseded rows, with
``ended``, the number of the revision that ended the row. Together they are the journal. ``release``, ``evidence``,
``extra_reference`` and the search index are derived or interned and have no history.
"""

from __future__ import annotations

from typing import Any

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
)
from sqlalchemy.types import TypeEngine

from cmdb.store.rows.format import FORMAT as FORMAT  # It is the format number of these tables.

metadata = MetaData()

_Id = BigInteger().with_variant(Integer(), "sqlite")
#: Text that SQLite compares without (ASCII) case. PostgreSQL compares lower() of both sides.
_NoCase = String().with_variant(String(collation="NOCASE"), "sqlite")

#: Attributes that every CI, or most of the hardware, has: typed columns. "reference" ones hold the target's inner id.
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

revision = Table(
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
# The indexes for the order and the filters of lists. Indexes of single attributes are in ``indexes``.
Index("ix_ci_class_name", ci.c["class"], ci.c.name_key, ci.c.id, ci.c.revision)
Index("ix_ci_name", ci.c.name_key, ci.c["class"], ci.c.id, ci.c.revision)
_then = ci_version.c
Index("ix_ci_version_name", _then.name_key, _then["class"], _then.id, _then.revision, _then.ended)

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

# PostgreSQL compares texts by its server's locale by default. Every estate compares them in the same way: by their
# characters.
for _table in metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, String):
            _alike = type(_column.type)(_column.type.length, collation="C")
            _column.type = _column.type.with_variant(_alike, "postgresql")
