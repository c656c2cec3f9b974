"""``unlink A TYPE B``: takes a relationship away, or out of a redundancy group."""

from __future__ import annotations

import argparse

from app.cli.commands.link import apply_between, two_records
from app.cli.context import CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(
    Message("take a relationship away"),
    "records",
    example=("{record}", "depends on", "{other}"),
    before=(("link", "{record}", "depends on", "{other}"),),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """A, TYPE and B, and the redundancy group."""
    two_records(parser)
    parser.add_argument("--group", default="", help=tr("only take it out of this redundancy group"))


def run(context: CommandContext) -> int:
    """One revision."""
    from app.links import unlink

    group = context.args.group
    return apply_between(context, lambda reader, a, kind, b: unlink(reader, a, kind, b, context.author, group=group))
