"""Rows that are called by their tags, as no column is known as the name; said where another column may have it."""

from __future__ import annotations

from collections.abc import Mapping

from cmdb.model.formats import listing
from cmdb.model.messages import Message
from cmdb.model.observation import Observation
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.mapping import ColumnUse
from importers.spreadsheets.sheets.workbook import cell_text

_STAND_IN = ("asset_tag", "serial_number")


def say_stand_ins(table: SheetTable, found: Mapping[int, Observation]) -> None:
    """Warns once that all rows are called by their tag or serial number, if columns that are not used may name them."""
    if table.mapping.tool or not found or any(use.name == "name" for use in table.mapping.columns):
        return
    if not all("fallback_name" in one.evidence for one in found.values()):
        return
    first = next(iter(found.values()))
    stand_in = next((a for a in _STAND_IN if first.values.get(a) == first.values["name"]), "")
    unused = [use.header for use in table.mapping.columns if _may_name(table, use)]
    if stand_in and unused:
        message = Message(
            "No column is known as the name, so that the rows are called by their {attribute}. Not used: {columns}.",
            attribute=table.schema.attribute(first.cls, stand_in).label,
            columns=listing(unused),
        )
        table.warn(table.sheet.header_row, "", "", message, "name", "name.stands-in")


def _may_name(table: SheetTable, use: ColumnUse) -> bool:
    """Whether a column that is not used has words, and different ones in nearly all rows."""
    if use.role != "unmapped" or not use.header:
        return False
    cells = {cell_text(cell).strip() for cell in table.distinct[use.index]} - {""}
    words = [cell for cell in cells if any(map(str.isalpha, cell))]
    return len(words) * 10 >= len(table.rows) * 9
