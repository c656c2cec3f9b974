"""``set RECORD ATTRIBUTE=VALUE…``: changes values of one record; an empty VALUE clears."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from app.cli.argparse_texts import RECORD
from app.cli.context import CommandContext
from app.cli.record_values import values_of
from app.cli.registry import Description
from app.cli.revision_report import answer_applied
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("change values of a record"), "records", example=("{record}", "notes=seen"))


def arguments(parser: argparse.ArgumentParser) -> None:
    """RECORD and the values."""
    parser.add_argument("record", metavar="RECORD", help=str(RECORD))
    parser.add_argument("values", metavar="ATTRIBUTE=VALUE", nargs="+", help=tr("an empty value clears the attribute"))
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """One revision."""
    from app.renewal import edit
    from cmdb.register.edits import set_values

    store = context.store()
    for word in (*context.args.values, context.args.reason):
        context.warn_removed(word)

    def decide(reader: Reader) -> Revision:
        record = reader.find(context.args.record)
        values = values_of(reader, record.cls, context.args.values, record.values)
        return set_values(reader, [record.uid], values, context.author, context.args.reason)

    return answer_applied(context, edit(store, decide, store.apply))
