"""``move TARGET``: copies the whole estate, history included, to a server or a file. It stays where it is, too."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.context import DONE, Context
from app.cli.output import count
from app.cli.registry import Description

DESCRIPTION = Description(
    "copy the whole estate, history included, to a server or a file", "Estate", example=("{folder}/moved.terrier",)
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """TARGET."""
    parser.add_argument(
        "target",
        metavar="TARGET",
        help="a file that does not exist yet, or the URL of an empty database (postgresql://user@host/name)",
    )


def run(context: Context) -> int:
    """Copies it. Where that fails or is cancelled, nothing is left at the target."""
    from cmdb.store.connection.engine import shown
    from cmdb.store.upkeep.moving import move

    target: str | Path = context.args.target if "://" in context.args.target else Path(context.args.target)
    store = context.store()
    moved = move(store, target, context.control())
    there = shown(target)
    lines = [
        f"Copied {count(moved.records, 'record')} and {count(moved.revisions, 'revision')} to {there}.",
        f"{store.name} stays as it is; work goes on in the one that is named with --db.",
    ]
    if store.key is not None and "://" in str(target):
        lines.append("In the database it is not encrypted: who runs the server can read it.")
    context.answer({"path": there, "records": moved.records, "revisions": moved.revisions}, lines)
    return DONE
