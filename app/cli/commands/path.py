"""``path A B``: how two records hang together, over all relationships."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from app.cli.context import DONE, Context
from app.cli.registry import Description

DESCRIPTION = Description("how two records are connected", "Questions", example=("{record}", "{other}"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """A and B."""
    parser.add_argument("a", metavar="A", help="a record")
    parser.add_argument("b", metavar="B", help="another record")


def run(context: Context) -> int:
    """Prints the shortest way."""
    from cmdb.graph.paths import path
    from cmdb.register.live_graph import graph_of

    with context.read() as reader:
        a, b = reader.find(context.args.a), reader.find(context.args.b)
        steps = path(graph_of(reader, context.control()), a.id, b.id)
        records = {c.id: c for c in reader.many([a.id, *(s.target for s in steps or ())])}
        labels = {c.id: reader.schema.cls(c.cls).label for c in records.values()}
    walked = [] if steps is None else [("", a.id), *((s.label, s.target) for s in steps)]
    document = [
        {"id": records[ci].uid, "class": labels[ci], "name": records[ci].name, **({"via": label} if label else {})}
        for label, ci in walked
    ]

    def lines() -> Iterator[str]:
        if not walked:
            yield f"{a.name} and {b.name} do not hang together."
        for label, ci in walked:
            yield f"  {label} {records[ci].name}" if label else records[ci].name

    context.answer({"path": document}, lines)
    return DONE
