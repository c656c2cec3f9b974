"""``labels [CLASS] --layout L --out FILE.pdf``: labels of records as a PDF; ``--list`` names the layouts."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, counted, tr, trn

if TYPE_CHECKING:
    from app.labels.layouts import LabelLayout
    from app.labels.record_labels import LabelPlan

DESCRIPTION = Description(Message("print labels of records to a PDF"), "files", example=("--list",))


def arguments(parser: argparse.ArgumentParser) -> None:
    """CLASS, the layout, and where to write."""
    parser.add_argument("cls", nargs="?", metavar="CLASS", default="", help=tr("a class; its subclasses are included"))
    parser.add_argument("--where", metavar="Q", default="", help=tr("only records that match this filter"))
    parser.add_argument(
        "--layout", metavar="L", default="",
        help=tr("a layout of the estate, or a sheet or roll by its number, such as {example}", example="L7160"),
    )  # fmt: skip
    parser.add_argument(
        "--symbol", choices=("qr", "datamatrix", "code128"), default="", help=tr("instead of the layout's own")
    )
    parser.add_argument("--out", metavar="FILE", default="", help=tr("a file whose name ends in .pdf"))
    parser.add_argument(
        "--start", metavar="N", type=whole_number, default=1, help=tr("begin at the label N of a sheet")
    )
    parser.add_argument("--copies", metavar="N", type=whole_number, default=1, help=tr("so many of each label"))
    parser.add_argument(
        "--dpi", metavar="N", type=whole_number, default=0, help=tr("dots per inch of the printer, such as 203")
    )
    parser.add_argument("--test-page", action="store_true", help=tr("frames and rulers, to try a printer with"))
    parser.add_argument("--list", action="store_true", dest="listed", help=tr("list the layouts"))


def run(context: CommandContext) -> int:
    """Writes them, or lists the layouts."""
    from app.labels.layouts import layout_named, with_symbology

    args = context.args
    if args.listed:
        return _list(context)
    if not args.layout or not args.out:
        raise UserError(
            Message("Say which labels and where to write: {example}", example="labels --layout L7160 --out labels.pdf")
        )
    out = context.output_path(args.out, (".pdf",))
    with context.read() as reader:
        layout = with_symbology(layout_named(reader, args.layout), args.symbol)
    plan = _plan(context, layout)
    _write(context, plan, out)
    return WITH_REMARKS if plan.untagged else DONE


def _plan(context: CommandContext, layout: LabelLayout) -> LabelPlan:
    from app.labels.record_labels import PrintedHow, labels_of, planned, test_page
    from cmdb.model.selection import Selection

    args = context.args
    how = PrintedHow(args.start, args.copies, args.dpi)
    if args.test_page:
        return test_page(layout, how)
    with context.read() as reader:
        cls = reader.schema.find_class(args.cls).name if args.cls else "hardware"
        found = labels_of(reader, reader.all(Selection(cls, args.where, "name")), layout.fields)
    if not found.labels and not found.untagged:
        raise UserError(Message("No record matches: there is nothing to print."))
    if not found.labels:
        raise UserError(
            counted(
                "{name} has no asset tag: there is nothing to print.",
                "{count} records have no asset tag: there is nothing to print.",
                len(found.untagged),
                name=found.untagged[0][1],
            )
        )
    return planned(found, layout, how, context.control())


def _write(context: CommandContext, plan: LabelPlan, out: Path) -> None:
    from app.printing.pdf_process import write_pdf

    pages = write_pdf(plan.sheet, out, context.control())
    labels = len(plan.sheet.labels)
    lines = [
        trn("{count} label was written to {file}.", "{count} labels were written to {file}.", labels, file=out),
        trn("{count} page: print it at 100 %, without fitting to the page.",
            "{count} pages: print them at 100 %, without fitting to the page.", pages),
    ]  # fmt: skip
    if plan.left_out:
        lines.append(tr("No room on the label for: {fields}.", fields=plan.left_out))
    if plan.untagged:
        lines.append(
            trn("{count} record without an asset tag is left out: {names}",
                "{count} records without an asset tag are left out: {names}", len(plan.untagged),
                names=tuple(name for _, name in plan.untagged[:5]))
        )  # fmt: skip
    document: dict[str, Any] = {
        "path": str(out), "labels": labels, "pages": pages, "left_out": list(plan.left_out),
        "untagged": [{"id": uid, "name": name} for uid, name in plan.untagged],
    }  # fmt: skip
    context.answer(document, lines)


def _list(context: CommandContext) -> int:
    from app.labels.layouts import label_layouts

    with context.read() as reader:
        found = label_layouts(reader)
    documents = [
        {
            "name": one.name if one.own else one.stock.name, "label": one.name, "stock": one.stock.name,
            "symbology": one.symbology, "fields": list(one.fields), "width": one.stock.size[0],
            "height": one.stock.size[1], "per_page": one.stock.per_page, "page": one.stock.page, "own": one.own,
        }
        for one in found
    ]  # fmt: skip
    context.answer(
        {"layouts": documents},
        lambda: table(
            (tr("Name"), tr("Labels"), tr("Size in mm"), tr("On a page"), tr("Page")),
            [
                (d["name"], d["label"], f"{d['width']:g} × {d['height']:g}", d["per_page"], d["page"] or tr("Roll"))
                for d in documents
            ],
        ),
    )
    return DONE
