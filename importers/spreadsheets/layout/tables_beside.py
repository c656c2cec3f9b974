"""Tells tables side by side from one table with blank columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cmdb.model.schema import fold
from importers.spreadsheets.columns.header_words import HeaderWords
from importers.spreadsheets.files.archive import column_letters
from importers.spreadsheets.sheets.group_headers import Range, header_names
from importers.spreadsheets.sheets.header import filled, find_header

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
    own = [" ".join(str(cell).split()) for cell in grid[header]]
    named = header_names(grid, merged, header, own, words.knows)
    names = [one or shown for one, shown in zip(own, named.shown, strict=True)]
    rows = _Rows(grid, header, bottom, names, header - (1 if names == own else 2))
    found: list[Band] = []
    for band in _without_gaps(rows):
        for one in _repeats(rows, band, words):
            apart = bool(found) and one.left > found[-1].end
            if found and apart and not _is_another(rows, found[-1], one, words):
                found[-1] = Band(found[-1].left, one.end)
            else:
                found.append(one)
    return found


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a grid that are looked at."""

    grid: Grid
    header: int
    bottom: int
    names: list[str]
    """The names of the columns; of a header of two rows those of the upper one where the lower one has none."""
    above: int
    """The row above the header; -1 where there is none."""

    def headers(self, band: Band) -> list[str]:
        """The names of a band's columns."""
        return self.names[band.left : band.end]


def _without_gaps(rows: _Rows) -> list[Band]:
    """The columns between blank ones."""
    width = len(rows.names)
    blank = [column for column in range(width) if not rows.names[column]]
    if not blank:
        return [Band(0, width)]
    below = rows.grid[rows.header : rows.bottom + 1]
    gaps = {column for column in blank if not any(str(row[column]).strip() for row in below)}
    found: list[Band] = []
    for column in range(width):
        if column in gaps:
            continue
        if found and found[-1].end == column:
            found[-1] = Band(found[-1].left, column + 1)
        else:
            found.append(Band(column, column + 1))
    return found


def _repeats(rows: _Rows, band: Band, words: HeaderWords) -> Iterator[Band]:
    """The parts of columns without a gap: where a header comes again, and from there on all are another table's."""
    headers = [fold(text) for text in rows.headers(band)]
    left = 0
    for start in range(2, len(headers) - 1):
        if not any(map(str.isalpha, headers[start])) or headers[start] not in headers[left:start]:
            continue
        one, other = Band(band.left + left, band.left + start), Band(band.left + start, band.end)
        again = headers[left:start] == headers[start : start + start - left]
        if again or _is_other_class(rows, one, other, words):
            yield one
            left = start
    yield Band(band.left + left, band.end)


def _is_another(rows: _Rows, left: Band, right: Band, words: HeaderWords) -> bool:
    """Whether columns behind a blank one are a table of their own."""
    if not any(c.isalpha() for text in rows.headers(right) for c in text):
        return _has_header_below(rows, right, words)
    one, other = ([fold(t) for t in rows.headers(band) if any(map(str.isalpha, t))] for band in (left, right))
    if len(one) < 2 or len(other) < 2:
        return False
    both = set(one) & set(other)
    if both and (one[0] in both or other[0] in both or len(both) * 2 >= min(len(set(one)), len(set(other)))):
        return True
    return _goes_on(rows, left, right) or _titled(rows, left, right, words) or _is_other_class(rows, left, right, words)


def _has_header_below(rows: _Rows, band: Band, words: HeaderWords) -> bool:
    """Whether the names of a band's columns stand further down."""
    lines = rows.grid[rows.header : min(rows.bottom + 1, rows.header + _LOOK)]
    inner = [row[band.left : band.end] for row in lines]
    found = find_header(inner, words.knows)
    names = [cell for cell in inner[found - 1] if isinstance(cell, str) and cell.strip()] if found else []
    return len(names) > 1 and sum(map(words.knows, names)) * 2 > len(names)


def _goes_on(rows: _Rows, left: Band, right: Band) -> bool:
    """Whether the right columns have rows below the last row of the left ones."""
    for row in range(rows.bottom, rows.header, -1):
        cells = rows.grid[row]
        if any(str(cell).strip() for cell in cells[left.left : left.end]):
            return False
        if len(filled(cells[right.left : right.end])) > 1:
            return True
    return False


def _titled(rows: _Rows, left: Band, right: Band, words: HeaderWords) -> bool:
    """Whether a title that names a class stands above each of two tables."""
    if rows.above < 0:
        return False
    found = []
    for band in (left, right):
        cells = rows.grid[rows.above][band.left : band.end]
        texts = [str(cells[column]) for column in filled(cells)]
        found.append(words.class_in_title(texts[0]) if len(texts) == 1 else "")
    return all(found) and not words.related(found[0], found[1])


def _is_other_class(rows: _Rows, left: Band, right: Band, words: HeaderWords) -> bool:
    """Whether the headers of two tables are those of different classes, better than all of one."""
    one, other = ([text for text in rows.headers(band) if text] for band in (left, right))
    (cls, fits), (its, also) = words.best_class(one), words.best_class(other)
    if fits < 2 or also < 2 or words.related(cls, its):
        return False
    if any(words.refers(cls, text, its) and not words.is_of(its, text) for text in other):
        return False  # columns about whom or what the left ones refer to
    return words.best_class([*one, *other])[1] < fits + also
