"""Finds the rows that are records: not blank rows, totals, repeated headers, footers or exact repeats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted
from cmdb.model.observation import Problem
from cmdb.model.schema import fold
from importers.spreadsheets.columns.mapping import Mapping
from importers.spreadsheets.columns.transforms import DOWN
from importers.spreadsheets.sheets.header import filled
from importers.spreadsheets.sheets.row_kinds import RowGroup, RowKinds
from importers.spreadsheets.sheets.workbook import Sheet, cell_text

#: Why rows are no records, by the codes of their problems.
_NO_RECORD = {
    "row.group": Message(
        "The row names what the rows below it have in common; it was skipped, and what it says was not used."
    ),
    "row.header": Message("The row repeats the header; it was skipped."),
    "row.heading": Message("The row is a heading over several columns, not a record; it was skipped."),
    "row.note": Message("The row has a single cell that reads like a note; it was skipped."),
    "row.separator": Message("The row is a line of dashes, not a record; it was skipped."),
    "row.title": Message("The row is the title of the rows below it; it was skipped."),
    "totals": Message("The row is a total, not a record; it was skipped."),
}


@dataclass
class SelectedRows:
    """The rows that are records, each with its number, and the problems of the others."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    taken: list[list[Any]] = field(default_factory=list)
    """Rows of a marked copy that are not read again."""
    groups: list[RowGroup] = field(default_factory=list)
    """What rows that are no records say of the records below them, up to the next such row."""


def select_rows(sheet: Sheet, mapping: Mapping) -> SelectedRows:
    """The rows below the header that hold records. A row that is left out although it is not blank gives a warning."""
    body = SelectedRows()
    source = sheet.body
    body.problems += fill_merged(sheet)
    if sheet.area is not None:
        for title in sheet.area.title_rows:
            message = _NO_RECORD["row.title"]
            body.problems.append(_warning(sheet, title, sheet.title, message, "row", code="row.title"))
    used = sum(1 for c in mapping.columns if c.role not in ("unmapped", "ignored"))
    about = f"{sheet.title} {sheet.name} {sheet.file.rpartition('.')[0]}"
    kinds = RowKinds(source, sheet.header_rows, used, _headings(sheet), sheet.known, about)
    blank: list[Any] | None = None
    for index, row in enumerate(source):
        if row is blank or not row:  # long runs of blank rows may be one and the same
            continue
        first = row[0] or next(filter(None, row), "")
        if first == "" and not _has_zero(row):
            blank = row
            continue
        number = sheet.header_row + 1 + index
        if isinstance(first, str) and first and not first.strip() and _blank(row):
            continue
        code = ""
        if isinstance(first, str):
            code = kinds.of(index, first) if kinds.may_be_none(row, first) else ""
        if not code and row[0] == "" and kinds.is_sum(index):
            code = "totals"
        if code:
            kind = "totals" if code == "totals" else "row"
            body.problems.append(_warning(sheet, number, first, _NO_RECORD[code], kind, code=code))
            if code == "row.group":
                header, _, value = " ".join(cell_text(row[column]).strip() for column in filled(row)).partition(":")
                body.groups.append(RowGroup(number, header.strip(), value.strip()))
            continue
        body.numbers.append(number)
        body.rows.append(row)
    if mapping.kind != "section":  # where two of a kind are two rows
        _leave_out_repeats(sheet, body)
    if down := [one.index for one in mapping.columns if DOWN in one.transforms]:
        body.rows = filled_down(body.rows, down)
    return body


def filled_down(rows: Sequence[list[Any]], columns: Sequence[int]) -> list[list[Any]]:
    """The rows, in which blank cells of the columns say what the cell above says. The rows given stay as they are."""
    above: dict[int, Any] = {}
    found = []
    for row in rows:
        own = row
        for index in columns:
            if not _blank([row[index]]):
                above[index] = row[index]
            elif index in above:
                own = [*own[:index], above[index], *own[index + 1 :]]
        found.append(own)
    return found


def _leave_out_repeats(sheet: Sheet, body: SelectedRows) -> None:
    if any(len(set(column)) == len(body.rows) for column in zip(*body.rows, strict=True)):
        return  # as in nearly all lists: something numbers the rows
    seen: dict[tuple[Any, ...], int] = {}
    numbers, rows = body.numbers, body.rows
    body.numbers, body.rows = [], []
    for number, row in zip(numbers, rows, strict=True):
        first = seen.setdefault(tuple(row), number)
        if first != number:
            message = Message("The row repeats row {row} exactly; it was read once.", row=Plain(first))
            body.problems.append(_warning(sheet, number, "", message, "duplicate"))
        else:
            body.numbers.append(number)
            body.rows.append(row)


