"""``template CLASS --out FILE``: an empty spreadsheet to fill in."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext
from app.cli.named_sections import ALL, sections_of
from app.cli.registry import Description
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(
    Message("write an empty spreadsheet to fill in"),
    "files",
    example=("Laptop", "--out", "{folder}/template.xlsx"),
    drafted=False,
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """CLASS and --out."""
    parser.add_argument(
        "cls",
        metavar="CLASS",
        help=tr("a class, a section, or one of: {sheets}", sheets="Relationship, Installation, Assignment"),
    )
    parser.add_argument(
        "--section",
        metavar="S",
        action="append",
        default=[],
        help=tr("also a sheet of this section, or of all that the class has ({all})", all=ALL),
    )
    parser.add_argument("--out", metavar="FILE", required=True, help=listing((".xlsx", ".ods", ".csv", ".tsv"), "or"))


def run(context: CommandContext) -> int:
    """Writes it. An estate's own classes are known if an estate exists."""
    from cmdb.model.schema import Schema
    from importers.tables import write_template

    out = context.output_path(context.args.out)
    schema = context.store().schema if context.exists else Schema.load()
    write_template(out, schema, context.args.cls, sections_of(schema, context.args.cls, context.args.section))
    context.answer({"path": str(out)}, [tr("Wrote {file}.", file=out)])
    return DONE
