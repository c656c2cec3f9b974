"""The tables of an estate, for SQLite and PostgreSQL alike.

One table holds the current rows of a kind. A second table with the same columns holds the superseded rows, with
``ended``, the number of the revision that ended the row. Together they are the journal. Tables without such a twin
are derived (look-ups, search), interned (releases, bodies of sections, actors, copies), or outside the journal (what
changes too often to be kept, number series, staging).

Inner ids are one space over all roots: ``root << 40 | number``. The root of configuration items is 0, so that the ids
of CIs are small numbers.

``Column.info`` says what a column holds beside its type: ``refers`` (``record``, ``release``, ``body``, ``actor``,
``copy``: the inner id of such a row), ``json`` (a JSON text) and ``derived`` (it follows from other columns).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.event import listens_for

from cmdb.store.rows.format import FORMAT as FORMAT  # It is the format number of these tables.
from cmdb.store.rows.table_parts import (
    DERIVED,
    JSON,
    RECORD,
    TYPES,
    Id,
    link,
    reference,
    uid_column,
    versioned,
)
from cmdb.store.rows.table_parts import (
    metadata as metadata,
)

ROOT_SHIFT = 40
"""The bits of an inner id below its root."""

#: Attributes that every CI, or most of the hardware, has: typed columns. "reference" ones hold the target's inner id,
#: "money" ones an amount in ten-thousandths.
COLUMNS: dict[str, str] = {
    "name": "text", "status": "text", "notes": "text",
    "asset_tag": "nocase", "serial_number": "nocase", "host_name": "nocase", "uuid": "nocase", "machine_id": "nocase",
    "email": "nocase", "user_name": "nocase", "cost_centre": "text", "operating_system": "text", "environment": "text",
    "purchase_date": "text", "purchase_cost": "money", "currency": "text", "order_number": "text",
    "warranty_until": "text", "last_seen": "text", "start": "text", "end": "text",
    "manufacturer": "reference", "model": "reference", "assigned_to": "reference", "main_user": "reference",
    "department": "reference", "legal_owner": "reference", "location": "reference", "supplier": "reference",
    "host": "reference",
}  # fmt: skip

#: The same for work: tasks, tickets and the like.
WORK_COLUMNS: dict[str, str] = {
    "number": "text", "name": "text", "state": "text", "priority": "text", "due": "text", "opened": "text",
    "closed": "text", "requester": "reference", "assignee": "reference", "team": "reference", "parent": "reference",
}  # fmt: skip

meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

# -- the journal ----------------------------------------------------------------------------------------------------

actor = Table(
    "actor", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("uid", String(36), nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("login", String),
    Column("name", String, nullable=False),
    Column("person", String(36)),
)  # fmt: skip
"""Who writes: a person, an agent (a scan) or the system. ``login`` is that of the computer or the server."""

estate_copy = Table(
    "estate_copy", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("uid", String(36), nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("made", String, nullable=False),
    Column("public_key", Text),
    Column("parent", Id),
)  # fmt: skip
"""The copies of the estate in which revisions are made."""

revision = Table(
    "revision", metadata,
    Column("number", Id, primary_key=True, autoincrement=False),
    Column("uid", String(36), nullable=False, unique=True),
    Column("time", String, nullable=False),
    Column("recorded", String, nullable=False),
    Column("author", String, nullable=False),
    Column("source", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("undoes", Id, nullable=False, index=True),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("version", Integer, nullable=False, server_default=text("2")),
    Column("former_hash", String(64)),
    Column("actor", Id, info={"refers": "actor"}),
    Column("copy", Id, info={"refers": "copy"}),
)  # fmt: skip
"""``version`` is that of the hash chain in which the revision was made; ``former_hash`` its link in chain 1."""

# -- records --------------------------------------------------------------------------------------------------------

ci, ci_version = versioned(
    "ci",
    [Column("id", Id, autoincrement=False)],
    [
        Column("uid", String(36), nullable=False),
        Column("class", String, nullable=False),
        Column("name_key", String, info=DERIVED),
        *(Column(name, TYPES[kind], info=RECORD if kind == "reference" else {}) for name, kind in COLUMNS.items()),
        Column("extra", Text, info=JSON),
    ],
)
Index("ux_ci_uid", ci.c.uid, unique=True)
Index("ix_ci_version_uid", ci_version.c.uid)
# The indexes for the order and the filters of lists. Indexes of single attributes are in ``indexes``.
Index("ix_ci_class_name", ci.c["class"], ci.c.name_key, ci.c.id, ci.c.revision)
Index("ix_ci_name", ci.c.name_key, ci.c["class"], ci.c.id, ci.c.revision)
_then = ci_version.c
Index("ix_ci_version_name", _then.name_key, _then["class"], _then.id, _then.revision, _then.ended)
# Who had what, and what was where: of custody.
Index("ix_ci_version_assigned_to", _then.assigned_to)
Index("ix_ci_version_location", _then.location)

work, work_version = versioned(
    "work",
    [Column("id", Id, autoincrement=False)],
    [
        Column("uid", String(36), nullable=False),
        Column("class", String, nullable=False),
        Column("name_key", String, info=DERIVED),
        Column("sort_due", String, info=DERIVED),
        *(
            Column(name, TYPES[kind], nullable=name != "number", info=RECORD if kind == "reference" else {})
            for name, kind in WORK_COLUMNS.items()
        ),
        Column("extra", Text, info=JSON),
    ],
)
_now = work.c
Index("ux_work_uid", _now.uid, unique=True)
Index("ix_work_number", _now.number)
Index("ix_work_version_uid", work_version.c.uid)
Index("ix_work_name", _now.name_key, _now["class"], _now.id)
Index("ix_work_state", _now["class"], _now.state, _now.sort_due, _now.id)
Index("ix_work_assignee", _now.assignee, _now.state, _now.sort_due)
Index("ix_work_team", _now.team, _now.state, _now.sort_due)
Index("ix_work_parent", _now.parent)
Index("ix_work_requester", _now.requester)

claim, claim_version = versioned("claim", [link("ci"), Column("source", String)], [Column("said", Text, info=JSON)])

sighting, sighting_version = versioned(
    "sighting",
    [link("ci"), Column("source", String), Column("section", String)],
    [Column("observed", String), Column("digest", String(64))],
)

alias, alias_version = versioned(
    "alias", [Column("kind", String), Column("value", String), link("record")], [Column("spelling", Text)]
)
"""Names by which a record is still found: ``kind`` is id, number, tag, name or serial, or another attribute that
identifies; ``value`` is the old one as it is compared, ``spelling`` as it was written.
"""
Index("ix_alias_record", alias.c.record)

# -- relationships --------------------------------------------------------------------------------------------------

relationship, relationship_version = versioned(
    "relationship",
    [Column("type", String), link("source"), link("target")],
    [
        Column("note", Text),
        Column("alone", Integer, nullable=False, server_default=text("1")),
        Column("stated_by", Text, info=JSON),
    ],
)
Index("ix_relationship_source", relationship.c.source)
Index("ix_relationship_target", relationship.c.target)
_ends, _dependent = (relationship.c.type, relationship.c.source, relationship.c.target), text("alone = 0")
_depending = Index("ix_relationship_dependent", *_ends, sqlite_where=_dependent)


@listens_for(relationship, "before_create")
def _as_on_sqlite(_table: Table, connection: Connection, **_: object) -> None:
    """The index is partial on a server, too. Said here only: a server's options make the import a fifth longer."""
    if connection.dialect.name == "postgresql":
        _depending.dialect_options["postgresql"]["where"] = _dependent