def leave_taken_out(sheet: Sheet, body: SelectedRows, mapping: Mapping) -> None:
    """Leaves out the rows of a marked copy that were taken in and are as they were then; one problem says how many.

    A row that says something in a column that was not used then is not as it was.
    """
    marks = sheet.marks
    if marks is None or not marks.taken:
        return
    then, headers = marks.headers.get(sheet.name, frozenset()), sheet.headers
    used = (use.index for use in mapping.columns if use.role not in ("unmapped", "ignored", "id", "base"))
    more = [index for index in used if fold(headers[index]) not in then]

    def stays(row: Sequence[Any]) -> bool:
        return not any(cell_text(row[i]).strip() for i in more) and marks.has(sheet.name, headers, map(cell_text, row))

    left = [i for i, row in enumerate(body.rows) if not stays(row)]
    if (count := len(body.rows) - len(left)) > 0:
        message = counted(
            "{count} row was taken in before and is as it was; it was not read again.",
            "{count} rows were taken in before and are as they were; they were not read again.",
            count,
        )
        body.problems.append(_warning(sheet, sheet.header_row, "", message, "row", code="row.taken"))
    known = set(left)
    body.taken = [row for i, row in enumerate(body.rows) if i not in known]
    body.numbers = [body.numbers[i] for i in left]
    body.rows = [body.rows[i] for i in left]


def _headings(sheet: Sheet) -> frozenset[int]:
    """Rows of the body with one cell that is merged over most columns."""
    named = sum(1 for header in sheet.headers if header)
    return frozenset(
        top - sheet.header_row
        for (top, left), (bottom, right) in sheet.merged
        if top == bottom and top >= sheet.header_row and (right - left + 1) * 3 > named * 2 and right - left > 1
        and top < len(sheet.rows) and len(filled(sheet.rows[top])) == 1
    )  # fmt: skip


def _blank(row: Sequence[Any]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in row)


def _has_zero(row: Sequence[Any]) -> bool:
    return any(cell == 0 and cell != "" for cell in row)


def fill_merged(sheet: Sheet) -> list[Problem]:
    """Writes the value of cells that are merged over several rows into each of them; returns what to say of them.

    Of cells that are merged over several columns the first alone has the value.
    """
    found = []
    across: dict[tuple[int, int], list[int]] = {}
    for (top, left), (bottom, right) in sheet.merged:
        if top < sheet.header_row or top >= len(sheet.rows) or left >= len(sheet.headers):
            continue
        value = sheet.rows[top][left]
        if bottom > top:
            for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
                sheet.rows[row][left] = value
            message = Message(
                "The cell is merged down to row {row}; its value was used for each row.", row=Plain(bottom + 1)
            )
            found.append(_warning(sheet, top + 1, value, message, "merged", sheet.column(left)))
        if value != "" and any(sheet.headers[left + 1 : right + 1]):
            across.setdefault((left, right), []).append(top + 1)
    headings = _headings(sheet)
    for (left, right), rows in across.items():
        rows = [row for row in rows if row - 1 - sheet.header_row not in headings]
        if rows:
            found.append(_across(sheet, left, min(right, len(sheet.headers) - 1), rows))
    return found


def _across(sheet: Sheet, left: int, right: int, rows: list[int]) -> Problem:
    """What is said of cells that are merged over the same columns."""
    message = counted(
        "A cell is merged from {first} to {last}; its value was used for {first} alone.",
        "{count} cells are merged from {first} to {last}; their values were used for {first} alone.",
        len(rows),
        first=sheet.column(left),
        last=sheet.column(right),
    )
    return _warning(sheet, min(rows), "", message, "merged", sheet.column(left), "merged.across")


def _warning(
    sheet: Sheet, row: int, value: Any, message: Message, kind: str, column: str = "", code: str = ""
) -> Problem:
    return Problem(
        sheet.file,
        sheet.name,
        row,
        column,
        cell_text(value),
        message,
        "warning",
        kind,
        code=code,
        columns=sheet.columns,
    )
