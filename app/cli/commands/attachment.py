"""``attachment ID --out FILE``: writes the content of a file that is kept in the estate."""

from __future__ import annotations

import argparse

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.formats import Size
from cmdb.model.messages import Message, tr

DESCRIPTION = Description(
    Message("write out a file that is kept in the estate"),
    "files",
    example=("{record}", "hardware.xlsx", "--out", "{folder}/written.xlsx"),
    before=(("attach", "{record}", "{sheet}"),),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """ID, or a record and a name, and where to write."""
    parser.add_argument("id", metavar="ID", help=tr("the id of the file, as “{command}” lists it; or a record",
                                                    command="attachments"))  # fmt: skip
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help=tr("the name of the record's file"))
    parser.add_argument("--out", metavar="FILE", required=True, help=tr("where to write; an existing file is replaced"))


def run(context: CommandContext) -> int:
    """Writes it, whole or not at all."""
    from app.attachments.attaching import named_attachments, of_id, write_out
    from app.attachments.documents import documents

    args = context.args
    out = context.output_path(args.out)
    with context.read() as reader:
        found = named_attachments(reader, [args.id, args.name])[0] if args.name else of_id(reader, args.id)
        size = write_out(reader, found, out)
    (document,) = documents([found], path=str(out))
    context.answer(document, [tr("Wrote {file}, {size}.", file=out, size=Size(size))])
    return DONE
