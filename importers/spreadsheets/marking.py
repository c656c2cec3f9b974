"""Writes a person's workbook anew with marks: cells in colour, notes that say what is wrong, drop-downs of choices.

Everything else stays: styles, formulas and their results, widths, other sheets, macros. ``lost_in`` says beforehand
what would not.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from copy import copy as copy_of
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from cmdb.model.errors import FileProblem
from cmdb.model.messages import Message
from cmdb.model.whole_files import save_whole
from importers.spreadsheets.files.archive import column_letters
from importers.spreadsheets.files.lossy_parts import lost_in
from importers.spreadsheets.files.stored_results import put_back, sheet_parts, stored_results
from importers.spreadsheets.sheets.marks import MARKS_SHEET, Marks

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_AUTHOR = "Terrier"
_COLOURS = {"error": "FFFFC9C7", "warning": "FFFFEB9D"}
_INLINE = 250
_TITLE = "\u2014 Terrier \u2014"
"""Begins what is written into a note: not every program keeps who wrote it."""
_PROTECTED = Message("The sheet is protected: take the protection off to correct the cell.")
_FILL = "fill"
"""Begins the rows of the hidden sheet that keep the colours which marked cells had."""


@dataclass(frozen=True, slots=True)
class CellMark:
    """What is wrong with a cell. ``column`` is 0-based."""

    sheet: str
    row: int
    column: int
    text: str
    severity: Literal["error", "warning"] = "error"
    choices: tuple[str, ...] = ()
    """Values that would do."""


@dataclass(frozen=True, slots=True)
class WrittenCell:
    """A value that is written into the workbook: a record's tag or id."""

    sheet: str
    row: int
    column: int
    value: str


def write_marked(
    source: Path, target: Path, marks: Sequence[CellMark], state: Marks, written: Iterable[WrittenCell] = ()
) -> None:
    """Writes a copy of a workbook with marks; those of an earlier copy go. Raises FileProblem."""
    check_markable(source, target)
    try:
        copy = _copy(source, marks, state, list(written))
    except FileProblem:
        raise
    except Exception as error:  # whatever a foreign program wrote
        reason = str(error) or type(error).__name__
        raise FileProblem(
            Message("{file} can't be written anew: {reason}.", file=source.name, reason=reason)
        ) from error
    save_whole(target, lambda file: file.write(copy))


def _copy(source: Path, marks: Sequence[CellMark], state: Marks, written: Sequence[WrittenCell]) -> bytes:
    """The marked workbook. Raises FileProblem where another cell would not be what it was."""
    with zipfile.ZipFile(source) as container:
        results = stored_results(container)
        sheets = sheet_parts(container)
    book = _open(source)
    if not set(sheets) <= set(book.sheetnames):
        raise FileProblem(Message("{file} has sheets of a kind that can't be written anew.", file=source.name))
    fills = _Fills(book)
    for sheet in book.worksheets:
        _unmark(sheet, fills)
    if MARKS_SHEET in book.sheetnames:
        del book[MARKS_SHEET]
    lists = _Lists(book.create_sheet(MARKS_SHEET))
    for one in written:
        book[one.sheet].cell(one.row, one.column + 1, one.value).data_type = "s"
    for mark in marks:
        if mark.sheet in book.sheetnames:
            _mark(book[mark.sheet], mark, lists, fills)
    for row in state.as_rows():
        lists.sheet.append(row)
    fills.write(lists.sheet)
    lists.write()
    lists.sheet.sheet_state = "veryHidden"
    _calculate_when_opened(book)
    new, copy = io.BytesIO(), io.BytesIO()
    book.save(new)
    if book.vba_archive is not None:
        book.vba_archive.close()
    put_back(new, copy, results)
    copy.seek(0)
    touched = {(one.sheet, one.row - 1, one.column) for one in written}
    if changed := _changed_cell(source, copy, touched):
        raise FileProblem(
            Message("{file} can't be written anew: its cell {cell} would change.", file=source.name, cell=changed)
        )
    return copy.getvalue()


def _calculate_when_opened(book: Workbook) -> None:
    from openpyxl.workbook.properties import CalcProperties

    if book.calculation is None:
        book.calculation = CalcProperties()
    book.calculation.fullCalcOnLoad = True


def _changed_cell(source: Path, copy: io.BytesIO, touched: set[tuple[str, int, int]]) -> str:
    """The first cell that reads otherwise in the copy than in the workbook, "Stock!B7"; "" if there is none."""
    from python_calamine import CalamineWorkbook

    before, after = CalamineWorkbook.from_path(str(source)), CalamineWorkbook.from_filelike(copy)
    for name in before.sheet_names:
        if name == MARKS_SHEET:
            continue
        new = after.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for row, cells in enumerate(before.get_sheet_by_name(name).to_python(skip_empty_area=False)):
            others = new[row] if row < len(new) else []
            if cells == others:
                continue
            for column, cell in enumerate(cells):
                other = others[column] if column < len(others) else ""
                if cell not in ("", other) and (name, row, column) not in touched:
                    return f"{name}!{column_letters(column)}{row + 1}"
    return ""


def check_markable(source: Path, target: Path) -> None:
    """Looks whether a workbook can be marked without losing anything. Raises FileProblem that says why it can't."""
    lost = lost_in(source)
    if lost:
        raise FileProblem(
            Message("{file} holds what a marked copy would lose: {what}.", file=source.name, what=tuple(lost))
        )
    if target.suffix.casefold() != source.suffix.casefold():
        raise FileProblem(
            Message("A marked copy of {file} ends in {ending}, as it does.", file=source.name, ending=source.suffix)
        )


