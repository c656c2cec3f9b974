"""A pseudo-locale for tests, computed from the templates: accented letters, two fifths more; Greek names of months.

A shown text that is still plain English was never marked. Nothing of it is stored in a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations

from cmdb.model.language import SPEAKER, Language

_ACCENTS = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀçđéƒğĥíĵķļɱñóþɋřšţúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶĻṀÑÓÞɊŘŠŢÚṼŴẊÝŽ",
)
_FIELD = re.compile(r"(\{\w*\}|%\(\w+\)[sdr]|%[sdr]|&)")


def pseudo(text: str) -> str:
    """The text with accents and longer; the names of values in it stay. Outer blanks stay outside."""
    words = text.strip()
    if not any(part.isalpha() for part in _FIELD.sub("", words)):
        return text
    parts = [part if _FIELD.fullmatch(part) else part.translate(_ACCENTS) for part in _FIELD.split(words)]
    longer = "·" * max(1, round(0.4 * len(_FIELD.sub("", words))))
    return text.replace(words, f"⟦{''.join(parts)}{longer}⟧", 1)


class PseudoTranslations(NullTranslations):
    """gettext's answers in the pseudo-locale."""

    def gettext(self, message: str) -> str:
        """A text."""
        return pseudo(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """A counted text."""
        return pseudo(msgid1 if n == 1 else msgid2)

    def pgettext(self, context: str, message: str) -> str:
        """A text of a context."""
        return pseudo(message)


PSEUDO = Language("el", "pseudo", PseudoTranslations())
"""The pseudo-locale: its words are computed; numbers and dates are written as Greek does."""


@contextmanager
def spoken(language: Language = PSEUDO) -> Iterator[None]:
    """Texts are worded in the language, until the end of the block."""
    before = SPEAKER.language
    SPEAKER.use(language)
    try:
        yield
    finally:
        SPEAKER.use(before)


_WORD = re.compile(r"[A-Za-z]{2,}")


def plain_words(shown: str, known: frozenset[str] = frozenset()) -> list[str]:
    """The words of plain ASCII letters in a text that is shown, but for ``known`` ones (names, units, identifiers)."""
    return [word for word in _WORD.findall(shown) if word not in known]
