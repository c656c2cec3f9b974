"""``cutsets RECORD``: the smallest sets of records whose loss takes it down."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.cli.argparse_texts import RECORD, whole_number
from app.cli.context import DONE, CommandContext
from app.cli.records import item
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr, trn

DESCRIPTION = Description(
    Message("the smallest sets of records whose loss takes one down"), "questions", example=("{record}", "--order", "1")
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, --order and --among."""
    parser.add_argument("record", metavar="RECORD", help=str(RECORD))
    parser.add_argument(
        "--order", metavar="N", type=whole_number, default=2, help=tr("sets of at most so many (by default 2)")
    )
    parser.add_argument(
        "--among", metavar="CLASS", default="", help=tr("only records of this class can fail by themselves")
    )


def run(context: CommandContext) -> int:
    """Prints them, complete and minimal up to the order."""
    from app.impact.cut_sets import cut_sets
    from cmdb.register.live_graph import graph_of

    args = context.args
    if args.order < 1:
        raise UserError(Message("--order must be at least 1."))
    with context.read() as reader:
        record = item(reader, args.record)
        among = reader.schema.find_class(args.among).name if args.among else None
        graph = graph_of(reader, context.control())
        found = cut_sets(reader, graph, record.id, args.order, among, control=context.control())

    def lines() -> Iterator[str]:
        if found.sets:
            yield tr("{record} goes down with the loss of any of:", record=record.name)
        elif found.complete:
            yield trn(
                "{record} does not go down with the loss of any {count} record that it depends on.",
                "{record} does not go down with the loss of any {count} records that it depends on, or fewer.",
                args.order,
                record=record.name,
            )
        yield from (f"  {' + '.join(one)}" for one in found.sets)
        if not found.complete:
            yield "  " + tr("… and perhaps others: the search was cut short.")

    context.answer({"cut_sets": found.sets, "complete": found.complete, "order": args.order}, lines)
    return DONE
