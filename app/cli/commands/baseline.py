"""``baseline [NAME]``: gives a moment a name that every T understands; without a name lists them."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.context import DONE, Context
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.errors import NotFound, UserError

if TYPE_CHECKING:
    from cmdb.model.journal import Baseline
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description("give a moment a name; without a name, list them", "History")


def arguments(parser: argparse.ArgumentParser) -> None:
    """NAME, and what to do with it."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="without it, the baselines are listed")
    parser.add_argument("--at", metavar="T", default="", help="the moment to be named (by default now)")
    parser.add_argument("--note", metavar="TEXT", default="", help="what it stands for")
    parser.add_argument("--rename", metavar="NAME", default="", help="call it this from now on")
    parser.add_argument("--remove", action="store_true", help="take the name away")


def run(context: Context) -> int:
    """Makes, renames, removes or lists."""
    from cmdb.register import baselines

    args = context.args
    if sum(map(bool, (args.at, args.rename, args.remove))) > 1 or (args.remove and args.note):
        raise UserError("Give one of --at, --rename and --remove.")
    if not args.name:
        if args.at or args.rename or args.remove or args.note:
            raise UserError("Which baseline? Without a name they are only listed.")
        with context.read() as reader:
            found = baselines.baselines(reader)
        context.answer(
            {"baselines": [{"name": b.name, "revision": b.number, "note": b.note, "id": b.uid} for b in found]},
            lambda: table(("Name", "Revision", "Note"), [(b.name, b.number, b.note) for b in found]),
        )
        return DONE
    with context.read() as reader:
        if args.remove:
            revision = baselines.remove(reader, _find(reader, args.name).uid, context.author)
        elif args.rename:
            found_one = _find(reader, args.name)
            note = args.note or found_one.note
            revision = baselines.change(reader, found_one.uid, args.rename, note, context.author)
        else:
            number = reader.revision_at(args.at) if args.at else reader.number
            revision = baselines.add(args.name, number, context.author, args.note)
    applied = context.store().apply(revision)
    said = f"Revision {applied.number}: {revision.reason}." if applied.number else "Nothing to change."
    context.answer({"revision": applied.number or None}, [said])
    return DONE


def _find(reader: Reader, name: str) -> Baseline:
    """Raises NotFound, with the names there are."""
    from cmdb.register.baselines import baselines

    known = baselines(reader)
    wanted = " ".join(name.split()).casefold()
    for one in known:
        if one.name.casefold() == wanted:
            return one
    raise NotFound(f"There is no baseline {name!r}.", tuple(one.name for one in known))
