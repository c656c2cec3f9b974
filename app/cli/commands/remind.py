"""``remind [PERSON…] --out FILE``: drafts of e-mails that list what people are to sign, to return or to find."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.context import DONE, CommandContext
from app.cli.registry import Description
from cmdb.model import clock
from cmdb.model.errors import InvalidValue
from cmdb.model.messages import Message, tr, trn

DESCRIPTION = Description(
    Message("write drafts of e-mails: what people are to sign, to return or to find"),
    "files",
    example=("--out", "{folder}/drafts.zip"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The people, and where to write."""
    parser.add_argument("people", metavar="PERSON", nargs="*", help=tr("without any, all who are asked for something"))
    parser.add_argument(
        "--out", metavar="FILE", required=True, help=tr("an .eml for one person, or a .zip with one for each")
    )


def run(context: CommandContext) -> int:
    """Writes the drafts, and says for whom."""
    from app.reminders.drafts import drafts, write_drafts
    from app.reminders.open_points import open_points

    path = Path(context.args.out)
    with context.read() as reader:
        found = [reader.find(word) for word in context.args.people]
        for one in found:
            if not reader.schema.is_a(one.cls, "person"):
                raise InvalidValue(Message("{name} is no person.", name=one.name))
        made = drafts(open_points(reader, clock.today(), [one.uid for one in found] or None))
    if made:
        write_drafts(path, made)
    document = [
        {
            "id": one.points.person.uid, "name": one.points.person.name, "email": one.address or None,
            "sign": len(one.points.to_sign), "return": len(one.points.to_return), "find": len(one.points.to_find),
        }
        for one in made
    ]  # fmt: skip
    lines = [trn("Wrote {count} draft to {file}.", "Wrote {count} drafts to {file}.", len(made), file=path)]
    lines += [tr("{name} has no e-mail address.", name=one.points.person.name) for one in made if not one.address]
    if not made:
        lines = [tr("Nobody has anything to sign, to return or to find, so nothing was written.")]
    context.answer({"path": str(path) if made else None, "drafts": document}, lines)
    return DONE
