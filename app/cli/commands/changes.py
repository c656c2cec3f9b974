"""``changes --since REVISION``: the journal as a feed, a line for each field; ``--follow`` waits for more."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli.context import DONE, CommandContext
from app.cli.output import json_line, write, write_json
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("what was changed since a revision, a line for each field"),
    "history",
    example=("--since", "0"),
    lines=True,
    drafted=False,
)
PAUSE = 0.5
"""Seconds between two pulls of ``--follow``."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """--since and --follow."""
    parser.add_argument(
        "--since",
        metavar="T",
        required=True,
        help=tr("what comes after it: a revision (0: everything), a date, a time or a baseline's name"),
    )
    parser.add_argument("--follow", action="store_true", help=tr("then wait for more, until Ctrl-C"))


def run(context: CommandContext) -> int:
    """Prints them as they are read; under ``--json`` each line is a document of its own.

    Each pull reads one consistent view, and the next one begins where it ended.
    """
    since = context.revision(context.args.since)
    while True:
        store = context.store()
        with store.read() as reader:
            if reader.number > since:
                for line in _lines(context, reader, since):
                    if context.args.json:
                        write_json((line,))
                    else:
                        write(line)
                sys.stdout.flush()
            since = reader.number
        if not context.args.follow:
            return DONE
        while store.data_version() <= since:
            time.sleep(PAUSE)
        store.reload_schema()


def _lines(context: CommandContext, reader: Reader, since: int) -> Iterator[str]:
    from app.history.feed import documents, lines

    return map(json_line, documents(reader, since)) if context.args.json else lines(reader, since)
