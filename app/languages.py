"""The languages of Terrier's texts, and the language of a person's system."""

from __future__ import annotations

import gettext
import os
import struct
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from cmdb.model.language import Language
from cmdb.model.messages import tr
from cmdb.model.resources import RESOURCES

DOMAIN = "terrier"
TEXTS = RESOURCES / "texts"
"""The folder of translations: ``<language>/LC_MESSAGES/terrier.mo``, compiled from the .po beside it."""

#: In the order in which gettext reads them; Terrier's own comes first.
_OF_TEXTS = ("TERRIER_LANGUAGE", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_OF_FORMATS = ("LC_ALL", "LC_TIME", "LC_NUMERIC", "LANG")


def of_system(environment: Mapping[str, str] = os.environ, folder: Path = TEXTS) -> Language:
    """The language of the environment, if there are texts in it; English otherwise.

    Numbers and dates follow the system's locale, even without texts in its language.
    """
    asked = list(_asked(environment, _OF_TEXTS))
    locale = next(filter(_is_locale, (*_asked(environment, _OF_FORMATS), *asked)), Language().locale)
    for name in asked:
        for code in dict.fromkeys((name, name.split("_")[0])):
            if code == Language().code:
                return Language(locale)
            compiled = folder / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
            if compiled.exists():
                translations = _read(compiled)
                if translations is not None:
                    return Language(locale if locale.startswith(code) else code, code, translations)
    return Language(locale)


def _read(compiled: Path) -> gettext.GNUTranslations | None:
    """The translations of a .mo file. None, and a line on stderr, for a file that can't be read."""
    try:
        with compiled.open("rb") as catalogue:
            return gettext.GNUTranslations(catalogue)
    except (OSError, ValueError, struct.error, LookupError) as error:
        unreadable = tr(
            "The texts in {file} can't be read ({error}); Terrier speaks English.", file=compiled, error=error
        )
        print(unreadable, file=sys.stderr)
        return None


def _asked(environment: Mapping[str, str], names: tuple[str, ...]) -> Iterator[str]:
    """The locales that variables name, without encodings and variants: "de_AT", "en"."""
    for name in names:
        for one in environment.get(name, "").split(":"):
            plain = one.split(".")[0].split("@")[0]
            if plain and plain not in ("C", "POSIX"):
                yield plain


def _is_locale(name: str) -> bool:
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(name)
    except (UnknownLocaleError, ValueError):
        return False
    return "_" in name
