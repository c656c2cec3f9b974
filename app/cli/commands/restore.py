"""``restore FILE``: puts a backup in the estate's place; what stood there is kept beside it."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.context import DONE, Context
from app.cli.registry import Description
from cmdb.model.errors import UserError

DESCRIPTION = Description("put a backup in the estate's place", "Estate", example=("{copy}",))


def arguments(parser: argparse.ArgumentParser) -> None:
    """FILE."""
    parser.add_argument("file", metavar="FILE", help="a backup")


def run(context: Context) -> int:
    """Restores it, after a look at whether it is sound."""
    from cmdb.store.upkeep.copies import restore

    where = context.where
    if not isinstance(where, Path):
        raise UserError("A backup is a file, so it can only be restored to a file; for a database use its own tools.")
    if not where.parent.is_dir():
        raise UserError(f"The folder {where.parent} does not exist.")
    copy = Path(context.args.file)
    restore(copy, where, context.key(copy), context.key(where))
    context.answer({"path": str(where)}, [f"Restored {where} from {context.args.file}."])
    return DONE
