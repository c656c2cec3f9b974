"""Paths of places that are written in several ways: "Berlin > HQ", "Berlin/HQ", "Berlin - HQ", "Berlin, HQ"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from cmdb.model.name_keys import name_key
from cmdb.model.observation import NamedReference
from cmdb.model.place_names import path
from cmdb.model.schema import Schema
from cmdb.reconciliation.lookup import Lookup

_MARKS = tuple(map(re.compile, (r"\s*/\s*", r"\s*\\\s*", r"\s*\|\s*", r"\s*::\s*", r"\s+[-–—]\s+", r",\s*")))
_WRITTEN = ("/", " / ", " > ", " - ", ", ", "\\", " | ")
_DEPTH = 8


def may_be_path(name: str) -> bool:
    """Whether a name has a mark that may stand between the places of a path."""
    return any(mark.search(name) for mark in _MARKS)


def written_as(parts: Iterable[str]) -> tuple[str, ...]:
    """The keys of the names that a single place may have that is called by its path."""
    own = list(parts)
    return tuple(name_key(mark.join(own)) for mark in _WRITTEN)


def place_spellings(name: str) -> tuple[str, ...]:
    """The name keys by which a place may be known: by its name, and by a path in other marks."""
    readings = [path(name)] if len(path(name)) > 1 else list(_readings(name))
    return tuple(dict.fromkeys((name_key(name), *(key for parts in readings for key in written_as(parts)))))


def known_paths(
    schema: Schema, lookup: Lookup, names: Iterable[str], beside: Iterable[tuple[str, ...]]
) -> dict[str, list[str]]:
    """Name with another mark between its parts → the parts, where the register or the import has a place of that path.

    ``beside``: the paths of places that the import names, as name keys, the largest place first.
    """
    asked = {name: tuple(_readings(name)) for name in names}
    asked = {name: readings for name, readings in asked.items() if readings}
    if not asked:
        return {}
    own = {one[:length] for one in beside for length in range(2, len(one) + 1)}
    keys = {name_key(part) for readings in asked.values() for parts in readings for part in parts}
    stored = lookup.by_name(schema.family("place"), sorted(keys))
    known = lookup.cis([uid for uids in stored.values() for uid in uids]) if stored else {}
    above = {uid: one.values.get("location") for uid, one in known.items()}
    found: dict[str, list[str]] = {}
    for name, readings in asked.items():
        for parts in readings:
            chain = [name_key(part) for part in parts]
            if tuple(chain) in own or _leads_up(chain, stored, above):
                found[name] = parts
                break
    return found


def _readings(name: str) -> Iterable[list[str]]:
    for mark in _MARKS:
        parts = [part.strip() for part in mark.split(name)]
        if 1 < len(parts) <= _DEPTH and all(parts):
            yield parts


def _leads_up(chain: list[str], stored: Mapping[str, Collection[str]], above: Mapping[str, object]) -> bool:
    """Whether a place of the last name lies in one of the name before it, and so on."""
    places = set(stored.get(chain[0], ()))
    for key in chain[1:]:
        places = {uid for uid in stored.get(key, ()) if above.get(uid) in places}
    return bool(places)


def chain_of(name: str, values: Iterable[tuple[str, object]]) -> tuple[str, ...]:
    """The path of a mention of a place, as name keys: by its name, and by the place that it is said to be in."""
    own = tuple(name_key(part) for part in path(name))
    inside = dict(values).get("location")
    if isinstance(inside, NamedReference):
        return (*chain_of(inside.name, inside.values), *own)
    return own
