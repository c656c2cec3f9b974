"""Values that may have been meant by a word that is none."""

from __future__ import annotations

from collections.abc import Iterable

from cmdb.model.near_words import near_words


def nearest_first(word: str, values: Iterable[str], first: Iterable[str] = ()) -> tuple[str, ...]:
    """Values that may have been meant by a word, the nearest first; ``first`` come before all others."""
    known = list(values)
    return tuple(dict.fromkeys((*first, *near_words(word, known), *known)))
