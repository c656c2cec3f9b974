"""``new FILE [--sample]``: creates an estate."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from app.cli.context import DONE, Context
from app.cli.output import count


def arguments(parser: argparse.ArgumentParser) -> None:
    """FILE and --sample."""
    parser.add_argument("file", metavar="FILE|URL", help="the new estate: a file that does not exist yet, or a URL")
    parser.add_argument("--sample", action="store_true", help="fill it with the sample company")


def run(context: Context) -> int:
    """Creates it. Where filling it fails or is cancelled, nothing is left behind."""
    from cmdb.store import Selection, Store

    where: str | Path = context.args.file if "://" in context.args.file else Path(context.args.file)
    fill: Callable[[Store], object] | None = None
    if context.args.sample:
        from app.sample import load

        fill = lambda store: load(store, control=context.control())  # noqa: E731
    store = Store.create(where, fill)
    try:
        with store.read() as reader:
            records = reader.count(Selection())
    finally:
        store.close()
    context.answer({"path": str(where), "records": records}, [f"Created {where} with {count(records, 'record')}."])
    return DONE
