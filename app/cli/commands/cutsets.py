"""``cutsets RECORD``: the smallest sets of records whose loss takes it down."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.cli.context import DONE, Context
from app.cli.registry import Description
from cmdb.model.errors import UserError

DESCRIPTION = Description(
    "the smallest sets of records whose loss takes one down", "Questions", example=("{record}", "--order", "1")
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, --order and --among."""
    parser.add_argument("record", metavar="RECORD")
    parser.add_argument("--order", metavar="N", type=int, default=2, help="sets of at most so many (by default 2)")
    parser.add_argument(
        "--among", metavar="CLASS", default="", help="only records of this class can fail by themselves"
    )


def run(context: Context) -> int:
    """Prints them, complete and minimal up to the order."""
    from cmdb.graph.cutsets import cutsets
    from cmdb.register.live_graph import graph_of

    args = context.args
    if args.order < 1:
        raise UserError("--order must be at least 1.")
    with context.read() as reader:
        record = reader.find(args.record)
        among = reader.schema.find_class(args.among).name if args.among else None
        graph = graph_of(reader, context.control())
        found = cutsets(graph, record.id, args.order, among, control=context.control())
        names = {c.id: c.name for c in reader.many(sorted({ci for one in found.sets for ci in one}))}
    sets = [sorted(names[ci] for ci in one) for one in found.sets]

    def lines() -> Iterator[str]:
        yield f"{record.name} goes down with the loss of any of:"
        yield from (f"  {' + '.join(one)}" for one in sets)
        if not found.complete:
            yield "  … and perhaps others: the search was cut short."

    context.answer({"cut_sets": sets, "complete": found.complete, "order": args.order}, lines)
    return DONE
