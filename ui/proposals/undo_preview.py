"""Taking back an import or a scan: first what would be taken back and what would stay, then the undo itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.undo import UndoPreview, undo_preview
from cmdb.model.messages import Message
from ui.context import Context
from ui.widgets.dates import plural

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision, UndoConflict
    from cmdb.model.revision import Edit


def undo_revision(
    context: Context, owner: QObject, number: int, what: str, done: Callable[[AppliedRevision], None]
) -> None:
    """Asks with a preview, then takes a revision back in a job. ``what`` names it ("this import")."""

    def show(found: UndoPreview) -> None:
        context.shell.confirm(f"Undo {what}?", describe(found.edits, found.kept), f"Undo {what}", run, danger=True)

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
            names = ", ".join(dict.fromkeys(k.name for k in applied.kept if k.name))
            context.shell.toast(f"Taken back. What was changed since stays: {names}.", tone="warning")
        else:
            context.shell.toast("Taken back; the register is as it was.", tone="good")
        done(applied)

    context.query(lambda reader: undo_preview(reader, number, context.author), show, owner=owner)


def describe(edits: list[Edit], kept: tuple[UndoConflict, ...]) -> str:
    """What an undo would do, in a few lines."""
    deleted = {e.record.key[0] for e in edits if e.record.kind == "ci" and not e.field and e.after is None}
    touched = {e.record.key[0] for e in edits if e.record.kind in ("ci", "claim")} - deleted
    links = sum(1 for e in edits if e.record.kind in ("relationship", "installation", "assignment"))
    counted = (
        (len(deleted), "new record goes", "new records go"),
        (len(touched), "record is as before", "records are as before"),
        (links, "link goes", "links go"),
    )
    parts = [plural(number, one, many) for number, one, many in counted if number]
    lines = [f"{', '.join(parts)}." if parts else "Nothing is left of it to take back."]
    if kept:
        lines.append(f"{plural(len(kept), 'value')} changed since and would stay:")
        lines += [f"    {one.name}{': ' + one.field.replace('_', ' ') if one.field else ''}" for one in kept[:8]]
        if len(kept) > 8:
            lines.append(f"    and {len(kept) - 8} more")
    return "\n".join(lines)
