"""The undo of a part of a revision: first a preview of what it would take back and what would stay, then the undo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from app.undo import UndoPreview, undo_preview
from cmdb.model.applied_revision import AppliedRevision
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr
from ui.context import Context
from ui.proposals.undo_preview import describe


@dataclass(frozen=True)
class UndonePart:
    """What a revision wrote of a record (its id, with its name), or of one ``attribute`` of it, with its ``label``."""

    revision: int
    record: str
    name: str
    attribute: str = ""
    label: str = ""


def undo_part(context: Context, owner: QObject, part: UndonePart, done: Callable[[], None] = lambda: None) -> None:
    """Asks with a preview, then takes back a part of a revision in a job."""
    number = str(part.revision)

    def show(found: UndoPreview) -> None:
        if part.attribute:
            title = tr("Undo {attribute} of {name}?", attribute=part.label, name=part.name)
            about = tr("Of revision {number} only this value is undone; the rest of it stays.", number=number)
        else:
            title = tr("Undo what revision {number} did with {name}?", number=number, name=part.name)
            about = tr("Its values, relationships, groups and software are as before; the rest of the revision stays.")
        text = f"{about}\n{describe(found.edits, found.kept, context.schema)}"
        if found.edits:
            context.shell.confirm(title, text, tr("Undo"), run, danger=True)
        else:
            context.shell.toast(describe([], found.kept, context.schema), tone="warning")

    def run() -> None:
        workspace = context.workspace
        workspace.jobs.start(
            Message("Taking back a part of revision {number}", number=number),
            lambda control: workspace.undo_part(part.revision, part.record, part.attribute, control),
            done=finished,
            failed=context.shell.problem,
        )

    def finished(applied: AppliedRevision) -> None:
        context.shell.refresh_actions()
        if applied.kept:
            fields = listing(dict.fromkeys(one.name for one in applied.kept if one.name), "unit")
            context.shell.toast(tr("Undone. What was changed since stays: {names}.", names=fields), undo=True)
        else:
            context.shell.toast(tr("Undone; the rest of revision {number} stays.", number=number), undo=True)
        done()

    context.query(
        lambda reader: undo_preview(reader, part.revision, context.author, part.record, part.attribute),
        show,
        owner=owner,
        now=True,
    )
