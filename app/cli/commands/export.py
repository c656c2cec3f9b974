"""``export [CLASS…] --out FILE``: records, or the whole estate, in the format of the file's ending."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.context import DONE, CommandContext
from app.cli.named_sections import ALL, named_sections
from app.cli.output import wrote
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import listing
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("write records to a file; its ending says which format"),
    "files",
    example=("Computer", "--out", "{folder}/out.xlsx"),
)

#: As ``app.foreign_export`` knows them; the help of the command reads no data.
_TOOLS = ("snipe-it", "glpi", "netbox", "servicenow")
#: As ``app.inventory_export`` knows them.
_INVENTORIES = ("glpi-inventory", "cyclonedx")
_ENDINGS = (".xlsx", ".ods", ".csv", ".tsv", ".json", ".cdx.json", ".zip")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The classes, and where to write."""
    parser.add_argument(
        "classes", metavar="CLASS", nargs="*", help=tr("with subclasses; without any, the whole estate")
    )
    parser.add_argument(
        "--out",
        metavar="FILE",
        required=True,
        help=listing(_ENDINGS, "or"),
    )
    parser.add_argument(
        "--section",
        metavar="S",
        action="append",
        default=[],
        help=tr("also the rows of this section, or of all ({all}); may be given several times", all=ALL),
    )
    parser.add_argument("--where", metavar="Q", default="", help=tr("a filter, as for {command}", command="list"))
    parser.add_argument(
        "--for",
        metavar="TOOL",
        dest="tool",
        default="",
        help=tr(
            "with the headers and words of that tool's import: {tools}; or computers as inventories: {formats}",
            tools=listing(_TOOLS, "or"),
            formats=listing(_INVENTORIES, "or"),
        ),
    )
    parser.add_argument("--as-of", metavar="T", default="", help=tr("a date, a time, a revision or a baseline's name"))


def _for_tool(context: CommandContext, reader: Reader, out: Path, classes: list[str]) -> int:
    """Writes the tables of another tool's import, and says what it cannot hold."""
    from app.foreign_export import csv_problem, tables_for, tool_named
    from importers.tables import write

    args = context.args
    tool = tool_named(args.tool, _INVENTORIES)
    if args.section:
        raise UserError(Message("Tables for another tool have no sections."))
    tables, left = tables_for(reader, tool, classes, args.where)
    if not tables:
        raise UserError(Message("There is nothing to export."))
    if len(tables) > 1 and out.suffix.casefold() in (".csv", ".tsv"):
        raise csv_problem(tables, out.name)
    rows = write(out, tables)
    lost = {"classes": dict(left.classes), "attributes": dict(left.attributes), "needed": dict(left.needed)}
    context.answer(
        {"path": str(out), "rows": rows, "tables": [str(table.title) for table in tables], "left_out": lost},
        [wrote(rows, out), *left.lines(reader.schema, tool.name)],
    )
    return DONE


def _inventories(context: CommandContext) -> int | None:
    """Writes computers in a format of inventories; None where none is asked for."""
    from app import inventory_export
    from cmdb.model.selection import Selection

    args = context.args
    found = inventory_export.format_named(args.tool) if args.tool else inventory_export.format_of(args.out)
    if found is None:
        return None
    if args.section:
        raise UserError(Message("Inventories have all sections that their format has."))
    out = context.output_path(args.out, found.endings)
    with context.read(args.as_of) as reader:
        classes = [reader.schema.find_class(one).name for one in args.classes] or ["computer"]
        selections = [Selection(cls, args.where) for cls in classes]
        computers = found.write(reader, out, selections, context.control())
    context.answer(
        {"path": str(out), "rows": computers},
        [trn("Wrote {count} computer to {file}.", "Wrote {count} computers to {file}.", computers, file=out)],
    )
    return DONE


def run(context: CommandContext) -> int:
    """Writes it, whole or not at all."""
    from app.record_tables import class_tables, estate_tables, ids_of
    from app.section_tables import section_tables
    from importers.tables import FORMATS, write

    args = context.args
    if (done := _inventories(context)) is not None:
        return done
    out = context.output_path(args.out, FORMATS)
    with context.read(args.as_of) as reader:
        classes = [reader.schema.find_class(word).name for word in args.classes]
        if args.tool:
            return _for_tool(context, reader, out, classes)
        # The past cannot be imported again as what it is, so it carries no ids.
        ids = not args.as_of
        some = bool(classes or args.where)
        tables = class_tables(reader, classes, args.where, ids=ids) if some else estate_tables(reader, ids=ids)
        for one in () if classes else tables:
            one.says_class = bool(one.cls)
        one_table = out.suffix.casefold() in (".csv", ".tsv")
        if args.section:
            among = ids_of(reader, classes, args.where) if some else None
            rows_of_sections = section_tables(reader, named_sections(reader.schema, args.section), among, ids=ids)
            tables = rows_of_sections if one_table else tables + rows_of_sections
        elif not some and not one_table:
            tables += section_tables(reader, ids=ids)
        if not tables:
            raise UserError(Message("There is nothing to export."))
        rows = write(out, tables)
    context.answer({"path": str(out), "rows": rows}, [wrote(rows, out)])
    return DONE
