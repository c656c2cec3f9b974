"""Finds the row that names the columns: titles, dates and blank rows are often above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cmdb.model.messages import Message

#: The last column of a file of rejected rows: why each was rejected.
REASON = Message("Rejected because")
_LOOK = 40
_LONG = 80


def is_reason(header: str) -> bool:
    """Whether a column holds the reasons of rejected rows, in English or in the current language."""
    return header in (REASON.template, str(REASON))


def filled(row: Sequence[Any]) -> list[int]:
    """The columns of a row that are not blank."""
    return [i for i, cell in enumerate(row) if cell != "" and (not isinstance(cell, str) or cell.strip())]


def same_words(one: Sequence[Any], other: Sequence[Any]) -> bool:
    """Whether two rows have the same cells but for case and blanks, and letters in one of them."""
    if len(one) != len(other):
        return False
    if [" ".join(str(cell).casefold().split()) for cell in one] != [
        " ".join(str(cell).casefold().split()) for cell in other
    ]:
        return False
    return any(c.isalpha() for cell in one for c in str(cell))


def find_header(rows: Sequence[list[Any]], known: Callable[[str], bool] | None = None) -> int:
    """The 1-based number of the row with the column names, 0 if every row is blank.

    Without ``known`` it is the first row of words that is nearly as wide as the widest. With it, it is the row with the
    most known words, if at least two are known.
    """
    sample = rows[:_LOOK]
    counts = [len(filled(row)) for row in sample]
    widest = max(counts, default=0)
    if not widest:
        return next((number for number, row in enumerate(rows, 1) if filled(row)), 0)
    if known is not None:
        words = [sum(1 for cell in row if isinstance(cell, str) and cell.strip() and known(cell)) for row in sample]
        best = max(words)
        if best >= min(2, widest) and best:
            return words.index(best) + 1
    first = 0
    for number, (row, count) in enumerate(zip(sample, counts, strict=True), 1):
        if not count:
            continue
        first = first or number
        if count >= max(1, 0.6 * widest) and all_words(row, count):
            return number
    return first


def all_words(row: Sequence[Any], count: int) -> bool:
    """Whether the ``count`` cells that a row has are, nearly all, different words that could name columns."""
    words = [cell for cell in row if isinstance(cell, str) and cell.strip()]
    fitting = [w for w in words if len(w) <= _LONG and not w.strip().replace(".", "").replace(",", "").isdigit()]
    return len(fitting) >= 0.8 * count and len({w.strip().casefold() for w in fitting}) >= 0.6 * len(fitting)
