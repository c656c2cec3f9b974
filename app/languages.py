"""The languages of Terrier's texts, and the language of a person's system."""

from __future__ import annotations

import gettext
import os
import re
import struct
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from cmdb.model.language import Language
from cmdb.model.messages import tr
from cmdb.model.resources import RESOURCES

DOMAIN = "terrier"
TEXTS = RESOURCES / "texts"
"""The folder of translations: ``<language>/LC_MESSAGES/terrier.mo``, compiled from the .po beside it."""

_LOCALE = r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_([A-Z]{2}|\d{3}))?"


def of_system(environment: Mapping[str, str] = os.environ, folder: Path = TEXTS, system: str = "") -> Language:
    """The language of the environment, if there are texts in it; English otherwise.

    ``system`` is the locale of the operating system. It is used if no variable names a locale. Numbers and dates follow
    the locale, even without texts in its language. Variables are read as in POSIX (section 8.2) and gettext(3): for
    each category the first variable that is set decides, and LANGUAGE has no effect in the locale "C".
    TERRIER_LANGUAGE chooses the language of the texts in every locale.
    """
    of_texts = _first(environment, "LC_ALL", "LC_MESSAGES", "LANG") or system
    of_formats = _first(environment, "LC_ALL", "LC_TIME", "LC_NUMERIC", "LANG") or system
    asked = environment.get("TERRIER_LANGUAGE", "")
    if _plain(of_texts):
        asked += f":{environment.get('LANGUAGE', '')}:{of_texts}"
    locale = _format_locale(_plain(of_formats))
    for name in filter(None, map(_plain, asked.split(":"))):
        for code in dict.fromkeys((name, _language(name))):
            if code == Language().code:
                return Language(locale)
            compiled = folder / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
            if compiled.exists():
                translations = _read(compiled)
                if translations is not None:
                    return Language(locale if _language(locale) == _language(code) else name, code, translations)
    return Language(locale)


@lru_cache(maxsize=4)
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


def platform_locale() -> str:
    """The locale that Windows is set to, which sets no variables: "de-DE". Elsewhere "": the variables name it.

    The window asks Qt instead, which knows the settings of macOS as well.
    """
    if sys.platform == "win32":
        import ctypes

        name = ctypes.create_unicode_buffer(85)  # LOCALE_NAME_MAX_LENGTH
        if ctypes.windll.kernel32.GetUserDefaultLocaleName(name, len(name)):
            return name.value
    return ""


def _first(environment: Mapping[str, str], *names: str) -> str:
    """The first variable that is set; an empty one counts as not set."""
    return next(filter(None, (environment.get(name, "") for name in names)), "")


def _plain(name: str) -> str:
    """A locale's name as Babel and gettext have it: "de_AT", "en". "" for the locale "C", and for what is no name."""
    plain = name.split(".")[0].split("@")[0].replace("-", "_")
    return plain if re.fullmatch(_LOCALE, plain) else ""


def _language(locale: str) -> str:
    return locale.split("_")[0]


def _format_locale(name: str) -> str:
    """The locale of numbers and dates. English of no country is ours."""
    return Language().locale if name in ("", Language().code) else name
