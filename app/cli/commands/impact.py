"""``impact RECORD…``: what fails with these records, what is degraded, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, Context
from app.cli.output import count, table

if TYPE_CHECKING:
    from cmdb.graph import Impact
    from cmdb.store import CI, Reader


def arguments(parser: argparse.ArgumentParser) -> None:
    """The records that fail, and --as-of."""
    parser.add_argument("records", metavar="RECORD", nargs="+", help="what fails")
    parser.add_argument("--as-of", metavar="T", default="", help="an ISO date or time, or a revision")


def run(context: Context) -> int:
    """Prints who is hit."""
    from cmdb.graph import impact
    from cmdb.graph.live import graph_of

    with context.read(context.args.as_of) as reader:
        failed = [reader.find(word).id for word in context.args.records]
        found = impact(graph_of(reader, context.control()), failed)
        hit = {ci: found.path(ci) for ci in found.hit()}
        records = {c.id: c for c in reader.many(sorted({*hit, *(one for path in hit.values() for one in path)}))}

        def entry(ci: int) -> dict[str, Any]:
            record = records[ci]
            return {
                "id": record.uid,
                "class": reader.schema.cls(record.cls).label,
                "name": record.name,
                "exhausted": ci in found.exhausted,
                "why": [records[step].name for step in hit[ci]],
            }

        document = {
            "failed": [entry(ci) for ci in found.failed],
            "down": [entry(ci) for ci in found.down],
            "degraded": [entry(ci) for ci in found.degraded],
            "at_risk": [entry(ci) for ci in found.at_risk],
        }
        context.answer(document, lambda: _lines(reader, found, records))
    return DONE


def _lines(reader: Reader, found: Impact, records: dict[int, CI]) -> Iterator[str]:
    from cmdb.graph.why import STATE_WORDS, why

    names = ", ".join(records[ci].name for ci in found.failed)
    yield (
        f"If {names} {'fails' if len(found.failed) == 1 else 'fail'}: {count(len(found.down), 'record')} down, "
        f"{len(found.degraded)} degraded ({len(found.exhausted)} without a spare), {len(found.at_risk)} at risk."
    )
    rows = [
        (
            STATE_WORDS[state],
            reader.schema.cls(records[ci].cls).label,
            records[ci].name,
            why(found, ci, lambda one: records[one].name if one in records else str(one)),
        )
        for ci, state in found.hit().items()
        if state != "failed"
    ]
    if rows:
        yield ""
        yield from table(("State", "Class", "Name", "Why"), rows)
