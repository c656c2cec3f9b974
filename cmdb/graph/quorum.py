"""How many members a dependency group needs."""

from __future__ import annotations

import re
from fractions import Fraction
from math import ceil

_NEEDS = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(%?)\s*")


def resolve(text: str, members: int) -> int | None:
    """The number of ``members`` that ``text`` requires; None if it cannot be read.

    ``2`` is a count; ``50%`` a share, rounded up exactly; "" means all of them, since redundancy is never assumed.
    """
    if not text.strip():
        return members
    found = _NEEDS.fullmatch(text)
    if found is None:
        return None
    number = Fraction(found[1].replace(",", "."))
    if found[2]:
        return ceil(number * members / 100)
    return int(number) if number.denominator == 1 else None
