"""``restore FILE``: puts a backup in the estate's place; the file that was there is kept beside it."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import StoreProblem
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(Message("put a backup in the estate's place"), "estate", example=("{copy}",), drafted=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """FILE."""
    parser.add_argument("file", metavar="FILE", help=tr("a backup"))


def run(context: CommandContext) -> int:
    """Restores it, after a look at whether it is sound."""
    from app.estates import restore

    copy = Path(context.args.file)
    if not copy.exists():
        raise StoreProblem(
            Message("There is no backup {file}. Name a file that was made with: {command}", file=copy, command="backup")
        )
    remark = restore(copy, context.where, context.key(copy), context.key(context.where))
    done = tr("Restored {estate} from {file}.", estate=context.where, file=context.args.file)
    context.answer({"path": str(context.where)}, [done])
    if remark:
        context.say(remark)
    return DONE
