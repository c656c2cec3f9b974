"""``undo [REVISION] [--record R [--attribute A]]``: takes back one revision, or what it wrote of one record or value.

Values that were changed since stay, and are listed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.cli import revision_report as report
from app.cli.argparse_texts import whole_number
from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.applied_revision import AppliedRevision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(Message("take back one revision"), "history", needs="a revision")


def arguments(parser: argparse.ArgumentParser) -> None:
    """REVISION, and a part of it."""
    parser.add_argument(
        "revision", metavar="REVISION", nargs="?", type=whole_number, help=tr("by default the latest not yet undone")
    )
    parser.add_argument("--record", metavar="RECORD", default="", help=tr("only what it changed of this record"))
    parser.add_argument("--attribute", metavar="A", default="", help=tr("only what it changed of this value of it"))


def run(context: CommandContext) -> int:
    """Applies its inverse, as a revision of its own."""
    from app.renewal import undo
    from app.undo import named_part
    from cmdb.register.history import latest_undoable

    store = context.store()
    number, word, attribute = context.args.revision, context.args.record, context.args.attribute
    if attribute and not word:
        raise UserError(Message("--attribute needs --record: whose value is it?"))
    record = ""
    with store.read() as reader:
        if number is None:
            number = latest_undoable(reader)
        if reader.draft and number == reader.number and not word:
            raise UserError(
                Message(
                    "That would take back all of the draft. Name a revision of the estate, or a record with --record; "
                    "a draft is dropped with: {command}",
                    command="draft drop NAME",
                )
            )
        if word:
            record, attribute = named_part(reader, number, word, attribute)
    applied = undo(store, number, context.author, context.control(), record=record, attribute=attribute)
    context.say_meanwhile(applied)
    with store.read() as reader:
        kept = report.kept(applied.kept)
        links = _links_created(reader, applied)
    document = {
        **report.document(applied),
        "read": 0,
        "unchanged": 0,
        "rejected": 0,
        "relationships": links,
        "problems": [],
        "review": [],
        "undone": number,
        "kept": kept,
    }
    context.answer(document, lambda: _lines(context, applied, number))
    return DONE


def _links_created(reader: Reader, applied: AppliedRevision) -> int:
    if not applied.number or "relationship" not in applied.kinds:
        return 0
    return sum(
        1
        for edit in reader.edits(applied.number)
        if edit.record.kind == "relationship" and not edit.field and edit.before is None
    )


def _lines(context: CommandContext, applied: AppliedRevision, number: int) -> Iterator[str]:
    if not applied.number and not applied.kept:
        yield tr("Revision {number} changed nothing that could be taken back.", number=Plain(number))
        return
    if applied.number:
        if context.args.record:
            yield tr("Took back a part of revision {number}.", number=Plain(number))
        else:
            yield tr("Took back revision {number}.", number=Plain(number))
        yield from report.lines(context, applied)
    else:
        yield tr("Nothing was taken back.")
    if applied.kept:
        yield tr("Kept:")
        yield from report.kept_lines(context, applied.kept)
