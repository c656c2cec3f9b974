"""Passphrases at the terminal."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path

from app.cli.output import write
from app.keys import NEW_PASSPHRASE, PASSPHRASE
from cmdb.model.characters import escaped
from cmdb.model.errors import Locked, UserError
from cmdb.model.messages import Message, tr, verbatim

_TRIES = 3


class PassphrasePrompt:
    """Asks for the passphrase of a file, up to three times. Raises Locked if there is no terminal."""

    def __init__(self) -> None:
        self._asked = 0

    def __call__(self, path: Path, wrong: str) -> str:
        """The passphrase, as typed; ``wrong`` is the problem of the last one."""
        if not has_terminal():
            raise Locked(
                Message(
                    "{file} is encrypted: set {variable} to its passphrase, or start this in a terminal.",
                    file=path,
                    variable=PASSPHRASE,
                )
            )
        if self._asked == _TRIES:
            raise Locked(verbatim(wrong))
        self._asked += 1
        if wrong:
            write(tr("That is not its passphrase."), sys.stderr)
        return _typed(tr("Passphrase of {file}:", file=path.name))


def new_passphrase(name: str, variable: str = NEW_PASSPHRASE) -> str:
    """A passphrase for a file that is to be written: from the environment, or asked for twice. Raises UserError."""
    if given := os.environ.get(variable):
        return given
    if not has_terminal():
        raise UserError(
            Message(
                "There is nobody to ask for a passphrase: set {variable}, or start this in a terminal.",
                variable=variable,
            )
        )
    first = _typed(tr("New passphrase of {file}:", file=name))
    if _typed(tr("The same again:")) != first:
        raise UserError(Message("The two are not the same; nothing was changed."))
    return first


def _typed(prompt: str) -> str:
    try:
        return getpass.getpass(f"{escaped(prompt)} ")
    except EOFError:
        raise UserError(Message("No passphrase was given; nothing was done.")) from None


def has_terminal() -> bool:
    """Whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()
