"""``report [NAME]``: runs a report; without a name lists them."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext, output_path
from app.cli.output import count, table
from app.cli.records import cell
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.messages import Message

DESCRIPTION = Description(Message("run a report; without a name, list them"), "questions")


def arguments(parser: argparse.ArgumentParser) -> None:
    """NAME, and where to write."""
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="without it, the reports are listed")
    parser.add_argument("--out", metavar="FILE", default="", help=".xlsx, .ods, .csv, .tsv, .json or .html")
    parser.add_argument("--as-of", metavar="T", default="", help="a date, a time, a revision or a baseline's name")
    parser.add_argument("--from", dest="since", metavar="T", default="", help="compare with the estate as of then")
    parser.add_argument("--to", dest="until", metavar="T", default="", help="the other moment (by default now)")


def run(context: CommandContext) -> int:
    """Prints or writes it."""
    from app.reports import FORMATS, ReportContext, find, reports, write

    args = context.args
    if not args.name:
        if args.out:
            raise UserError("Which report? Without a name they are only listed.")
        known = list(reports(context.plugins.reports()).values())
        listed = [
            {"name": r.name, "title": str(r.title), "group": str(r.group), "description": str(r.description)}
            for r in known
        ]
        context.answer(
            {"reports": listed},
            lambda: table(("Name", "Group", "What"), [(r.name, r.group, r.description) for r in known]),
        )
        return DONE
    report = find(args.name, context.plugins.reports())
    if (args.since or args.until) and not report.between:
        raise UserError(f"{report.title} is about one moment: use --as-of. --from and --to are for: difference.")
    if args.as_of and args.until:
        raise UserError("--as-of and --to mean the same here: give one of them.")
    out = output_path(args.out, FORMATS) if args.out else None
    with context.read(args.as_of or args.until) as reader:
        since = context.revision(args.since) if args.since else None
        question = ReportContext(reader, context.day(args.as_of or args.until), context.control(), since)
        head = {"name": report.name, "title": str(report.title)}
        if out is not None:
            written = write(report, question, out)
            context.answer(
                {**head, "path": str(out), "rows": report.document(question) if args.json else []},
                [f"Wrote {count(written, 'row')} to {out}."],
            )
        elif args.json:
            context.answer({**head, "rows": report.document(question)}, ())
        else:
            rows = [
                [cell(c, v) for c, v in zip(report.columns, row.cells, strict=True)] for row in report.rows(question)
            ]
            context.answer(None, table([str(c.label) for c in report.columns], rows))
            about = f" {report.about(question)}" if report.about else ""
            context.say(f"{report.title}: {count(len(rows), 'row')}.{about}")
    return DONE
