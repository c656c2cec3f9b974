"""``baseline [NAME]``: gives a moment a name that every T understands; without a name lists them."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(Message("give a moment a name; without a name, list them"), "history", drafted=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """NAME, and what to do with it."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help=tr("without it, the baselines are listed"))
    parser.add_argument("--at", metavar="T", default="", help=tr("the moment to be named (by default now)"))
    parser.add_argument("--note", metavar="TEXT", default="", help=tr("what it stands for"))
    parser.add_argument("--rename", metavar="NAME", default="", help=tr("call it this from now on"))
    parser.add_argument("--remove", action="store_true", help=tr("take the name away"))


def run(context: CommandContext) -> int:
    """Makes, renames, removes or lists."""
    from app.history import baselines

    args = context.args
    for typed in (args.note, args.rename, "" if args.remove else args.name):
        context.warn_removed(typed)
    if sum(map(bool, (args.at, args.rename, args.remove))) > 1 or (args.remove and args.note):
        raise UserError(Message("Give one of --at, --rename and --remove."))
    if not args.name:
        if args.at or args.rename or args.remove or args.note:
            raise UserError(Message("Which baseline? Without a name they are only listed."))
        with context.read() as reader:
            found = baselines.named_moments(reader).baselines
        context.answer(
            {"baselines": [{"name": b.name, "revision": b.number, "note": b.note, "id": b.uid} for b in found]},
            lambda: table((tr("Name"), tr("Revision"), tr("Note")), [(b.name, b.number, b.note) for b in found]),
        )
        return DONE
    with context.read() as reader:
        if args.remove:
            revision = baselines.remove_baseline(reader, baselines.find_baseline(reader, args.name), context.author)
        elif args.rename:
            one = baselines.find_baseline(reader, args.name)
            revision = baselines.change_baseline(reader, one, args.rename, args.note or one.note, context.author)
        else:
            number = context.revision(args.at) if args.at else None
            revision = baselines.name_moment(reader, args.name, number, context.author, args.note)
    applied = context.store().apply(revision)
    said = tr("Nothing to change.")
    if applied.number:
        said = tr("Revision {number}: {reason}.", number=Plain(applied.number), reason=revision.reason)
    context.answer({"revision": applied.number or None}, [said])
    return DONE
