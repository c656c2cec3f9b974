"""Words that are spelled alike and mean alike: "did you mean" never turns a meaning round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache

from cmdb.model.declarations import fold

_NEGATIONS = frozenset((
    "not", "no", "non", "never", "without", "off", "former", "ex", "nicht", "kein", "keine", "ohne", "ausser",
    "außer", "pas", "sans", "hors", "sin", "fuera",
))  # fmt: skip
_PREFIXES = ("non", "dis", "mis", "de", "un", "in", "im", "ir", "il", "dé", "des", "dés")
_OPPOSITES = (
    ("enabled", "disabled"), ("active", "inactive"), ("online", "offline"), ("on", "off"), ("in", "out"),
    ("open", "closed"), ("internal", "external"), ("inbound", "outbound"), ("up", "down"), ("yes", "no"),
    ("true", "false"), ("found", "lost"), ("present", "absent"), ("new", "old"), ("bought", "sold"),
    ("hired", "fired"), ("start", "end"), ("started", "ended"), ("accepted", "rejected"), ("include", "exclude"),
    ("included", "excluded"), ("before", "after"), ("good", "bad"), ("physical", "virtual"), ("upgrade", "downgrade"),
    ("install", "uninstall"), ("commissioned", "decommissioned"), ("issued", "returned"), ("used", "unused"),
    ("aktiv", "inaktiv"), ("actif", "inactif"), ("activo", "inactivo"), ("production", "preproduction"),
)  # fmt: skip
_OPPOSITE = {frozenset(pair) for pair in _OPPOSITES}
_LITTLE = frozenset((
    "per", "pro", "je", "par", "por", "each", "of", "the", "a", "an", "for", "der", "die", "das", "von", "de", "du",
    "la", "le", "and", "und", "et", "y",
))  # fmt: skip
"""Words that say nothing of what is meant."""
_SLIPS = ((8, 2), (4, 1), (0, 0))
"""A known word of so many letters at least, and how many of them may be wrong. The first one is always right."""
_STEM = 4
"""Letters that words begin with alike if one is a form of the other: "deployable", "deployed"."""


def near_words(word: str, words: Iterable[str], most: int = 3, likeness: float = 0.6) -> list[str]:
    """Those of ``words`` that are spelled like ``word``, the likest first, without those that mean its opposite."""
    return [one for one in get_close_matches(word, list(words), 3 * most, likeness) if not opposite(word, one)][:most]


def near_meanings(word: str, words: Mapping[str, str]) -> list[str]:
    """What the words of which ``word`` is a slip of the pen stand for (word → meaning), the likest first.

    A meaning that the word denies is none of them. Words that only look alike mean something else: a seat is no socket.
    """
    denied = {meaning for known, meaning in words.items() if _deny(word, known) or _deny(known, word)}
    slips = sorted((slips, at) for at, known in enumerate(words) if (slips := _slips(word, known)) is not None)
    meanings = list(words.values())
    return [one for one in dict.fromkeys(meanings[at] for _, at in slips) if one not in denied]


def _slips(word: str, known: str) -> int | None:
    """How many letters a mistyped word has wrong; None where it is another word, or denies the known one."""
    mine, theirs = _words_that_count(word), _words_that_count(known)
    if len(mine) != len(theirs):  # a blank more or less: "instock"
        mine, theirs = ("".join(mine),), ("".join(theirs),)
    total = 0
    for one, other in zip(mine, theirs, strict=True):
        if one == other:
            continue
        most = 0 if one[:1] != other[:1] else next(slips for length, slips in _SLIPS if len(other) >= length)
        found = letters_apart(one, other, most)
        if found > most:
            return None
        total += found
    return None if total and opposite(word, known) else total


@lru_cache(maxsize=4096)
def _words_that_count(text: str) -> tuple[str, ...]:
    words = fold(text).split()
    return tuple(word for word in words if word not in _LITTLE) or tuple(words)


def letters_apart(one: str, other: str, most: int) -> int:
    """How many letters are to be put in, left out, changed or swapped to make one word the other; ``most`` + 1 where
    they are more than ``most``. The words differ.
    """
    if most == 0 or abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def opposite(one: str, other: str) -> bool:
    """Whether one of two texts denies the other: "undeployable" and "deployed", "in use" and "not in use"."""
    left, right = fold(one).split(), fold(other).split()
    if _denied(left) != _denied(right):
        return True
    only_left, only_right = [w for w in left if w not in right], [w for w in right if w not in left]
    return any(_deny(a, b) or _deny(b, a) or frozenset((a, b)) in _OPPOSITE for a in only_left for b in only_right)


def _denied(words: list[str]) -> bool:
    """Whether a text is a denial; "out of stock" is one, "out for repair" is none."""
    return (len(_NEGATIONS.intersection(words)) + ("out of " in " ".join(words))) % 2 == 1


def _deny(word: str, other: str) -> bool:
    """Whether a word is the other, or a form of it, behind a prefix that denies it."""
    for prefix in _PREFIXES:
        if word.startswith(prefix) and not other.startswith(prefix):
            rest = word[len(prefix) :]
            if rest == other or (len(rest) >= _STEM and rest[:_STEM] == other[:_STEM]):
                return True
    return False
