"""Columns of places whose names are paths with another mark than ours: "Berlin/HQ/2. OG", "Berlin - HQ"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from cmdb.model.observation import NamedReference
from cmdb.model.place_names import path
from cmdb.model.schema import fold

_MARKS = tuple(map(re.compile, (r"\s*/\s*", r"\s*\\\s*", r"\s*\|\s*", r"\s*::\s*", r"\s+[-–—]\s+", r",\s+")))
_COMMA = _MARKS[-1]
_NO_PART = re.compile(r"\d{4,}.*|[A-Z]{2}")
"""What stands behind a comma in an address: a post code, a state."""
_RIVERS = frozenset((
    "main", "oder", "saale", "rhein", "ruhr", "neckar", "donau", "elbe", "weser", "lahn", "inn", "isar", "havel",
    "spree", "mosel", "fulda", "werra", "leine", "lippe", "neisse", "neiße",
))  # fmt: skip
_DEPTH = 6

Names = list[NamedReference | None]


def with_paths(named: Names, cells: Iterable[Any]) -> Names:
    """The places that rows name, those that are paths written with our mark (" / ").

    ``cells``: all different cells of the column, which tells the mark between the places of a path: several names begin
    with the same place, or with one that stands alone, or before our mark, in another cell.
    """
    distinct = dict.fromkeys(one for one in named if one is not None and not one.values)
    if not distinct:
        return named
    texts = (" ".join(cell.split()) for cell in cells if isinstance(cell, str))
    written = written_paths([*dict.fromkeys((*(one.name for one in distinct), *filter(None, texts)))])
    if not written:
        return named
    found = {one: NamedReference(one.cls, written[one.name]) for one in distinct if one.name in written}
    return [found.get(one, one) if one is not None else None for one in named]


def written_paths(names: Sequence[str]) -> dict[str, str]:
    """Name → the same with our mark between its places, for the names of a column that are paths with other marks."""
    plain = [name for name in names if len(path(name)) < 2]
    tops = {fold(path(name)[0]) for name in names if len(path(name)) > 1}
    found: dict[str, str] = {}
    for mark in _MARKS:
        split = {name: parts for name in plain if name not in found and (parts := _parts(mark, name))}
        if not split:
            continue
        alone = tops | {fold(name) for name in plain if name not in split}
        deep = mark is not _COMMA and any(len(parts) > 2 for parts in split.values())
        whole_column = _begin_alike(split.values(), strictly=not deep) and len(split) * 2 >= len(plain)
        for name, parts in split.items():
            if whole_column or fold(parts[0]) in alone:
                found[name] = " / ".join(parts)
    return found


def _parts(mark: re.Pattern[str], name: str) -> list[str]:
    """The parts of a name between marks, none if they can't be a path of places."""
    parts = [part.strip() for part in mark.split(name)]
    if not 1 < len(parts) <= _DEPTH or not all(parts) or len(parts[0]) < 2 or not parts[0][0].isalpha():
        return []
    if fold(parts[-1]) in _RIVERS:  # "Frankfurt/Oder" is a city
        return []
    return [] if mark is _COMMA and any(map(_NO_PART.fullmatch, parts[1:])) else parts


def _begin_alike(paths: Iterable[list[str]], strictly: bool) -> bool:
    """Whether several paths begin with the same place; ``strictly``: there are two for each first place or more."""
    firsts = Counter(fold(parts[0]) for parts in paths)
    if not firsts or max(firsts.values()) < 2:
        return False
    return not strictly or len(firsts) * 2 <= sum(firsts.values())
