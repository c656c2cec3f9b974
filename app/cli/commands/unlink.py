"""``unlink A TYPE B``: takes a relationship away."""

from __future__ import annotations

import argparse

from app.cli.commands.link import apply_between, two_records
from app.cli.context import CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message

DESCRIPTION = Description(
    Message("take a relationship away"),
    "records",
    example=("{record}", "depends on", "{other}"),
    before=(("link", "{record}", "depends on", "{other}"),),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """A, TYPE and B."""
    two_records(parser)


def run(context: CommandContext) -> int:
    """One revision."""
    from app.links import unlink

    return apply_between(context, lambda reader, a, kind, b: unlink(reader, a, kind, b, context.author))
