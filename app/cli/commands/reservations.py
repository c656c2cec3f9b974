"""``reservations [RECORD…]``: what is reserved, for whom and when."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.output import table
from app.cli.registry import Description
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from app.reservations import ListedReservation

DESCRIPTION = Description(Message("what is reserved, for whom and when"), "questions")


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD and --over."""
    parser.add_argument("records", metavar="RECORD", nargs="*", help=tr("only those of these records, or for them"))
    parser.add_argument("--over", action="store_true", help=tr("also those whose time is over"))


def run(context: CommandContext) -> int:
    """Prints them, the earliest first."""
    from app.reservations import listed

    with context.read() as reader:
        uids = [reader.find(word).uid for word in context.args.records]
        found = [one for one in listed(reader, uids or None) if context.args.over or not one.over]
    headings = [tr("What"), tr("For"), tr("When"), tr("How many"), tr("Note")]
    rows = [
        (one.subject, one.by, str(one.when), one.reservation.quantity, one.reservation.note) for one in found
    ]  # fmt: skip
    context.answer([_document(one) for one in found], lambda: table(headings, rows))
    return DONE


def _document(one: ListedReservation) -> dict[str, Any]:
    said = one.reservation
    return {
        "id": said.uid,
        "record": {"id": said.subject, "name": one.subject},
        "for": {"id": said.by, "name": one.by} if said.by else None,
        "from": said.during.start,
        "until": said.during.end or None,
        "quantity": said.quantity,
        "note": said.note or None,
    }
