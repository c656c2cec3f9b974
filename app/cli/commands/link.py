"""``link A TYPE B`` and ``unlink A TYPE B``: relates two records, or takes the relationship away."""

from __future__ import annotations

import argparse

from app.cli.applied import answer_applied
from app.cli.context import Context


def arguments(parser: argparse.ArgumentParser) -> None:
    """A, TYPE and B."""
    parser.add_argument("a", metavar="A", help="a record")
    parser.add_argument("type", metavar="TYPE", help='a relationship type as a person says it, such as "runs on"')
    parser.add_argument("b", metavar="B", help="another record")
    if parser.prog.endswith(" link"):
        parser.add_argument("--group", default="", help="the redundant set it belongs to")
        parser.add_argument("--needs", default="", help="how many of the set are needed: 1, 2, 50%%")
    parser.add_argument("--reason", default="", help="why, for the journal")


def run(context: Context) -> int:
    """One revision."""
    from dataclasses import replace

    from cmdb.register.edits import link, unlink

    args = context.args
    store = context.store()
    with store.read() as reader:
        type_, inverse = reader.schema.find_relationship(args.type)
        a, b = reader.find(args.a).uid, reader.find(args.b).uid
        if inverse:
            a, b = b, a
        if context.command == "link":
            revision = link(reader, a, type_.name, b, context.author, group=args.group, needs=args.needs)
        else:
            revision = unlink(reader, a, type_.name, b, context.author)
    if args.reason:
        revision = replace(revision, reason=args.reason)
    return answer_applied(context, store.apply(revision))
