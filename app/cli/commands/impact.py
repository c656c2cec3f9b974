"""``impact RECORD…``: what fails with these records, what is degraded, and why."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, Context
from app.cli.output import count, table
from app.cli.registry import Description

if TYPE_CHECKING:
    from cmdb.graph.impact import Impact
    from cmdb.store.reading.reader import Reader

#: CIs that are looked up at once, and that are remembered by name.
BATCH, KNOWN = 1_000, 100_000

DESCRIPTION = Description("what fails if these records fail", "Questions", example=("{record}",))


def arguments(parser: argparse.ArgumentParser) -> None:
    """The records that fail, and --as-of."""
    parser.add_argument("records", metavar="RECORD", nargs="+", help="what fails")
    parser.add_argument("--as-of", metavar="T", default="", help="a date, a time, a revision or a baseline's name")


def run(context: Context) -> int:
    """Prints who is hit. An estate may have very many: they are looked up and printed some at a time."""
    from cmdb.graph.impact import impact
    from cmdb.register.live_graph import graph_of

    with context.read(context.args.as_of) as reader:
        failed = [reader.find(word).id for word in context.args.records]
        found = impact(graph_of(reader, context.control()), failed)
        context.stream(_document(reader, found), lambda: _lines(reader, found))
    return DONE


class _Records:
    """Classes, ids and names of CIs, fetched many at a time; what was asked for long ago is forgotten."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: dict[int, tuple[str, str, str]] = {}

    def want(self, cis: Iterable[int]) -> None:
        """Fetches those that are not known."""
        if len(self._found) > KNOWN:
            self._found.clear()
        self._found.update(self._reader.outer({ci for ci in cis if ci not in self._found}))

    def __getitem__(self, ci: int) -> tuple[str, str, str]:
        """Id, class and name."""
        if ci not in self._found:
            self.want([ci])
        return self._found[ci]

    def name(self, ci: int) -> str:
        """The name of a CI."""
        return self[ci][2]


def _document(reader: Reader, found: Impact) -> dict[str, Iterable[dict[str, Any]]]:
    """The parts of the answer, each made while it is printed."""
    degraded = [*found.of("exhausted").tolist(), *found.of("degraded").tolist()]
    return {
        "failed": _entries(reader, found, list(found.failed)),
        "down": _entries(reader, found, found.of("down").tolist()),
        "degraded": _entries(reader, found, sorted(degraded)),
        "at_risk": _entries(reader, found, found.of("at_risk").tolist()),
        "errors": _errors(reader, found),
    }


def _entries(reader: Reader, found: Impact, cis: list[int]) -> Iterator[dict[str, Any]]:
    records = _Records(reader)
    for low in range(0, len(cis), BATCH):
        paths = {ci: found.path(ci) for ci in cis[low : low + BATCH]}
        records.want({*paths, *(step for path in paths.values() for step in path)})
        for ci, path in paths.items():
            uid, cls, name = records[ci]
            yield {
                "id": uid,
                "class": reader.schema.cls(cls).label,
                "name": name,
                "exhausted": found.state(ci) == "exhausted",
                "why": [records.name(step) for step in path],
            }


def _errors(reader: Reader, found: Impact) -> Iterator[dict[str, Any]]:
    """Groups that contradict themselves, whatever fails: whose, and what is wrong."""
    owners = reader.outer({error.owner for error in found.errors})
    for error in found.errors:
        uid, cls, name = owners.get(error.owner, ("", "", ""))
        label = reader.schema.cls(cls).label if cls else ""
        yield {"id": uid, "class": label, "name": name, "group": error.label, "message": error.text}


def _lines(reader: Reader, found: Impact) -> Iterator[str]:
    from cmdb.graph.results import STATE_WORDS, STATES
    from cmdb.graph.why import why

    records = _Records(reader)
    records.want(found.failed)
    names = ", ".join(map(records.name, found.failed))
    counts = found.counts
    exhausted = counts.get("exhausted", 0)
    yield (
        f"If {names} {'fails' if len(found.failed) == 1 else 'fail'}: {count(counts.get('down', 0), 'record')} down, "
        f"{counts.get('degraded', 0) + exhausted:,} degraded ({exhausted:,} without a spare), "
        f"{counts.get('at_risk', 0):,} at risk."
    )

    def rows() -> Iterator[tuple[str, str, str, str]]:
        for state in STATES[1:-1]:
            cis = found.of(state).tolist()
            for low in range(0, len(cis), BATCH):
                records.want(cis[low : low + BATCH])
                for ci in cis[low : low + BATCH]:
                    _, cls, name = records[ci]
                    said = why(found, ci, records.name)
                    yield STATE_WORDS[state], reader.schema.cls(cls).label, name, said

    if sum(counts.values()) > len(found.failed):
        yield ""
        yield from table(("State", "Class", "Name", "Why"), rows())
    errors = list(_errors(reader, found))
    if errors:
        yield ""
        yield "Groups that contradict themselves, whatever fails:"
        yield from table(("Class", "Name", "Problem"), ((e["class"], e["name"], e["message"]) for e in errors))
