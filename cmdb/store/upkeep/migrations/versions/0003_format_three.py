"""Format 3: exact amounts, memberships, work, events, sections, files, actors and copies.

Most of it are new tables. What the older tables held in another form is changed in place: amounts of money become
integers in ten-thousandths, and what a document's body says of its owner and state stands in columns, too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alembic import op
from sqlalchemy import Connection

from cmdb.model.control import Control
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message
from cmdb.model.revision import new_id, now
from cmdb.store.upkeep.migrations.format_three_tables import metadata

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LARGEST = 900_000_000_000_000
"""The largest amount of money that a column can hold."""


def upgrade() -> None:
    """Brings format 2 to format 3. Raises Cancelled, and StoreProblem where an amount is too large."""
    connection = op.get_bind()
    control: Control = op.get_context().opts["control"]
    for number, (title, step) in enumerate(_STEPS.items()):
        control.progress(number, len(_STEPS), title)
        step(connection)


def _add_tables(connection: Connection) -> None:
    metadata.create_all(connection)
    if connection.dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE work_words USING fts5(body, tokenize='unicode61')")
        op.execute("CREATE VIRTUAL TABLE work_letters USING fts5(body, tokenize='trigram')")
        return
    op.execute(
        'CREATE TABLE work_search (id BIGINT PRIMARY KEY, letters TEXT COLLATE "C" NOT NULL, words TSVECTOR NOT NULL)'
    )
    op.execute("CREATE INDEX ix_work_search_words ON work_search USING gin (words)")


def _widen_records(connection: Connection) -> None:
    for table in ("sighting", "sighting_version"):
        _add(connection, table, "digest", "VARCHAR(64)")
    for table in ("dependency_group", "installation", "assignment"):
        for name in (table, f"{table}_version"):
            _add(connection, name, "stated_by", "TEXT")
    for name in ("assigned_to", "location"):
        op.execute(f"CREATE INDEX ix_ci_version_{name} ON ci_version ({name})")


def _widen_relationships(connection: Connection) -> None:
    """The groups of relationships become memberships. A relationship that is in a group does not stand alone."""
    _add(connection, "relationship", "alone", "INTEGER NOT NULL DEFAULT 1")
    _add(connection, "relationship_version", "alone", "INTEGER")
    for table in ("relationship", "relationship_version"):
        _add(connection, table, "stated_by", "TEXT")
    op.execute("UPDATE relationship_version SET alone = CASE WHEN group_id IS NULL THEN 1 ELSE 0 END")
    op.execute("UPDATE relationship SET alone = 0 WHERE group_id IS NOT NULL")
    op.execute(f"INSERT INTO membership_version ({_MEMBERSHIP}, ended) {_MEMBERSHIPS} HAVING count(*) = count(ended)")
    op.execute(f"INSERT INTO membership ({_MEMBERSHIP}) {_MEMBERSHIPS_NOW} HAVING count(*) > count(ended)")
    for table in ("relationship", "relationship_version"):
        op.execute(f"ALTER TABLE {table} DROP COLUMN group_id")
    op.execute("CREATE INDEX ix_relationship_dependent ON relationship (type, source, target) WHERE alone = 0")


def _widen_documents(connection: Connection) -> None:
    """Owner and state stand in columns as well."""
    for table in ("document", "document_version"):
        _add(connection, table, "owner", "VARCHAR(36)")
        _add(connection, table, "state", "VARCHAR")
        for name in ("owner", "state"):
            if connection.dialect.name == "sqlite":
                is_text, value = f"json_type(body, '$.{name}') = 'text'", f"body ->> '$.{name}'"
            else:
                is_text, value = f"jsonb_typeof(body::jsonb -> '{name}') = 'string'", f"body::jsonb ->> '{name}'"
            op.execute(f"UPDATE {table} SET {name} = {value} WHERE {is_text}")
    op.execute("CREATE INDEX ix_document_owner ON document (kind, owner)")
    op.execute("CREATE INDEX ix_document_state ON document (kind, state, uid)")
    op.execute("DROP INDEX IF EXISTS ix_document_open")


def _move_files(connection: Connection) -> None:
    """What was said of files in documents stands in a table of its own; their contents were never kept."""
    if connection.dialect.name == "sqlite":
        said, number = "body ->> '$.{}'", "CASE WHEN json_type(body, '$.size') = 'integer' THEN body ->> '$.size' END"
    else:
        said = "body::jsonb ->> '{}'"
        number = "CASE WHEN body::jsonb ->> 'size' ~ '^[0-9]{1,15}$' THEN (body::jsonb ->> 'size')::bigint END"
    record, name = said.format("ci"), f"coalesce({said.format('name')}, '')"
    of = "JOIN (SELECT uid, id FROM ci UNION SELECT uid, id FROM ci_version) AS c ON c.uid = " + record
    for table, also in (("", ""), ("_version", ", ended")):
        there = "" if also else " AND c.uid IN (SELECT uid FROM ci)"
        op.execute(
            f"INSERT INTO attachment{table} (uid, record, name, size, revision{also}) "
            f"SELECT d.uid, c.id, {name}, {number}, d.revision{also} FROM document{table} AS d {of} "
            f"WHERE d.kind = 'attachment'{there}"
        )
        op.execute(f"DELETE FROM document{table} WHERE kind = 'attachment'")


def _make_amounts_exact(connection: Connection) -> None:
    """Amounts in ten-thousandths."""
    for table in ("ci", "ci_version"):
        large = f"SELECT name FROM {table} WHERE abs(purchase_cost) > {_LARGEST} LIMIT 1"
        if (found := connection.exec_driver_sql(large).first()) is not None:
            raise StoreProblem(
                Message(
                    "The purchase cost of {name} is larger than Terrier can keep. Correct it with the Terrier that "
                    "wrote this estate, and open it again.",
                    name=found[0],
                )
            )
        if connection.dialect.name == "postgresql":
            op.execute(
                f"ALTER TABLE {table} ALTER COLUMN purchase_cost TYPE BIGINT "
                "USING round(purchase_cost::numeric * 10000)::bigint"
            )
            continue
        op.execute(f"ALTER TABLE {table} ADD COLUMN exact_cost BIGINT")
        op.execute(
            f"UPDATE {table} SET exact_cost = CAST(round(purchase_cost * 10000) AS INTEGER) "
            "WHERE purchase_cost IS NOT NULL"
        )
        for name in _indexes_of(connection, table, "purchase_cost"):
            op.execute(f'DROP INDEX "{name}"')  # The schema's indexes are made afterwards.
        op.execute(f"ALTER TABLE {table} DROP COLUMN purchase_cost")
        op.execute(f"ALTER TABLE {table} RENAME COLUMN exact_cost TO purchase_cost")


def _name_actors(connection: Connection) -> None:
    """Every author of the past becomes an actor; all of it was made in one copy, which is the present one."""
    _add(connection, "revision", "version", "INTEGER NOT NULL DEFAULT 2")
    _add(connection, "revision", "former_hash", "VARCHAR(64)")
    _add(connection, "revision", "actor", "BIGINT" if connection.dialect.name == "postgresql" else "INTEGER")
    _add(connection, "revision", "copy", "BIGINT" if connection.dialect.name == "postgresql" else "INTEGER")
    op.execute("UPDATE revision SET version = 1")
    authors = connection.exec_driver_sql("SELECT author FROM revision GROUP BY author ORDER BY min(number)").scalars()
    rows: list[dict[str, Any]] = [
        {"id": number, "uid": new_id(), "kind": "person", "login": None, "name": author, "person": None}
        for number, author in enumerate(authors, 1)
    ]
    if rows:
        connection.execute(metadata.tables["actor"].insert(), rows)
    made = connection.exec_driver_sql("SELECT min(recorded) FROM revision").scalar() or now()
    name = op.get_context().opts["name"]
    copy = {"id": 1, "uid": new_id(), "name": name, "made": made, "public_key": None, "parent": None}
    connection.execute(metadata.tables["estate_copy"].insert(), copy)
    op.execute(f"INSERT INTO meta (key, value) VALUES ('copy', '{copy['uid']}')")
    op.execute("UPDATE revision SET copy = 1, actor = (SELECT id FROM actor WHERE actor.name = revision.author)")


_MEMBERSHIP = "group_id, type, source, target, revision"
# Versions of a relationship that follow one another in the same group are one membership.
_IN_GROUPS = """
WITH version AS (
    SELECT group_id, type, source, target, revision, ended FROM relationship_version WHERE group_id IS NOT NULL
    UNION ALL
    SELECT group_id, type, source, target, revision, NULL FROM relationship WHERE group_id IS NOT NULL
), begun AS (
    SELECT version.*, CASE
        WHEN lag(ended) OVER own = revision AND lag(group_id) OVER own = group_id THEN 0 ELSE 1
    END AS begins
    FROM version WINDOW own AS (PARTITION BY type, source, target ORDER BY revision)
), numbered AS (
    SELECT begun.*, sum(begins) OVER (PARTITION BY type, source, target ORDER BY revision) AS run FROM begun
)
SELECT group_id, type, source, target, min(revision){ended}
FROM numbered GROUP BY group_id, type, source, target, run
"""
_MEMBERSHIPS = _IN_GROUPS.format(ended=", max(ended)")
_MEMBERSHIPS_NOW = _IN_GROUPS.format(ended="")


def _add(connection: Connection, table: str, name: str, kind: str) -> None:
    """Adds a column. PostgreSQL compares texts by their characters."""
    word = kind.split()[0].split("(")[0]
    alike = ' COLLATE "C"' if connection.dialect.name == "postgresql" and word in ("TEXT", "VARCHAR") else ""
    op.execute(f'ALTER TABLE {table} ADD COLUMN "{name}" {kind}{alike}')


def _indexes_of(connection: Connection, table: str, column: str) -> list[str]:
    """The indexes of a SQLite table that name a column."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql LIKE ?"
    return list(connection.exec_driver_sql(sql, (table, f'%"{column}"%')).scalars())


_STEPS: dict[Message, Callable[[Connection], None]] = {
    Message("Adding the tables of format 3"): _add_tables,
    Message("Bringing records up to date"): _widen_records,
    Message("Bringing relationships up to date"): _widen_relationships,
    Message("Bringing documents up to date"): _widen_documents,
    Message("Bringing files up to date"): _move_files,
    Message("Bringing amounts up to date"): _make_amounts_exact,
    Message("Bringing the journal up to date"): _name_actors,
}
