"""Freeing large structures a few objects at a time, in a worker."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from types import ModuleType
from typing import Any

#: A container of more references than this is taken apart.
_LARGE = 2_000
#: Objects that are freed before other threads may go on.
_AT_ONCE = 500
#: How deep the large containers are looked for, and in how many objects.
_DEPTH, _MOST = 10, 50_000


def free_in_slices(held: list[Any]) -> None:
    """Frees what only ``held`` still holds, and leaves what others hold as it is. ``held`` is empty afterwards.

    Python frees a structure of a million objects in one go, and no other thread runs meanwhile: the window would stand
    still. So the elements of its large containers are held here, the containers are freed, and then the elements.
    """
    elements = _elements(held)
    held.clear()
    while elements:
        del elements[-_AT_ONCE:]


def _elements(roots: Sequence[Any]) -> list[Any]:
    """The elements of the large containers in some objects."""
    found: list[Any] = []
    seen: set[int] = set()
    level = list(roots)
    for _ in range(_DEPTH):
        below: list[Any] = []
        for one in level:
            if id(one) in seen or not gc.is_tracked(one) or isinstance(one, (type, ModuleType)) or callable(one):
                continue
            seen.add(id(one))
            inside = gc.get_referents(one)
            if len(inside) > _LARGE:
                found += inside
            else:
                below += inside
            if len(seen) > _MOST:
                return found
        level = below
    return found
