"""``decrypt``: the estate's file is readable without a passphrase again."""

from __future__ import annotations

import argparse

from app.cli.commands.encrypt import rekey
from app.cli.context import CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message

DESCRIPTION = Description(Message("take the encryption away"), "estate", before=(("encrypt",),), drafted=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(context: CommandContext) -> int:
    """Writes the estate and its own backups anew. Status 1 where a backup could not be."""
    return rekey(context)
