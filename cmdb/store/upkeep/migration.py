"""Migrates an older estate to the current layout: first a backup, then all changes in one transaction."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from cmdb.model.actors import Actor
from cmdb.model.control import Control
from cmdb.model.errors import BrokenJournal, StoreProblem, UserError
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from cmdb.store.connection import engine as engines
from cmdb.store.connection.cancellation import cancellable
from cmdb.store.connection.ciphers import Key
from cmdb.store.connection.database_address import named, shown
from cmdb.store.rows import indexes, search_index, section_index, tables
from cmdb.store.rows.derived_rows import index_again
from cmdb.store.rows.outvoted_rows import find_outvoted_again
from cmdb.store.rows.schema_entries import read_schema
from cmdb.store.upkeep import format_changes, migrations
from cmdb.store.upkeep.backups import BackupReason, back_up
from cmdb.store.upkeep.format_changes import MOST, FormatChange
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
    *,
    accept_broken: bool = False,
    writer: Actor | None = None,
) -> Path | None:
    """Migrates an estate to the format ``to``.

    Returns the path of the backup, if one was made. Raises BrokenJournal where the journal was changed from outside,
    unless ``accept_broken``; StoreProblem if nothing can be written or no backup can be made; and Cancelled. Then the
    estate is unchanged. ``writer`` is who opened it.
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
            _bring_up(where, connection, number, to, scripts, control, accept_broken=accept_broken, writer=writer)
    return made


def _bring_up(
    where: str | Path, connection: Connection, number: int, to: int, scripts: Path, control: Control,
    *, accept_broken: bool, writer: Actor | None,
) -> None:  # fmt: skip
    """All changes from format ``number``, in the connection's transaction."""
    change = format_changes.begin(connection, number, to)
    if number <= chain_one.LAST_FORMAT:
        change = _proved(connection, change, control)
        if change.is_broken and not accept_broken:
            raise _broken(where, change)
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
    else:
        section_index.rebuild(connection, schema)
    find_outvoted_again(connection, schema, control)
    renew_checkpoint(connection, control)
    rechain(connection, control)
    if to == tables.FORMAT:
        format_changes.record(connection, schema, change, writer, control)


def _proved(connection: Connection, change: FormatChange, control: Control) -> FormatChange:
    """The change with what the journal does not hold of what was written, by the hash chain that it was written with.

    The hashes of today would cover whatever stands in the estate now: they must not make a changed journal whole.
    """
    broken = chain_one.proves(connection, control)
    holds = chain_one.checkpoint_holds(connection, control)
    return replace(change, broken=tuple(broken[:MOST]), many=len(broken), pruned=not holds)


def _broken(where: str | Path, change: FormatChange) -> BrokenJournal:
    """The refusal to make a changed journal whole unasked."""
    numbers = listing([str(number) for number in change.broken[:_NAMED]]) if change.many else tr("up to the checkpoint")
    message = Message(
        "{where} was written by an older Terrier. It was not brought up to date, as its journal was changed "
        "from outside (revision {numbers}). Restore a backup from before that, or take it over as it is: {command}",
        where=shown(where),
        numbers=numbers,
        command="check --accept-changed-journal",
    )
    return BrokenJournal(message, change.broken, change.after if change.pruned else 0)
