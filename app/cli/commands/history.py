"""``history [RECORD]``: the journal, newest first."""

from __future__ import annotations

import argparse
from itertools import islice
from typing import TYPE_CHECKING, Any

from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.claims import source_text
from cmdb.model.errors import UserError
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.journal import RevisionHeader

DESCRIPTION = Description(Message("the journal of changes"), "history")


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD and --limit."""
    parser.add_argument("record", metavar="RECORD", nargs="?", default="", help=tr("only what touched this record"))
    parser.add_argument(
        "--limit", metavar="N", type=whole_number, default=None, help=tr("at most so many (by default all)")
    )


def run(context: CommandContext) -> int:
    """Prints it."""
    from app.history.revisions import journal
    from app.moments import what, who

    if context.args.limit is not None and context.args.limit < 0:
        raise UserError(Message("--limit must not be negative."))
    with context.read() as reader:
        uid = reader.find(context.args.record).uid if context.args.record else None
        headers = list(islice(journal(reader, uid), context.args.limit))
        context.answer(
            {"revisions": [_document(h) for h in headers], "head": reader.head().document},
            lambda: table(
                (
                    tr("Revision"),
                    tr("Time"),
                    tr("Author"),
                    tr("Source"),
                    tr("Reason"),
                    tr("New"),
                    tr("Changed"),
                    tr("Deleted"),
                    tr("Undo"),
                ),
                [
                    (
                        h.number,
                        h.time,
                        who(h),
                        source_text(h.source),
                        what(h),
                        h.created,
                        h.updated,
                        h.deleted,
                        _undo(h),
                    )
                    for h in headers
                ],
            ),
        )
        context.say(tr("The journal's head: {head}", head=str(reader.head())))
    return DONE


def _undo(header: RevisionHeader) -> str:
    if header.undoes:
        return tr("undoes {number}", number=Plain(header.undoes))
    return tr("undone by {number}", number=Plain(header.undone_by)) if header.undone_by else ""


def _document(header: RevisionHeader) -> dict[str, Any]:
    return {
        "revision": header.number,
        "id": header.id,
        "time": header.time,
        "recorded": header.recorded,
        "author": header.author,
        "actor": header.actor.document if header.actor is not None else None,
        "copy": header.copy or None,
        "source": header.source,
        "reason": str(header.reason),
        "title": str(header.title),
        "undoes": header.undoes or None,
        "undone_by": header.undone_by or None,
        "created": header.created,
        "updated": header.updated,
        "deleted": header.deleted,
    }
