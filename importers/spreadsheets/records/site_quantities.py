"""Quantities without a limit: "unlimited" beside the metric Site is one licence for everybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cmdb.model.messages import Message
from cmdb.model.schema import Attribute
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.periods import names_no_limit
from importers.spreadsheets.cells.table import SheetTable
from importers.spreadsheets.columns.mapping import ColumnUse

Convert = Callable[[ColumnUse, Attribute, Sequence[int] | None], list[Any]]
_QUANTITY, _METRIC, _SITE = "quantity", "metric", "site"


def site_quantities(
    table: SheetTable, cls: str, convert: Convert, use: ColumnUse, attribute: Attribute, only: Sequence[int] | None
) -> list[Any]:
    """A column's values as ``convert`` reads them; of quantities, those of site licences without a limit are 1."""
    metric = next((one for one in table.mapping.columns if one.role == "attribute" and one.name == _METRIC), None)
    metrics = table.schema.classes[cls].attributes.get(_METRIC)
    if attribute.name != _QUANTITY or metric is None or metrics is None:
        return convert(use, attribute, only)
    endless = {cell for cell in table.distinct[use.index] if names_no_limit(cell)}
    if not endless:
        return convert(use, attribute, only)
    reads = Converter(metrics, transforms=metric.transforms)
    sites = {cell for cell in table.distinct[metric.index] if reads(cell) == _SITE}
    cells, said = table.cells[use.index], table.cells[metric.index]
    rows: Sequence[int] = range(len(table.rows)) if only is None else only
    free = {index for index in rows if cells[index] in endless and said[index] in sites}
    rest = [index for index in rows if index not in free]
    values = dict(zip(rest, convert(use, attribute, rest), strict=True))
    for index in sorted(free):
        message = Message("A site licence without a limit has the {attribute} 1.", attribute=attribute.label)
        table.warn(table.numbers[index], use.header, cells[index], message, "number", "quantity.site")
    return [values.get(index, 1) for index in rows]