def _open(source: Path) -> Workbook:
    from openpyxl import load_workbook

    try:
        return load_workbook(source, keep_vba=source.suffix.casefold() == ".xlsm", rich_text=True)
    except Exception as error:  # whatever a foreign program wrote
        raise FileProblem(
            Message(
                "{file} can't be written anew: {reason}.", file=source.name, reason=str(error) or type(error).__name__
            )
        ) from error


class _Fills:
    """The colours that cells had before they were marked; those of an earlier copy stand in its hidden sheet."""

    def __init__(self, book: Workbook) -> None:
        self._known: dict[tuple[str, str], Any] = {}
        if MARKS_SHEET not in book.sheetnames:
            return
        for row in book[MARKS_SHEET].iter_rows(max_col=3):
            if len(row) == 3 and row[0].value == _FILL:
                self._known[str(row[1].value), str(row[2].value)] = copy_of(row[2].fill)

    def take(self, cell: Cell) -> None:
        """Keeps the colour of a cell, if it has one."""
        if cell.fill.fill_type is not None:
            self._known[cell.parent.title, cell.coordinate] = copy_of(cell.fill)

    def give_back(self, cell: Cell) -> None:
        """Gives a cell the colour that it had; no longer kept."""
        from openpyxl.styles import PatternFill

        cell.fill = self._known.pop((cell.parent.title, cell.coordinate), None) or PatternFill()

    def write(self, sheet: Worksheet) -> None:
        """Writes the colours into the hidden sheet."""
        for (title, coordinate), fill in self._known.items():
            sheet.append([_FILL, title, coordinate])
            sheet.cell(sheet.max_row, 3).fill = fill


def _unmark(sheet: Worksheet, fills: _Fills) -> None:
    """Takes the marks of an earlier copy away."""
    from openpyxl.comments import Comment

    for cell in list(sheet._cells.values()):  # not those that the sheet could have
        note = getattr(cell, "comment", None)
        if note is not None and (note.author == _AUTHOR or _TITLE in note.text):
            own = note.text.partition(_TITLE)[0].removesuffix("\n") if _TITLE in note.text else ""
            cell.comment = Comment(own, note.author, note.height, note.width) if own.strip() else None
        if cell.has_style and cell.fill.fgColor.rgb in _COLOURS.values():
            fills.give_back(cell)
    rules = sheet.data_validations
    rules.dataValidation = [one for one in rules.dataValidation if one.promptTitle != _AUTHOR]


def _mark(sheet: Worksheet, mark: CellMark, lists: _Lists, fills: _Fills) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(mark.row, mark.column + 1)
    for merged in sheet.merged_cells.ranges:
        if cell.coordinate in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    colour = _COLOURS[mark.severity]
    if cell.fill.fgColor.rgb not in _COLOURS.values():
        fills.take(cell)
    if cell.fill.fgColor.rgb != _COLOURS["error"]:
        cell.fill = PatternFill("solid", fgColor=colour, bgColor=colour)
    note, said = cell.comment, mark.text
    if sheet.protection.sheet and cell.protection.locked and (note is None or _TITLE not in note.text):
        said = f"{said}\n{_PROTECTED}"
    if note is None:
        text, author = f"{_TITLE}\n{said}", _AUTHOR
    else:
        known = _TITLE in note.text
        text, author = f"{note.text}\n{said}" if known else f"{note.text}\n{_TITLE}\n{said}", note.author
    cell.comment = Comment(text, author, height=40 + 18 * (len(text) // 40 + text.count("\n")), width=320)
    if mark.choices:
        lists.offer(sheet, cell.coordinate, mark.choices)


class _Lists:
    """Drop-downs: short lists stand in the rule, others in columns of the hidden sheet."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet
        self._columns: dict[tuple[str, ...], int] = {}
        self._rules: dict[tuple[int, tuple[str, ...]], Any] = {}

    def offer(self, sheet: Worksheet, cell: str, choices: tuple[str, ...]) -> None:
        """Adds a drop-down to a cell that has no rule of its own."""
        from openpyxl.worksheet.datavalidation import DataValidation

        if any(cell in rule.sqref for rule in sheet.data_validations.dataValidation):
            return
        key = (id(sheet), choices)
        if key not in self._rules:
            rule = DataValidation("list", formula1=self._formula(choices), allow_blank=True, showErrorMessage=False)
            rule.promptTitle = _AUTHOR
            self._rules[key] = rule
            sheet.add_data_validation(rule)
        self._rules[key].add(cell)

    def _formula(self, choices: tuple[str, ...]) -> str:
        said = ",".join(choices)
        if len(said) <= _INLINE and not any(c in one for one in choices for c in ',"') and "" not in choices:
            return f'"{said}"'
        column = column_letters(_FIRST_LIST + self._columns.setdefault(choices, len(self._columns)))
        return f"'{MARKS_SHEET}'!${column}$1:${column}${len(choices)}"

    def write(self) -> None:
        """Writes the lists that stand in the hidden sheet, to the right of all else."""
        for choices, column in self._columns.items():
            for row, one in enumerate(choices, 1):
                self.sheet.cell(row, _FIRST_LIST + column + 1, one).data_type = "s"


_FIRST_LIST = 250
