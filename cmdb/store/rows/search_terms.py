"""Text cut into the words that the search index holds, as SQLite's ``unicode61`` cuts it.

SQLite does this itself. PostgreSQL gets the words, so that both find the same, with any locale of the server.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

MAX_WORD = 500
"""The maximum characters of a word: PostgreSQL's vectors hold words of up to 2046 bytes."""
MAX_SIZE = 900_000
"""The maximum bytes of a vector: PostgreSQL accepts up to a megabyte."""
MAX_PLACE = 16_383
"""The last position in a text that PostgreSQL distinguishes from later ones."""

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """The words of a text, in order, without case and accents."""
    return [word[:MAX_WORD] for word in _WORD.findall(_bare(text))]


def fold(text: str) -> str:
    """A text without case. Each character stays one character."""
    return text.lower() if text.isascii() else text.translate(_CASELESS)


def vector(text: str) -> str:
    """The words of a text with their positions, as a literal of PostgreSQL's ``tsvector``.

    A text that is too long is cut.
    """
    found = words(text)
    if len(set(found)) == len(found) <= MAX_PLACE:
        parts = [f"{word}:{place}" for place, word in enumerate(found, 1)]
    else:
        places: dict[str, list[str]] = {}
        for place, word in enumerate(found, 1):
            places.setdefault(word, []).append(str(min(place, MAX_PLACE)))
        parts = [f"{word}:{','.join(where)}" for word, where in places.items()]
    whole = " ".join(parts)
    return whole if len(whole) * 4 < MAX_SIZE else " ".join(_fitting(parts))


def query(text: str) -> str:
    """A ``tsquery`` for the consecutive words of ``text``, of which the last is a prefix; "" if there are none."""
    found = words(text)
    return " <-> ".join(found) + ":*" if found else ""


def _fitting(parts: Iterable[str]) -> Iterator[str]:
    size = 0
    for part in parts:
        size += len(part.encode()) + 1
        if size > MAX_SIZE:
            return
        yield part


def _bare(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_BARE)


class _Caseless(dict[int, str]):
    """Character → the character without case."""

    def __missing__(self, code: int) -> str:
        self[code] = found = _single(chr(code))
        return found


class _Bare(dict[int, str]):
    """Character → the character without case and accent. A separate accent is removed."""

    def __missing__(self, code: int) -> str:
        parts = unicodedata.normalize("NFD", chr(code))
        base = parts[0] if len(parts) == 2 and unicodedata.combining(parts[1]) else chr(code)
        self[code] = found = "" if 0x300 <= code <= 0x36F else _single(base)
        return found


def _single(character: str) -> str:
    folded = character.casefold()
    if len(folded) != 1:
        folded = character.lower()
    return folded if len(folded) == 1 else character


_CASELESS = _Caseless()
_BARE = _Bare()
