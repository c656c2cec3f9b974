"""``new FILE [--sample]``: creates an estate."""

from __future__ import annotations

import argparse
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
    store = Store.create(where)
    try:
        try:
            if context.args.sample:
                from app.sample import load

                load(store, control=context.control())
            with store.read() as reader:
                records = reader.count(Selection())
        finally:
            store.close()
    except BaseException:
        if isinstance(where, Path):
            for ending in ("", "-wal", "-shm"):
                where.with_name(where.name + ending).unlink(missing_ok=True)
        raise
    context.answer({"path": str(where), "records": records}, [f"Created {where} with {count(records, 'record')}."])
    return DONE
