"""``new FILE [--sample]``: creates an estate."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr, trn

DESCRIPTION = Description(
    Message("create an estate, empty or with the sample"), "estate", example=("{folder}/new.terrier",), drafted=False
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """FILE, --sample and --encrypt."""
    parser.add_argument("file", metavar="FILE|URL", help=tr("the new estate: a file that does not exist yet, or a URL"))
    parser.add_argument("--sample", action="store_true", help=tr("fill it with the sample company"))
    parser.add_argument("--encrypt", action="store_true", help=tr("encrypt the file; asks for a passphrase"))


def run(context: CommandContext) -> int:
    """Creates it. Where filling it fails or is cancelled, nothing is left behind."""
    from app.unfinished_files import noted
    from cmdb.model.selection import Selection
    from cmdb.store.connection.database_address import is_url, shown
    from cmdb.store.store import Store
    from cmdb.store.upkeep.startup import create_estate

    where: str | Path = context.args.file if is_url(context.args.file) else Path(context.args.file)
    fill: Callable[[Store], object] | None = None
    if context.args.sample:
        from app.sample import load

        fill = lambda store: load(store, control=context.control())  # noqa: E731
    key = None
    if context.args.encrypt:
        from app.cli.passphrase_prompt import new_passphrase
        from app.keys import PASSPHRASE
        from cmdb.store.connection.ciphers import new_key, require

        if not isinstance(where, Path):
            raise UserError(Message("Only files are encrypted by Terrier; a database server has ways of its own."))
        require()
        key = new_key(new_passphrase(where.name, PASSPHRASE))
    with noted(where) if isinstance(where, Path) else nullcontext():
        store = create_estate(where, fill, key=key)
    if store.remark:
        context.say(str(store.remark))
    try:
        with store.read() as reader:
            records = reader.count(Selection())
    finally:
        store.close()
    there = shown(where)
    said = trn("Created {file} with {count} record.", "Created {file} with {count} records.", records, file=there)
    context.answer({"path": there, "records": records}, [said])
    return DONE
