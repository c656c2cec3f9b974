"""``attachments RECORD``: the files that are kept with a record."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.formats import Size, moment
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.attachments import Attachment

DESCRIPTION = Description(Message("list the files that are kept with a record"), "records", example=("{record}",))


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD and --as-of."""
    parser.add_argument("record", metavar="RECORD", help=tr("any record"))
    parser.add_argument("--as-of", metavar="T", default="", help=tr("a date, a time, a revision or a baseline's name"))


def run(context: CommandContext) -> int:
    """Prints them, in the order in which they were attached."""
    from app.attachments.documents import documents
    from cmdb.store.reading.attachments import attachments_of

    with context.read(context.args.as_of) as reader:
        found = attachments_of(reader, [reader.find(context.args.record).uid])
    context.answer(documents(found), lambda: lines(found) if found else [tr("No files are kept with it.")])
    return DONE


def lines(found: list[Attachment]) -> Iterator[str]:
    """Files as a table for people."""
    head = (tr("File"), tr("Size"), tr("Added"), tr("By"), tr("About"), tr("Id"))
    rows = [
        (one.name, str(Message("{size}", size=Size(one.size))), moment(one.added), one.author, one.about, one.uid)
        for one in found
    ]
    yield from table(head, rows)
