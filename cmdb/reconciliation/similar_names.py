"""Finds similar names, which may be misspelt, among new and known names without comparing all pairs."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

from cmdb.model.name_keys import name_key
from cmdb.reconciliation.near_equal import fingerprint

#: The maximum number of individual comparisons. Beyond it, only names that differ by one letter are found.
_EACH = 200_000
_ENOUGH = 86.0
#: More new names than this are compared with known names only.
_AMONG = 1000


def similar(new: Collection[str], known: Collection[str]) -> dict[str, str]:
    """New name → the similar known name (or new name that sorts before it) that may be the correct spelling.

    Names that differ in their digits are different things ("Room 101", "Room 102"); "Jose Nunez" and "José Núñez"
    are one.
    """
    fresh = sorted({name_key(n): n for n in sorted(new)}.items())
    old = {name_key(n): n for n in sorted(known)}
    found: dict[str, str] = {}
    if not fresh:
        return found
    same = same_words(dict(fresh).values(), old.values())
    found.update(same)
    fresh = [(key, name) for key, name in fresh if name not in same]
    if len(fresh) * (len(fresh) + len(old)) <= _EACH:
        for place, (key, name) in enumerate(fresh):
            best = _best(key, [*old, *(k for k, _ in fresh[:place])])
            if best:
                found[name] = old.get(best) or dict(fresh)[best]
        return found
    neighbours: dict[str, str] = {}
    among = len(fresh) <= _AMONG
    if not old and not among:
        return found
    for key in old:
        for form in _forms(key):
            neighbours.setdefault(form, key)
    for key, name in fresh:
        near = {neighbours[form] for form in _forms(key) if form in neighbours} - {key}
        best = _best(key, sorted(near))
        if best:
            found[name] = old.get(best) or dict(fresh)[best]
        if among:
            for form in _forms(key):
                neighbours.setdefault(form, key)
    return found


def same_words(new: Iterable[str], known: Iterable[str]) -> dict[str, str]:
    """New name → the known or earlier new name of the same words, whatever their accents, punctuation and order."""
    by_words: dict[str, str] = {}
    for name in known:
        by_words.setdefault(fingerprint(name), name)
    found: dict[str, str] = {}
    for name in new:
        other = by_words.setdefault(fingerprint(name), name)
        if other != name and name_key(other) != name_key(name):
            found[name] = other
    return found


def _best(key: str, others: Iterable[str]) -> str:
    from rapidfuzz import fuzz, process

    digits = _digits(key)
    rivals = [o for o in others if o != key and _digits(o) == digits]
    match = process.extractOne(key, rivals, scorer=fuzz.ratio, score_cutoff=_ENOUGH) if len(key) > 3 else None
    return str(match[0]) if match else ""


@cache
def _digits(key: str) -> str:
    return "".join(re.findall(r"\d+", key))


def _forms(key: str) -> set[str]:
    """The key and all its forms with one letter left out. Two names that differ by one letter have a form in common."""
    if len(key) < 4:
        return {key}
    return {key, *(key[:i] + key[i + 1 :] for i in range(len(key)))}
