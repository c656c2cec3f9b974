"""``recognise [NAME]``: lists names of installed software that no rule knows, or says what one is."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.cli import revision_report as report
from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from app.recognition import RecognisedName, ReportedName, WhatIsSaid

DESCRIPTION = Description(Message("say what names of installed software are"), "records", example=("--all",))


def arguments(parser: argparse.ArgumentParser) -> None:
    """The name, and what it is."""
    from cmdb.licences.labels import NAME_KINDS

    kinds = [kind for kind in NAME_KINDS if kind != "product"]
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help=tr("the name as reported"))
    parser.add_argument("--all", action="store_true", help=tr("list the names that are recognised, too"))
    parser.add_argument(
        "--publisher", metavar="P", default="", help=tr("its publisher as reported, if several have it")
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--as", dest="product", metavar="PRODUCT", default="", help=tr("it is this product"))
    what.add_argument("--kind", choices=kinds, default="", help=tr("it is no product, but this; none: of no interest"))
    what.add_argument("--back", action="store_true", help=tr("the rules say again what it is"))
    parser.add_argument("--edition", metavar="E", default="", help=tr("with --as: the edition"))
    parser.add_argument("--maker", metavar="M", default="", help=tr("with --as: the product's publisher"))
    parser.add_argument("--dry-run", action="store_true", help=tr("only show what would follow"))


def run(context: CommandContext) -> int:
    """The names, or one revision."""
    from app.recognition import WhatIsSaid, follows, question_of, recognised_names, say

    args, store = context.args, context.store()
    with store.read() as reader:
        found = recognised_names(reader, context.control())
        if not args.name:
            shown = [one for one in found if args.all or not one.known]
            context.answer([_document(one) for one in shown], lambda: _listed(shown))
            return DONE
        name = _chosen(found, args.name, args.publisher)
        asked = question_of(reader, name)
        said: WhatIsSaid | None = None
        if not args.back:
            said = WhatIsSaid(args.product, args.maker, args.edition, args.kind or "product")
        if args.dry_run or not (args.back or args.kind or args.product):
            context.answer(
                {**_document(asked.name), "installations": asked.installations, "computers": asked.computers},
                lambda: [*_listed([asked.name]), str(follows(asked))],
            )
            return DONE
        revision = say(reader, name, said, context.author)
    applied = store.apply(revision, context.control())
    context.say_meanwhile(applied)
    context.answer(report.document(applied), lambda: [str(follows(asked)), *report.lines(context, applied)])
    return DONE


def _chosen(found: list[RecognisedName], word: str, publisher: str) -> ReportedName:
    """The name that is meant. Raises NotFound, UserError where several are called so."""
    from cmdb.model.errors import NotFound, UserError

    called = [one.reported for one in found if one.reported.product.casefold() == word.casefold()]
    if publisher:
        called = [one for one in called if one.publisher.casefold() == publisher.casefold()]
    if not called:
        raise NotFound(Message("Nothing that is installed is called “{name}”.", name=word))
    if len(called) > 1:
        publishers = tuple(one.publisher or "–" for one in called)
        text = Message(
            "“{name}” is of several: say --publisher, one of {publishers}.", name=word, publishers=publishers
        )
        raise UserError(text)
    return called[0]


def _document(one: RecognisedName) -> dict[str, Any]:
    named, what = one.reported, one.what
    return {
        "name": named.product, "publisher": named.publisher, "version": named.version, "computers": named.computers,
        "kind": what.kind, "product": what.product.name if one.meaning else "",
        "edition": what.edition if one.meaning else "", "confidence": what.confidence, "said": what.said,
    }  # fmt: skip


def _listed(shown: list[RecognisedName]) -> Iterator[str]:
    from cmdb.licences.labels import KINDS, label

    rows = [
        (one.reported.product, one.reported.publisher, one.reported.computers,
         one.meaning or (label(KINDS, one.what.kind) if one.what.kind != "product" else ""), one.what.confidence)
        for one in shown
    ]  # fmt: skip
    if rows:
        titles = (tr("Name"), tr("Publisher"), tr("Computers"), tr("Recognised as"), tr("Confidence"))
        yield from table(titles, rows, wrapped=True)
    else:
        yield tr("Every name is recognised.")
