"""``import --mark FILE``: the person's own workbook comes back with marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.context import CommandContext
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.model.observation import Reading
    from cmdb.reconciliation import Proposal
    from cmdb.store.store import Store
    from importers.spreadsheets.sheets.marks import Marks


def marked_path(context: CommandContext, paths: Sequence[Path]) -> Path | None:
    """Where the copy goes; None if none is asked for. Raises UserError."""
    args = context.args
    if not args.mark:
        if args.tags:
            raise UserError(Message("--tags writes into the copy that --mark FILE names."))
        return None
    if len(paths) > 1:
        raise UserError(Message("--mark takes one file: a copy is of one workbook."))
    from importers.tables import FORMATS

    path = context.output_path(args.mark, (".xlsx", ".xlsm", *FORMATS))
    if path.exists() and paths[0].exists() and path.samefile(paths[0]):
        raise UserError(Message("{file} is the workbook itself. Name another file for the copy.", file=path.name))
    return path


def applied_before(context: CommandContext) -> Callable[[Marks], bool]:
    """Whether the rows that a marked copy remembers are in the estate."""

    def applied(marks: Marks) -> bool:
        from app.imports.marked_copies import is_applied

        if not context.exists:
            return False
        with context.read() as reader:
            return is_applied(reader, marks)

    return applied


def write_copy(
    context: CommandContext,
    store: Store,
    source: Path,
    target: Path,
    proposal: Proposal,
    readings: Sequence[Reading],
    applied: AppliedRevision | None,
) -> dict[str, Any]:
    """Writes the copy, says what it holds or why it is another file, and returns that for scripts."""
    from app.imports.marked_copies import record_tags, write_marked_copy

    tags = None
    if context.args.tags and applied is not None:
        with store.read() as reader:
            tags = record_tags(reader, proposal)
    copy = write_marked_copy(source, target, proposal, readings, store.schema, applied, tags)
    if copy.instead is not None:
        context.say(str(copy.instead))
        if copy.rows:
            context.say(
                trn(
                    "Wrote {count} row to be corrected to {file} instead.",
                    "Wrote {count} rows to be corrected to {file} instead.",
                    copy.rows,
                    file=copy.path,
                )
            )
        else:
            context.say(tr("No row is to be corrected, so nothing was written."))
        return {"path": str(copy.path) if copy.rows else None, "rows": copy.rows, "instead": str(copy.instead)}
    context.say(trn("Marked {count} row in {file}.", "Marked {count} rows in {file}.", copy.rows, file=copy.path))
    return {"path": str(copy.path), "rows": copy.rows, "cells": copy.cells}