dependency_group, dependency_group_version = versioned(
    "dependency_group",
    [uid_column()],
    [
        link("owner"), Column("label", String), Column("needs", String), Column("strength", String),
        Column("stated_by", Text, info=JSON),
    ],
)  # fmt: skip
Index("ix_dependency_group_owner", dependency_group.c.owner)

membership, membership_version = versioned(
    "membership",
    [Column("group_id", String(36)), Column("type", String), link("source"), link("target")],
    [Column("stated_by", Text, info=JSON)],
)
"""A relationship in a dependency group. ``alone`` of the relationship says whether it stands by itself, too."""
Index("ix_membership_relationship", membership.c.source, membership.c.type, membership.c.target)
Index("ix_membership_target", membership.c.target)

release = Table(
    "release", metadata,
    Column("id", Id, primary_key=True),
    Column("publisher", String, nullable=False),
    Column("product", String, nullable=False),
    Column("edition", String, nullable=False),
    Column("version", String, nullable=False),
    UniqueConstraint("product", "version", "edition", "publisher", name="ux_release"),
)  # fmt: skip

installation, installation_version = versioned(
    "installation",
    [link("computer"), link("release", "release"), Column("scope", String)],
    [
        reference("user"), Column("environment", String), Column("installed_on", String),
        Column("last_used", String), Column("origin", String), Column("stated_by", Text, info=JSON),
    ],
)  # fmt: skip
Index("ix_installation_release", installation.c.release)

