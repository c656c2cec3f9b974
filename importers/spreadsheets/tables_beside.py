"""Tells tables side by side from one table with blank columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cmdb.model.schema import fold
from importers.spreadsheets.archive import column_letters
from importers.spreadsheets.group_headers import Range
from importers.spreadsheets.header import filled, find_header
from importers.spreadsheets.header_words import HeaderWords

_LOOK = 40

Grid = Sequence[list[Any]]


@dataclass(frozen=True, slots=True)
class Band:
    """Columns of a grid, from ``left`` up to ``end``, which is not of it."""

    left: int
    end: int

    def columns(self, before: int) -> str:
        """As a spreadsheet program shows them, behind so many others."""
        return f"{column_letters(before + self.left)}:{column_letters(before + self.end - 1)}"


def bands(grid: Grid, merged: Sequence[Range], header: int, bottom: int, words: HeaderWords) -> list[Band]:
    """The tables that stand side by side in rows ``header`` to ``bottom``: one band of columns each."""
    found: list[Band] = []
    for band in _without_gaps(grid, header, bottom):
        for one in _repeats(grid, band, header, words):
            apart = bool(found) and one.left > found[-1].end
            if found and apart and not _is_another(grid, found[-1], one, header, bottom, words):
                found[-1] = Band(found[-1].left, one.end)
            else:
                found.append(one)
    return found


def _without_gaps(grid: Grid, header: int, bottom: int) -> list[Band]:
    """The columns between blank ones."""
    width = len(grid[header])
    blank = [column for column in range(width) if not str(grid[header][column]).strip()]
    if not blank:
        return [Band(0, width)]
    rows = grid[header : bottom + 1]
    gaps = {column for column in blank if not any(str(row[column]).strip() for row in rows)}
    found: list[Band] = []
    for column in range(width):
        if column in gaps:
            continue
        if found and found[-1].end == column:
            found[-1] = Band(found[-1].left, column + 1)
        else:
            found.append(Band(column, column + 1))
    return found


def _headers(grid: Grid, band: Band, row: int) -> list[str]:
    return [" ".join(str(cell).split()) for cell in grid[row][band.left : band.end]]


def _repeats(grid: Grid, band: Band, header: int, words: HeaderWords) -> Iterator[Band]:
    """The parts of columns without a gap: where a header comes again, and from there on all are another table's."""
    headers = [fold(text) for text in _headers(grid, band, header)]
    left = 0
    for start in range(2, len(headers) - 1):
        if not any(map(str.isalpha, headers[start])) or headers[start] not in headers[left:start]:
            continue
        one, other = Band(band.left + left, band.left + start), Band(band.left + start, band.end)
        again = headers[left:start] == headers[start : start + start - left]
        if again or _is_other_class(grid, one, other, header, words):
            yield one
            left = start
    yield Band(band.left + left, band.end)


def _is_another(grid: Grid, left: Band, right: Band, header: int, bottom: int, words: HeaderWords) -> bool:
    """Whether columns behind a blank one are a table of their own."""
    row = _header_of(grid, right, header, bottom, words)
    if row < 0:
        return False
    if row != header:
        return True
    one, other = ([fold(t) for t in _headers(grid, band, header) if any(map(str.isalpha, t))] for band in (left, right))
    if len(one) < 2 or len(other) < 2:
        return False
    both = set(one) & set(other)
    if both and (one[0] in both or other[0] in both or len(both) * 2 >= min(len(set(one)), len(set(other)))):
        return True
    return (
        _goes_on(grid, left, right, header, bottom)
        or _titled(grid, left, right, header, words)
        or _is_other_class(grid, left, right, header, words)
    )


def _header_of(grid: Grid, band: Band, header: int, bottom: int, words: HeaderWords) -> int:
    """The row with the names of a band's columns, or -1."""
    if any(c.isalpha() for text in _headers(grid, band, header) for c in text):
        return header
    inner = [row[band.left : band.end] for row in grid[header : min(bottom + 1, header + _LOOK)]]
    found = find_header(inner, words.knows)
    if not found:
        return -1
    names = [cell for cell in inner[found - 1] if isinstance(cell, str) and cell.strip()]
    return header + found - 1 if len(names) > 1 and sum(map(words.knows, names)) * 2 > len(names) else -1


def _goes_on(grid: Grid, left: Band, right: Band, header: int, bottom: int) -> bool:
    """Whether the right columns have rows below the last row of the left ones."""
    for row in range(bottom, header, -1):
        cells = grid[row]
        if any(str(cell).strip() for cell in cells[left.left : left.end]):
            return False
        if len(filled(cells[right.left : right.end])) > 1:
            return True
    return False


def _titled(grid: Grid, left: Band, right: Band, header: int, words: HeaderWords) -> bool:
    """Whether a title that names a class stands above each of two tables."""
    if not header:
        return False
    found = []
    for band in (left, right):
        cells = grid[header - 1][band.left : band.end]
        texts = [str(cells[column]) for column in filled(cells)]
        found.append(words.class_in_title(texts[0]) if len(texts) == 1 else "")
    return all(found) and not words.related(found[0], found[1])


def _is_other_class(grid: Grid, left: Band, right: Band, row: int, words: HeaderWords) -> bool:
    """Whether the headers of two tables are those of different classes, better than all of one."""
    one = [text for text in _headers(grid, left, row) if text]
    other = [text for text in _headers(grid, right, row) if text]
    (cls, fits), (its, also) = words.best_class(one), words.best_class(other)
    if fits < 2 or also < 2 or words.related(cls, its):
        return False
    if any(words.refers(cls, text, its) and not words.is_of(its, text) for text in other):
        return False  # columns about whom or what the left ones refer to
    return words.best_class([*one, *other])[1] < fits + also
