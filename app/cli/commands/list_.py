"""``list [CLASS]``: the records of a class and its subclasses."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, CommandContext
from app.cli.output import json_list, table, write, write_json
from app.cli.records import documents, rows
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(Message("list records"), "records")


def arguments(parser: argparse.ArgumentParser) -> None:
    """CLASS, and what to keep of it."""
    parser.add_argument("cls", nargs="?", metavar="CLASS", default="", help=tr("a class; its subclasses are included"))
    parser.add_argument(
        "--where",
        metavar="Q",
        default="",
        help=tr("a filter, such as: {example}", example="phase = live and memory > 8192"),
    )
    parser.add_argument("--sort", metavar="A", default="name", help=tr("an attribute; -A sorts descending"))
    parser.add_argument("--limit", metavar="N", type=whole_number, default=None, help=tr("at most so many"))
    parser.add_argument("--as-of", metavar="T", default="", help=tr("a date, a time, a revision or a baseline's name"))


def run(context: CommandContext) -> int:
    """Prints them as they are read."""
    from cmdb.model.records import CI
    from cmdb.model.selection import Selection
    from cmdb.store.reading.reader import Reader

    args = context.args
    if args.limit is not None and args.limit < 0:
        raise UserError(Message("--limit must not be negative."))

    def records(reader: Reader, selection: Selection) -> Iterator[CI]:
        if args.limit is not None:
            yield from reader.page(selection, limit=args.limit)
        else:
            yield from reader.all(selection)

    with context.read(args.as_of) as reader:
        cls = reader.schema.find_class(args.cls).name if args.cls else "ci"
        selection = Selection(cls, args.where, args.sort)
        found = records(reader, selection)
        if context.args.json:
            write_json(json_list(documents(reader, found)))
            return DONE
        columns = list(dict.fromkeys(("name", *reader.schema.cls(cls).columns)))
        attributes = reader.schema.all_attributes(cls)
        columns = [c for c in columns if c in attributes]
        for line in table([tr("Class"), *(attributes[c].label for c in columns)], rows(reader, found, columns)):
            write(line)
    return DONE
