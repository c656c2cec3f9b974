"""``delete RECORD``: deletes a record with its relationships; ``undo`` brings it back."""

from __future__ import annotations

import argparse

from app.cli.applied import answer_applied
from app.cli.context import Context
from app.cli.registry import Description

DESCRIPTION = Description("delete a record", "Records", example=("{record}",))


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD."""
    parser.add_argument("record", metavar="RECORD")
    parser.add_argument("--reason", default="", help="why, for the journal")


def run(context: Context) -> int:
    """One revision."""
    from cmdb.register.edits import delete

    store = context.store()
    with store.read() as reader:
        revision = delete(reader, [reader.find(context.args.record).uid], context.author, context.args.reason)
    return answer_applied(context, store.apply(revision))
