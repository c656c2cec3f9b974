"""``detach ATTACHMENT…``: takes files off their record. Their contents stay as long as the history is kept."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from app.cli.revision_report import written
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("take files off their record; undo brings them back"),
    "records",
    example=("{record}", "hardware.xlsx"),
    before=(("attach", "{record}", "{sheet}"),),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The files."""
    parser.add_argument(
        "files",
        metavar="ATTACHMENT",
        nargs="+",
        help=tr("the id of a file, as “{command}” lists it; or a record, and the names of its files",
                command="attachments"),
    )  # fmt: skip
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """One revision."""
    from app.attachments.attaching import detaching, named_attachments
    from app.attachments.documents import documents
    from app.renewal import edit

    args, store = context.args, context.store()
    context.warn_removed(args.reason)
    found: list[Attachment] = []

    def decide(reader: Reader) -> Revision:
        nonlocal found
        found = named_attachments(reader, args.files)
        return detaching(reader, found, context.author, args.reason)

    applied = edit(store, decide, store.apply)
    context.say_meanwhile(applied)
    names = tuple(one.name for one in found)
    line = tr("Revision {number}: {files} detached.", number=Plain(applied.number), files=names)
    if applied.draft:
        line = tr("Draft “{name}”: {files} detached.", name=applied.draft, files=names)
    context.answer(documents(found, **written(applied)), [line])
    return DONE
