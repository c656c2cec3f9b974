"""``receipt RECORD --out FILE``: a receipt as a PDF, to be signed on paper."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr, trn

DESCRIPTION = Description(
    Message("write a receipt as a PDF, to be signed on paper"),
    "files",
    example=("RCP-1", "--out", "{folder}/out.pdf"),
    before=(("create", "receipt", "name=Laptop"),),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The receipt, and where to write it."""
    parser.add_argument("record", metavar="RECORD", help=tr("a receipt, such as {example}", example="RCP-12"))
    parser.add_argument("--out", metavar="FILE", required=True, help=tr("a .pdf"))


def run(context: CommandContext) -> int:
    """Writes it."""
    from app.printing.pdf_process import write_pdf
    from app.receipts.paper import receipt_paper

    path = Path(context.args.out)
    if path.suffix.casefold() != ".pdf":
        raise InvalidValue(Message("{file}: receipts are written as .pdf.", file=path))
    with context.read() as reader:
        found = reader.find(context.args.record)
        document = receipt_paper(reader, found.uid)
    pages = write_pdf(document, path, context.control())
    said = trn("Wrote {count} page to {file}.", "Wrote {count} pages to {file}.", pages, file=path)
    context.answer({"path": str(path), "pages": pages}, [said])
    return DONE
