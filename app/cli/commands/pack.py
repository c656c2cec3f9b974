"""``pack out FILE``: takes a part of the estate along; ``pack in FILE…``: brings back what was done in it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.registry import Description
from cmdb.model.audits import AUDIT
from cmdb.model.errors import Cancelled, InvalidValue, UserError
from cmdb.model.messages import Message, tr, trn

if TYPE_CHECKING:
    from app.packs.bringing_back import BroughtPack

DESCRIPTION = Description(
    Message("take a part of the estate along, and bring it back"), "estate", example=("out", "{folder}/room.terrier"),
    drafted=False, needs="records",
)  # fmt: skip


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, the files, and what goes along."""
    parser.add_argument("action", choices=("out", "in"), help=tr("take along, or bring back"))
    parser.add_argument("files", metavar="FILE", nargs="+", help=tr("the pack; with “{word}” several", word="in"))
    parser.add_argument("--where", metavar="Q", default="", help=tr("out: only what fits a filter, and what it names"))
    parser.add_argument("--audit", metavar="A", default="", help=tr("out: an audit with what it expects"))
    parser.add_argument("--encrypt", action="store_true", help=tr("out: encrypt the pack with a passphrase"))
    parser.add_argument("--trust", action="store_true", help=tr("in: also packs whose key is not registered here"))
    parser.add_argument("--dry-run", action="store_true", help=tr("in: say what would be done, and write nothing"))


def run(context: CommandContext) -> int:
    """Takes along or brings back; status 1 where conflicts wait to be decided."""
    args = context.args
    if args.action == "in":
        if args.where or args.audit or args.encrypt:
            raise UserError(Message("{option} is for {command}.", option="--where, --audit, --encrypt",
                                    command="pack out"))  # fmt: skip
        return _bring(context)
    if len(args.files) > 1 or args.trust or args.dry_run:
        raise UserError(Message("{command} takes one file.", command="pack out"))
    return _take(context)


def _take(context: CommandContext) -> int:
    from app.cli.passphrase_prompt import new_passphrase
    from app.packs.taking_along import Luggage, take_along
    from cmdb.store.connection import ciphers

    args, store = context.args, context.store()
    path = context.output_path(args.files[0])
    audit = ""
    if args.audit:
        with store.read() as reader:
            found = reader.find(args.audit)
            if not reader.schema.is_a(found.cls, AUDIT):
                raise InvalidValue(Message("{name} is no audit.", name=found.name))
            audit = found.uid
    key = ciphers.new_key(new_passphrase(path.name)) if args.encrypt else None
    pack = take_along(store, path, Luggage(args.where, audit), context.author, key=key, control=context.control())
    context.answer(
        {"path": str(path), "id": pack.uid, "records": pack.records, "key": pack.key, "encrypted": key is not None},
        [trn("{count} record goes along in {file}.", "{count} records go along in {file}.", pack.records, file=path),
         tr("Bring it back with: {command}", command="pack in FILE")],
    )  # fmt: skip
    return DONE


def _bring(context: CommandContext) -> int:
    from app.packs.bringing_back import bring_back

    store, args = context.store(), context.args
    found: list[BroughtPack] = []
    refused: list[tuple[str, UserError]] = []
    for word in args.files:
        path = Path(word)
        try:
            found.append(
                bring_back(
                    store, path, context.author, key=context.key(path), trust=args.trust, control=context.control(),
                    preview=args.dry_run,
                )
            )  # fmt: skip
        except Cancelled:
            raise
        except UserError as error:  # The others are whole, each by itself.
            refused.append((path.name, error))
        else:
            context.say(*map(str, found[-1].remarks))
    if not found:
        raise refused[0][1]
    context.say(*(str(error) for _, error in refused))
    problems = [{"file": file, "problem": str(error)} for file, error in refused]
    context.answer([*map(document, found), *problems], [str(one.text) for one in found])
    return WITH_REMARKS if refused or any(one.conflicts for one in found) else DONE


def document(one: BroughtPack) -> dict[str, Any]:
    """What became of a pack, as JSON."""
    return {
        "file": one.file, "pack": one.pack.uid, "by": one.pack.by, "revisions": list(one.numbers), "known": one.known,
        "edits": one.edits, "conflicts": [asdict(each) for each in one.conflicts],
        "remarks": [str(each) for each in one.remarks],
    }  # fmt: skip
