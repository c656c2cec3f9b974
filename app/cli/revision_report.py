"""How the command line reports a revision that was applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted, tr, verbatim
from cmdb.model.record_kinds import one_of

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision, UndoConflict


def answer_applied(context: CommandContext, applied: AppliedRevision) -> int:
    """Reports a small edit; always done."""
    context.say_meanwhile(applied)
    context.answer(document(applied), lambda: lines(context, applied))
    return DONE


def written(applied: AppliedRevision | None) -> dict[str, Any]:
    """The revision that was written, as JSON: null if nothing changed, and for what went into a draft."""
    if applied is not None and applied.draft:
        return {"revision": None, "draft": applied.draft}
    return {"revision": applied.number or None if applied is not None else None}


def document(applied: AppliedRevision) -> dict[str, Any]:
    """The result of a revision as JSON: ``revision`` is its number, null if nothing changed."""
    return {
        **written(applied),
        "created": len(applied.created),
        "updated": len(applied.updated),
        "deleted": len(applied.deleted),
    }


def kept(found: Iterable[UndoConflict]) -> list[dict[str, Any]]:
    """What an undo did not change back, as JSON."""
    import dataclasses

    return [{**dataclasses.asdict(one), "reason": str(one.reason)} for one in found]


def kept_lines(context: CommandContext, found: Iterable[UndoConflict]) -> Iterator[str]:
    """What an undo did not change back, as text."""
    from app.undo import kept_text

    for one in found:
        yield f"  {kept_text(context.store().schema, one)}. {one.reason}"


def lines(context: CommandContext, applied: AppliedRevision) -> Iterator[str]:
    """The result of a revision as text."""
    if not applied.number:
        yield tr("Nothing to change.")
        return
    made, changed, deleted = len(applied.created), len(applied.updated), len(applied.deleted)
    parts = (
        counted("{count} record created", "{count} records created", made) if made else None,
        counted("{count} record changed", "{count} records changed", changed) if changed else None,
        counted("{count} record deleted", "{count} records deleted", deleted) if deleted else None,
    )
    done: tuple[Message, ...] = tuple(filter(None, parts))
    if applied.draft:  # a draft has no revisions of its own, whose titles could be told
        told = done or tuple(one_of(kind) or verbatim(kind) for kind in sorted(applied.kinds))
        yield tr("Draft “{name}”: {changes}.", name=applied.draft, changes=told)
    else:
        done = done or (_title(context, applied.number),)
        yield tr("Revision {number}: {changes}.", number=Plain(applied.number), changes=done)


def _title(context: CommandContext, number: int) -> Message:
    """The title of a revision that changed no records, but relationships, baselines, views or the like."""
    from cmdb.register.revision_titles import titled_revision

    with context.store().read() as reader:
        header = titled_revision(reader, number)
    return header.title or verbatim(str(header.reason))
