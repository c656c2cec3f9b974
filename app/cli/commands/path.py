"""``path A B``: how two records are connected, over all relationships."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.cli.context import DONE, CommandContext
from app.cli.records import item
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(Message("how two records are connected"), "questions", example=("{record}", "{other}"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """A and B."""
    parser.add_argument("a", metavar="A", help=tr("a record"))
    parser.add_argument("b", metavar="B", help=tr("another record"))


def run(context: CommandContext) -> int:
    """Prints the shortest way."""
    from app.impact.paths import path_between
    from cmdb.register.live_graph import graph_of

    with context.read() as reader:
        a, b = item(reader, context.args.a), item(reader, context.args.b)
        stops = path_between(reader, graph_of(reader, context.control()), a.id, b.id)
    document = [
        {"id": stop.uid, "class": stop.label, "name": stop.name, **({"via": stop.link} if stop.link else {})}
        for stop in stops
    ]

    def lines() -> Iterator[str]:
        if not stops:
            yield tr("{first} and {second} are not connected.", first=a.name, second=b.name)
        for stop in stops:
            yield f"  {stop.link} {stop.name}" if stop.link else stop.name

    context.answer({"path": document}, lines)
    return DONE
