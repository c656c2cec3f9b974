"""``passphrase``: an encrypted estate gets another passphrase, or its key is kept in this person's keyring."""

from __future__ import annotations

import argparse

from app.cli.commands.encrypt import rekey
from app.cli.context import CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(
    Message("give an encrypted estate another passphrase"), "estate", before=(("encrypt",),), drafted=False
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """--remember and --forget."""
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--remember", action="store_true", help=tr("only keep its key in this person's keyring"))
    either.add_argument("--forget", action="store_true", help=tr("only remove its key from this person's keyring"))


def run(context: CommandContext) -> int:
    """Writes the estate and its own backups anew. Status 1 where a backup could not be."""
    return rekey(context)