assignment, assignment_version = versioned(
    "assignment",
    [link("licence"), link("holder")],
    [Column("since", String), Column("stated_by", Text, info=JSON)],
)
Index("ix_assignment_holder", assignment.c.holder)

# -- what happened --------------------------------------------------------------------------------------------------

event, event_version = versioned(
    "event",
    [uid_column()],
    [
        link("record"),
        Column("at", BigInteger, nullable=False),
        Column("what", String, nullable=False),
        Column("field", String),
        Column("before", Text, info=JSON),
        Column("after", Text, info=JSON),
        reference("before_ref"),
        reference("after_ref"),
    ],
)
"""``at`` is when it happened, in milliseconds since 1970 UTC. A revision says when it was recorded."""
Index("ix_event_record", event.c.record, event.c.at)
Index("ix_event_after", event.c.after_ref, event.c.at)
Index("ix_event_before", event.c.before_ref, event.c.at)

reservation, reservation_version = versioned(
    "reservation",
    [uid_column()],
    [
        link("subject"), Column("from", String, nullable=False), Column("until", String),
        Column("quantity", BigInteger), reference("by"), Column("extra", Text, info=JSON),
    ],
)  # fmt: skip
"""From (included) until (excluded) a time. ``quantity`` is in ten-thousandths."""
Index("ix_reservation_subject", reservation.c.subject, reservation.c["from"])

movement, movement_version = versioned(
    "movement",
    [uid_column()],
    [
        link("item"), reference("place"), Column("at", BigInteger, nullable=False), Column("quantity", BigInteger),
        Column("what", String), Column("extra", Text, info=JSON),
    ],
)  # fmt: skip
"""What comes to a place or leaves it; ``quantity`` is in ten-thousandths, with its sign."""
Index("ix_movement_item", movement.c.item, movement.c.at)
Index("ix_movement_place", movement.c.place, movement.c.at)

vote, vote_version = versioned(
    "vote",
    [link("work"), Column("step", String), link("approver")],
    [Column("answer", String), Column("at", BigInteger), Column("extra", Text, info=JSON)],
)
Index("ix_vote_approver", vote.c.approver)

result, result_version = versioned(
    "result",
    [Column("audit", String(36)), Column("code", String)],
    [
        reference("record"), Column("found", String), Column("at", BigInteger), Column("extra", Text, info=JSON)
    ],
)  # fmt: skip
"""What an audit found: by the code that was read, or by the record's id."""
Index("ix_result_record", result.c.record)

# -- sections and files ---------------------------------------------------------------------------------------------

section, section_version = versioned(
    "section",
    [link("record"), Column("section", String), Column("source", String), Column("row_key", String)],
    [link("body", "body")],
)
Index("ix_section_body", section.c.body)

