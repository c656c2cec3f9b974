"""``report [NAME]``: runs a report; without a name lists them."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext
from app.cli.output import table, wrote
from app.cli.records import cell
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn

DESCRIPTION = Description(Message("run a report; without a name, list them"), "questions")


def arguments(parser: argparse.ArgumentParser) -> None:
    """NAME, and where to write."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help=tr("without it, the reports are listed"))
    parser.add_argument(
        "--out", metavar="FILE", default="", help=listing((".xlsx", ".ods", ".csv", ".tsv", ".json", ".html"), "or")
    )
    parser.add_argument("--as-of", metavar="T", default="", help=tr("a date, a time, a revision or a baseline's name"))
    parser.add_argument("--from", dest="since", metavar="T", default="", help=tr("compare with the estate as of then"))
    parser.add_argument("--to", dest="until", metavar="T", default="", help=tr("the other moment (by default now)"))


def run(context: CommandContext) -> int:
    """Prints or writes it."""
    from app.reports import FORMATS, ReportContext, find, reports, write

    args = context.args
    if not args.name:
        if args.out:
            raise UserError(Message("Which report? Without a name they are only listed."))
        known = list(reports(context.plugins.reports()).values())
        listed = [
            {"name": r.name, "title": str(r.title), "group": str(r.group), "description": str(r.description)}
            for r in known
        ]
        context.answer(
            {"reports": listed},
            lambda: table((tr("Name"), tr("Group"), tr("What")), [(r.name, r.group, r.description) for r in known]),
        )
        return DONE
    report = find(args.name, context.plugins.reports())
    if (args.since or args.until) and not report.between:
        raise UserError(
            Message(
                "“{report}” is about one moment: use {option}. {options} are for: {other}.",
                report=report.title,
                option="--as-of",
                options=("--from", "--to"),
                other="difference",
            )
        )
    if args.as_of and args.until:
        raise UserError(Message("--as-of and --to mean the same here: give one of them."))
    out = context.output_path(args.out, (*FORMATS, *report.save)) if args.out else None
    with context.read(args.as_of or args.until) as reader:
        since = context.revision(args.since) if args.since else None
        question = ReportContext(reader, context.day(args.as_of or args.until), context.control(), since)
        head = {"name": report.name, "title": str(report.title), "head": reader.head().document}
        if out is not None:
            written = write(report, question, out)
            context.answer(
                {**head, "path": str(out), "rows": report.document(question) if args.json else []},
                [wrote(written, out)],
            )
        elif args.json:
            context.answer({**head, "rows": report.document(question)}, ())
        else:
            rows = [
                [cell(c, v) for c, v in zip(report.columns, row.cells, strict=True)] for row in report.rows(question)
            ]
            context.answer(None, table([str(c.label) for c in report.columns], rows))
            context.say(trn("{report}: {count} row.", "{report}: {count} rows.", len(rows), report=report.title))
            if report.about:
                context.say(str(report.about(question)))
    return DONE
