"""The undo of an import or a scan: first a preview of what it would take back and what would stay, then the undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.undo import UndoPreview, kept_text, undo_preview
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn
from ui.context import Context

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision, UndoConflict
    from cmdb.model.revision import Edit
    from cmdb.model.schema import Schema

#: Values that stay and are listed.
_LISTED = 8


def undo_revision(
    context: Context, owner: QObject, number: int, what: Message, done: Callable[[AppliedRevision], None]
) -> None:
    """Asks with a preview, then undoes a revision in a job. ``what`` names it within a sentence ("this import")."""

    def show(found: UndoPreview) -> None:
        title, button = tr("Undo {what}?", what=what), tr("Undo {what}", what=what)
        context.shell.confirm(title, describe(found.edits, found.kept, context.schema), button, run, danger=True)

    def run() -> None:
        workspace = context.workspace
        workspace.jobs.start(
            Message("Undoing {what}", what=what),
            lambda control: workspace.undo_revision(number, control),
            done=finished,
            failed=context.shell.problem,
        )

    def finished(applied: AppliedRevision) -> None:
        context.shell.refresh_actions()
        if applied.kept:
            names = tuple(dict.fromkeys(k.name for k in applied.kept if k.name))
            context.shell.toast(tr("Taken back. What was changed since stays: {names}.", names=names), tone="warning")
        else:
            context.shell.toast(tr("Taken back; the register is as it was."), tone="good")
        done(applied)

    context.query(lambda reader: undo_preview(reader, number, context.author), show, owner=owner)


def describe(edits: list[Edit], kept: tuple[UndoConflict, ...], schema: Schema) -> str:
    """What an undo would do, in a few lines."""
    deleted = {e.record.key[0] for e in edits if e.record.kind == "ci" and not e.field and e.after is None}
    touched = {e.record.key[0] for e in edits if e.record.kind in ("ci", "claim")} - deleted
    links = sum(1 for e in edits if e.record.kind in ("relationship", "installation", "assignment"))
    effects = (
        (len(deleted), trn("{count} new record goes", "{count} new records go", len(deleted))),
        (len(touched), trn("{count} record is as before", "{count} records are as before", len(touched))),
        (links, trn("{count} link goes", "{count} links go", links)),
    )
    parts = [words for number, words in effects if number]
    lines = [f"{listing(parts, 'unit')}." if parts else tr("Nothing is left of it to take back.")]
    if kept:
        text = trn(
            "{count} value changed since and would stay:", "{count} values changed since and would stay:", len(kept)
        )
        lines += [text, *kept_lines(kept, schema)]
    return "\n".join(lines)


def kept_lines(kept: tuple[UndoConflict, ...], schema: Schema) -> list[str]:
    """What an undo keeps, a line each, as far as there is room."""
    lines = [f"    {kept_text(schema, one)}" for one in kept[:_LISTED]]
    more = len(kept) - _LISTED
    if more > 0:
        lines.append(trn("    and {count} more", "    and {count} more", more))
    return lines
