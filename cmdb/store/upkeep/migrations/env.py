"""Alembic runs this module: it migrates over the given connection, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from cmdb.store.rows.tables import metadata

_given = context.config.attributes
context.configure(
    connection=_given["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    control=_given["control"],
    name=_given["name"],
)
with context.begin_transaction():
    context.run_migrations()
