"""``licences``: the effective licence position, with its arithmetic."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from app.cli.typed_values import typed_moment
from cmdb.licences.labels import EXCEPTIONS, METRICS, VERDICT_WORDS, label
from cmdb.model import clock
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.licences.engine.results import Position, Positions
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("the effective licence position"), "questions")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The day, what was known, and where to write."""
    parser.add_argument(
        "--as-of", metavar="DATE", default="", help=tr("rights are judged at this day (by default today)")
    )
    parser.add_argument(
        "--known-at",
        metavar="T",
        default="",
        help=tr("over what the register knew then (a date, a time, a revision or a baseline; by default now)"),
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        default="",
        help=tr("a workbook for auditors (.xlsx), or the positions (.csv, .html, …)"),
    )


def run(context: CommandContext) -> int:
    """Prints it, and writes it to a file if one is given."""
    from app.positions import positions_at

    args = context.args
    out: Path | None = None
    if args.out:
        from app.reports import FORMATS

        out = context.output_path(args.out, FORMATS)
    at = _day(args.as_of)
    with context.read(args.known_at) as reader:
        found = positions_at(reader, at, context.control())
        head = reader.head()
        if out is not None:
            _write(reader, found, out, context.author)
            context.say(tr("Wrote {file}.", file=out))
    context.answer({**document(found), "head": head.document}, lambda: _lines(found))
    context.say(tr("The journal's head: {head}", head=str(head)))
    return DONE


def _write(reader: Reader, found: Positions, out: Path, author: str) -> None:
    """The workbook for auditors; in another format the positions alone."""
    from app.licences.workbook import preparation
    from app.reports import ReportContext, compliance, write

    if out.suffix.casefold() == ".xlsx":
        compliance.write(found, out, reader.head(), preparation(reader, author))
    else:
        write(compliance.REPORT, ReportContext(reader, found.at), out)


def _day(text: str) -> date:
    if not text:
        return clock.today()
    try:
        return date.fromisoformat(typed_moment(text))
    except ValueError:
        raise InvalidValue(
            Message("“{text}” is not a date such as {example}.", text=text, example="2026-03-31")
        ) from None


def document(found: Positions) -> dict[str, Any]:
    """The contract's document: positions and exceptions, with the evidence behind each number."""
    from cmdb.licences.engine import results

    made: dict[str, Any] = results.document(found)
    blank = dict.fromkeys(("product", "edition", "version", "metric", "arithmetic"), "")
    made["positions"] = [{**blank, **one} for one in made.get("positions", [])]
    for name in ("exceptions", "unrecognised", "rules"):
        made.setdefault(name, [])
    return made


#: What is to be done something about comes first.
_URGENCY = ("short", "ineligible", "unknown", "over-licensed", "compliant", "exempt")


def _lines(found: Positions) -> Iterator[str]:
    def shown(one: Position) -> tuple[Any, ...]:
        entitled = tr("unlimited") if one.unlimited else one.entitled
        return (
            label(VERDICT_WORDS, one.verdict),
            one.title,
            label(METRICS, one.metric),
            entitled,
            one.needed,
            one.covered,
            one.short,
            one.spare,
            one.arithmetic,
        )

    verdicts = tuple(
        Message("{count} {verdict}", verdict=label(VERDICT_WORDS, verdict), count=number)
        for verdict, number in sorted(found.verdicts().items(), key=lambda one: _URGENCY.index(one[0]))
    ) or (Message("nothing to license"),)
    yield tr("Licence position as of {date}: {verdicts}", date=found.at.isoformat(), verdicts=verdicts)
    yield ""
    headings = (
        tr("Verdict"),
        tr("Product"),
        tr("Metric"),
        tr("Entitled"),
        tr("Needed"),
        tr("Covered"),
        tr("Short"),
        tr("Spare"),
        tr("Arithmetic"),
    )
    yield from table(headings, [shown(one) for one in found.positions], wrapped=True)
    alike = Counter((label(EXCEPTIONS, e.kind), e.product, str(e.text)) for e in found.exceptions if e.kind != "exempt")
    if alike:
        yield ""
        rows = [(kind, product, number, text) for (kind, product, text), number in sorted(alike.items())]
        yield from table((tr("Exception"), tr("Product"), tr("Times"), tr("What")), rows, wrapped=True)
