"""argparse's own words ("usage:", "options:", its complaints) in the reader's language."""

from __future__ import annotations

import argparse

from cmdb.model.language import current


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


def whole_number(text: str) -> int:
    """The whole number that an argument is; argparse's ``type``. The error for ``int`` would name a type of Python."""
    from cmdb.model.messages import tr

    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("“{text}” is not a whole number", text=text)) from None
