"""Format 2: the indexes of lists hold the columns that lists are sorted and filtered by.

Indexes of attributes follow the schema. PostgreSQL compares texts by their characters.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ATTRIBUTES = (
    "status", "asset_tag", "serial_number", "host_name", "uuid", "machine_id", "email", "user_name", "manufacturer",
    "model", "assigned_to", "main_user", "department", "legal_owner", "location", "supplier", "host",
    "purchase_date", "warranty_until", "last_seen",
)  # fmt: skip
_LOWER = ("asset_tag", "serial_number", "host_name", "uuid", "machine_id", "email", "user_name")
_LISTS = {
    "ix_ci_class_name": "ci (class, name_key, id, revision)",
    "ix_ci_name": "ci (name_key, class, id, revision)",
    "ix_ci_version_name": "ci_version (name_key, class, id, revision, ended)",
}


def upgrade() -> None:
    """Drops the old indexes and creates those of lists. Indexes of attributes are created by the schema afterwards."""
    names = [f"ix_ci_{name}" for name in _ATTRIBUTES] + [f"ix_ci_{name}_lower" for name in _LOWER]
    for name in (*names, *_LISTS):
        op.execute(f'DROP INDEX IF EXISTS "{name}"')
    connection = op.get_bind()
    sql = "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'ci' AND substr(name, 1, 9) = 'ix_extra_'"
    if connection.dialect.name == "postgresql":
        sql = (
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'ci' "
            "AND left(indexname, 9) = 'ix_extra_'"
        )
    for name in connection.exec_driver_sql(sql).scalars().all():
        op.execute(f'DROP INDEX "{name}"')
    if connection.dialect.name == "postgresql":
        _compare_alike(connection)
    for name, what in _LISTS.items():
        op.execute(f"CREATE INDEX {name} ON {what}")


def _compare_alike(connection: Connection) -> None:
    """Makes PostgreSQL compare texts by their characters, with any locale of the server."""
    texts = (
        "SELECT table_name, column_name, data_type, character_maximum_length FROM information_schema.columns "
        "WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying') "
        "AND collation_name IS NULL AND table_name <> 'alembic_version' ORDER BY table_name, ordinal_position"
    )
    changes: dict[str, list[str]] = {}
    for table, column, kind, length in connection.exec_driver_sql(texts).all():
        sized = f"{kind}({length})" if length else kind
        changes.setdefault(table, []).append(f'ALTER COLUMN "{column}" TYPE {sized} COLLATE "C"')
    for table, its in changes.items():
        op.execute(f'ALTER TABLE "{table}" {", ".join(its)}')
