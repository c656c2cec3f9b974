"""Columns whose values contradict what their header usually means: the values decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cmdb.model.messages import Message
from cmdb.model.schema import Attribute, Schema
from importers.spreadsheets.cells.cell_findings import CellError
from importers.spreadsheets.cells.converters import Converter
from importers.spreadsheets.cells.rack_units import units_in
from importers.spreadsheets.columns.mapping import ColumnUse

_HEIGHT, _POSITION, _RACK = "rack_units", "rack_position", "rack"
_HIGH = 6
"""Units above which few devices are high, while most positions are."""
_HIGHEST = 20
"""No device is higher."""
_IN_DIGITS = ("integer", "number", "money", "date", "time")


def read_by_values(
    schema: Schema, base: str, columns: Sequence[ColumnUse], samples: Sequence[Sequence[str]]
) -> list[ColumnUse]:
    """The columns of a class's sheet without those meanings that their values, of which these are some, rule out."""
    if not base:
        return list(columns)
    attributes = schema.all_attributes(base)
    found = _positions(attributes, list(columns), samples)
    return [_unless_no_value_fits(attributes, one, samples[one.index]) for one in found]


def _positions(
    attributes: dict[str, Attribute], columns: list[ColumnUse], samples: Sequence[Sequence[str]]
) -> list[ColumnUse]:
    """Beside a rack, a column ``U`` with 38, 36, 40-41 says where in it a device is, not how high it is."""
    names = {one.name: one for one in columns if one.role == "attribute"}
    height = names.get(_HEIGHT)
    if height is None or _RACK not in names or _POSITION in names or _POSITION not in attributes:
        return columns
    units = [units for value in samples[height.index] if (units := units_in(value))]
    if not units:
        return columns
    lowest = sorted(min(one) for one in units)
    ranges = any(len(one) > 1 for one in units)
    if ranges or lowest[-1] > _HIGHEST or (len(lowest) > 2 and lowest[len(lowest) // 2] > _HIGH):
        columns[height.index] = replace(height, name=_POSITION, how="synonym")
    return columns


def _unless_no_value_fits(attributes: dict[str, Attribute], one: ColumnUse, values: Sequence[str]) -> ColumnUse:
    """The column; not used where no value could be meant: colours in a column that takes yes or no."""
    attribute = attributes.get(one.name) if one.role == "attribute" else None
    if attribute is None or not values or attribute.required or attribute.decisive or one.transforms:
        return one
    if attribute.type not in ("boolean", *_IN_DIGITS):
        return one
    if attribute.type in _IN_DIGITS and (len(values) < 2 or any(any(map(str.isdigit, value)) for value in values)):
        return one  # what has digits is an attempt
    convert = Converter(attribute)
    found = [convert(value) for value in values]
    errors = [value for value in found if isinstance(value, CellError)]
    if not errors or len(errors) < len(found):
        return one
    note = Message("No value of it fits {attribute}: {problem}", attribute=attribute.label, problem=errors[0].message)
    return ColumnUse(one.index, one.header, note=note)
