"""Words that are spelled alike and mean alike: "did you mean" never turns a meaning round."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

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
_STEM = 4
"""Letters that words begin with alike if one is a form of the other: "deployable", "deployed"."""


def near_words(word: str, words: Iterable[str], most: int = 3, likeness: float = 0.6) -> list[str]:
    """Those of ``words`` that are spelled like ``word``, the likest first, without those that mean its opposite."""
    return [one for one in get_close_matches(word, list(words), 3 * most, likeness) if not opposite(word, one)][:most]


def near_meanings(word: str, words: Mapping[str, str], likeness: float) -> list[str]:
    """What the words that are spelled like ``word`` stand for (word → meaning), without a meaning that it denies."""
    denied = {meaning for known, meaning in words.items() if _deny(word, known) or _deny(known, word)}
    found = (words[known] for known in near_words(word, words, 3, likeness))
    return [meaning for meaning in dict.fromkeys(found) if meaning not in denied]


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
