"""Warnings about a sheet as a whole: how its file was read, and rows and columns that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from cmdb.model.formats import Plain
from cmdb.model.messages import Message, counted
from cmdb.model.observation import Problem
from importers.spreadsheets.files.sheet_parts import ranges
from importers.spreadsheets.sheets.workbook import Sheet
from importers.tables.cells import ID_HEADER, read_base_header

#: The most ranges of hidden rows that a text names.
_RANGES = 10


def remarks_of(sheet: Sheet) -> Iterator[Problem]:
    """The warnings of a sheet, or of one of its tables."""
    area = sheet.area
    for remark in sheet.remarks:
        if area is None or (area.first_row <= max(remark.row, 1) <= area.last_row and area.first_column == 0):
            yield remark
    if rows := sheet.hidden_rows:
        yield _warning(sheet, rows[0], _hidden_rows(rows, sheet.details.filtered), "hidden.rows")
    if columns := [
        header for header in (sheet.headers[n] for n in sheet.hidden_columns) if header and not _ours(header)
    ]:
        message = counted(
            "{count} hidden column was read: {columns}.",
            "{count} hidden columns were read: {columns}.",
            len(columns),
            columns=tuple(columns),
        )
        yield _warning(sheet, sheet.header_row, message, "hidden.columns")


def _ours(header: str) -> bool:
    """Whether a column is one of those that an export hides itself."""
    return header == ID_HEADER or read_base_header(header) is not None


def _hidden_rows(rows: list[int], filtered: bool) -> Message:
    found = [(Plain(first), Plain(last)) for first, last in ranges(rows)[:_RANGES]]
    where = tuple(
        Message("{row}", row=first) if first == last else Message("{first} to {last}", first=first, last=last)
        for first, last in found
    )
    if filtered:
        return counted(
            "{count} row that a filter hides was read (row {rows}).",
            "{count} rows that a filter hides were read (rows {rows}).",
            len(rows),
            rows=where,
        )
    return counted(
        "{count} hidden row was read (row {rows}).",
        "{count} hidden rows were read (rows {rows}).",
        len(rows),
        rows=where,
    )


def _warning(sheet: Sheet, row: int, message: Message, code: str) -> Problem:
    return Problem(sheet.file, sheet.name, row, "", "", message, "warning", "hidden", code=code, columns=sheet.columns)
