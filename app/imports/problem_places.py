"""Where the problems of an import are: by kind, by value, and by cell of each sheet. No Qt; made in a job."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.imports.draft import SheetDraft
from app.imports.problems import ProblemGroup, grouped
from cmdb.model.observation import Origin, Problem
from cmdb.model.schema import Schema

#: What a problem's row is where it is about no cell of it.
WHOLE_ROW = -1
#: Kinds of problems that leave the row out without rejecting it: it is no record, or repeats one.
_LEFT_OUT = ("row", "totals", "duplicate")


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a sheet: the row as shown, and the column's index (``WHOLE_ROW`` for the row as a whole)."""

    sheet: SheetDraft
    row: int
    index: int


@dataclass
class AlikeProblems:
    """Problems of one kind in one column whose cells hold the same text."""

    column: str
    value: str
    problems: list[Problem] = field(default_factory=list)


@dataclass
class _SheetProblems:
    by_row: dict[int, dict[int, list[Problem]]] = field(default_factory=dict)
    rejected: set[int] = field(default_factory=set)
    left_out: set[int] = field(default_factory=set)
    columns: dict[str, int] = field(default_factory=dict)


class ProblemPlaces:
    """All problems of an import, found by kind, by value and by cell."""

    def __init__(
        self, sheets: Sequence[SheetDraft], problems: Iterable[Problem], rejects: Iterable[Origin], schema: Schema
    ) -> None:
        self._schema = schema
        self._all = [(one, _SheetProblems()) for one in sheets]
        self._sheets: dict[tuple[str, str], list[tuple[SheetDraft, _SheetProblems]]] = {}
        for pair in self._all:
            self._sheets.setdefault((pair[0].sheet.file, pair[0].sheet.name), []).append(pair)
        listed = list(problems)
        self.groups: list[ProblemGroup] = grouped(listed)
        for one in listed:
            self._place(one)
        for origin in rejects:
            found = self._table(origin)
            if found is not None:
                found[1].rejected.add(origin.row)
        self._rows = {id(sheet): sorted(own.by_row) for sheet, own in self._all}
        self._alike: dict[tuple[str, str], list[AlikeProblems]] = {g.key: _alike(g.problems) for g in self.groups}
        self._order = {id(sheet): number for number, (sheet, _) in enumerate(self._all)}
        self._lines = {group.key: self._in_order(group) for group in self.groups}
        """Kind → (place of the sheet, row, column) of its problems, in order."""

    def _table(self, at: Problem | Origin) -> tuple[SheetDraft, _SheetProblems] | None:
        """The sheet, or the table of it, that a row is of."""
        found = self._sheets.get((at.file, at.sheet), ())
        if len(found) == 1 and found[0][0].sheet.area is None:
            return found[0] if at.row else None
        return next((one for one in found if one[0].sheet.holds(at.file, at.sheet, at.row, at.columns)), None)

    def _place(self, problem: Problem) -> None:
        found = self._table(problem)
        if found is None or problem.row <= found[0].sheet.header_row:
            return
        sheet, own = found
        cells = own.by_row.setdefault(problem.row, {})
        cells.setdefault(self._column(sheet, own, problem), []).append(problem)
        if problem.severity == "error":
            own.rejected.add(problem.row)
        elif problem.kind in _LEFT_OUT and not problem.column:
            own.left_out.add(problem.row)

    def _column(self, sheet: SheetDraft, own: _SheetProblems, problem: Problem) -> int:
        index = own.columns.get(problem.column)
        if index is None:
            index = own.columns[problem.column] = sheet.column_of(problem, self._schema)
        return index

    def _of(self, sheet: SheetDraft) -> _SheetProblems:
        number = self._order.get(id(sheet))
        return self._all[number][1] if number is not None else _SheetProblems()

    # -- by cell ----------------------------------------------------------------------------------------------------

    def of_cell(self, sheet: SheetDraft, row: int, index: int) -> list[Problem]:
        """The problems of one cell; ``row`` as shown."""
        return self._of(sheet).by_row.get(row, {}).get(index, [])

    def of_row(self, sheet: SheetDraft, row: int) -> dict[int, list[Problem]]:
        """The problems of a row by column; those of the row as a whole under ``WHOLE_ROW``."""
        return self._of(sheet).by_row.get(row, {})

    def rows(self, sheet: SheetDraft) -> list[int]:
        """The rows with problems, in order."""
        return self._rows.get(id(sheet), [])

    def rejected(self, sheet: SheetDraft, row: int) -> bool:
        """Whether a row is not imported because of an error."""
        return row in self._of(sheet).rejected

    def left_out(self, sheet: SheetDraft, row: int) -> bool:
        """Whether a row is passed over because it is no record or repeats one."""
        return row in self._of(sheet).left_out

    def place(self, problem: Problem) -> Place | None:
        """Where a problem is; None for one of a file, a header or an inventory."""
        found = self._table(problem)
        if found is None or problem.row <= found[0].sheet.header_row:
            return None
        return Place(found[0], problem.row, self._column(*found, problem))

    # -- by kind ----------------------------------------------------------------------------------------------------

    def alike(self, group: ProblemGroup) -> list[AlikeProblems]:
        """A kind's problems by column and value, those with the most problems first."""
        return self._alike.get(group.key, [])

    def step(self, group: ProblemGroup, here: Place | None, forward: bool) -> tuple[ProblemGroup, Place] | None:
        """The next problem of a kind after a place (or before it); after the kind's last one the first of the next
        kind, and after the last kind the first. None where no problem is at a cell.
        """
        lines = self._lines.get(group.key, [])
        now = (self._order.get(id(here.sheet), 0), here.row, here.index) if here is not None else (-1, 0, 0)
        at = bisect_right(lines, now) if forward else bisect_left(lines, now) - 1
        if 0 <= at < len(lines):
            return group, self._at(lines[at])
        kinds = [one for one in self.groups if self._lines[one.key] or one.key == group.key]
        own = next((number for number, one in enumerate(kinds) if one.key == group.key), 0)
        other = kinds[(own + (1 if forward else -1)) % len(kinds)] if kinds else group
        found = self._lines.get(other.key)
        return (other, self._at(found[0 if forward else -1])) if found else None

    def _at(self, line: tuple[int, int, int]) -> Place:
        number, row, index = line
        return Place(self._all[number][0], row, index)

    def _in_order(self, group: ProblemGroup) -> list[tuple[int, int, int]]:
        places = (self.place(problem) for problem in group.problems)
        return sorted({(self._order[id(p.sheet)], p.row, p.index) for p in places if p is not None})


def _alike(problems: Iterable[Problem]) -> list[AlikeProblems]:
    found: dict[tuple[str, str, str, str], AlikeProblems] = {}
    for one in problems:
        key = (one.file, one.sheet, one.column, one.value)
        alike = found.get(key)
        if alike is None:
            alike = found[key] = AlikeProblems(one.column, one.value)
        alike.problems.append(one)
    return sorted(found.values(), key=lambda a: -len(a.problems))
