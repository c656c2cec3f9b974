"""``tags [CLASS] [--where Q]``: gives asset tags to those items that have none."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("give asset tags to items that have none"),
    "records",
    before=(("set", "{record}", "asset_tag="),),
    needs="a record",
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """CLASS, and what to keep of it."""
    parser.add_argument("cls", nargs="?", metavar="CLASS", default="", help=tr("a class; its subclasses are included"))
    parser.add_argument("--where", metavar="Q", default="", help=tr("only records that match this filter"))


def run(context: CommandContext) -> int:
    """One revision; by the pattern of each class, or after the highest tag in use."""
    from app.assets.new_records import tagged
    from app.assets.rows import uids_in
    from app.renewal import edit
    from cmdb.model.selection import Selection

    args = context.args

    def decide(reader: Reader) -> Revision:
        cls = reader.schema.find_class(args.cls).name if args.cls else "hardware"
        return tagged(reader, uids_in(reader, Selection(cls, args.where, "name")), context.author)

    store = context.store()
    applied = edit(store, decide, store.apply)
    context.say_meanwhile(applied)
    with context.read() as reader:
        found = reader.by_uid(sorted(applied.updated))
    given = [{"id": one.uid, "name": one.name, "asset_tag": one.text("asset_tag")} for one in found.values()]
    lines = [tr("{name}: {tag}", name=one["name"], tag=one["asset_tag"]) for one in given]
    context.answer({"given": given, "revision": applied.number}, lines)
    return DONE
