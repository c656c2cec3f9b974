"""``move TARGET``: copies the whole estate, history included, to a server or a file. It stays where it is, too."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message, counted, tr

DESCRIPTION = Description(
    Message("copy the whole estate, history included, to a server or a file"),
    "estate",
    example=("{folder}/moved.terrier",),
    drafted=False,
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """TARGET."""
    parser.add_argument(
        "target",
        metavar="TARGET",
        help=tr(
            "a file that does not exist yet, or the URL of an empty database ({form})",
            form="postgresql://user@host/name",
        ),
    )


def run(context: CommandContext) -> int:
    """Copies it. Where that fails or is cancelled, nothing is left at the target."""
    from app.estates import loss_of_encryption, move
    from app.settings import Settings
    from app.workspace import Workspace
    from cmdb.store.connection.database_address import shown

    store = context.store()
    workspace = Workspace(store, Settings())
    if loss := loss_of_encryption(workspace, context.args.target):
        context.say(loss)
    moved = move(workspace, context.args.target, context.control())
    there = shown(context.args.target)
    lines = [
        tr(
            "Copied {records} and {revisions} to {place}.",
            records=counted("{count} record", "{count} records", moved.records),
            revisions=counted("{count} revision", "{count} revisions", moved.revisions),
            place=there,
        ),
        tr(
            "{estate} stays as it is; work goes on in the one that is named with {option}.",
            estate=store.name,
            option="--db",
        ),
    ]
    context.answer({"path": there, "records": moved.records, "revisions": moved.revisions}, lines)
    return DONE
