"""argparse's own words ("usage:", "options:", its complaints) in the reader's language."""

from __future__ import annotations

import argparse

from cmdb.model.language import current
from cmdb.model.messages import Message

RECORD = Message("an id, asset tag, serial number, number, unique name, or {form}", form="CLASS:NAME")
"""What names a record, for the help of commands."""


def word_argparse() -> None:
    """Lets argparse take its words from the program's catalogue, where ``app/translations.py`` puts them.

    argparse looks its words up by two functions of its own module, ``_`` and ``ngettext``. They use the process's text
    domain in the language of the environment, and a parser has no argument for another catalogue. So the two functions
    are replaced, in this one place; that is the same in Python 3.11 to 3.13. The language is read at each look-up, so a
    second call changes nothing.
    """
    vars(argparse).update(_=_template, ngettext=_plural_template)


def _template(message: str) -> str:
    return current().template("", message)


def _plural_template(one: str, many: str, number: int) -> str:
    return current().plural_template(one, many, number)


_MOST = 999_999_999
_LONGEST = 40


def whole_number(text: str) -> int:
    """The whole number, from 0 on, that an argument is; argparse's ``type``.

    The error for ``int`` would name a type of Python.
    """
    from cmdb.model.messages import tr

    try:
        found = int(text) if len(text) < _LONGEST else _MOST + 1
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a whole number", text=text)) from None
    if found < 0:
        raise argparse.ArgumentTypeError(tr("“{text}” must not be negative", text=text))
    if found > _MOST:
        shown = text if len(text) < _LONGEST else f"{text[:9]}…"
        raise argparse.ArgumentTypeError(tr("“{text}” is more than {most}", text=shown, most=_MOST))
    return found
