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
) -> dict[str, list[Any]]:
    """A column's values as ``convert`` reads them, by attribute; of quantities, those of site licences without a limit
    are 1. In another tool's table, whose rows have no metric of their own, such a row is a site licence.
    """
    metrics = table.schema.classes[cls].attributes.get(_METRIC)
    endless = set()
    if attribute.name == _QUANTITY and metrics is not None:
        endless = {cell for cell in table.distinct[use.index] if names_no_limit(cell)}
    if not endless or metrics is None:
        return {use.name: convert(use, attribute, only)}
    cells = table.cells[use.index]
    rows: Sequence[int] = range(len(table.rows)) if only is None else only
    sites = _of_sites(table, metrics)
    free = {index for index in rows if cells[index] in endless and sites(index)}
    rest = [index for index in rows if index not in free]
    values = dict(zip(rest, convert(use, attribute, rest), strict=True))
    for index in sorted(free):
        message = Message("A site licence without a limit has the {attribute} 1.", attribute=attribute.label)
        table.warn(table.numbers[index], use.header, cells[index], message, "number", "quantity.site")
    found = {use.name: [values.get(index, 1) for index in rows]}
    if table.mapping.tool and _METRIC in table.mapping.constants:
        found[_METRIC] = [_SITE if index in free else None for index in rows]  # the constant fills the others
    return found


def _of_sites(table: SheetTable, metrics: Attribute) -> Callable[[int], bool]:
    """Whether a row, by its index, is of a site licence, if its quantity has no limit."""
    column = next((one for one in table.mapping.columns if one.role == "attribute" and one.name == _METRIC), None)
    if column is not None:
        reads = Converter(metrics, transforms=column.transforms)
        sites = {cell for cell in table.distinct[column.index] if reads(cell) == _SITE}
        said = table.cells[column.index]
        return lambda index: said[index] in sites
    constant = table.mapping.constants.get(_METRIC)
    every = constant is not None and (bool(table.mapping.tool) or Converter(metrics)(constant) == _SITE)
    return lambda _: every
