"""``link A TYPE B``: relates two records."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.cli.context import CommandContext
from app.cli.registry import Description
from app.cli.revision_report import answer_applied
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("relate two records"), "records", example=("{record}", "depends on", "{other}"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """A, TYPE and B, and the redundancy group."""
    two_records(parser)
    parser.add_argument("--group", default="", help=tr("a redundancy group it belongs to"))
    parser.add_argument(
        "--needs", default="", help=tr("how many of the group are needed: 1, 2, {percent}", percent="50%%")
    )


def run(context: CommandContext) -> int:
    """One revision."""
    from app.links import link, stands_alone

    args = context.args
    besides = False

    def make(reader: Reader, a: str, kind: str, b: str) -> Revision:
        nonlocal besides
        besides = bool(args.group) and stands_alone(reader, a, kind, b)
        return link(reader, a, kind, b, context.author, group=args.group, needs=args.needs)

    status = apply_between(context, make)
    if besides:
        context.say(
            tr(
                "The relationship still stands alone besides, so it is needed whatever the group says. If that is "
                "wrong, take it away with “unlink” and link it with its groups."
            )
        )
    return status


def two_records(parser: argparse.ArgumentParser) -> None:
    """Declares two records, the relationship type between them, and the reason."""
    parser.add_argument("a", metavar="A", help=tr("a record"))
    parser.add_argument(
        "type",
        metavar="TYPE",
        help=tr("a relationship type, such as “{example}”", example=tr("runs on")),
    )
    parser.add_argument("b", metavar="B", help=tr("another record"))
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def apply_between(context: CommandContext, make: Callable[[Reader, str, str, str], Revision]) -> int:
    """Applies what ``make(reader, source id, type name, target id)`` returns; the exit status."""
    from dataclasses import replace

    from app.renewal import edit

    args = context.args
    store = context.store()

    def decide(reader: Reader) -> Revision:
        kind, inverse = reader.schema.find_relationship(args.type)
        a, b = reader.find(args.a).uid, reader.find(args.b).uid
        if inverse:
            a, b = b, a
        revision = make(reader, a, kind.name, b)
        return replace(revision, reason=args.reason) if args.reason else revision

    return answer_applied(context, edit(store, decide, store.apply))
