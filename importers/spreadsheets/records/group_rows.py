"""Rows that name a group ("Department: Sales"): what they say is used for the records below them where that is safe."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.schema import fold
from importers.spreadsheets.cells.converters import CellError, Converter
from importers.spreadsheets.cells.table import SheetTable


def fill_from_groups(
    table: SheetTable, cls: str, values: dict[str, list[Any]], indices: Sequence[int], taken: Sequence[str]
) -> None:
    """Adds the column that the rows of groups stand for: a place, a department, a choice that no column says.

    That is safe where all of them name the same attribute, and the first stands above all records. ``values``:
    attribute → its column; ``taken``: the attributes that columns say.
    """
    groups = table.groups
    if not groups or not indices or len({fold(one.header) for one in groups}) > 1:
        return
    attribute = table.schema.find_attribute(cls, groups[0].header)
    if attribute is None or attribute.type not in ("reference", "choice") or attribute.name in (*taken, *values):
        return
    if groups[0].row > min(table.numbers):
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
