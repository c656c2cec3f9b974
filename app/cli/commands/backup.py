"""``backup FILE``: a consistent copy of the estate, while it is in use too."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(
    Message("write a consistent copy, while in use too"), "estate", example=("{folder}/backup.terrier",), drafted=False
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """FILE."""
    parser.add_argument("file", metavar="FILE", help=tr("the copy to make; an existing file is replaced"))


def run(context: CommandContext) -> int:
    """Writes it."""
    from cmdb.store.upkeep.backups import head_of
    from cmdb.store.upkeep.copies import write_backup

    path = context.output_path(context.args.file)
    store = context.store()
    write_backup(store, path)
    head = head_of(path, store.key)
    context.answer(
        {"path": str(path), "head": head.document},
        [tr("Wrote {file}.", file=path), tr("The journal's head: {head}", head=str(head))],
    )
    return DONE
