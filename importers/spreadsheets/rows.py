"""Finds the rows that are records: not blank rows, totals, repeated headers, footers or exact repeats."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cmdb.model.formats import Plain
from cmdb.model.messages import Message
from cmdb.model.observation import Problem
from importers.spreadsheets.mapping import Mapping
from importers.spreadsheets.workbook import Sheet, cell_text

_TOTAL = re.compile(
    r"(?:grand |sub[ -]?|overall )?totals?(?: .{0,20})?|sum(?:me)?|gesamt(?:summe)?|zwischensumme|somme|total général|"
    r"totaal|suma|count|anzahl|average|mittelwert",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"(?:exported|generated|printed|created|report|page|source|note|confidential|end of|exportiert|erstellt|quelle|"
    r"stand|exporté|généré)\b.+|[*©].*",
    re.IGNORECASE,
)
#: Why rows are no records, by the codes of their problems.
_NO_RECORD = {
    "row.header": Message("The row repeats the header; it was skipped."),
    "totals": Message("The row is a total, not a record; it was skipped."),
    "row.note": Message("The row has a single cell that reads like a note; it was skipped."),
}


@dataclass
class SelectedRows:
    """The rows that are records, each with its number, and the problems of the others."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def select_rows(sheet: Sheet, mapping: Mapping) -> SelectedRows:
    """The rows below the header that hold records. A row that is left out although it is not blank gives a warning."""
    body = SelectedRows()
    source = sheet.body
    _fill_merged(sheet, body)
    header = sheet.rows[sheet.header_row - 1]
    used = sum(1 for c in mapping.columns if c.role not in ("unmapped", "ignored"))
    seen: dict[tuple[Any, ...], int] = {}
    for number, row in enumerate(source, sheet.header_row + 1):
        first = next(filter(None, row), "")
        if first == "" and not _has_zero(row):
            continue
        if isinstance(first, str) and first and not first.strip() and _blank(row):
            continue
        if isinstance(first, str):
            code = _no_record(row, first.strip(), header, used)
            if code:
                kind = "totals" if code == "totals" else "row"
                body.problems.append(_warning(sheet, number, first, _NO_RECORD[code], kind, code=code))
                continue
        key = tuple(row)
        if key in seen and mapping.kind != "section":  # where two of a kind are two rows
            message = Message("The row repeats row {row} exactly; it was read once.", row=Plain(seen[key]))
            body.problems.append(_warning(sheet, number, "", message, "duplicate"))
            continue
        seen[key] = number
        body.numbers.append(number)
        body.rows.append(row)
    return body


def _blank(row: Sequence[Any]) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in row)


def _has_zero(row: Sequence[Any]) -> bool:
    return any(cell == 0 and cell != "" for cell in row)


def _no_record(row: list[Any], first: str, header: list[Any], used: int) -> str:
    """Why a row that is not blank is no record (a code of ``_NO_RECORD``), or ""."""
    if row == header:
        return "row.header"
    total, footer = _TOTAL.fullmatch(first.rstrip(": ")), _FOOTER.fullmatch(first)
    if not total and not footer:
        return ""
    filled = [cell for cell in row if cell != "" and not (isinstance(cell, str) and not cell.strip())]
    if total and len(filled) <= max(2, len(row) // 2) and _numbers(filled[1:]):
        return "totals"
    if footer and used >= 3 and len(filled) == 1:
        return "row.note"
    return ""


def _numbers(cells: Sequence[Any]) -> bool:
    return all(not isinstance(c, str) or re.fullmatch(r"[^\w]*[\d.,' ]+[^\w]*(?:[A-Z]{3})?", c.strip()) for c in cells)


def _fill_merged(sheet: Sheet, body: SelectedRows) -> None:
    """Cells merged over several rows say the same of each of them."""
    for (top, left), (bottom, right) in sheet.merged:
        if bottom > top and left == right and top >= sheet.header_row and top < len(sheet.rows):
            if left >= len(sheet.headers):
                continue
            value = sheet.rows[top][left]
            for row in range(top + 1, min(bottom + 1, len(sheet.rows))):
                sheet.rows[row][left] = value
            message = Message(
                "The cell is merged down to row {row}; its value was used for each row.", row=Plain(bottom + 1)
            )
            body.problems.append(_warning(sheet, top + 1, value, message, "merged", sheet.column(left)))


def _warning(
    sheet: Sheet, row: int, value: Any, message: Message, kind: str, column: str = "", code: str = ""
) -> Problem:
    return Problem(sheet.file, sheet.name, row, column, cell_text(value), message, "warning", kind, code=code)
