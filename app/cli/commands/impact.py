"""``impact RECORD…``: the records that fail with these records or are degraded, with reasons."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.records import item
from app.cli.registry import Description
from cmdb.graph.results import STATES
from cmdb.model.messages import Message, counted, tr

if TYPE_CHECKING:
    from cmdb.graph.impact import Impact
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("what fails if these records fail"), "questions", example=("{record}",))


def arguments(parser: argparse.ArgumentParser) -> None:
    """The records that fail, and --as-of."""
    parser.add_argument("records", metavar="RECORD", nargs="+", help=tr("what fails"))
    parser.add_argument("--as-of", metavar="T", default="", help=tr("a date, a time, a revision or a baseline's name"))


def run(context: CommandContext) -> int:
    """Prints the affected records. They are looked up and printed in batches, because there may be very many."""
    from cmdb.graph.impact import impact
    from cmdb.register.live_graph import graph_of

    with context.read(context.args.as_of) as reader:
        failed = [item(reader, word).id for word in context.args.records]
        found = impact(graph_of(reader, context.control()), failed)
        context.stream(_document(reader, found), lambda: _lines(reader, found))
    return DONE


def _document(reader: Reader, found: Impact) -> dict[str, Iterable[dict[str, Any]]]:
    """The parts of the answer, each made while it is printed."""
    degraded = [*found.of("exhausted").tolist(), *found.of("degraded").tolist()]
    return {
        "failed": _entries(reader, found, found.failed),
        "down": _entries(reader, found, found.of("down").tolist()),
        "degraded": _entries(reader, found, sorted(degraded)),
        "at_risk": _entries(reader, found, found.of("at_risk").tolist()),
        "errors": _errors(reader, found),
    }


def _entries(reader: Reader, found: Impact, cis: Iterable[int]) -> Iterator[dict[str, Any]]:
    from app.impact.affected_items import hits

    for hit in hits(reader, found, cis, paths=True):
        yield {
            "id": hit.uid,
            "class": hit.label,
            "name": hit.name,
            "exhausted": hit.state == "exhausted",
            "why": hit.path,
        }


def _errors(reader: Reader, found: Impact) -> Iterator[dict[str, Any]]:
    """Groups that contradict themselves independently of failures: the owner and the problem."""
    from app.impact.affected_items import contradictions

    for one in contradictions(reader, found.errors):
        yield {"id": one.uid, "class": one.label, "name": one.name, "group": one.group, "message": str(one.text)}


def _lines(reader: Reader, found: Impact) -> Iterator[str]:
    from app.impact.affected_items import hits

    names = tuple(hit.name for hit in hits(reader, found, found.failed))
    counts = found.counts
    down, exhausted, at_risk = (counts.get(state, 0) for state in ("down", "exhausted", "at_risk"))
    degraded = counts.get("degraded", 0) + exhausted
    states = (
        counted("{count} record down", "{count} records down", down),
        counted("{count} degraded ({spare})", "{count} degraded ({spare})", degraded,
                spare=counted("{count} without a spare", "{count} without a spare", exhausted)),
        counted("{count} at risk", "{count} at risk", at_risk),
    )  # fmt: skip
    said = counted("If {names} fails: {states}.", "If {names} fail: {states}.", len(names), names=names, states=states)
    yield str(said)
    if sum(counts.values()) > len(found.failed):
        yield ""
        shown = (hit for state in STATES[1:-1] for hit in hits(reader, found, found.of(state).tolist()))
        yield from table(
            (tr("State"), tr("Class"), tr("Name"), tr("Why")),
            ((str(hit.word), hit.label, hit.name, hit.why) for hit in shown),
        )
    errors = list(_errors(reader, found))
    if errors:
        yield ""
        yield tr("Groups that contradict themselves, whatever fails:")
        yield from table(
            (tr("Class"), tr("Name"), tr("Problem")),
            ((e["class"], e["name"], e["message"]) for e in errors),
            wrapped=True,
        )