section_body = Table(
    "section_body", metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False, info=JSON),
)  # fmt: skip

section_now = Table(
    "section_now", metadata,
    Column("record", Id, primary_key=True, autoincrement=False, info=RECORD),
    Column("section", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("observed", String, nullable=False),
    Column("body", Text, nullable=False, info=JSON),
)  # fmt: skip
"""Values that change all the time: only the last ones are kept."""

attachment, attachment_version = versioned(
    "attachment",
    [uid_column()],
    [
        link("record"), Column("name", String, nullable=False), Column("type", String), Column("size", BigInteger),
        Column("sha256", String(64)), Column("about", Text),
    ],
)  # fmt: skip
Index("ix_attachment_record", attachment.c.record)
Index("ix_attachment_sha256", attachment.c.sha256)

blob = Table(
    "blob", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
)  # fmt: skip

blob_chunk = Table(
    "blob_chunk", metadata,
    Column("sha256", String(64), primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)  # fmt: skip

# -- documents, drafts, numbers -------------------------------------------------------------------------------------

document, document_version = versioned(
    "document",
    [Column("kind", String), uid_column()],
    [
        Column("body", Text, info=JSON), Column("owner", String(36), info=DERIVED),
        Column("state", String, info=DERIVED),
    ],
)  # fmt: skip
"""``owner`` and ``state`` are those in the body."""
Index("ix_document_owner", document.c.kind, document.c.owner)
Index("ix_document_state", document.c.kind, document.c.state, document.c.uid)

draft, draft_version = versioned(
    "draft",
    [uid_column()],
    [
        Column("name", String, nullable=False), Column("author", String), Column("base", Id),
        Column("state", String, nullable=False), Column("extra", Text, info=JSON),
    ],
)  # fmt: skip

series = Table(
    "series", metadata,
    Column("name", String, primary_key=True),
    Column("next", Id, nullable=False),
)  # fmt: skip
"""The next number of each series. It is never taken back."""

number_block = Table(
    "number_block", metadata,
    Column("series", String, primary_key=True),
    Column("copy", Id, primary_key=True, autoincrement=False),
    Column("first", Id, primary_key=True, autoincrement=False),
    Column("last", Id, nullable=False),
)  # fmt: skip
"""Numbers of a series that only one copy of the estate gives out."""

# -- derived --------------------------------------------------------------------------------------------------------

evidence = Table(
    "evidence", metadata,
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("ci", Id, primary_key=True, autoincrement=False),
    Index("ix_evidence_ci", "ci"),
)  # fmt: skip

extra_reference = Table(
    "extra_reference", metadata,
    Column("ci", Id, primary_key=True, autoincrement=False),
    Column("attribute", String, primary_key=True),
    Column("target", Id, nullable=False, index=True),
)  # fmt: skip

outvoted_reference = Table(
    "outvoted_reference", metadata,
    Column("ci", Id, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("attribute", String, primary_key=True),
    Column("target", Id, nullable=False, index=True),
)  # fmt: skip
"""References that a source states and that are not what everyone sees."""

# -- staging --------------------------------------------------------------------------------------------------------

staging = Table(
    "staging", metadata,
    Column("set_id", String(36), primary_key=True),
    Column("position", Id, primary_key=True, autoincrement=False),
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

VERSIONED: tuple[tuple[Table, Table], ...] = tuple(
    (table, metadata.tables[f"{name}_version"])
    for name, table in metadata.tables.items()
    if f"{name}_version" in metadata.tables
)
"""Every table whose rows are written by revisions, with its table of superseded rows; CIs are the first."""

# PostgreSQL compares texts by its server's locale by default. Every estate compares them in the same way: by their
# characters.
for _table in metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, String):
            _alike = type(_column.type)(_column.type.length, collation="C")
            _column.type = _column.type.with_variant(_alike, "postgresql")
