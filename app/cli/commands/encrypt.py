"""``encrypt``: the estate's file is readable only with a passphrase from now on."""

from __future__ import annotations

import argparse
import glob
from pathlib import Path

from app.cli.context import DONE, WITH_REMARKS, Context
from app.cli.output import count
from app.cli.registry import Description
from cmdb.model.errors import UserError

DESCRIPTION = Description("encrypt the estate's file with a passphrase", "Estate")


def arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(context: Context) -> int:
    """Writes the estate and its own backups anew. Status 1 where a backup could not be."""
    return rekey(context)


def rekey(context: Context) -> int:
    """Writes the estate and its own backups anew. Status 1 where a backup could not be."""
    from app import keys
    from app.cli.asking import new_passphrase
    from cmdb.store.connection import ciphers
    from cmdb.store.connection import engine as engines
    from cmdb.store.upkeep.rekeying import recast

    where = context.where
    if not isinstance(where, Path):
        raise UserError("Only files are encrypted by Terrier; a database server has ways of its own.")
    locked = keys.is_locked(where)
    if not locked:
        engines.recognise(where)
    if locked == (context.command == "encrypt"):
        raise UserError(
            f"{where} is encrypted already. A new passphrase: passphrase"
            if locked
            else f"{where} is not encrypted. Encrypt it with: encrypt"
        )
    ciphers.require()  # before anybody is asked
    old = context.key(where)
    if old is not None and (getattr(context.args, "remember", False) or getattr(context.args, "forget", False)):
        (keys.remember if context.args.remember else keys.forget)(old)
        context.answer({"path": str(where)}, ["Remembered." if context.args.remember else "Forgotten."])
        return DONE
    new = None if context.command == "decrypt" else ciphers.new_key(new_passphrase(where.name))
    done = recast(where, old, new, context.control())
    if old is not None and keys.is_remembered(old):
        keys.forget(old)
        if new is not None:
            keys.remember(new)
    said = {"encrypt": "is encrypted now", "decrypt": "is not encrypted any more", "passphrase": "has a new passphrase"}
    also = f", and {count(done.backups, 'backup')} of it" if done.backups else ""
    context.answer(
        {"path": str(where), "encrypted": new is not None, "backups": done.backups,
         "left": [{"path": str(path), "reason": reason} for path, reason in done.left]},
        [f"{where} {said[context.command]}{also}."],
    )  # fmt: skip
    context.say(*(f"Left as it was: {path}: {reason}" for path, reason in done.left))
    if asides := sorted(where.parent.glob(f"{glob.escape(where.name)}.before-restore*")):
        context.say(f"What restoring put aside stays as it is: {', '.join(path.name for path in asides)}.")
    return WITH_REMARKS if done.left else DONE
