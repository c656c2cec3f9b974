"""Finds the tables of a sheet: people put several below each other, or side by side.

A row that names columns as the schema knows them begins a table, with or without blank rows above; words that the
schema does not know only below blank rows, where the rows below differ from it. In doubt it is one table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from cmdb.model.schema import fold
from importers.spreadsheets.columns.header_words import HeaderWords
from importers.spreadsheets.layout.tables_beside import bands
from importers.spreadsheets.sheets.group_headers import Range, group_labels, lower_row
from importers.spreadsheets.sheets.header import all_words, filled, find_header, same_words
from importers.spreadsheets.sheets.table_area import TableArea
from importers.spreadsheets.sheets.workbook import Sheet
from importers.tables.cells import ID_HEADER

_FEW = 40
_NEAR = 200
_MOST_BLOCKS = 500
_MOST_FAILED = 50
_DEEPEST = 3

Grid = Sequence[list[Any]]


@dataclass(frozen=True, slots=True)
class _Part:
    """Rows of a grid that are one table, 0-based."""

    top: int
    header: int
    bottom: int
    title: str = ""
    titles: tuple[int, ...] = ()


def tables_of(sheet: Sheet, words: HeaderWords) -> list[Sheet]:
    """The tables of a sheet, in the order of their rows and columns; the sheet itself if it is one table.

    A sheet that was exported from here is one. Raises FileProblem where it cannot be read.
    """
    if sheet.empty or ID_HEADER in sheet.headers:
        return [sheet]
    stated = sheet.options.header_row
    areas = list(_areas(sheet.rows, sheet.merged, words, (0, 0), _DEEPEST, stated - 1 if stated else -1))
    return [sheet] if len(areas) < 2 else [sheet.part(area) for area in areas]


def _areas(
    grid: Grid, merged: Sequence[Range], words: HeaderWords, offset: tuple[int, int], depth: int, stated: int = -1
) -> Iterator[TableArea]:
    """The tables of a rectangle, whose first cell stands at ``offset`` in the sheet."""
    width = len(grid[0]) if grid else 0
    for part in _below_each_other(grid, merged, words, stated):
        beside = bands(grid, merged, part.header, part.bottom, words) if depth else []
        if len(beside) < 2:
            yield TableArea(
                offset[0] + part.top + 1, offset[0] + part.bottom + 1, offset[0] + part.header + 1, offset[1],
                offset[1] + width, "", part.title, tuple(offset[0] + row + 1 for row in part.titles),
            )  # fmt: skip
            continue
        for band in beside:
            inner = [row[band.left : band.end] for row in grid[part.top : part.bottom + 1]]
            place = (offset[0] + part.top, offset[1] + band.left)
            ranges = _inside(merged, part.top, part.bottom, band.left, band.end)
            for area in _areas(inner, ranges, words, place, depth - 1):
                yield replace(area, columns=area.columns or band.columns(offset[1]))


def _inside(merged: Sequence[Range], top: int, bottom: int, left: int, end: int) -> list[Range]:
    return [
        ((first - top, one - left), (last - top, other - left))
        for (first, one), (last, other) in merged
        if top <= first and last <= bottom and left <= one and other < end
    ]


def _below_each_other(grid: Grid, merged: Sequence[Range], words: HeaderWords, stated: int) -> list[_Part]:
    """The tables of a grid from top to bottom."""
    named = _named_rows(grid, words)
    header = stated if stated >= 0 else _first_header(grid, named, words)
    if header < 0:
        return []
    if stated < 0:
        header = lower_row(grid, merged, header, words.knows)
    found = [*_unknown_above(grid, header if stated < 0 else 0), header]
    known = set(named)
    for row in sorted({*named, *_after_gaps(grid, header, known, words)}):
        last = found[-1]
        if row <= last or _repeats(grid, row, last, words):
            continue
        below = row + 1 in known and group_labels(grid, merged, row + 1, words.knows) is not None
        lower = row + 1 if below else lower_row(grid, merged, row, words.knows)
        if row > last + 1 or lower > row:
            found.append(lower)
    parts = [_Part(0, found[0], len(grid) - 1, _title(grid, 0, found[0]))]
    for row in found[1:]:
        top, titles = _top(grid, merged, row, parts[-1].header, words)
        parts[-1] = replace(parts[-1], bottom=_last_filled(grid, parts[-1].header, top - 1))
        title = _text(grid[titles[-1]]) if titles else ""
        parts.append(_Part(top, row, len(grid) - 1, title, titles))
    parts[-1] = replace(parts[-1], bottom=_last_filled(grid, parts[-1].header, len(grid) - 1))
    return parts


def _unknown_above(grid: Grid, header: int) -> list[int]:
    """Headers in words that the schema does not know, above the first one that it does, with a gap between.

    Two columns may be a list of who made the sheet and when.
    """
    found: list[int] = []
    row = 0
    while row < header - 1:
        block = _block(grid, row)
        if len(block) > 2 and block[-1] < header - 1:
            start = block[1] if len(filled(grid[row])) == 1 else row
            columns, rest = filled(grid[start]), [one for one in block if one >= start]
            if len(columns) > 2 and len(rest) > 2 and _is_unknown_header(grid, rest, columns):
                found.append(start)
        row += len(block) or 1
    return found


def _repeats(grid: Grid, row: int, header: int, words: HeaderWords) -> bool:
    """Whether a row only repeats the header, as on printed pages. Below the name of a class it is another table."""
    if not same_words(grid[row], grid[header]) and not (header and same_words(grid[row], grid[header - 1])):
        return False
    return not (_is_title(grid[row - 1]) and words.class_in_title(_text(grid[row - 1])))


def _last_filled(grid: Grid, first: int, last: int) -> int:
    """The last row that is not blank."""
    return next((row for row in range(last, first, -1) if filled(grid[row])), first)


def _first_header(grid: Grid, named: list[int], words: HeaderWords) -> int:
    """The header of the first table, which another one below may name more words than; -1 if all rows are blank."""
    best = find_header(grid[: _FEW + 1] if grid else [], words.knows) or find_header(grid)
    for row in named:
        if row < best - 1 and any(len(filled(grid[r])) > 1 for r in range(row + 1, best - 1)):
            return row
    return best - 1


def _named_rows(grid: Grid, words: HeaderWords) -> list[int]:
    """The rows that name columns as the schema knows them. Words that turn out to be values are left out."""
    usual = words.usual
    found: list[int] = []
    failed: dict[str, int] = {}
    other: list[Any] | None = None
    for row, cells in enumerate(grid):
        if cells is other or usual.isdisjoint(cells):
            other = cells  # long runs of blank rows may be one and the same
            continue
        if _names_columns(grid, row, words):
            found.append(row)
            continue
        for word in usual.intersection(cells):
            failed[word] = failed.get(word, 0) + 1
            if failed[word] == _MOST_FAILED:
                usual = usual - {word}
    return found


def _names_columns(grid: Grid, row: int, words: HeaderWords) -> bool:
    """Whether most cells of a row are names of columns, and none are values that the rows around have as well."""
    columns = filled(grid[row])
    cells = [grid[row][column] for column in columns]
    if len(cells) < 2 or not all(isinstance(cell, str) for cell in cells) or not all_words(cells, len(cells)):
        return False
    known = [cell for cell in cells if words.knows(cell)]
    apart = not row or not filled(grid[row - 1])
    if len(known) < 2 or (len(known) * 2 < len(cells) if apart else len(known) * 2 <= len(cells)):
        return False
    every = len(known) == len(cells)
    if not every and any(c.isdigit() for cell in cells if cell not in known for c in cell):
        return False
    if all(words.may_be_value(cell) for cell in known) and not (every and words.of_special_kind(cells)):
        return False
    if not every and not (row + 1 < len(grid) and filled(grid[row + 1])):
        return False
    return _has_no_holes(grid, row, columns, words) and not _are_values(grid, row, columns, words)


def _has_no_holes(grid: Grid, row: int, columns: list[int], words: HeaderWords) -> bool:
    """Whether columns without a name between others are blank below, too, or belong to groups of columns."""
    holes = set(range(columns[0], columns[-1])) - set(columns)
    if not holes or not any(grid[r][hole] != "" for r in range(row + 1, min(row + 4, len(grid))) for hole in holes):
        return True
    return lower_row(grid, (), row, words.knows) > row


def _are_values(grid: Grid, row: int, columns: list[int], words: HeaderWords) -> bool:
    """Whether rows that name no columns have the same cells: then they are values."""
    near = [r for r in range(max(0, row - _NEAR), min(len(grid), row + _NEAR)) if r != row]
    repeated = 0
    for column in columns:
        cell = grid[row][column]
        same = [r for r in near if cell in grid[r] and not same_words(grid[r], grid[row])]
        beside = [r for r in same if abs(r - row) == 1]
        repeated += bool(beside) or any(not _mostly_known(grid[r], words) for r in same)
    return repeated * 3 >= len(columns)


def _mostly_known(row: list[Any], words: HeaderWords) -> bool:
    cells = [row[column] for column in filled(row)]
    return sum(1 for cell in cells if isinstance(cell, str) and words.knows(cell)) * 2 >= len(cells)


def _after_gaps(grid: Grid, header: int, named: set[int], words: HeaderWords) -> list[int]:
    """Rows below a gap that name columns in words that the schema does not know."""
    wide = set(filled(grid[header]))
    found: list[int] = []
    for row in islice(_below_gaps(grid, header), _MOST_BLOCKS):
        titled = len(filled(grid[row])) == 1
        if titled:
            row += 1
        if row in named or row >= len(grid):
            continue
        block = _block(grid, row)
        columns = filled(grid[row])
        if len(columns) < 2 or len(block) < 2 or (set(columns) == wide and not titled):
            continue
        if _is_unknown_header(grid, block, columns):
            found.append(row)
    return found


def _below_gaps(grid: Grid, header: int) -> Iterator[int]:
    """The rows that follow blank ones, below a header. Long runs of blank rows may be one and the same."""
    blank: list[Any] | None = None
    for row in range(header + 1, len(grid)):
        cells = grid[row]
        if cells is blank or not (any(cells) or filled(cells)):
            blank = cells
        elif blank is not None:
            yield row
            blank = None


def _block(grid: Grid, row: int) -> list[int]:
    """The rows from one on, up to the next blank one, at most a few."""
    found: list[int] = []
    while row < len(grid) and filled(grid[row]) and len(found) < _FEW:
        found.append(row)
        row += 1
    return found


def _is_unknown_header(grid: Grid, block: list[int], columns: list[int]) -> bool:
    """Whether the first row of a block is words without figures, side by side, over rows with figures."""
    first = grid[block[0]]
    cells = [first[column] for column in columns]
    if not all(isinstance(cell, str) for cell in cells) or len({fold(cell) for cell in cells}) < len(cells):
        return False
    if any(len(cell) > _FEW or any(c.isdigit() for c in cell) for cell in cells):
        return False
    if columns != list(range(columns[0], columns[-1] + 1)):
        return False
    if any(not set(filled(grid[row])) <= set(columns) for row in block):
        return False
    below = block[1:]
    for column in columns:
        figures = sum(1 for row in below if any(c.isdigit() for c in str(grid[row][column])))
        if figures * 2 > len(below):
            return True
    return False


def _top(grid: Grid, merged: Sequence[Range], row: int, above: int, words: HeaderWords) -> tuple[int, tuple[int, ...]]:
    """The first row of the table with a header in ``row``, and its titles; ``above``: the header of the one above."""
    top = row - 1 if group_labels(grid, merged, row, words.knows) is not None else row
    gap = top - 1
    if gap > above and not filled(grid[gap]):  # a title may stand apart from its table, between two gaps
        apart = gap - 1
        if apart > above + 1 and _is_title(grid[apart]) and not filled(grid[apart - 1]):
            return apart, (apart,)
        return top, ()
    first = top
    while first - 1 > above and _is_title(grid[first - 1]):
        first -= 1
    if first == top:
        return top, ()
    if filled(grid[first - 1]):  # rows with only a name may end the table above
        first = top - 1
    return first, tuple(range(first, top))


def _is_title(row: list[Any]) -> bool:
    columns = filled(row)
    return len(columns) == 1 and isinstance(row[columns[0]], str)


def _title(grid: Grid, top: int, header: int) -> str:
    return next((_text(grid[row]) for row in range(header - 1, top - 1, -1) if _is_title(grid[row])), "")


def _text(row: list[Any]) -> str:
    return " ".join(str(row[column]) for column in filled(row)[:1])
