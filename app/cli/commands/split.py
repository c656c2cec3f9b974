"""``split RECORD out=OLD``: a record that was merged into another one by mistake comes back."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli import revision_report as report
from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision, UndoConflict

DESCRIPTION = Description(
    Message("bring back a record that was merged into another one"),
    "records",
    example=("{record}", "out={other}"),
    before=(("merge", "{other}", "into={record}"),),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD, and which of those that were merged into it."""
    parser.add_argument("record", metavar="RECORD", help=tr("the record into which it was merged"))
    parser.add_argument(
        "out", metavar="out=OLD", help=tr("the id, asset tag, name, serial number or number of the one that comes back")
    )
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """One revision; what came to the other record since stays there, and is listed."""
    from app.merging import split

    args = context.args
    name, equals, out = args.out.partition("=")
    if not equals or name.strip().casefold() != "out" or not out.strip():
        raise InvalidValue(Message("Say which record comes back: out= with its old id, tag or name."))
    context.warn_removed(args.reason)
    applied, stays = split(context.store(), args.record, out, context.author, args.reason, context.control())
    context.say_meanwhile(applied)
    kept = [{**dataclasses.asdict(one), "reason": str(one.reason)} for one in stays]
    document = {**report.document(applied), "records": sorted(applied.created), "kept": kept}
    context.answer(document, lambda: _lines(context, applied, stays))
    return DONE


def _lines(context: CommandContext, applied: AppliedRevision, stays: tuple[UndoConflict, ...]) -> Iterator[str]:
    yield from report.lines(context, applied)
    if stays:
        yield tr("What stays with the other record:")
        yield from report.kept_lines(context, stays)
