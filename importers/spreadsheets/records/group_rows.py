"""Rows that name a group ("Department: Sales"): what they say is used for the records below them where that is safe."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.schema import fold
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.sheets.row_kinds import RowGroup
from importers.spreadsheets.sheets.workbook import cell_text


def fill_from_groups(
    table: SheetTable, cls: str, values: dict[str, list[Any]], indices: Sequence[int], taken: Sequence[str]
) -> None:
    """Adds the column that the rows of groups stand for: a place, a department, a choice that no column says.

    That is safe where all of them name the same attribute, and the first stands above all records. ``values``:
    attribute → its column; ``taken``: the attributes that columns say.
    """
    groups = [*_above(table), *table.groups]
    if not groups or not indices or len({fold(one.header) for one in groups}) > 1:
        return
    attribute = table.schema.find_attribute(cls, groups[0].header)
    if attribute is None or attribute.type not in ("reference", "choice") or attribute.name in (*taken, *values):
        return
    if groups[0].row > min(table.numbers):
        return
    if groups[0].row < table.sheet.header_row and attribute.target not in _OF_ALL_ROWS:
        return
    converter = Converter(attribute, schema=table.schema, mentions=table.mentions)
    said = [converter(one.value) for one in groups]
    if any(isinstance(one, CellError) for one in said):
        return
    starts = [one.row for one in groups]
    values[attribute.name] = [said[bisect_right(starts, table.numbers[index]) - 1] for index in indices]
    message = Message(
        "The row names what the rows below it have in common; it was read as their {attribute}.",
        attribute=attribute.label,
    )
    table.problems = [replace(one, message=message) if one.code == "row.group" else one for one in table.problems]
    first = groups[0]
    if first.row < table.sheet.header_row and not any(
        p.code == "row.group" and p.row == first.row for p in table.problems
    ):
        table.warn(first.row, "", f"{first.header}: {first.value}", message, "row", "row.group")


def _above(table: SheetTable) -> list[RowGroup]:
    """What the row nearest above the header says of all rows below it, as the first of its groups do."""
    sheet = table.sheet
    if sheet.area is not None:
        return []
    header = sheet.header_row - len(sheet.header_rows)
    for number in range(header, max(0, header - _NEAR), -1):
        texts = [cell_text(cell).strip() for cell in sheet.rows[number - 1] if cell_text(cell).strip()]
        title, colon, value = " ".join(texts).partition(":")
        if colon and len(texts) < _CELLS and title.strip() and value.strip():
            return [RowGroup(number, title.strip(), value.strip())]
    return []


_NEAR, _CELLS = 3, 3
_OF_ALL_ROWS = ("place", "department", "company")
"""What the text above a table may say of all its rows; who wrote it down is said there, too."""
