"""``encrypt``: the estate's file is readable only with a passphrase from now on."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.messages import Message, tr, trn

DESCRIPTION = Description(Message("encrypt the estate's file with a passphrase"), "estate", drafted=False)


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(context: CommandContext) -> int:
    """Writes the estate and its own backups anew. Status 1 where a backup could not be."""
    return rekey(context)


def rekey(context: CommandContext) -> int:
    """Writes the estate and its own backups anew, as the command says. Status 1 where a backup could not be."""
    from app import estates, keys
    from app.cli.passphrase_prompt import new_passphrase

    locked = estates.look_at_encryption(context.where)
    where = Path(context.where)
    if locked == (context.command == "encrypt"):
        raise UserError(
            Message(
                "{file} is encrypted already. Change its passphrase with: {command}", file=where, command="passphrase"
            )
            if locked
            else Message("{file} is not encrypted. Encrypt it with: {command}", file=where, command="encrypt")
        )
    old = context.key(where)
    wanted = {name for name in ("remember", "forget") if getattr(context.args, name, False)}
    if old is not None and wanted:
        (keys.remember if "remember" in wanted else keys.forget)(old)
        context.answer({"path": str(where)}, [tr("Remembered.") if "remember" in wanted else tr("Forgotten.")])
        return DONE
    passphrase = None if context.command == "decrypt" else new_passphrase(where.name)
    done, new = estates.rekey(where, old, passphrase, context.control())
    context.answer(
        {"path": str(where), "encrypted": new is not None, "backups": done.backups,
         "left": [{"path": str(path), "reason": str(reason)} for path, reason in done.left]},
        [_said(context.command, where, done.backups)],
    )  # fmt: skip
    context.say(*(tr("Left as it was: {file}: {reason}", file=path, reason=reason) for path, reason in done.left))
    if done.remark:
        context.say(str(done.remark))
    if done.asides:
        files = tuple(path.name for path in done.asides)
        context.say(tr("Files that an earlier restore put aside stay as they are: {files}.", files=files))
    return WITH_REMARKS if done.left else DONE


def _said(command: str, where: Path, backups: int) -> str:
    """What was done with an estate's file and so many of its backups."""
    done = {
        "encrypt": Message("{file} is encrypted now", file=where),
        "decrypt": Message("{file} is not encrypted any more", file=where),
        "passphrase": Message("{file} has a new passphrase", file=where),
    }[command]
    if not backups:
        return tr("{statement}.", statement=done)
    return trn("{done}, and {count} backup of it.", "{done}, and {count} backups of it.", backups, done=done)
