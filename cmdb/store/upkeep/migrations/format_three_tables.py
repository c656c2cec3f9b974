"""The tables that format 3 adds. They are a copy, so that changes of ``cmdb.store.rows.tables`` do not alter them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

_Id = BigInteger().with_variant(Integer(), "sqlite")


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


def _uid() -> Column[Any]:
    return Column("uid", String(36))


actor = Table(
    "actor", metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("uid", String(36), nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("login", String),
    Column("name", String, nullable=False),
    Column("person", String(36)),
)  # fmt: skip
estate_copy = Table(
    "estate_copy", metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("uid", String(36), nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("made", String, nullable=False),
    Column("public_key", Text),
    Column("parent", _Id),
)  # fmt: skip
work, work_version = _versioned(
    "work",
    [Column("id", _Id, autoincrement=False)],
    [
        Column("uid", String(36), nullable=False),
        Column("class", String, nullable=False),
        Column("name_key", String),
        Column("sort_due", String),
        Column("number", Text, nullable=False),
        *(Column(name, Text) for name in ("name", "state", "priority", "due", "opened", "closed")),
        *(Column(name, _Id) for name in ("requester", "assignee", "team", "parent")),
        Column("extra", Text),
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
alias, alias_version = _versioned(
    "alias", [Column("kind", String), Column("value", String), _link("record")], [Column("spelling", Text)]
)
Index("ix_alias_record", alias.c.record)
membership, membership_version = _versioned(
    "membership",
    [Column("group_id", String(36)), Column("type", String), _link("source"), _link("target")],
    [Column("stated_by", Text)],
)
Index("ix_membership_relationship", membership.c.source, membership.c.type, membership.c.target)
Index("ix_membership_target", membership.c.target)
event, event_version = _versioned(
    "event",
    [_uid()],
    [
        _link("record"),
        Column("at", BigInteger, nullable=False),
        Column("what", String, nullable=False),
        Column("field", String),
        Column("before", Text),
        Column("after", Text),
        Column("before_ref", _Id),
        Column("after_ref", _Id),
    ],
)
Index("ix_event_record", event.c.record, event.c.at)
Index("ix_event_after", event.c.after_ref, event.c.at)
Index("ix_event_before", event.c.before_ref, event.c.at)
reservation, reservation_version = _versioned(
    "reservation",
    [_uid()],
    [
        _link("subject"), Column("from", String, nullable=False), Column("until", String),
        Column("quantity", BigInteger), Column("by", _Id), Column("extra", Text),
    ],
)  # fmt: skip
Index("ix_reservation_subject", reservation.c.subject, reservation.c["from"])
movement, movement_version = _versioned(
    "movement",
    [_uid()],
    [
        _link("item"), Column("place", _Id), Column("at", BigInteger, nullable=False), Column("quantity", BigInteger),
        Column("what", String), Column("extra", Text),
    ],
)  # fmt: skip
Index("ix_movement_item", movement.c.item, movement.c.at)
Index("ix_movement_place", movement.c.place, movement.c.at)
vote, vote_version = _versioned(
    "vote",
    [_link("work"), Column("step", String), _link("approver")],
    [Column("answer", String), Column("at", BigInteger), Column("extra", Text)],
)
Index("ix_vote_approver", vote.c.approver)
result, result_version = _versioned(
    "result",
    [Column("audit", String(36)), Column("code", String)],
    [
        Column("record", _Id), Column("found", String), Column("at", BigInteger), Column("extra", Text)
    ],
)  # fmt: skip
Index("ix_result_record", result.c.record)
section, section_version = _versioned(
    "section",
    [_link("record"), Column("section", String), Column("source", String), Column("row_key", String)],
    [_link("body")],
)
Index("ix_section_body", section.c.body)
section_body = Table(
    "section_body", metadata,
    Column("id", _Id, primary_key=True, autoincrement=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("body", Text, nullable=False),
)  # fmt: skip
section_now = Table(
    "section_now", metadata,
    Column("record", _Id, primary_key=True, autoincrement=False),
    Column("section", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("observed", String, nullable=False),
    Column("body", Text, nullable=False),
)  # fmt: skip
attachment, attachment_version = _versioned(
    "attachment",
    [_uid()],
    [
        _link("record"), Column("name", String, nullable=False), Column("type", String), Column("size", BigInteger),
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
draft, draft_version = _versioned(
    "draft",
    [_uid()],
    [
        Column("name", String, nullable=False), Column("author", String), Column("base", _Id),
        Column("state", String, nullable=False), Column("extra", Text),
    ],
)  # fmt: skip
series = Table(
    "series", metadata,
    Column("name", String, primary_key=True),
    Column("next", _Id, nullable=False),
)  # fmt: skip
number_block = Table(
    "number_block", metadata,
    Column("series", String, primary_key=True),
    Column("copy", _Id, primary_key=True, autoincrement=False),
    Column("first", _Id, primary_key=True, autoincrement=False),
    Column("last", _Id, nullable=False),
)  # fmt: skip
outvoted_reference = Table(
    "outvoted_reference", metadata,
    Column("ci", _Id, primary_key=True, autoincrement=False),
    Column("source", String, primary_key=True),
    Column("attribute", String, primary_key=True),
    Column("target", _Id, nullable=False, index=True),
)  # fmt: skip

# PostgreSQL compares texts by their characters, whatever the locale of its server.
for _table in metadata.tables.values():
    for _column in _table.columns:
        if isinstance(_column.type, String):
            _alike = type(_column.type)(_column.type.length, collation="C")
            _column.type = _column.type.with_variant(_alike, "postgresql")
