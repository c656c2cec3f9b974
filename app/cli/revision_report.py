"""How the command line reports a revision that was applied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.output import count

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision


def answer_applied(context: CommandContext, applied: AppliedRevision) -> int:
    """Reports a small edit; always done."""
    context.answer(document(applied), lambda: lines(applied))
    return DONE


def document(applied: AppliedRevision) -> dict[str, Any]:
    """What a revision did, as JSON: ``revision`` is its number, null where there was nothing to do."""
    return {
        "revision": applied.number or None,
        "created": len(applied.created),
        "updated": len(applied.updated),
        "deleted": len(applied.deleted),
    }


def lines(applied: AppliedRevision) -> Iterator[str]:
    """What a revision did, for people."""
    if not applied.number:
        yield "Nothing to change."
        return
    parts = [
        count(len(uids), "record") + " " + verb
        for uids, verb in ((applied.created, "created"), (applied.updated, "changed"), (applied.deleted, "deleted"))
        if uids
    ]
    yield f"Revision {applied.number}: {', '.join(parts) or 'relationships changed'}."
