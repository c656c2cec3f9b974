"""Migrates an older estate to the current layout: first a backup, then all changes in one transaction."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine

from cmdb.model.control import Control
from cmdb.model.errors import StoreProblem, UserError
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from cmdb.store.connection import engine as engines
from cmdb.store.connection.cancellation import cancellable
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.database_address import named, shown
from cmdb.store.rows import indexes, search_index, tables
from cmdb.store.rows.derived_rows import index_again
from cmdb.store.rows.outvoted_rows import find_outvoted_again
from cmdb.store.rows.schema_entries import read_schema
from cmdb.store.upkeep import migrations
from cmdb.store.upkeep.backups import BackupReason, back_up
from cmdb.store.upkeep.format_number import format_of
from cmdb.store.upkeep.migrations import chain_one
from cmdb.store.upkeep.rechaining import rechain, renew_checkpoint

_NAMED = 5
"""The number of broken revisions that a message names."""


def bring_up(
    where: str | Path,
    engine: Engine,
    to: int = tables.FORMAT,
    scripts: Path = migrations.SCRIPTS,
    key: Key | None = None,
    control: Control | None = None,
) -> Path | None:
    """Migrates an estate to the format ``to``.

    Returns the path of the backup, if one was made. Raises StoreProblem if nothing can be written or no backup can be
    made, and Cancelled; then the estate is unchanged.
    """
    control = control or Control()
    if engines.is_read_only(where):
        raise StoreProblem(
            Message(
                "{where} was written by an older Terrier and has to be brought up to date, but it is read-only. "
                "Copy it to a folder you may write to.",
                where=where,
            )
        )
    try:
        made = back_up(where, BackupReason.MIGRATION, control, key=key)
    except UserError as error:
        raise StoreProblem(
            Message(
                "{where} was written by an older Terrier. It was not brought up to date, "
                "as it could not be backed up first: {error}",
                where=shown(where),
                error=error.message,
            )
        ) from error
    with engines.in_words(where), engines.writing(engine) as connection, cancellable(connection, control):
        number = format_of(connection)
        if number < to:  # Another process may have migrated it already.
            if number <= chain_one.LAST_FORMAT:
                _prove(where, connection, control)
            migrations.upgrade(connection, scripts=scripts, control=control, name=named(where))
            meta = tables.meta
            connection.execute(meta.update().where(meta.c.key == "format"), {"value": str(to)})
            schema = read_schema(connection)
            wanted = indexes.missing(connection, schema)
            for number, sql in enumerate(wanted.values()):
                control.progress(number, len(wanted), Message("Making the indexes"))
                connection.exec_driver_sql(sql)
            if connection.dialect.name == "postgresql":  # SQLite splits words itself, always in the same way.
                search_index.index_letters(connection)
                index_again(connection, schema, control)
            find_outvoted_again(connection, schema, control)
            renew_checkpoint(connection, control)
            rechain(connection, control)
    return made


def _prove(where: str | Path, connection: Connection, control: Control) -> None:
    """Raises StoreProblem unless the journal holds what was written, by the hash chain that it was written with.

    The hashes of today would cover whatever stands in the estate now: they must not make a changed journal whole.
    """
    broken = chain_one.proves(connection, control)
    if broken or not chain_one.checkpoint_holds(connection, control):
        numbers = listing([str(number) for number in broken[:_NAMED]]) if broken else tr("up to the checkpoint")
        raise StoreProblem(
            Message(
                "{where} was written by an older Terrier. It was not brought up to date, as its journal was changed "
                "from outside (revision {numbers}). Restore a backup from before that.",
                where=shown(where),
                numbers=numbers,
            )
        )
