"""``create CLASS ATTRIBUTE=VALUE…``: a new record of any class."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, CommandContext
from app.cli.record_values import links_of, values_of
from app.cli.registry import Description
from app.cli.revision_report import written
from cmdb.model.formats import Plain
from cmdb.model.messages import Message, tr

if TYPE_CHECKING:
    from cmdb.model.records import CI
    from cmdb.model.revision import Revision
    from cmdb.store.reading.reader import Reader

DESCRIPTION = Description(
    Message("make a new record"), "records", example=("Site", "name=Made by create", "--reason", "to try it")
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """CLASS and the values."""
    parser.add_argument("cls", metavar="CLASS", help=tr("a class, by its label or its key"))
    parser.add_argument(
        "values",
        metavar="ATTRIBUTE=VALUE",
        nargs="+",
        help=tr(
            "a reference names any record: an id, asset tag, serial number, unique name, or CLASS:NAME; a relationship "
            "type, such as concerns=LT-2001, links the record, and may be given more than once"
        ),
    )
    parser.add_argument("--reason", default="", help=tr("why, for the journal"))


def run(context: CommandContext) -> int:
    """One revision."""
    from app.renewal import edit
    from cmdb.register.edits import create_linked

    store = context.store()
    for word in (*context.args.values, context.args.reason):
        context.warn_removed(word)

    def decide(reader: Reader) -> Revision:
        cls = reader.schema.find_class(context.args.cls).name
        words, links = links_of(reader, cls, context.args.values)
        values = values_of(reader, cls, words, {})
        return create_linked(reader, cls, values, links, context.author, context.args.reason)

    applied = edit(store, decide, store.apply)
    context.say_meanwhile(applied)
    (uid,) = applied.created
    with store.read() as reader:
        made = reader.get(uid)
        label = reader.schema.cls(made.cls).label
    number = _number(made)
    document: dict[str, Any] = {"id": uid, **({"number": number} if number else {}), **written(applied)}
    name = f"{number} {made.name}" if number else made.name
    if applied.draft:
        line = tr("Draft “{draft}”: {cls} {name} created ({id}).", draft=applied.draft, cls=label, name=name, id=uid)
    else:
        line = tr("Revision {revision}: {cls} {name} created ({id}).", revision=Plain(applied.number), cls=label,
                  name=name, id=uid)  # fmt: skip
    context.answer(document, [line])
    return DONE


def _number(made: CI) -> str:
    """The number of a record of a class that has them ("TSK-12"); an empty text for others."""
    return str(made.values.get("number") or "")
