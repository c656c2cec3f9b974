"""``attach RECORD FILE…``: keeps files in the estate, with a record."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from app.cli.revision_report import written
from cmdb.model.formats import Plain, Size
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("keep files in the estate, with a record"),
    "records",
    example=("{record}", "{sheet}", "--about", "As bought"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, the files, and what they are."""
    parser.add_argument("record", metavar="RECORD", help=tr("the record that they are kept with"))
    parser.add_argument("files", metavar="FILE", nargs="+", help=tr("a file; its content is copied into the estate"))
    parser.add_argument("--about", metavar="TEXT", default="", help=tr("what they are, in your own words"))
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """One revision, with all of them or none."""
    from app.attachments.attaching import attaching, files_at, largest
    from app.attachments.documents import documents
    from app.renewal import edit
    from app.settings import Settings
    from cmdb.store.reading.attachments import attachments_by_id

    args, store = context.args, context.store()
    with store.read() as reader:
        reader.find(args.record)  # before files are read
    for word in (args.about, args.reason):
        context.warn_removed(word)
    files = files_at([Path(name) for name in args.files], largest(Settings()), context.control(), context.where)
    found: list[Attachment] = []

    def decide(reader: Reader) -> Revision:
        nonlocal found
        record = reader.find(args.record).uid
        revision, found = attaching(reader, record, files, context.author, args.about, args.reason)
        return revision

    applied = edit(store, decide, lambda revision: store.apply(revision, context.control()))
    context.say_meanwhile(applied)
    with store.read() as reader:
        found = attachments_by_id(reader, [one.uid for one in found])
        name = reader.find(args.record).name
    lines = [tr("{file}: {size}, id {id}", file=one.name, size=Size(one.size), id=one.uid) for one in found]
    done = tr("All of it was attached already.")
    if applied.number:
        done = tr("Revision {number}: attached to {record}.", number=Plain(applied.number), record=name)
        if applied.draft:
            done = tr("Draft “{name}”: attached to {record}.", name=applied.draft, record=name)
    context.answer(documents(found, **written(applied)), [done, *lines])
    return DONE
