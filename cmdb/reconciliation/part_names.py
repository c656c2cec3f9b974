"""Names that are less than a full name, and the people whom they may mean: "Meyer", "Müller J.", "hmeyer"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from cmdb.model.name_keys import name_key
from cmdb.model.person_names import plain, without_titles
from cmdb.reconciliation.near_equal import fingerprint

_MONSIEUR = "m"
"""An initial that may be a form of address: "M. Martin"."""
_MOST = 5
"""The most people that are told of a name."""


def part_of(names: Collection[str], known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Name that is a single word, or a word and an initial → the full names among ``known`` that it may stand for."""
    asked = {name: part for name in names if (part := _part(name))}
    if not asked:
        return {}
    wanted = {word for word, _ in asked.values()}
    by_word: dict[str, list[tuple[str, list[str]]]] = {}
    for full, words in _full(known):
        for word in wanted.intersection(words):
            by_word.setdefault(word, []).append((full, words))
    found: dict[str, tuple[str, ...]] = {}
    for name, (word, initial) in asked.items():
        fitting = {
            name_key(full): full
            for full, words in by_word.get(word, ())
            if not initial or _has_initial(words, word, initial) or initial == _MONSIEUR
        }
        if fitting:
            found[name] = tuple(sorted(fitting.values()))[:_MOST]
    return found


def like_logins(names: Collection[str], known: Iterable[str]) -> dict[str, str]:
    """Login, or address, → the only full name among ``known`` that such a login is made of ("hmeyer", "h.meyer@…").

    A known login or address that is the same before its "@" is answered, too.
    Names that hold all words of a single full name and others ("Hans Meyer IT") are answered, too.
    """
    logins = {name: fingerprint(name.partition("@")[0]) for name in names if "@" in name or name.count(" ") != 1}
    names_known = list(known) if logins else []
    full = list(_full(names_known))
    forms: dict[str, set[str]] = {}
    for one in names_known:
        if " " not in one:
            forms.setdefault(fingerprint(one.partition("@")[0]), set()).add(one)
    by_word: dict[str, list[tuple[str, list[str]]]] = {}
    for person, words in full:
        first, last = _ends(person)
        forms_of = (" ".join(sorted(words)), first[:1] + last, last + first[:1], first + last,
                    " ".join(sorted((first[:1], last))))  # fmt: skip
        for form in forms_of:
            forms.setdefault(form, set()).add(person)
        by_word.setdefault(max(words, key=len), []).append((person, words))
    found: dict[str, str] = {}
    for name, login in logins.items():
        those = forms.get(login, set()) - {name}
        said = login.split()
        if not those and len(said) > 2:
            those = {one for word in said for one, words in by_word.get(word, ()) if set(words) < set(said)}
        if len(those) == 1:
            found[name] = next(iter(those))
    return found


def with_titles(names: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """Name → the known name that is the same behind a title: "Dr. Ann Lee"."""
    titled = {name_key(bare): name for name in known if (bare := without_titles(name)) != name}
    return {name: titled[key] for name in names if (key := name_key(name)) in titled} if titled else {}


def _part(name: str) -> tuple[str, str] | None:
    """The word and the initial ("" for none) of a name that is not a full one."""
    if "@" in name or _TWO_NAMES.fullmatch(name) or any(letter.isdigit() for letter in name):
        return None
    words = [word for word in _words(name) if word not in _PARTICLES]
    if len(words) == 1 and len(words[0]) > 1:
        return words[0], ""
    if len(words) == 2 and (len(words[0]) == 1) != (len(words[1]) == 1):
        return max(words, key=len), min(words, key=len)
    return None


_PARTICLES = frozenset((
    "von", "van", "de", "da", "di", "del", "der", "den", "dos", "la", "le", "zu", "zur", "ter", "al", "el",
))  # fmt: skip
_TWO_NAMES = re.compile(r"(?!(?:Mrs|Miss|Prof|Herrn?|Frau|Mme|Mlle|Monsieur|Madame)\b)[A-Z][a-z]{3,} [A-Z][a-z]{3,}")
"""What is a first and a last name at first sight."""
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]?\.?|[A-Z]{2}")
"""Initials alone: "J.", "H.-P.", "HP"."""


def _full(known: Iterable[str]) -> Iterable[tuple[str, list[str]]]:
    """The names of at least two words that are no initials, with their words."""
    for name in known:
        if " " in name and "@" not in name:
            words = _words(name)
            if sum(len(word) > 1 and word not in _PARTICLES for word in words) > 1:
                yield name, words


def _words(name: str) -> list[str]:
    """The words of a name, folded; a double name is one, and several initials are the first of them."""
    spoken = plain(name)
    words = [word[0] if _INITIALS.fullmatch(word) and not spoken.isupper() else word for word in spoken.split()]
    return ["".join(folded.split()) for word in words if (folded := fingerprint(word))]


def _has_initial(words: Collection[str], word: str, initial: str) -> bool:
    return any(other.startswith(initial) for other in words if other != word)


def _ends(name: str) -> tuple[str, str]:
    """The first and the last word of a name as it is spoken."""
    words = [fingerprint(word) for word in plain(name).split()]
    return words[0], words[-1]
