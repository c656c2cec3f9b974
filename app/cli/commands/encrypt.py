"""``encrypt``: the estate's file is readable only with a passphrase from now on."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.cli.context import DONE, WITH_REMARKS, CommandContext
from app.cli.output import count
from app.cli.registry import Description
from cmdb.model.errors import UserError
from cmdb.model.messages import Message

DESCRIPTION = Description(Message("encrypt the estate's file with a passphrase"), "estate")


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
            f"{where} is encrypted already. A new passphrase: passphrase"
            if locked
            else f"{where} is not encrypted. Encrypt it with: encrypt"
        )
    old = context.key(where)
    wanted = {name for name in ("remember", "forget") if getattr(context.args, name, False)}
    if old is not None and wanted:
        (keys.remember if "remember" in wanted else keys.forget)(old)
        context.answer({"path": str(where)}, ["Remembered." if "remember" in wanted else "Forgotten."])
        return DONE
    passphrase = None if context.command == "decrypt" else new_passphrase(where.name)
    done, new = estates.rekey(where, old, passphrase, context.control())
    said = {"encrypt": "is encrypted now", "decrypt": "is not encrypted any more", "passphrase": "has a new passphrase"}
    also = f", and {count(done.backups, 'backup')} of it" if done.backups else ""
    context.answer(
        {"path": str(where), "encrypted": new is not None, "backups": done.backups,
         "left": [{"path": str(path), "reason": reason} for path, reason in done.left]},
        [f"{where} {said[context.command]}{also}."],
    )  # fmt: skip
    context.say(*(f"Left as it was: {path}: {reason}" for path, reason in done.left))
    if done.remark:
        context.say(done.remark)
    if done.asides:
        context.say(f"What restoring put aside stays as it is: {', '.join(path.name for path in done.asides)}.")
    return WITH_REMARKS if done.left else DONE
