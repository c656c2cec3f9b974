"""Columns that say something in the first row of each group of rows only, without merged cells: it is said once."""

from __future__ import annotations

from typing import Any

from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.mapping import ColumnUse
from importers.spreadsheets.columns.transforms import DOWN

_TELLING = frozenset(("name", "asset_tag", "serial_number", "host_name", "product", "email"))
_LEAST_BLANKS = 2


def say_group_cells(table: SheetTable) -> None:
    """Warns of columns at the left whose values stand in the first row of each group, so that the rest have none."""
    own = next((use.index for use in table.mapping.columns if use.role == "attribute" and use.name in _TELLING), -1)
    if own < 1 or table.mapping.exported:
        return
    for use in table.mapping.columns[:own]:
        if DOWN not in use.transforms and _may_group(table, use) and _is_of_groups(table, use.index, own):
            message = Message(
                "{column} is given in the first row of groups only; the rows below have none. Repeat it in each row, "
                "or let blank cells say what the cell above says: the window offers it where columns are mapped.",
                column=use.header,
            )
            table.warn(table.sheet.header_row, use.header, "", message, "group", "column.of-groups")


def _may_group(table: SheetTable, use: ColumnUse) -> bool:
    """Whether rows can have what a column says in common: a place, a department, a model, a person, a class."""
    if use.role == "class" or use.role == "mention":
        return True
    attribute: Attribute | None = table.schema.all_attributes(table.mapping.cls or "ci").get(use.name)
    return use.role == "attribute" and attribute is not None and attribute.type in ("reference", "choice")


def _is_of_groups(table: SheetTable, index: int, own: int) -> bool:
    """Whether each value stands once, the first in the first row, with blank cells between them beside whole rows."""
    cells, distinct = table.cells[index], table.distinct[index]
    none = [cell for cell in distinct if _blank(cell)]
    blanks = sum(map(cells.count, none))
    filled = len(cells) - blanks
    if blanks < max(_LEAST_BLANKS, filled) or not filled or len(distinct) - len(none) < filled or _blank(cells[0]):
        return False
    return not any(map(_blank, table.distinct[own]))


def _blank(cell: Any) -> bool:
    return cell == "" or (isinstance(cell, str) and not cell.strip())
