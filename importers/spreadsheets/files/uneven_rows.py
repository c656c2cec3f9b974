"""Rows of a text table with fewer or more cells than its header: line breaks and delimiters that no quotation marks
enclose.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

Rows = list[list[str]]

#: The fewest columns by which torn rows are known, and the fewest of a table in which two of them are enough.
_LEAST_COLUMNS = 3
_MANY_COLUMNS = 4
#: The most lines of a torn row.
_LINES = 50
#: The most rows that are named.
_NAMED = 20


@dataclass(frozen=True, slots=True)
class EvenedRows:
    """The rows, those that line breaks had torn put together again. The numbers are those of these rows, from 1."""

    rows: Rows
    joined: tuple[int, ...] = ()
    """The rows that were put together."""
    torn: tuple[int, ...] = ()
    """The rows that may be torn, of which nothing is known for sure; they are as they were."""
    wide: tuple[int, ...] = ()
    """The first rows with more cells than all others."""


def evened(rows: Rows, mixed_ends: bool = False, torn_end: bool = False) -> EvenedRows:
    """Puts torn rows together. ``mixed_ends``: whether some line ends are not those of the rows (LF beside CRLF);
    ``torn_end``: whether the one before the last line is such.
    """
    widths = Counter(map(len, rows))
    widths.pop(0, None)
    if len(widths) < 2:
        return EvenedRows(rows)
    wide = _wide(rows, widths)
    width = max((one for one, count in widths.items() if count > 1), default=0)
    groups = _torn(rows, width, mixed_ends, torn_end) if width >= _LEAST_COLUMNS and max(widths) == width else []
    if not groups:
        return EvenedRows(rows, wide=wide)
    if not (mixed_ends or _is_sure(rows, width, len(groups))):
        return EvenedRows(rows, torn=tuple(first + 1 for first, _ in groups)[:_NAMED], wide=wide)
    found: Rows = []
    joined: list[int] = []
    done = 0
    for first, end in groups:
        found += rows[done:first]
        found.append(_put_together(rows[first:end]))
        joined.append(len(found))
        done = end
    return EvenedRows(found + rows[done:], tuple(joined))


def _is_sure(rows: Rows, width: int, groups: int) -> bool:
    """Whether short rows are torn, and not such as lack the blank cells at their end.

    A program that leaves those out writes no blank one at the end of any row.
    """
    if any(len(row) == width and not row[-1].strip() and any(map(str.strip, row)) for row in rows):
        return True
    return groups >= (2 if width >= _MANY_COLUMNS else 3)


def _torn(rows: Rows, width: int, mixed_ends: bool, torn_end: bool) -> list[tuple[int, int]]:
    """Runs of short rows, from the first up to the last (excluded), that together have the cells of one row each.

    None unless all short rows between the first and the last whole row belong to such runs. With ``mixed_ends`` a cell
    alone belongs to the last cell of the row above; below all whole rows, where notes are, only with ``torn_end``.
    """
    header = index = next(i for i, row in enumerate(rows) if len(row) == width) + 1
    last_whole = max(i for i, row in enumerate(rows) if len(row) == width)
    found: list[tuple[int, int]] = []
    while index < len(rows):
        if len(rows[index]) == width or not any(map(str.strip, rows[index])):
            index += 1
            continue
        last = torn_end and index == last_whole + 1 and not any(any(map(str.strip, row)) for row in rows[index + 1 :])
        if mixed_ends and len(rows[index]) == 1 and (header < index < last_whole or (last and index > header)):
            above = found.pop() if found and found[-1][1] == index else (index - 1, index)
            index += 1
            found.append((above[0], index))
            continue
        first, cells = index, len(rows[index])
        index += 1
        while cells < width and index < len(rows) and len(rows[index]) < width and index - first < _LINES:
            cells += max(len(rows[index]), 1) - 1
            index += 1
        if cells != width or len(rows[index - 1]) < 2:
            return found if first > last_whole else []
        found.append((first, index))
    return found


def _put_together(parts: Rows) -> list[str]:
    row = list(parts[0])
    for part in parts[1:]:
        row[-1] += "\n" + (part[0] if part else "")
        row += part[1:]
    return row


def _wide(rows: Rows, widths: Counter[int]) -> tuple[int, ...]:
    """Rows with more cells than the header, in a table of which nearly all rows are as wide as that."""
    usual, count = widths.most_common(1)[0]
    if usual < 2 or max(widths) == usual or count * 2 < widths.total():
        return ()
    header = next(i for i, row in enumerate(rows) if len(row) == usual)
    found: list[int] = []
    for number, row in enumerate(rows[header:], header + 1):
        if not any(map(str.strip, row)):
            break
        if len(row) > usual and any(map(str.strip, row[usual:])):
            found.append(number)
    return tuple(found[:_NAMED]) if len(found) == 1 or len(found) * 5 <= count else ()
