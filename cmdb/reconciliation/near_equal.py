"""Texts that are nearly equal and are probably meant to be one: "LENOVO ", "Lenvo"; "José Núñez", "Nunez, Jose".

Texts of the same words are found by their fingerprints, small typing errors among texts that share their beginning or
their end. No step compares all pairs, so that the time grows like that of sorting.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from cmdb.model.near_words import opposite
from cmdb.reconciliation.doubles import look

_APART = re.compile(r"[^\w]+|_+")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_DIGITS = re.compile(r"\d+")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_UMLAUTS = re.compile(r"(?<=[aou])e")
_LEAST = 5
"""Letters that a text has at least for a typing error to be one: of four, one letter makes another word."""
_LONG = 12
"""Letters from which two typing errors are looked for."""
_ALL_PAIRS = 24
"""Texts that share a piece are compared each with each up to this many; of more, those next to each other in order."""
_WINDOW = 6
_OFTEN = 10_000
"""Steps between two looks whether the work was cancelled."""

Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class NearEqual:
    """Texts that are probably meant to be one, the most frequent first."""

    texts: tuple[str, ...]
    misspelt: bool = False
    """Whether some differ by a letter, rather than only by case, accents, punctuation, spaces or the order of words."""

    @property
    def best(self) -> str:
        """The text to keep unless a person chooses another."""
        return self.texts[0]


def near_equal(
    counts: Mapping[str, int], check: Check = lambda: None, legal_forms: Container[str] = ()
) -> list[NearEqual]:
    """The groups of nearly equal texts among different ones; ``counts``: text → how often it is there.

    ``check`` is called now and then, and may raise Cancelled. ``legal_forms``: words at the end, folded, that names of
    companies may lack.
    """
    texts = [text for text in counts if text.strip()]
    keys = {text: _keys(text, legal_forms) for text in texts}
    check()
    groups = _Groups()
    by_key: dict[str, list[str]] = defaultdict(list)
    for text, (words, joined) in keys.items():
        by_key[words].append(text)
        by_key[f"|{joined}"].append(text)
    for alike in by_key.values():
        groups.join(alike)
    check()
    roots = [text for text in texts if groups.root(text) == text]
    errors = [pair for pair in _typing_errors({text: keys[text][1] for text in roots}, check) if not opposite(*pair)]
    for pair in errors:
        groups.join(pair)
    return sorted(_settled(groups, texts, keys, counts, bool(errors)), key=lambda one: one.best.casefold())


def near_codes(counts: Mapping[str, int]) -> list[NearEqual]:
    """The groups of tags or serial numbers that look alike: 1000 and 01000, O and 0, I and 1, S and 5."""
    by_look: dict[str, list[str]] = defaultdict(list)
    for text in counts:
        if shape := look(text):
            by_look[shape].append(text)
    found = (sorted(own, key=lambda text: (-counts[text], text)) for own in by_look.values() if len(own) > 1)
    return sorted((NearEqual(tuple(own)) for own in found), key=lambda one: one.best.casefold())


def fingerprint(text: str) -> str:
    """The words of a text in order of the alphabet, without case, accents, punctuation and leading zeros."""
    return _keys(text)[0]


def _keys(text: str, legal_forms: Container[str] = ()) -> tuple[str, str]:
    """The fingerprint, and the words as they stand, joined: "Think Pad" is "ThinkPad"."""
    plain = text.casefold()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain).casefold()
        plain = "".join([letter for letter in plain if not unicodedata.combining(letter)]).translate(_LETTERS)
    words = [word for word in _APART.split(_ZEROS.sub("", _UMLAUTS.sub("", plain))) if word]
    while len(words) > 1 and words[-1] in legal_forms:
        words.pop()
    if not words:  # nothing but punctuation: as it is
        return plain, plain
    return " ".join(sorted(words)), "".join(words)


def _typing_errors(joined: Mapping[str, str], check: Check) -> Iterator[tuple[str, str]]:
    """Pairs of texts whose joined words differ by a typing error. What differs in its digits is another thing."""
    from rapidfuzz.distance import OSA

    pieces: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for text, word in joined.items():
        if len(word) >= _LEAST:
            digits = "".join(_DIGITS.findall(word))
            for size in {_piece(len(word)), _piece(len(word) - 1)}:
                pieces["<", digits, word[:size]].append((word, text))
                pieces[">", digits, word[-size:]].append((word, text))
    done: set[tuple[str, str]] = set()
    for number, own in enumerate(pieces.values()):
        if not number % _OFTEN:
            check()
        for (word, text), (other, like) in _neighbours(own):
            most = 2 if min(len(word), len(other)) >= _LONG else 1
            if abs(len(word) - len(other)) > most or text == like:
                continue
            if OSA.distance(word, other, score_cutoff=most) <= most:
                pair = (text, like) if text < like else (like, text)
                if pair not in done:
                    done.add(pair)
                    yield pair


def _piece(length: int) -> int:
    """The letters at one end that a typing error in the other half leaves as they are."""
    return max(2, length // 2)


def _neighbours(own: list[tuple[str, str]]) -> Iterable[tuple[tuple[str, str], tuple[str, str]]]:
    if len(own) <= _ALL_PAIRS:
        return combinations(own, 2) if len(own) > 1 else ()
    own.sort()
    return ((one, other) for place, one in enumerate(own) for other in own[place + 1 : place + 1 + _WINDOW])


class _Groups:
    """Texts that belong together, whichever pairs said so."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def root(self, text: str) -> str:
        """The text that stands for all of its group."""
        above = self._above
        while (up := above.get(text, text)) != text:
            above[text] = above.get(up, up)
            text = up
        return text

    def join(self, texts: Sequence[str]) -> None:
        """Makes one group of several."""
        if len(texts) > 1:
            first = self.root(texts[0])
            for text in texts[1:]:
                other = self.root(text)
                if other != first:
                    self._above[other] = first


def _settled(
    groups: _Groups,
    texts: Iterable[str],
    keys: Mapping[str, tuple[str, str]],
    counts: Mapping[str, int],
    misspelt: bool,
) -> Iterator[NearEqual]:
    """The groups, without members that are far from the most frequent one: those are groups of their own."""
    members: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        members[groups.root(text)].append(text)
    for own in members.values():
        while len(own) > 1:
            own.sort(key=lambda text: (-counts[text], not any(map(str.isupper, text[:1])), text))
            best = keys[own[0]]
            near = [text for text in own if _near(best, keys[text])] if misspelt else own
            if len(near) > 1:
                yield NearEqual(tuple(near), any(not set(best) & set(keys[text]) for text in near))
            taken = set(near)
            own = [text for text in own if text not in taken]


def _near(one: tuple[str, str], other: tuple[str, str]) -> bool:
    if one[0] == other[0] or one[1] == other[1]:
        return True
    from rapidfuzz.distance import OSA

    most = 2 if min(len(one[1]), len(other[1])) >= _LONG else 1
    return OSA.distance(one[1], other[1], score_cutoff=most) <= most
