"""``drift RECORD``: what differs on a machine since an earlier scan, or the history of its software."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.cli.argparse_texts import RECORD
from app.cli.context import DONE, CommandContext
from app.cli.output import table, wrote
from app.cli.registry import Description
from cmdb.model.claims import source_text
from cmdb.model.formats import Plain, day, listing, moment
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from app.drift.differences import SectionDrift
    from app.drift.record_drift import RecordDrift
    from app.drift.software_history import SoftwareStep
    from cmdb.model.records import CI
    from cmdb.store.reading.reader import Reader
    from importers.tables import Table

DESCRIPTION = Description(
    Message("what changed on a machine since an earlier scan, or what was done to its software"),
    "history",
    example=("{record}",),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, --from, --to, --software and --out."""
    parser.add_argument(
        "record",
        metavar="RECORD",
        help=str(RECORD),
    )
    parser.add_argument(
        "--from",
        dest="since",
        metavar="T",
        default="",
        help=tr("compare with the machine as of then (by default the scan before the last one)"),
    )
    parser.add_argument("--to", dest="until", metavar="T", default="", help=tr("the other moment (by default now)"))
    parser.add_argument(
        "--software",
        action="store_true",
        help=tr("the history of its software: what was installed, upgraded and removed, and when"),
    )
    parser.add_argument(
        "--out", metavar="FILE", default="", help=listing((".xlsx", ".ods", ".csv", ".tsv", ".json"), "or")
    )


def run(context: CommandContext) -> int:
    """Prints it, or writes it to a file."""
    with context.read(context.args.until) as reader:
        record = reader.find(context.args.record)
        head = {"id": record.uid, "class": reader.schema.cls(record.cls).label, "name": record.name}
        (_software if context.args.software else _drift)(context, reader, record, head)
    return DONE


def _drift(context: CommandContext, reader: Reader, record: CI, head: Mapping[str, Any]) -> None:
    from app.drift.record_drift import record_drift
    from app.drift.tables import drift_table

    since = context.revision(context.args.since) if context.args.since else None
    found = record_drift(reader, record.uid, since)
    document = {
        **head,
        "scans": [{"revision": one.number, "observed": one.observed, "sources": one.sources} for one in found.scans],
        "from": found.then,
        "to": reader.number,
        "sections": [_section(one) for one in found.sections],
    }
    if not _written(context, lambda: drift_table(record.name, found.sections), document):
        context.answer(document, lambda: _lines(record, found))


def _software(context: CommandContext, reader: Reader, record: CI, head: Mapping[str, Any]) -> None:
    from app.drift.software_history import software_history
    from app.drift.tables import software_table

    since = context.revision(context.args.since) if context.args.since else 0
    steps = [one for one in software_history(reader, record.uid) if one.number > since]
    document = {**head, "software": [_step(one) for one in steps]}
    if not _written(context, lambda: software_table(record.name, steps), document):
        context.answer(document, lambda: _software_lines(steps))


def _written(context: CommandContext, made: Callable[[], Table], document: dict[str, Any]) -> bool:
    """Writes the file that is wanted, if one is."""
    from importers.tables import FORMATS
    from importers.tables import write as write_tables

    if not context.args.out:
        return False
    out = context.output_path(context.args.out, FORMATS)
    rows = write_tables(out, [made()])
    context.answer({**document, "path": str(out), "rows": rows}, [wrote(rows, out)])
    return True


def _section(one: SectionDrift) -> dict[str, Any]:
    rows = [{"change": line.change, "what": line.what, "then": line.then, "now": line.now} for line in one.lines]
    return {"section": one.name, "counts": dict(one.counts), "rows": rows}


def _step(one: SoftwareStep) -> dict[str, Any]:
    found: dict[str, Any] = {
        "what": one.what, "product": one.product, "publisher": one.publisher, "version": one.version,
        "version_before": one.before, "user": one.scope, "revision": one.number, "seen": one.seen,
        "first_seen": one.first_seen, "last_seen": one.last_seen, "seen_in_part": one.seen_in_part,
        "stated_by": one.sources,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _lines(record: CI, found: RecordDrift) -> Iterator[str]:
    if found.then is None:
        yield tr("{name} has no earlier scan with which it can be compared.", name=record.name)
        return
    if found.compared is not None:
        yield tr("{name} since the scan of {time}", name=record.name, time=moment(found.compared.observed))
    else:
        yield tr("{name} since revision {number}", name=record.name, number=Plain(found.then))
    from app.drift.differences import WORDS

    if not found.sections:
        yield tr("Nothing differs.")
        return
    yield from table((tr("Section"), tr("Changes")), [(one.title, one.counts_text) for one in found.sections])
    rows = [
        (one.title, WORDS[line.change], line.what, line.then, line.now) for one in found.sections for line in one.lines
    ]
    if rows:
        yield ""
        yield from table((tr("Section"), tr("Change"), tr("What"), tr("Then"), tr("Now")), rows)


def _software_lines(steps: Sequence[SoftwareStep]) -> Iterator[str]:
    from app.drift.software_history import STEPS, last_seen_text

    head = (tr("Seen"), tr("What happened"), tr("Product"), tr("Version before"), tr("Version"), tr("First seen"),
            tr("Last seen"), tr("Source"))  # fmt: skip
    rows = [
        (day(one.seen), STEPS[one.what], one.called, one.before, one.version, day(one.first_seen), last_seen_text(one),
         listing(str(source_text(source)) for source in one.sources))
        for one in steps
    ]  # fmt: skip
    if not rows:
        yield tr("Nothing is known of its software.")
        return
    yield from table(head, rows)
